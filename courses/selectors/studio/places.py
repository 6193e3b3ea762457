"""Places of a revision that people speak of: a lesson, a question, a panel, a fact, or what is said about the module.

A place is named by a code that is the same in every revision of the edition: `lesson/welcome`, `question/check/both`,
`panel/welcome//en` (with its anchor and language), `fact/ct.ethics`, `about`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lms.lib.canonical import sha256
from lms.lib.places import language_name

from ...content import COUNTRY_CHECK
from ...models import FactStatement, Lesson, LessonTranslation, Panel, Question, Revision
from .contents import Contents
from .differences import ABOUT, Row, Thing, about_name, about_thing, thing_of

LONGEST_CODE = 200

# What of a row its readers would notice. Where a lesson stands in the order is no change of the lesson.
READ: Mapping[type[Row], tuple[str, ...]] = {
    Lesson: ("title", "kind", "section", "minutes", "required", "body", "data", "references"),
    LessonTranslation: ("title", "body", "questions"),
    Question: ("kind", "points", "rule", "texts", "references", "rests_on"),
    Panel: ("body", "fact_keys"),
    FactStatement: ("texts", "native_terms", "legal_ref", "source_url", "status", "verified_on", "note"),
}


@dataclass(frozen=True)
class Place:
    """`version` names its words as they are, so that a later reader can tell whether they have changed."""

    code: str
    name: str
    lines: tuple[str, ...]
    version: str


def places_at(revision: Revision, codes: Iterable[str]) -> dict[str, Place]:
    """Those of the codes that the revision has. One query for each kind of place among them."""
    wanted = defaultdict(set)
    for code in codes:
        kind, *keys = code.split("/")
        wanted[kind].add(tuple(keys))
    found = {each.code: each for each in map(place_of_row, rows_at(revision, wanted))}
    if wanted[ABOUT] and is_described(revision):
        found[ABOUT] = place(about_thing(revision), version_of_about(revision))
    return {code: found[code] for code in codes if code in found}


def place_at(revision: Revision, code: str) -> Place | None:
    return places_at(revision, [code]).get(code)


def place(thing: Thing, version: str) -> Place:
    return Place(thing.place, thing.name, thing.lines, version)


def place_of_row(row: Row) -> Place:
    """Of what is loaded already."""
    return place(thing_of(row), version_of_row(row))


def rows_at(revision: Revision, wanted: Mapping[str, set[tuple[str, ...]]]) -> Iterator[Row]:
    """More than asked for, perhaps: the keys of a place are looked up one by one."""

    def keys(kind: str, number: int = 0) -> set[str]:
        return {each[number] for each in wanted.get(kind, ()) if len(each) > number}

    if lessons := keys("lesson"):
        texts: Any = revision.lesson_translations if revision.edition.language else revision.lessons
        yield from texts.filter(key__in=lessons)
    if questions := keys("question", 1):
        yield from revision.questions.filter(lesson_key__in=keys("question"), key__in=questions)
    if panels := keys("panel"):
        yield from revision.panels.filter(lesson_key__in=panels)
    if facts := keys("fact"):
        yield from revision.statements.filter(fact__key__in=facts).select_related("fact")


def version_of_row(row: Row) -> str:
    return sha256({name: plain(getattr(row, name)) for name in READ[type(row)]})


def version_of_about(revision: Revision) -> str:
    said = {name: value for name, value in revision.meta.items() if name not in ("extra", "extras")}
    return sha256(said)


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def is_described(revision: Revision) -> bool:
    """A translation says nothing about the module of its own."""
    return not revision.edition.language


# --- All of them, to choose from ------------------------------------------------------------------------------------


def places_in(revision: Revision, contents: Contents) -> Iterator[tuple[str, str]]:
    """Code and name, in the order of the revision. No query: `contents` is what its page shows already."""
    if is_described(revision):
        yield ABOUT, about_name(revision)
    for lesson in contents.lessons:
        yield f"lesson/{lesson.key}", _("Lesson: %(name)s") % {"name": lesson.title}
        yield from questions_in(lesson.key, (question.key for question in lesson.questions))
    for panel in contents.panels:
        for language in panel.languages:
            name = " · ".join(filter(None, (panel.lesson_key, panel.anchor, language_name(language))))
            yield f"panel/{panel.lesson_key}/{panel.anchor}/{language}", _("Panel: %(name)s") % {"name": name}
    for fact in contents.facts:
        key = fact.card.composed.fact.key
        yield f"fact/{key}", _("Fact: %(name)s") % {"name": key}
    yield from questions_in(COUNTRY_CHECK, (question.key for question in contents.questions))


def questions_in(lesson: str, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        yield f"question/{lesson}/{key}", _("Question: %(name)s") % {"name": f"{lesson} · {key}"}
