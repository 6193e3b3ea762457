"""Sending invitations and taking them back.

An invitation is used once, bound to an address and runs out; only the hash of its token is kept.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.selectors.words import said
from courses.services.letters import send_letter
from lms.accounts.models import Organisation, User, normalise_email
from lms.lib.locks import lock
from lms.lib.site import absolute_url
from lms.records.services import record

from ..errors import InvitationGone
from ..models import Invitation


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
    """In the language of the account, where the address has one. Only the letter may know: whoever invites may not."""
    account = User.objects.filter(email=invitation.email).first()
    language = account.language if account else invitation.language
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
