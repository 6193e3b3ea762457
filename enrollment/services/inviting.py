"""Bringing people in by their address: members are enrolled, everybody else is invited.

An invitation is used once, bound to an address and runs out; only the hash of its token is kept.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.selectors.words import said
from lms.accounts.models import Membership, Organisation, Role, User, current, normalise_email
from lms.lib.errors import DomainError
from lms.lib.locks import lock
from lms.lib.site import absolute_url
from lms.records.services import record

from ..errors import AlreadyCompleted, InvitationForSomebodyElse, InvitationGone
from ..models import Assignment, Enrollment, Invitation
from ..permissions import can_accept
from .enrolling import assign, open_or_create
from .letters import send_letter


class Outcome(models.TextChoices):
    """What became of one address."""

    ENROLLED = "enrolled", _("Enrolled")
    KNOWN = "known", _("Enrolled already")
    INVITED = "invited", _("Invited")
    WAITING = "waiting", _("Invited already, not accepted yet")
    REFUSED = "refused", _("Not enrolled")


@dataclass(frozen=True)
class AddressOutcome:
    email: str
    outcome: Outcome
    reason: str = ""


def enroll_addresses(
    emails: Iterable[str],
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None = None,
) -> list[AddressOutcome]:
    """`enroll_by_email` for each address, in a transaction of its own: one that is refused stops no other."""
    return [
        outcome_for(email, course, organisation=organisation, by=by, at=at, language=language, due_on=due_on)
        for email in dict.fromkeys(map(normalise_email, emails))
    ]


def outcome_for(
    email: str,
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None,
) -> AddressOutcome:
    try:
        made = enroll_by_email(
            email, course, organisation=organisation, by=by, at=at, language=language, due_on=due_on
        )
    except DomainError as refusal:
        return AddressOutcome(email, Outcome.REFUSED, str(refusal.message))
    if isinstance(made, Invitation):
        return AddressOutcome(email, Outcome.INVITED if made.created_at == at else Outcome.WAITING)
    assignment = made.assignments.get(organisation=organisation, ended_at=None)
    return AddressOutcome(email, Outcome.ENROLLED if assignment.created_at == at else Outcome.KNOWN)


def enroll_by_email(
    email: str,
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None = None,
) -> Enrollment | Invitation:
    """Enrol one of the organisation's own people, or invite whoever holds the address.

    Somebody who is not (yet) of the organisation is always invited, whether the address is known or not: nobody is
    followed without having said yes, and nobody learns here who has an account. Doing it again changes a due date
    alone; an invitation that waits with the same due date is not sent a second time. Raises CourseNotOpen.
    """
    email = normalise_email(email)
    member = member_with(email, organisation, on=timezone.localdate(at))
    if member:
        return enroll_member(member, course, organisation=organisation, due_on=due_on, by=by, at=at)
    waiting = unused().filter(organisation=organisation, email=email, course=course, due_on=due_on)
    return waiting.filter(expires_at__gt=at).first() or invite(
        email, organisation=organisation, course=course, due_on=due_on, language=language, by=by, at=at
    )


def member_with(email: str, organisation: Organisation, *, on: date) -> User | None:
    held = Membership.objects.filter(current(on), organisation=organisation, user__email=email)
    membership = held.select_related("user").first()
    return membership.user if membership else None


def enroll_member(
    learner: User,
    course: Course,
    *,
    organisation: Organisation,
    due_on: date | None,
    by: User,
    at: datetime,
) -> Enrollment:
    with transaction.atomic(durable=True):
        enrollment, assignment = bring_in(
            learner, course, organisation=organisation, due_on=due_on, by=by, at=at
        )
        if assignment.created_at == at and not enrollment.is_complete:
            mail_assignment(assignment, at=at)
    return enrollment


def bring_in(
    learner: User,
    course: Course,
    *,
    organisation: Organisation,
    due_on: date | None,
    by: User,
    at: datetime,
) -> tuple[Enrollment, Assignment]:
    """Put the learner into the course for the organisation, in the caller's transaction.

    What the learner completed before is followed as it is: nobody takes a course twice for a list.
    Raises CourseNotOpen.
    """
    country = learner.country or organisation.country
    try:
        enrollment = open_or_create(learner, course, country=country, language=learner.language, by=by, at=at)
    except AlreadyCompleted:
        completed = Enrollment.objects.filter(learner=learner, course=course, completed_at__isnull=False)
        enrollment = completed.select_for_update().latest("cycle")
    basis = Assignment.Basis.EMPLOYER
    return enrollment, assign(enrollment, organisation, basis=basis, due_on=due_on, by=by, at=at)


def mail_assignment(assignment: Assignment, *, at: datetime) -> None:
    """Nobody is enrolled by others without hearing of it."""
    enrollment, learner = assignment.enrollment, assignment.enrollment.learner
    send_letter(
        "assigned",
        key=str(assignment.pk),
        recipient=learner.email,
        language=learner.language,
        at=at,
        organisation=assignment.organisation.name_in(learner.language),
        course=said(enrollment.course.title, learner.language),
        due_on=assignment.due_on,
        link=absolute_url(reverse("my_learning")),
    )


# --- Invitations --------------------------------------------------------------------------------------------------


def unused() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; they may have run out."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    email: str,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    course: Course | None = None,
    due_on: date | None = None,
) -> Invitation:
    """Invite an address. Inviting it again for the same course sends a new link; the earlier one stops working."""
    email = normalise_email(email)
    with transaction.atomic(durable=True):
        one_at_a_time(organisation, email)
        for earlier in unused().filter(organisation=organisation, email=email, course=course):
            take_back(earlier, by=by, at=at)
        return send_invitation(
            Invitation(
                organisation=organisation, email=email, course=course, due_on=due_on, language=language
            ),
            by=by,
            at=at,
        )


def resend_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Send a new link in place of one that waits or has run out; the old one stops working.

    Raises InvitationGone where it was accepted, withdrawn or replaced already: a double click sends one mail.
    """
    with transaction.atomic(durable=True):
        one_at_a_time(invitation.organisation, invitation.email)
        if not take_back(invitation, by=by, at=at):
            raise InvitationGone(
                _("Nothing was sent: this invitation was accepted, withdrawn or replaced in the meantime.")
            )
        return send_invitation(
            Invitation(
                organisation=invitation.organisation,
                email=invitation.email,
                course=invitation.course,
                due_on=invitation.due_on,
                language=invitation.language,
            ),
            by=by,
            at=at,
        )


