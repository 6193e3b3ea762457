"""What may be refused to those who bring files into a draft, and what to do about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError

if TYPE_CHECKING:
    from .bundle import Problem


class RecordingHasChanged(DomainError):
    code = "recording-has-changed"
    message = _(
        "Somebody else has changed the files of this lesson since you opened this page. Look at them and choose again."
    )


class NotTranslatedYet(DomainError):
    code = "not-translated-yet"
    message = _("Translate the text of this lesson first; then it can have captions.")


class FileRefused(DomainError):
    """What was uploaded is not what a module may hold. `problems` says why, by line where it has lines."""

    code = "file-refused"
    status = 422
    message = _("This file cannot be taken.")

    def __init__(self, problems: "Iterable[Problem]") -> None:
        super().__init__()
        self.problems = list(problems)


class FileNameTaken(DomainError):
    code = "file-name-taken"
    message = _(
        "Another file of this module is called “%(name)s”. Replace that one, or rename yours and choose it again."
    )


class FileGone(DomainError):
    code = "file-gone"
    message = _("This file is not in the draft any more. Saved states still have it.")


class FileHasChanged(DomainError):
    code = "file-has-changed"
    message = _(
        "Somebody else has replaced “%(name)s” since you opened this page. Look at it, then choose again."
    )


class FileInUse(DomainError):
    code = "file-in-use"
    message = _("“%(name)s” is used: %(places)s. Take it out there first.")


class LibraryFull(DomainError):
    code = "library-full"
    status = 422
    message = _("All files of a draft together may have %(most)s. Remove what is not used any more.")
