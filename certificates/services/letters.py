"""What the holder is told, in the transaction that makes it true, in their language, once."""

from datetime import datetime

from courses.services.letters import send_letter

from ..models import Certificate
from .printing import verify_address


def tell_issued(certificate: Certificate, *, at: datetime) -> None:
    tell("certificate_issued", certificate, at=at)


def tell_revoked(certificate: Certificate, *, at: datetime) -> None:
    """The reason by its public name; the internal words stay inside."""
    tell("certificate_revoked", certificate, at=at, reason=certificate.Reason(certificate.reason_code).label)


def tell(kind: str, certificate: Certificate, *, at: datetime, **context: object) -> None:
    if certificate.learner is None:
        return
    send_letter(
        kind,
        key=certificate.public_id,
        recipient=certificate.learner.email,
        language=certificate.language,
        at=at,
        course=certificate.snapshot["title"],
        serial=certificate.serial,
        link=verify_address(certificate.public_id),
        **context,
    )