def one_at_a_time(organisation: Organisation, email: str) -> None:
    """Two who invite the same address follow each other, so that the later link is the one that works."""
    lock(f"invitation:{organisation.pk}:{email}")


def send_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Give a new invitation its token, which only the mail knows, and write the mail."""
    token = secrets.token_urlsafe(32)
    invitation.country = invitation.organisation.country
    invitation.token_hash = hash_of(token)
    invitation.created_at, invitation.created_by = at, by
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save(force_insert=True)
    mail_invitation(invitation, token, at=at)
    record("invitation.sent", invitation, by=by, on_behalf_of=invitation.organisation, at=at)
    return invitation


def mail_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    language = invitation.language
    send_letter(
        "invitation",
        key=str(invitation.pk),
        recipient=invitation.email,
        language=language,
        at=at,
        organisation=invitation.organisation.name_in(language),
        course=said(invitation.course.title, language) if invitation.course else "",
        due_on=invitation.due_on,
        expires_at=invitation.expires_at,
        email=invitation.email,
        link=absolute_url(reverse("invitation", args=[token])),
    )


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


def revoke_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Take an unused invitation back. Twice changes nothing."""
    with transaction.atomic(durable=True):
        take_back(invitation, by=by, at=at)


def take_back(invitation: Invitation, *, by: User, at: datetime) -> bool:
    """True where it was still unused."""
    taken = unused().filter(pk=invitation.pk).update(revoked_at=at)
    if taken:
        record("invitation.revoked", invitation, by=by, on_behalf_of=invitation.organisation, at=at)
    return bool(taken)
