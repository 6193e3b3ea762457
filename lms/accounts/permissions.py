"""Who may act for an organisation or for the programme. Asked by pages, API and templates of every app."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from .models import Membership, Organisation, Role, User

Anyone = User | AnonymousUser


def coordinated_organisations(user: Anyone) -> QuerySet[Organisation]:
    """The organisations whose people the user may enrol and follow."""
    return Organisation.objects.where(user, Role.COORDINATOR)


def coordinates(user: Anyone, organisation: Organisation) -> bool:
    return Membership.objects.held_by(user, Role.COORDINATOR).filter(organisation=organisation).exists()


def can_administer(user: Anyone) -> bool:
    return user.is_authenticated and user.is_administrator
