"""Lessons of a draft, written in the studio: their texts, their order, their words in another language."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from lms.accounts.models import User
from lms.lib.canonical import sha256

from ..bundle.bodies import assets_of
from ..bundle.fields import KEY_LENGTH
from ..bundle.names import translation_path
from ..bundle.syntax import UNFIT
from ..content import COUNTRY_CHECK, KEY, TranslatedLesson, question_text_from_json
from ..errors import LastLesson, LessonGone, LessonKeyTaken, LessonKeyUnfit, TextHasChanged
from ..models import Lesson, LessonTranslation, Question, Revision, RevisionAsset, SavedState
from ..selectors.drafts import original_core, version_of
from .approving import locked
from .editing import editing, is_sitting, keep_state
from .publishing import take_names

ASIDE = "aside "  # begins the act of a saved state that holds a text which was not taken
NEW_QUIZ = {"quiz": {"pass": 80, "attempts": None, "draw": None}}


def tidy(text: str) -> str:
    """As a file would be read: composed characters, plain line ends, no invisible ones, no empty lines around."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = UNFIT.sub("", text).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines).rstrip()


def in_a_line(text: str) -> str:
    return " ".join(tidy(text).split())


# --- Core -----------------------------------------------------------------------------------------------------------


def save_lesson(
    revision: Revision,
    key: str,
    changes: Mapping[str, Any],
    *,
    base: str,
    by: User,
    at: datetime,
    is_autosave: bool = False,
) -> Lesson:
    """Write some of `selectors.drafts.WRITTEN`. `base` is the version of the text that the person started from.

    Where somebody else has changed it since, the other text stays, this one is kept as a saved state, and
    TextHasChanged is raised. Raises NotADraft, LessonGone too.
    """
    try:
        with editing(revision, by=by, at=at, act=f"lesson {key}", goes_on=is_autosave) as draft:
            lesson = draft.lessons.filter(key=key).first()
            if lesson is None:
                raise LessonGone
            if version_of(lesson) != base:
                raise TextHasChanged
            return write(lesson, changes)
    except TextHasChanged:
        keep_aside(revision, "lessons", key, changes, by=by, at=at)
        raise


def write(lesson: Lesson, changes: Mapping[str, Any]) -> Lesson:
    for name, value in changes.items():
        setattr(lesson, name, value)
    lesson.save(update_fields=list(changes))
    return lesson


def keep_aside(
    revision: Revision, rows: str, key: str, changes: Mapping[str, Any], *, by: User, at: datetime
) -> None:
    """A text that could not be saved, because another one was, as a saved state of its own: nothing vanishes.

    What the same person tries again a moment later takes its place.
    """
    act = f"{ASIDE}{key}"
    with transaction.atomic(durable=True):
        draft = locked(revision)
        again = is_sitting(draft, act, by=by, at=at)
        last = draft.saved_states.order_by("-saved_at", "-pk").first() if again else None
        state = last or keep_state(draft, by=by, at=at, act=act)
        for row in state.content[rows]:
            if row["key"] == key:
                row.update(changes)
        state.save(update_fields=["content"])


def add_lesson(
    revision: Revision, *, title: str, kind: str, minutes: int, by: User, at: datetime, key: str = ""
) -> Lesson:
    """A new lesson at the end, named by `key` or else by its title.

    Raises NotADraft, LessonKeyUnfit, LessonKeyTaken.
    """
    with editing(revision, by=by, at=at, act="outline") as draft:
        taken = taken_keys(draft)
        if key and (not KEY.fullmatch(key) or len(key) > KEY_LENGTH):
            raise LessonKeyUnfit(key=key)
        if key in taken:
            raise LessonKeyTaken(key=key)
        return draft.lessons.create(
            key=key or key_for(title, taken),
            position=draft.lessons.count() + 1,
            kind=kind,
            title=in_a_line(title),
            minutes=minutes,
            data=NEW_QUIZ if kind == Lesson.Kind.QUIZ else {},
        )


def taken_keys(draft: Revision) -> set[str]:
    """Of this draft, and of everything published before: progress of learners hangs on them."""
    of_these = Q(revision=draft) | Q(revision__edition=draft.edition, revision__published_at__isnull=False)
    return {COUNTRY_CHECK, *Lesson.objects.filter(of_these).values_list("key", flat=True)}


def key_for(title: str, taken: Iterable[str]) -> str:
    stem = slugify(title)[: KEY_LENGTH - 4].strip("-_") or "lesson"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1_000)))
    return next(name for name in names if name not in taken)


def move_lesson(
    revision: Revision, key: str, *, by: User, at: datetime, steps: int = 0, place: int | None = None
) -> None:
    """Up or down by `steps`, or to a `place` counted from one; beyond the ends it stays at the end.

    Raises NotADraft, LessonGone.
    """
    with editing(revision, by=by, at=at, act="outline", goes_on=True) as draft:
        lessons = list(draft.lessons.order_by("position"))
        lesson = found(lessons, key)
        wanted = lessons.index(lesson) + steps if place is None else place - 1
        lessons.remove(lesson)
        lessons.insert(max(0, min(wanted, len(lessons))), lesson)
        number(lessons)


