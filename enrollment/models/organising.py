"""How organisations bring people in and what rests on agreements: groups, packages, places, consent, recognition."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Module
from lms.accounts.models import Organisation, Role
from lms.lib.places import country_choices, language_choices


class Invitation(models.Model):
    """A single-use invitation, bound to an address. Only the hash of its token is kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, choices=language_choices)
    country = models.CharField(max_length=2, choices=country_choices, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "course"],
                name="invitation_one_open",
                condition=Q(accepted_at=None, revoked_at=None, course__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="invitation_one_open_no_course",
                condition=Q(accepted_at=None, revoked_at=None, course__isnull=True),
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email


class Group(models.Model):
    """People of an organisation that are followed together."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="GroupMember", related_name="learning_groups"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    group = models.ForeignKey(Group, models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], name="group_member_once", condition=Q(ends_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.user}"


class Package(models.Model):
    """The courses that a role in an organisation needs, due relative to the start of employment."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="packages")
    name = models.CharField(max_length=120)
    courses = models.ManyToManyField(Course, through="PackageCourse", related_name="packages")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="package_name_once")]

    def __str__(self) -> str:
        return self.name


class PackageCourse(models.Model):
    package = models.ForeignKey(Package, models.CASCADE)
    course = models.ForeignKey(Course, models.PROTECT)
    due_after_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "course"], name="package_course_once")]

    def __str__(self) -> str:
        return f"{self.package}: {self.course}"


class Places(models.Model):
    """How many places of a course an organisation has."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    course = models.ForeignKey(Course, models.PROTECT, related_name="places")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "course"], name="places_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.number}"


class SharingConsent(models.Model):
    """A learner agrees that an organisation sees something, from one day to another."""

    class Scope(models.TextChoices):
        PROGRESS = "progress", _("Progress")
        RESULTS = "results", _("Progress and results")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sharing_consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sharing_consents")
    scope = models.CharField(max_length=10, choices=Scope)
    wording = models.TextField(max_length=2_000)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "organisation", "scope"],
                name="consent_one_open",
                condition=Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner} / {self.organisation}"


class Recognition(models.Model):
    """A dated rule, approved by two partners, that a completed module counts for another."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="recognised_by")
    counts_for = models.ForeignKey(Module, models.PROTECT, related_name="recognises")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    first_approval = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    second_approval = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=2_000)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(module=F("counts_for")), name="recognition_of_another"),
            models.CheckConstraint(
                condition=Q(second_approval=None) | ~Q(first_approval=F("second_approval")),
                name="recognition_by_two_partners",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} → {self.counts_for}"
