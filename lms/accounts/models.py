"""Who you are, and on whose behalf you act."""

import uuid
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.lib.places import COUNTRIES, country_choices, language_choices

# The one permission of an administrator, programme-wide, given through the one group of that name.
ADMINISTRATORS = "Administrators"
ADMINISTER = "administer_programme"


class Role(models.TextChoices):
    """What a person may do for an organisation. *Learner* is no role: an enrolment makes one."""

    MEMBER = "member", _("Member")
    AUTHOR = "author", _("Author")
    PUBLISHER = "publisher", _("Publisher")
    COORDINATOR = "coordinator", _("Coordinator")


STUDIO_ROLES = (Role.AUTHOR, Role.PUBLISHER)


def current(on: date) -> Q:
    """Memberships that hold on that day."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=normalise_email(email or ""))

    def with_roles(self, *, on: date) -> "models.QuerySet[User]":
        """Users with what the navigation asks of each of them, in the same query."""
        held = Membership.objects.filter(current(on), user=OuterRef("pk"))
        administrators = User.groups.through.objects.filter(
            user=OuterRef("pk"), group__permissions__codename=ADMINISTER
        )
        facts = {f"is_{role}": Exists(held.filter(role=role)) for role in (*STUDIO_ROLES, Role.COORDINATOR)}
        facts["is_administrator"] = Exists(administrators)
        return self.annotate(**facts)


def normalise_email(email: str) -> str:
    """The one form in which an address is kept and compared."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail is the login; there is one full name, as it is printed on certificates.

    Never kept: national identity number, birth date, gender.
    """

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("This address is already in use.")}
    )
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    name_confirmed_on = models.DateField(null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=language_choices, default="en")
    country = models.CharField(_("country"), max_length=2, choices=country_choices, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    # Stands for the person in the audit trail; deleting the account deletes the only link between the two.
    audit_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        permissions = [(ADMINISTER, "May administer the programme")]
        constraints = [
            # Kept in one form, so that one address is one person: A@x and a@x cannot both sign up.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__in=list(COUNTRIES)), name="user_country_known"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.email

    def holds(self, role: Role) -> bool:
        return self.memberships.filter(current(timezone.localdate()), role=role).exists()

    # Answered by `with_roles` in the query that loads the signed-in user; asked one by one for anybody else.
    @cached_property
    def is_author(self) -> bool:
        return self.holds(Role.AUTHOR)

    @cached_property
    def is_publisher(self) -> bool:
        return self.holds(Role.PUBLISHER)

    @cached_property
    def is_coordinator(self) -> bool:
        return self.holds(Role.COORDINATOR)

    @cached_property
    def is_administrator(self) -> bool:
        return self.groups.filter(permissions__codename=ADMINISTER).exists()

    @property
    def works_in_studio(self) -> bool:
        return self.is_author or self.is_publisher

    @property
    def needs_second_factor(self) -> bool:
        return self.is_administrator or self.is_publisher or self.is_coordinator


def display_name(user: User) -> str:
    return user.get_short_name()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def partners(self) -> "OrganisationQuerySet":
        return self.filter(kind=Organisation.Kind.PARTNER)

    def where(self, user: Any, *roles: str) -> "OrganisationQuerySet":
        """Those for which the user holds one of the roles today (any role, if none is named)."""
        return self.filter(pk__in=Membership.objects.held_by(user, *roles).values("organisation"))


class Organisation(models.Model):
    """A body that people belong to. A *partner* may own modules; any other may only have people."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("Partner of the programme")
        EMPLOYER = "employer", _("Employer")
        OTHER = "other", _("Other organisation")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    names = models.JSONField(default=dict, blank=True, help_text=_("Names by language, where they differ."))
    short_name = models.CharField(max_length=60)
    letters = models.CharField(max_length=4, help_text=_("One to four letters for the mark."))
    country = models.CharField(max_length=2, choices=country_choices)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    contact_email = models.EmailField(blank=True)
    privacy_email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    colour = models.CharField(
        max_length=7, default="#0b5d57", validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Like #0b5d57."))]
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_partner(self) -> bool:
        return self.kind == self.Kind.PARTNER

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held_by(self, user: Any, *roles: str) -> "MembershipQuerySet":
        """The roles that the user holds today (only those named, if any is); none for somebody not signed in."""
        if not user.is_authenticated:
            return self.none()
        held = self.filter(current(timezone.localdate()), user=user)
        return held.filter(role__in=roles) if roles else held


class Membership(models.Model):
    """A role that a person holds for an organisation from one day to another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                name="membership_open_once",
                condition=Q(ends_on=None),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]
        # Both together: with one of them SQLite read all people of an organisation again for each of its assignments.
        indexes = [models.Index(fields=["user", "organisation"], name="membership_of_user")]
        ordering = ["organisation__name", "role"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"
