"""The editor's pages: the outline of a draft, one text of it, and its saved states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.accounts.models import User

from ...bundle import Problem
from ...models import (
    Asset,
    Edition,
    Fact,
    FactStatement,
    Lesson,
    LessonTranslation,
    Panel,
    Question,
    Revision,
    RevisionAsset,
    SavedState,
)
from ..drafts import original_core, text_problems, version_of
from .differences import Change, Line, changed_lines, changes, lines_of, things_of

Kind = Edition.Kind
MOST_STATES = 200


# --- Outline ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TextRow:
    """A lesson of the original and what the translation has of it: done, again (the original changed) or missing."""

    original: Lesson
    text: LessonTranslation | None

    @property
    def state(self) -> str:
        if self.text is None:
            return "missing"
        return "done" if self.text.source_hash == self.original.text_hash else "again"


@dataclass(frozen=True)
class LessonRow:
    lesson: Lesson
    version: str


def lesson_rows(draft: Revision) -> list[LessonRow]:
    return [LessonRow(lesson, version_of(lesson)) for lesson in draft.lessons.order_by("position")]


def text_rows(draft: Revision) -> list[TextRow]:
    """In the order of the original. Three queries."""
    texts = {text.key: text for text in draft.lesson_translations.defer("body", "questions")}
    originals = original_core(draft.edition.module).lessons.order_by("position").defer("body")
    return [TextRow(lesson, texts.get(lesson.key)) for lesson in originals]


def completion(rows: Iterable[TextRow]) -> str:
    """In words: "7 of 9 lessons, 2 to be looked at again"."""
    rows = list(rows)
    there = sum(row.text is not None for row in rows)
    again = sum(row.state == "again" for row in rows)
    words = ngettext("%(there)s of %(all)s lesson", "%(there)s of %(all)s lessons", len(rows)) % {
        "there": there,
        "all": len(rows),
    }
    if not again:
        return words
    look = ngettext("%(count)s to be looked at again", "%(count)s to be looked at again", again)
    return _("%(words)s, %(look)s") % {"words": words, "look": look % {"count": again}}


# --- One text ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TextPage:
    """`text` is None for a lesson that is not translated yet; `original` is None in a core."""

    draft: Revision
    key: str
    text: Lesson | LessonTranslation | None
    original: Lesson | None
    neighbours: tuple[str, str]

    @property
    def is_translation(self) -> bool:
        return self.original is not None

    @property
    def title(self) -> str:
        found = self.text or self.original
        return found.title if found else ""

    @property
    def is_quiz(self) -> bool:
        lesson = self.original or self.text
        return isinstance(lesson, Lesson) and lesson.kind == Lesson.Kind.QUIZ

    @property
    def kind(self) -> str:
        lesson = self.original or self.text
        return lesson.kind if isinstance(lesson, Lesson) else ""

    @property
    def is_stale(self) -> bool:
        return isinstance(self.text, LessonTranslation) and self.text.source_hash != self.source_hash

    @property
    def source_hash(self) -> str:
        return self.original.text_hash if self.original else ""

    @property
    def language(self) -> str:
        edition = self.draft.edition
        return edition.language or edition.module.source_language

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return text_problems(self.text) if self.text and self.text.body else ()

    @cached_property
    def source_change(self) -> tuple[Line, ...]:
        """What has changed in the original since it was translated; empty where the old words are not known."""
        if not self.original or not isinstance(self.text, LessonTranslation) or not self.text.source_hash:
            return ()
        core = self.original.revision.edition_id
        known = Lesson.objects.filter(revision__edition=core, key=self.key, text_hash=self.text.source_hash)
        before = known.order_by("-revision__number").first()
        if before is None:
            return ()
        return tuple(changed_lines(words_of(before), words_of(self.original)))


def words_of(lesson: Lesson | LessonTranslation) -> list[str]:
    """The lines that a reader of the editor compares."""
    return [lesson.title, *lines_of(lesson.body)]


def text_page(draft: Revision, key: str) -> TextPage | None:
    """None where the draft, or its original, has no such lesson."""
    if draft.edition.kind == Kind.CORE:
        keys = list(draft.lessons.order_by("position").values_list("key", flat=True))
        text: Lesson | LessonTranslation | None = draft.lessons.filter(key=key).first()
        original = None
    else:
        core = original_core(draft.edition.module)
        keys = list(core.lessons.order_by("position").values_list("key", flat=True))
        original = core.lessons.filter(key=key).first()
        text = draft.lesson_translations.filter(key=key).first()
    if key not in keys:
        return None
    place = keys.index(key)
    around = (keys[place - 1] if place else "", keys[place + 1] if place + 1 < len(keys) else "")
    return TextPage(draft, key, text, original, around)


# --- Saved states -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StateRow:
    """A saved state; `act` is what was done to the draft just after."""

    pk: int
    saved_at: datetime
    saved_by: User | None
    act: str

    @property
    def words(self) -> str:
        return act_in_words(self.act)


def states_of(draft: Revision) -> list[StateRow]:
    """The newest first. One query, which leaves what they hold where it is."""
    rows = draft.saved_states.select_related("saved_by").defer("content").order_by("-saved_at", "-pk")
    found = rows.annotate(act=KeyTextTransform("act", "content"))[:MOST_STATES]
    return [StateRow(row.pk, row.saved_at, row.saved_by, row.act or "") for row in found]


def act_in_words(act: str) -> str:
    """What was done just after the draft was in that state."""
    kind, _space, key = act.partition(" ")
    said = {
        "lesson": _("before the text of %(key)s was changed"),
        "text": _("before the translation of %(key)s was changed"),
        "aside": _("with a text of %(key)s that was not taken, because somebody else had changed it"),
        "panel": _("before the panel at %(key)s was changed"),
        "fact": _("before the fact %(key)s was changed"),
        "languages": _("before the languages were changed"),
        "outline": _("before the outline was changed"),
        "about": _("before the description was changed"),
        "files": _("before the files of %(key)s were changed"),
        "media": _("before the file %(key)s was changed"),
        "imported": _("before a bundle was imported"),
        "restored": _("before an earlier state was brought back"),
    }
    return said.get(kind, _("before a change")) % {"key": key}


class Rows(list[Any]):
    """Rows of a saved state, asked like those of a revision."""

    def all(self) -> "Rows":
        return self

    def select_related(self, *_names: str) -> "Rows":
        return self


class KeptRevision:
    """A saved state laid out as a revision, for the difference."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.meta = content["meta"]
        self.lessons = rows_of(Lesson, content["lessons"])
        self.lesson_translations = rows_of(LessonTranslation, content["lesson_translations"])
        self.panels = rows_of(Panel, content["panels"])
        self.questions = rows_of(Question, content["questions"])
        self.statements = rows_of(FactStatement, content["statements"])
        facts = Fact.objects.in_bulk([row.fact_id for row in self.statements])
        for row in self.statements:
            row.fact = facts[row.fact_id]
        self.assets = rows_of(RevisionAsset, content["assets"])
        files = Asset.objects.in_bulk([row.asset_id for row in self.assets])
        for row in self.assets:
            row.asset = files[row.asset_id]


def rows_of(model: Any, rows: Iterable[Mapping[str, Any]]) -> Rows:
    fields = [field for field in model._meta.concrete_fields if field.name != "revision"]
    return Rows(
        model(**{field.attname: field.to_python(row[field.name]) for field in fields if field.name in row})
        for row in rows
    )


def state_difference(state: SavedState) -> list[Change]:
    """From what the draft is now to what it was: what going back would do."""
    kept: Any = KeptRevision(state.content)
    return list(changes(things_of(state.revision), things_of(kept)))
