"""What lessons are made of that is not text: videos with captions, recordings, files to take along."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lms.accounts.models import User
from lms.lib.canonical import sha256

from ..errors_media import NotTranslatedYet, RecordingHasChanged
from ..models import Lesson, LessonTranslation, Revision
from .editing import editing
from .media import found as found_file
from .writing import found

MADE_OF = ("video", "audio", "download")


def version_of_files(row: Lesson | LessonTranslation | None) -> str:
    """Names the files of a lesson, or the captions of a translation, as somebody saw them."""
    if isinstance(row, Lesson):
        return sha256({name: row.data.get(name) for name in MADE_OF})
    return row.captions if row else ""


def save_files(
    revision: Revision, key: str, made_of: Mapping[str, Any], *, base: str, by: User, at: datetime
) -> Lesson:
    """Say what a lesson of a core is made of: one of MADE_OF, as a lesson's `data` has it, of files of the draft.

    `base` is the version that the person saw. Raises NotADraft, LessonGone, RecordingHasChanged, FileGone.
    """
    with editing(revision, by=by, at=at, act=f"files {key}") as draft:
        lesson = found(draft.lessons.all(), key)
        if version_of_files(lesson) != base:
            raise RecordingHasChanged
        for path in paths_in(made_of):
            found_file(draft, path)
        lesson.data = {**lesson.data, **made_of}
        lesson.save(update_fields=["data"])
        return lesson


def paths_in(made_of: Mapping[str, Any]) -> list[str]:
    video = made_of.get("video") or {}
    audio = made_of.get("audio") or {}
    paths = [video.get("src"), video.get("poster"), *video.get("captions", {}).values(), audio.get("src")]
    return [path for path in (*paths, made_of.get("download")) if path]


def save_captions(
    revision: Revision, key: str, path: str, *, base: str, by: User, at: datetime
) -> LessonTranslation:
    """The captions of a translated video, in the translation's language; an empty path takes them away.

    `base` is the version that the person saw. Raises NotADraft, NotTranslatedYet, RecordingHasChanged, FileGone.
    """
    with editing(revision, by=by, at=at, act=f"files {key}") as draft:
        text = draft.lesson_translations.filter(key=key).first()
        if text is None:
            raise NotTranslatedYet
        if version_of_files(text) != base:
            raise RecordingHasChanged
        if path:
            found_file(draft, path)
        text.captions = path
        text.save(update_fields=["captions"])
        return text
