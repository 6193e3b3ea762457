"""The one base of errors that a person can do something about."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A business rule said no. `message` is for the reader: what is the matter and what to do.

    Views show it, the API answers with `status` and a problem document, tasks store it in the row.
    """

    code = "refused"
    status = 409
    message: str | Promise = _("This is not possible right now.")

    def __init__(self, message: str | Promise | None = None, **values: object) -> None:
        self.values = values
        template = message or self.message
        self.message = template % values if values else template
        super().__init__(str(self.message))
