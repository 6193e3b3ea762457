"""What may be refused about certificates, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError

if TYPE_CHECKING:
    from .selectors import Reason


class NotDue(DomainError):
    """No certificate can be issued. `reasons` says all that stands against it, `message` says it in one text."""

    code = "certificate-not-due"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(str(reason.words) for reason in reasons))
        self.reasons = tuple(reasons)


class UnprintableContent(DomainError):
    code = "unprintable-content"
    message = _("The certificate's text has characters that cannot be printed: %(characters)s.")


class FileNotMade(DomainError):
    code = "file-not-made"
    message = _("Certificate %(serial)s is reserved, but its file could not be made: %(reason)s")


class NobodyChosen(DomainError):
    code = "nobody-chosen"
    status = 422
    message = _("Choose at least one learner.")


class DefinitionIncomplete(DomainError):
    code = "definition-incomplete"
    status = 422


class ReasonMissing(DomainError):
    code = "reason-missing"
    status = 422
    message = _("Choose why the certificate is revoked.")


class StillBeingMade(DomainError):
    code = "still-being-made"
    message = _("Certificate %(serial)s is still being made. Cancel it instead.")


class NotInForce(DomainError):
    code = "not-in-force"
    message = _("Certificate %(serial)s has been replaced or cancelled; there is nothing left to revoke.")


class NotCorrectable(DomainError):
    code = "not-correctable"
    message = _(
        "No corrected certificate can take the place of %(serial)s: it is not revoked, has been replaced already, "
        "or was revoked because the requirements were not met."
    )


class AlreadyMade(DomainError):
    code = "already-made"
    message = _("Certificate %(serial)s has been issued. It can no longer be cancelled, only revoked.")


class CourseOfAnother(DomainError):
    code = "course-of-another"
    message = _("This course belongs to %(organisation)s. Leave it out, or ask them to import it.")


class PublishedAlready(DomainError):
    code = "published-already"
    message = _("The course is published. Name a publisher of its owner who answers for the change.")
