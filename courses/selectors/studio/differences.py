"""What a revision changes against the one before it: simple enough to read, and complete.

Both sides are laid out as the things that they consist of, each thing as lines of text. Things are compared by their
key, lines by difflib, and within a changed line its words, because a paragraph is one line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ...models import FactStatement, Lesson, LessonTranslation, Panel, Question, Revision, RevisionAsset
from .thing_lines import fact_lines, labelled, layer_lines, meta_lines, question_lines

WORD = re.compile(r"\s+|[^\s]+")
AROUND = 1  # unchanged lines shown before and after a change


@dataclass(frozen=True)
class Span:
    """A stretch of a line: same, added or removed."""

    kind: str
    text: str


Line = tuple[Span, ...]
GAP: Line = (Span("gap", "…"),)


@dataclass(frozen=True)
class Thing:
    """A lesson, question, panel or fact as lines of text. `place` names it in every revision and language."""

    place: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Of one thing: added, removed or changed; `lines` shows how."""

    kind: str
    name: str
    lines: tuple[Line, ...]
    place: str = ""


@dataclass(frozen=True)
class Difference:
    before: Revision
    changes: tuple[Change, ...]


def published_before(revision: Revision) -> QuerySet[Revision]:
    """What was published of its edition before it, whatever became of that since."""
    earlier = Revision.objects.filter(edition=revision.edition_id, number__lt=revision.number)
    return earlier.exclude(published_at=None)


def difference(revision: Revision) -> Difference | None:
    """Against the revision that was published before this one; None for a first one."""
    before = published_before(revision).order_by("-number").first()
    if before is None:
        return None
    return Difference(before, tuple(changes(things_of(before), things_of(revision))))


def changes(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> Iterator[Change]:
    """In the order of the new revision, what is gone at the end."""
    for key, thing in after.items():
        if key not in before:
            added = tuple((Span("added", line),) for line in thing.lines)
            yield Change("added", thing.name, added, thing.place)
        elif before[key].lines != thing.lines:
            lines = tuple(changed_lines(before[key].lines, thing.lines))
            yield Change("changed", thing.name, lines, thing.place)
    for key, thing in before.items():
        if key not in after:
            yield Change("removed", thing.name, tuple((Span("removed", line),) for line in thing.lines))


# --- Lines and words ------------------------------------------------------------------------------------------------


def changed_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """The changed lines with a little of what stands around them; an ellipsis for what is left out."""
    groups = SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(AROUND)
    for number, group in enumerate(groups):
        if number:
            yield GAP
        for operation, from_a, to_a, from_b, to_b in group:
            if operation == "equal":
                yield from ((Span("same", line),) for line in before[from_a:to_a])
            else:
                yield from replaced(before[from_a:to_a], after[from_b:to_b])


def replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for old, new in zip_longest(before, after):
        if old is None:
            yield (Span("added", new),)
        elif new is None:
            yield (Span("removed", old),)
        else:
            yield tuple(changed_words(old, new))


def changed_words(old: str, new: str) -> Iterator[Span]:
    """Word by word where the two lines have something in common; else the old line and the new one."""
    before, after = WORD.findall(old), WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.5:
        yield from (Span("removed", old), Span("added", new))
        return
    for operation, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if operation == "equal":
            yield Span("same", "".join(before[from_a:to_a]))
            continue
        if to_a > from_a:
            yield Span("removed", "".join(before[from_a:to_a]))
        if to_b > from_b:
            yield Span("added", "".join(after[from_b:to_b]))


# --- A revision as things -------------------------------------------------------------------------------------------


ABOUT = "about"
Row = Lesson | LessonTranslation | Panel | FactStatement | Question


def things_of(revision: Revision) -> dict[str, Thing]:
    """Everything of a revision that a reader may notice, by a key that is stable across revisions."""
    rows: tuple[Row, ...] = (
        *revision.lessons.all(),
        *revision.lesson_translations.all(),
        *revision.panels.all(),
        *revision.statements.select_related("fact"),
        *revision.questions.all(),
    )
    things = [about_thing(revision), *(thing_of(row) for row in rows)]
    files = {use.path: file_thing(use) for use in revision.assets.select_related("asset")}
    return {thing.place: thing for thing in things} | files


def about_thing(revision: Revision) -> Thing:
    lines = layer_lines if is_layer(revision) else meta_lines
    return Thing(ABOUT, about_name(revision), tuple(lines(revision.meta)))


def about_name(revision: Revision) -> str:
    return _("The layer as a whole") if is_layer(revision) else _("Title and description")


def is_layer(revision: Revision) -> bool:
    """Asked of what it says, because a saved state has no edition."""
    return "source_language" in revision.meta


def file_thing(use: RevisionAsset) -> Thing:
    """No place: comments are made where a file is shown. Its hash tells another one where its size does not."""
    name = _("File: %(name)s") % {"name": use.path.removeprefix("assets/")}
    said = {_("Size"): filesizeformat(use.asset.size), "SHA-256": f"{use.asset.sha256[:16]}…"}
    return Thing("", name, tuple(labelled(said)))


def thing_of(row: Row) -> Thing:
    if isinstance(row, Lesson):
        return Thing(f"lesson/{row.key}", _("Lesson: %(name)s") % {"name": row.title}, lesson_lines(row))
    if isinstance(row, LessonTranslation):
        return Thing(f"lesson/{row.key}", _("Lesson: %(name)s") % {"name": row.title}, translation_lines(row))
    if isinstance(row, Panel):
        return panel_thing(row)
    if isinstance(row, FactStatement):
        key = row.fact.key
        return Thing(f"fact/{key}", _("Fact: %(name)s") % {"name": key}, tuple(fact_lines(row)))
    name = f"{row.lesson_key} · {row.key}"
    place = f"question/{row.lesson_key}/{row.key}"
    return Thing(place, _("Question: %(name)s") % {"name": name}, tuple(question_lines(row)))


def panel_thing(panel: Panel) -> Thing:
    name = " · ".join(filter(None, (panel.lesson_key, panel.anchor, panel.get_language_display())))
    lines = (*lines_of(panel.body), _("Facts: %(keys)s") % {"keys": ", ".join(panel.fact_keys)})
    place = f"panel/{panel.lesson_key}/{panel.anchor}/{panel.language}"
    return Thing(place, _("Panel: %(name)s") % {"name": name}, lines)


def lesson_lines(lesson: Lesson) -> tuple[str, ...]:
    head = {
        _("Title"): lesson.title,
        _("Place"): lesson.position,
        _("Section"): lesson.section,
        _("Minutes"): lesson.minutes,
        _("Required"): _("yes") if lesson.required else _("no"),
        _("References"): " · ".join(lesson.references),
    }
    return (*labelled(head), *meta_lines(lesson.data), *lines_of(lesson.body))


def lines_of(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.strip()]


def translation_lines(text: LessonTranslation) -> tuple[str, ...]:
    head = {
        _("Title"): text.title,
        _("Review"): text.get_review_display(),
        _("Captions"): text.captions,
    }
    return (*labelled(head), *meta_lines(text.questions), *lines_of(text.body))
