"""Who may act for an organisation or for the programme. Asked by pages, API and templates of every app."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from .models import Membership, Organisation, Role, User, current

Anyone = User | AnonymousUser


def memberships(user: Anyone, *roles: Role) -> QuerySet[Membership]:
    """The roles that the user holds today; all of them, or only those named."""
    if not user.is_authenticated:
        return Membership.objects.none()
    held = Membership.objects.filter(current(timezone.localdate()), user=user)
    return held.filter(role__in=roles) if roles else held


def organisations_of(user: Anyone, *roles: Role) -> QuerySet[Organisation]:
    """The organisations for which the user holds one of the roles today (any role, if none is named)."""
    return Organisation.objects.filter(pk__in=memberships(user, *roles).values("organisation"))


def coordinated_organisations(user: Anyone) -> QuerySet[Organisation]:
    """The organisations whose people the user may enrol and follow."""
    return organisations_of(user, Role.COORDINATOR)


def coordinates(user: Anyone, organisation: Organisation) -> bool:
    return memberships(user, Role.COORDINATOR).filter(organisation=organisation).exists()


def can_administer(user: Anyone) -> bool:
    return user.is_authenticated and user.is_administrator
