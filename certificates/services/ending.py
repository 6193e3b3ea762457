"""The two ends of a certificate: revoked for good, or cancelled before it was made."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.records.services import record

from ..errors import AlreadyMade, NotInForce, ReasonMissing, StillBeingMade
from ..models import Certificate
from .letters import tell_revoked

State = Certificate.State
Reason = Certificate.Reason
REASONS = tuple(reason for reason in Reason if reason != Reason.CANCELLED)


def revoke(
    certificate: Certificate, *, reason_code: str, reason_text: str, by: User, at: datetime
) -> Certificate:
    """Take a certificate back, for good: its page says so from now on, and the holder gets a mail.

    The code is public, the text internal. A second call changes nothing, not even the reason.
    Raises ReasonMissing, StillBeingMade, NotInForce.
    """
    if reason_code not in REASONS:
        raise ReasonMissing
    with transaction.atomic(durable=True):
        changed = move(
            certificate,
            (State.ISSUED, State.SUSPENDED),
            State.REVOKED,
            reason_code=reason_code,
            reason_text=reason_text.strip()[:2_000],
            revoked_at=at,
            revoked_by=by,
        )
        certificate = Certificate.objects.get(pk=certificate.pk)
        if changed:
            record("certificate.revoked", certificate, by=by, at=at, meaning="REVOKED", reason=reason_code)
            tell_revoked(certificate, at=at)
        elif certificate.state == State.RESERVED:
            raise StillBeingMade(serial=certificate.serial)
        elif certificate.state != State.REVOKED:
            raise NotInForce(serial=certificate.serial)
    return certificate


def void(certificate: Certificate, *, by: User, at: datetime, reason_text: str = "") -> Certificate:
    """Cancel a certificate that has no file yet. Its number stays used; a new one may be issued, also a corrected one.

    A worker in flight loses its work. A second call changes nothing. Raises AlreadyMade.
    """
    with transaction.atomic(durable=True):
        # The enrolment first, as `issue` does: two locks taken in two orders would wait for each other.
        Enrollment.objects.select_for_update(of=("self",)).filter(certificates=certificate.pk).first()
        changed = move(
            certificate,
            (State.RESERVED,),
            State.VOID,
            reason_code=Reason.CANCELLED,
            reason_text=reason_text.strip()[:2_000],
            lease_until=None,
            lease_token=None,
            last_error="",
            supersedes=None,
        )
        certificate = Certificate.objects.get(pk=certificate.pk)
        if changed:
            unlock(certificate)
            record("certificate.voided", certificate, by=by, at=at)
        elif certificate.state != State.VOID:
            raise AlreadyMade(serial=certificate.serial)
    return certificate


def move(certificate: Certificate, states: Iterable[str], to: str, **fields: object) -> bool:
    """The one way from state to state: whoever comes second finds no row."""
    return bool(Certificate.objects.filter(pk=certificate.pk, state__in=states).update(state=to, **fields))


def unlock(certificate: Certificate) -> None:
    """Nothing rests on the enrolment any more, unless another certificate does."""
    others = Certificate.objects.filter(enrollment=certificate.enrollment_id).exclude(state=State.VOID)
    if not others.exists():
        Enrollment.objects.filter(certificates=certificate.pk).update(locked_at=None)
