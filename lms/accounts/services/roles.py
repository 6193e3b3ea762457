"""Who may act for which organisation, and who administers the programme. The acts stand in the person's chain."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from lms.lib.locks import lock
from lms.records.services import record

from ..errors import AccountInactive, LastAdministrator, RoleNeedsPartner
from ..models import ADMINISTER, ADMINISTRATORS, Membership, Organisation, Role, User, current
from ..signals import membership_ended
from .sign_in import revoke_token

PARTNER_ROLES = (Role.AUTHOR, Role.PUBLISHER)


def grant_role(
    user: User, organisation: Organisation, role: Role, *, at: datetime, by: User | None
) -> Membership:
    """Give a role from today on, without end. A role held already is returned as it is.

    The API token of the person ends: it was given to somebody who could do less, perhaps without a second factor.
    Raises RoleNeedsPartner, AccountInactive.
    """
    if not user.is_active:
        raise AccountInactive
    with transaction.atomic():
        # Under its lock: at this moment somebody else may be making it an employer.
        if (
            role in PARTNER_ROLES
            and not Organisation.objects.select_for_update().get(pk=organisation.pk).is_partner
        ):
            raise RoleNeedsPartner
        membership, created = Membership.objects.get_or_create(
            user=user,
            organisation=organisation,
            role=role,
            ends_on=None,
            defaults={"starts_on": timezone.localdate(at)},
        )
        if created:
            revoke_token(user, by=by, at=at)
            record("role.granted", user, by=by, at=at, organisation=organisation.slug, role=str(role))
    return membership


def end_role(membership: Membership, *, at: datetime, by: User | None) -> None:
    """Take a role away at once: yesterday was its last day, and a role given today is removed whole.

    A role that has ended already stays as it was. After commit, where it was the person's last role there:
    `membership_ended`.
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        held = Membership.objects.select_for_update().filter(current(today), pk=membership.pk).first()
        if held is None:
            return
        if held.starts_on < today:
            held.ends_on = today - timedelta(days=1)
            held.save(update_fields=["ends_on"])
        else:
            held.delete()
        tell_if_last(membership.user_id, membership.organisation_id, on=today)
        record(
            "role.ended",
            membership.user,
            by=by,
            at=at,
            organisation=membership.organisation.slug,
            role=membership.role,
        )


def tell_if_last(user_id: int, organisation_id: int, *, on: date) -> None:
    """Whoever holds another role there belongs to the organisation still. Call after the change, inside it."""
    if not Membership.objects.filter(current(on), user=user_id, organisation=organisation_id).exists():
        transaction.on_commit(
            lambda: membership_ended.send_robust(
                Membership, user_id=user_id, organisation_id=organisation_id
            ),
            robust=True,
        )


def administrators() -> Group:
    """The one group whose members administer the programme, made where it is missing."""
    group, created = Group.objects.get_or_create(name=ADMINISTRATORS)
    if created:
        group.permissions.add(Permission.objects.get(content_type__app_label="accounts", codename=ADMINISTER))
    return group


def make_administrator(user: User, *, at: datetime, by: User | None) -> None:
    """Let the person administer the programme; their API token ends. Doing it again changes nothing.

    Raises AccountInactive.
    """
    if not user.is_active:
        raise AccountInactive
    with transaction.atomic():
        lock("administrators")
        group = administrators()
        if not user.groups.filter(pk=group.pk).exists():
            user.groups.add(group)
            revoke_token(user, by=by, at=at)
            record("administrator.made", user, by=by, at=at)
    forget_roles(user)


def take_administrator_away(user: User, *, at: datetime, by: User | None) -> None:
    """End it at once. Doing it again changes nothing. Raises LastAdministrator."""
    with transaction.atomic():
        keep_an_administrator(without=user)
        if user.groups.filter(name=ADMINISTRATORS).exists():
            user.groups.remove(administrators())
            record("administrator.taken_away", user, by=by, at=at)
    forget_roles(user)


def keep_an_administrator(*, without: User) -> None:
    """Raise LastAdministrator if nobody else would be left. Call inside the transaction of the change.

    The lock makes two administrators who remove each other at the same moment wait for one another.
    """
    lock("administrators")
    active = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True)
    if active.filter(pk=without.pk).exists() and not active.exclude(pk=without.pk).exists():
        raise LastAdministrator


def forget_roles(user: User) -> None:
    """Drop what the instance remembers, so that it says the new truth within the same request."""
    for name in ("is_author", "is_publisher", "is_coordinator", "is_administrator"):
        user.__dict__.pop(name, None)