def remove_lesson(revision: Revision, key: str, *, by: User, at: datetime) -> SavedState:
    """Take a lesson and its questions out of the draft; gives the saved state to go back to.

    Raises NotADraft, LessonGone, LastLesson.
    """
    with editing(revision, by=by, at=at, act="outline") as draft:
        lessons = list(draft.lessons.order_by("position"))
        lesson = found(lessons, key)
        if len(lessons) == 1:
            raise LastLesson
        lessons.remove(lesson)
        draft.questions.filter(lesson_key=key).delete()
        lesson.delete()
        forget_unknown(draft, key)
        number(lessons)
        state = draft.saved_states.order_by("-saved_at", "-pk").first()
    assert state is not None
    return state


def forget_unknown(draft: Revision, key: str) -> None:
    """What files said of the lesson's questions and nobody here knows goes with them: the key may come again."""
    extras = draft.meta.get("extras", {})
    of_questions = extras.get("questions", {})
    for name in [name for name in of_questions if name.startswith(f"{key} ")]:
        of_questions.pop(name)


def found(lessons: Iterable[Lesson], key: str) -> Lesson:
    lesson = next((each for each in lessons if each.key == key), None)
    if lesson is None:
        raise LessonGone
    return lesson


def number(rows: Iterable[Lesson | Question]) -> None:
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


# --- Translation ----------------------------------------------------------------------------------------------------


def save_translation(
    revision: Revision,
    key: str,
    changes: Mapping[str, Any],
    *,
    base: str,
    by: User,
    at: datetime,
    source: str = "",
    is_autosave: bool = False,
) -> LessonTranslation:
    """Write the words of a lesson in the translation's language: title, and body or questions.

    `source` is the hash of the original that the person says these words translate; where it is empty or no longer the
    original's, the text counts as one to be looked at again. Refuses as `save_lesson` does.
    """
    try:
        with editing(revision, by=by, at=at, act=f"text {key}", goes_on=is_autosave) as draft:
            original = found(original_core(draft.edition.module).lessons.all(), key)
            text = draft.lesson_translations.filter(key=key).first()
            if version_of(text) != base:
                raise TextHasChanged
            text = text or LessonTranslation(revision=draft, key=key)
            for name, value in changes.items():
                setattr(text, name, value)
            if source and source == original.text_hash:
                text.source_hash = source
            text.text_hash = translated(text).text_hash
            text.save()
            borrow_assets(draft, text)
            return text
    except TextHasChanged:
        keep_aside(revision, "lesson_translations", key, changes, by=by, at=at)
        raise


def translated(text: LessonTranslation) -> TranslatedLesson:
    questions = {key: question_text_from_json(words) for key, words in text.questions.items()}
    return TranslatedLesson(key=text.key, title=text.title, body=text.body, questions=questions or None)


def borrow_assets(draft: Revision, text: LessonTranslation) -> None:
    """The pictures of the original that the translation shows too become its own."""
    borrow(draft, assets_of(text.body, translation_path(draft.edition.language, translated(text))))


def borrow(draft: Revision, paths: Iterable[str]) -> None:
    wanted = set(paths) - set(draft.assets.values_list("path", flat=True))
    uses = original_core(draft.edition.module).assets.filter(path__in=wanted)
    RevisionAsset.objects.bulk_create(
        RevisionAsset(revision=draft, path=use.path, asset_id=use.asset_id) for use in uses
    )


def version_of_reviews(draft: Revision) -> str:
    return sha256(dict(draft.lesson_translations.order_by("key").values_list("key", "review")))


def save_reviews(
    revision: Revision, awaiting: Iterable[str], *, base: str, by: User, at: datetime
) -> Revision:
    """Of a translation: these lessons await review by a native speaker, the others do not.

    Raises NotADraft, TextHasChanged.
    """
    waiting = LessonTranslation.Review.AWAITING
    with editing(revision, by=by, at=at, act="about") as draft:
        if version_of_reviews(draft) != base:
            raise TextHasChanged
        texts = draft.lesson_translations
        texts.filter(key__in=list(awaiting)).update(review=waiting)
        texts.exclude(key__in=list(awaiting)).update(review="")
    return draft


# --- About the module -------------------------------------------------------------------------------------------------


def version_of_about(meta: Mapping[str, Any]) -> str:
    return sha256({name: value for name, value in meta.items() if name not in ("extra", "extras")})


def save_about(
    revision: Revision, changes: Mapping[str, Any], *, base: str, by: User, at: datetime
) -> Revision:
    """Title, summary and what else `module.yaml` says of a core. Raises NotADraft, TextHasChanged."""
    with editing(revision, by=by, at=at, act="about") as draft:
        if version_of_about(draft.meta) != base:
            raise TextHasChanged
        draft.meta = {**draft.meta, **changes}
        if (
            draft.edition.current_id is None
        ):  # until something is published a module is called as its draft says
            take_names(draft.edition.module, draft.meta)
            draft.edition.module.save()
    return draft
