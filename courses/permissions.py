"""Who may do what with modules and courses. Asked by pages, API and templates alike."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from lms.accounts.models import STUDIO_ROLES, Membership, Organisation, Role, User, current

from .models import Edition, Module, Revision

Anyone = User | AnonymousUser


def memberships(user: Anyone, *roles: Role) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(current(timezone.localdate()), user=user, role__in=roles)


def studio_organisations(user: Anyone) -> QuerySet[Organisation]:
    """The partners for which the user writes or publishes."""
    return Organisation.objects.partners().where(user, *STUDIO_ROLES)


def publishes_for_a_partner(user: Anyone) -> bool:
    return Organisation.objects.partners().where(user, Role.PUBLISHER).exists()


def writes_for(user: Anyone, organisation: Organisation) -> bool:
    return memberships(user, *STUDIO_ROLES).filter(organisation=organisation).exists()


def publishes_for(user: Anyone, organisation: Organisation) -> bool:
    return memberships(user, Role.PUBLISHER).filter(organisation=organisation).exists()


def wrote(user: Anyone, revision: Revision) -> bool:
    return revision.authors.filter(pk=user.pk).exists()


def can_edit(user: Anyone, edition: Edition) -> bool:
    """The edition's own people, and the authors of a module's co-owners for its core."""
    if writes_for(user, edition.owner):
        return True
    shared = edition.kind == Edition.Kind.CORE
    return (
        shared
        and memberships(user, *STUDIO_ROLES).filter(organisation__in=edition.module.co_owners.all()).exists()
    )


def can_import(user: Anyone, organisation: Organisation) -> bool:
    return organisation.is_partner and writes_for(user, organisation)


def can_see_studio(user: Anyone, module: Module) -> bool:
    mine = studio_organisations(user)
    return (
        mine.filter(pk=module.owner_id).exists()
        or module.co_owners.filter(pk__in=mine).exists()
        or module.editions.filter(owner__in=mine).exists()
    )
