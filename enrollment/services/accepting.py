"""What becomes of an invitation in the hands of whoever got it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from lms.accounts.models import Membership, Organisation, Role, User, current
from lms.records.services import record

from ..errors import InvitationForSomebodyElse, InvitationGone
from ..models import Invitation
from ..permissions import can_accept
from .bringing_in import bring_in
from .inviting import hash_of, unused


def usable(*, at: datetime) -> QuerySet[Invitation]:
    return unused().filter(expires_at__gt=at).select_related("organisation", "course")


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, if it can still be used."""
    return usable(at=at).filter(token_hash=hash_of(token)).first()


def accept_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Join the organisation and, where the invitation names a course, enrol in it: all of it or nothing, once.

    Whoever accepted it may press the button again; nothing changes. Raises InvitationForSomebodyElse, InvitationGone
    and CourseNotOpen (then the invitation stays open).
    """
    if not can_accept(by, invitation):
        raise InvitationForSomebodyElse
    with transaction.atomic(durable=True):
        waiting = unused().filter(pk=invitation.pk, expires_at__gt=at)
        if not waiting.update(accepted_at=at, accepted_by=by):
            return accepted_before(invitation, by=by)
        organisation = invitation.organisation
        join(by, organisation, at=at)
        if invitation.course:
            due_on = invitation.due_on
            bring_in(by, invitation.course, organisation=organisation, due_on=due_on, by=by, at=at)
        record("invitation.accepted", invitation, by=by, on_behalf_of=organisation, at=at)
    invitation.accepted_at, invitation.accepted_by = at, by
    return invitation


def accepted_before(invitation: Invitation, *, by: User) -> Invitation:
    mine = Invitation.objects.filter(pk=invitation.pk, accepted_by=by).first()
    if mine is None:
        raise InvitationGone
    return mine


def join(user: User, organisation: Organisation, *, at: datetime) -> None:
    """An invitation makes members; a higher role is given by people, never by a link."""
    today = timezone.localdate(at)
    if Membership.objects.filter(current(today), user=user, organisation=organisation).exists():
        return
    try:
        with transaction.atomic():
            Membership.objects.create(user=user, organisation=organisation, role=Role.MEMBER, starts_on=today)
    except (
        IntegrityError
    ):  # an administrator was quicker, or the role begins later; the constraint has the last word
        return
    record("role.granted", user, by=user, at=at, organisation=organisation.slug, role=str(Role.MEMBER))
