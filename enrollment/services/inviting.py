"""Invitations: single use, bound to an address, running out; only the hash of the token is kept."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import Course
from courses.selectors import current_programme
from lms.accounts.models import Membership, Organisation, Role, User, current, normalise_email
from lms.lib.places import pick
from lms.lib.site import absolute_url
from lms.records.services import queue_mail, record

from ..errors import InvitationForSomebodyElse, InvitationGone
from ..models import Assignment, Enrollment, Invitation
from .enrolling import enroll


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
    followed without having said yes, and nobody learns here who has an account.
    """
    email = normalise_email(email)
    own = Membership.objects.filter(
        current(timezone.localdate(at)), organisation=organisation, user__email=email
    )
    member = own.select_related("user").first()
    if member is None:
        return invite(
            email, organisation=organisation, course=course, due_on=due_on, language=language, by=by, at=at
        )
    learner = member.user
    return enroll(
        learner,
        course,
        country=learner.country or organisation.country,
        language=learner.language,
        by=by,
        at=at,
        organisation=organisation,
        basis=Assignment.Basis.EMPLOYER,
        due_on=due_on,
    )


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
    """Invite an address. Inviting it again for the same course withdraws the earlier invitation and sends a new one."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic(durable=True):
        earlier = Invitation.objects.filter(
            organisation=organisation, email=email, course=course, accepted_at=None, revoked_at=None
        )
        earlier.update(revoked_at=at)
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email,
            course=course,
            due_on=due_on,
            language=language,
            country=organisation.country,
            token_hash=hash_of(token),
            created_at=at,
            created_by=by,
            expires_at=at + timedelta(days=settings.INVITATION_DAYS),
        )
        mail_invitation(invitation, token, at=at)
        record("invitation.sent", invitation, by=by, on_behalf_of=organisation, at=at)
    return invitation


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mail_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "programme": current_programme(),
            "course_title": pick(invitation.course.title, [invitation.language])[0]
            if invitation.course
            else "",
            "link": absolute_url(reverse("invitation", args=[token])),
        }
        subject = render_to_string("emails/invitation_subject.txt", context)
        body = render_to_string("emails/invitation.txt", context)
    queue_mail(
        kind="invitation",
        key=str(invitation.pk),
        recipient=invitation.email,
        language=invitation.language,
        subject=subject,
        body=body,
        at=at,
    )


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, if it can still be used."""
    open_ones = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    return open_ones.filter(token_hash=hash_of(token)).select_related("organisation", "course").first()


def accept_invitation(token: str, *, by: User, at: datetime) -> Invitation:
    """Join the organisation and, where the invitation names a course, enrol in it. Works once.

    Raises InvitationGone, InvitationForSomebodyElse, and what `enroll` raises (then the invitation stays open).
    """
    invitation = find_invitation(token, at=at)
    if invitation is None:
        raise InvitationGone
    if invitation.email != by.email:
        raise InvitationForSomebodyElse
    if invitation.course:
        enroll(
            by,
            invitation.course,
            country=by.country or invitation.country,
            language=by.language,
            by=by,
            at=at,
            organisation=invitation.organisation,
            basis=Assignment.Basis.EMPLOYER,
            due_on=invitation.due_on,
        )
    with transaction.atomic(durable=True):
        taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
        if not taken.update(accepted_at=at, accepted_by=by):
            raise InvitationGone
        join(by, invitation.organisation, on=timezone.localdate(at))
        record("invitation.accepted", invitation, by=by, on_behalf_of=invitation.organisation, at=at)
    return invitation


def join(user: User, organisation: Organisation, *, on: date) -> None:
    """An invitation makes members; a higher role is given by people, never by a link."""
    try:
        with transaction.atomic():
            Membership.objects.get_or_create(
                user=user,
                organisation=organisation,
                role=Role.MEMBER,
                ends_on=None,
                defaults={"starts_on": on},
            )
    except IntegrityError:  # joined in another tab a moment ago
        return


def revoke_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Take an unused invitation back. Twice changes nothing."""
    with transaction.atomic(durable=True):
        if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
            revoked_at=at
        ):
            record("invitation.revoked", invitation, by=by, on_behalf_of=invitation.organisation, at=at)
