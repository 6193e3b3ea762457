"""Who may do what with certificates. Asked by pages, API and templates alike."""

from lms.accounts.permissions import Anyone, can_administer

from .models import Certificate

__all__ = [
    "Anyone",
    "can_administer",
    "can_cancel",
    "can_correct",
    "can_download",
    "can_retry",
    "can_revoke",
    "holds",
]


def holds(user: Anyone, certificate: Certificate) -> bool:
    """An erased certificate has no holder: two Nones are not one person."""
    return user.is_authenticated and certificate.learner_id is not None and certificate.learner_id == user.pk


def can_download(user: Anyone, certificate: Certificate) -> bool:
    """The holder and administrators, once there is a file; also of a revoked one, whose page says what it is worth."""
    return bool(certificate.pdf_sha256) and (holds(user, certificate) or can_administer(user))


def can_revoke(user: Anyone, certificate: Certificate) -> bool:
    state = Certificate.State
    return can_administer(user) and certificate.state in (state.ISSUED, state.SUSPENDED)


def can_correct(user: Anyone, certificate: Certificate) -> bool:
    """Only what is revoked; whether nothing has replaced it yet is asked when it is done."""
    return can_administer(user) and certificate.state == Certificate.State.REVOKED


def can_cancel(user: Anyone, certificate: Certificate) -> bool:
    return can_administer(user) and certificate.state == Certificate.State.RESERVED


def can_retry(user: Anyone, certificate: Certificate) -> bool:
    """Whoever may cancel it may rather have it tried again."""
    return can_cancel(user, certificate)
