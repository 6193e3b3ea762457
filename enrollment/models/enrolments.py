"""Who learns what, on whose behalf, and which texts they started with."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Module, Revision
from lms.accounts.models import Membership, Organisation, Role, User, current
from lms.lib.places import country_choices, language_choices


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def open(self) -> "EnrollmentQuerySet":
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User) -> "EnrollmentQuerySet":
        """The learner's own. Coordinators see through `followed_by`, which asks for an assignment."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def followed_by(self, user: User, *, on: date) -> "EnrollmentQuerySet":
        """Those with an assignment in view of an organisation that the user coordinates on that day."""
        coordinated = Membership.objects.filter(current(on), user=user, role=Role.COORDINATOR)
        assigned = Assignment.objects.in_view(on=on).filter(
            enrollment=OuterRef("pk"), organisation__in=coordinated.values("organisation")
        )
        return self.filter(Exists(assigned))


class Enrollment(models.Model):
    """A learner in a course. A renewal is a new enrolment with the next cycle.

    `country` decides what is required until completion and is fixed then. The counters are written in the transaction
    that writes the progress they count. `own_since` is set where the learner enrolled themselves; what organisations
    set stands in their assignments, and access is the widest of all.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrollments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrollments")
    cycle = models.PositiveSmallIntegerField(default=1)
    country = models.CharField(max_length=2, choices=country_choices)
    language = models.CharField(max_length=8, choices=language_choices)
    enrolled_at = models.DateTimeField()
    own_since = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Set by whoever reserves a certificate on this enrolment: from then on nothing of it may be undone.
    locked_at = models.DateTimeField(null=True, blank=True)
    # Goes up whenever pins or country change: an act that was prepared on what it was before notices.
    plan = models.PositiveIntegerField(default=0)
    # The widest access and the nearest due date of the open assignments, written with them.
    opens_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    access_until = models.DateField(null=True, blank=True)
    lessons_required = models.PositiveSmallIntegerField(default=0)
    lessons_done = models.PositiveSmallIntegerField(default=0)
    minutes_left = models.PositiveSmallIntegerField(default=0)
    last_module = models.ForeignKey(Module, models.SET_NULL, null=True, blank=True, related_name="+")
    last_lesson_key = models.CharField(max_length=60, blank=True)
    last_active_at = models.DateTimeField(null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "course", "cycle"], name="enrollment_cycle_once"),
            models.UniqueConstraint(
                fields=["learner", "course"],
                name="enrollment_one_open",
                condition=Q(completed_at=None, withdrawn_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["course", "completed_at"], name="enrollment_completed"),
        ]
        ordering = ["-enrolled_at"]

    def __str__(self) -> str:
        return f"{self.learner}: {self.course}"

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def percent(self) -> int:
        return 100 * self.lessons_done // self.lessons_required if self.lessons_required else 0


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_view(self, *, on: date) -> "AssignmentQuerySet":
        """What the organisation may follow on that day: only of its own people, and only while nobody ended it.

        Asked of the dates themselves: whoever leaves is out of sight at once, whether or not an act has ended the
        assignment yet.
        """
        return self.filter(belongs(current(on)), ended_at=None, enrollment__withdrawn_at=None)

    def outlived(self, *, on: date) -> "AssignmentQuerySet":
        """Still open although the learner has left the organisation. A role that begins later is no leaving."""
        return self.filter(~belongs(Q(ends_on=None) | Q(ends_on__gte=on)), ended_at=None)


def belongs(held: Q) -> Exists:
    """The learner has a role in the assignment's organisation for which that holds."""
    return Exists(
        Membership.objects.filter(
            held, user=OuterRef("enrollment__learner"), organisation=OuterRef("organisation")
        )
    )


class Assignment(models.Model):
    """What an organisation sets for an enrolment, and on which basis it may follow it."""

    class Basis(models.TextChoices):
        EMPLOYER = "employer", _("The organisation assigned the course")
        CONSENT = "consent", _("The learner agreed")
        LAW = "law", _("Required by law")

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments")
    basis = models.CharField(max_length=10, choices=Basis)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    access_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "organisation"], name="assignment_one_open", condition=Q(ended_at=None)
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "enrollment"], name="assignment_followed", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment} / {self.organisation}"


class Pin(models.Model):
    """The core revision of a module that an enrolment reads, and which of its lessons the course asks for."""

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="pins")
    module = models.ForeignKey(Module, models.PROTECT, related_name="pins")
    position = models.PositiveSmallIntegerField()
    lesson_keys = models.JSONField(null=True, blank=True)
    core_revision = models.ForeignKey(Revision, models.PROTECT, related_name="pins")

    # Read with the pin by `enrollment.selectors.pins_with_outlines`, and by nothing else.
    # Meta and outlines are JSON as stored.
    core_meta: str
    core_outline: str
    translation_outline: str | None
    translation_revision_id: int | None
    layer_outline: str | None
    layer_number: int | None
    layer_revision_id: int | None
    layer_status: str | None
    layer_language: str | None
    layer_lacks_local_review: bool | None
    has_offer: bool

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "module"], name="pin_module_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.core_revision}"


class LayerPin(models.Model):
    """The layer revision of a country, pinned when the learner first opens that country."""

    pin = models.ForeignKey(Pin, models.CASCADE, related_name="layers")
    country = models.CharField(max_length=2, choices=country_choices)
    layer_revision = models.ForeignKey(Revision, models.PROTECT, related_name="layer_pins")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pin", "country"], name="layer_pin_once")]

    def __str__(self) -> str:
        return f"{self.pin} {self.country}"


class Offer(models.Model):
    """A newer revision that a learner may read from now on: of the core, or of a country's layer (`country`).

    Made where a change is minor, and where a layer comes for a country that had none. Answered once; an offer that a
    newer one replaces is answered with neither yes nor no.
    """

    pin = models.ForeignKey(Pin, models.CASCADE, related_name="offers")
    country = models.CharField(max_length=2, choices=country_choices, blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="offers")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    taken = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pin", "revision"], name="offer_once"),
            models.UniqueConstraint(
                fields=["pin", "country"], name="offer_one_open", condition=Q(answered_at=None)
            ),
        ]
        ordering = ["pin__position", "country"]

    def __str__(self) -> str:
        return f"{self.pin}: {self.revision}"
