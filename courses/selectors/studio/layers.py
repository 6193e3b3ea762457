"""The editor's pages of a national layer: what it says at each lesson, its facts, and one panel of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from lms.lib.places import country_name

from ...bundle import Problem
from ...bundle.bodies import anchors_of
from ...content import COUNTRY_CHECK
from ...models import Edition, Fact, FactStatement, Lesson, Module, Panel, Revision
from ..drafts import original_core
from ..layer_drafts import Place, panel_problems, version_of_panel
from ..words import language_here
from .contents import FactEntry, fact_entry
from .layer_texts import LanguageRow, languages_of

Kind = Edition.Kind
ANCHORED = ":::"  # a body without a container has no place; spares parsing it


@dataclass(frozen=True)
class PanelRow:
    """What stands at one place of a lesson, in which languages. `is_orphan`: the core has no such place any more."""

    place: Place
    words: str
    languages: tuple[str, ...]
    facts: tuple[str, ...] = ()
    is_orphan: bool = False

    @property
    def is_there(self) -> bool:
        return bool(self.languages)


@dataclass(frozen=True)
class LessonPlaces:
    lesson: Lesson
    rows: tuple[PanelRow, ...]


@dataclass(frozen=True)
class StatedFact:
    """A fact of the layer; `shown_at` and `asked` say what hangs on it."""

    key: str
    entry: FactEntry
    languages: frozenset[str]
    shown_at: int
    asked: int


@dataclass(frozen=True)
class OpenKey:
    """A fact that the module asks every country for, or that others state, and this layer does not yet."""

    key: str
    countries: tuple[str, ...]


@dataclass(frozen=True)
class LayerPage:
    lessons: tuple[LessonPlaces, ...]
    orphans: tuple[PanelRow, ...]
    facts: tuple[StatedFact, ...]
    open_keys: tuple[OpenKey, ...]
    languages: tuple[LanguageRow, ...]
    questions: int


def layer_page(draft: Revision, *, language: str, on: date) -> LayerPage:
    """The same number of queries however much the layer holds."""
    panels = panels_by_place(draft)
    lessons = list(original_core(draft.edition.module).lessons.order_by("position"))
    rests = list(draft.questions.filter(lesson_key=COUNTRY_CHECK).values_list("rests_on", flat=True))
    facts = tuple(stated_facts(draft, panels, rests, language, on=on))
    return LayerPage(
        lessons=tuple(places_at(lesson, panels) for lesson in lessons if may_carry(lesson, panels)),
        orphans=tuple(orphans_of(lessons, panels)),
        facts=facts,
        open_keys=open_keys(draft.edition.module, draft.edition.country, {fact.key for fact in facts}),
        languages=tuple(languages_of(draft)),
        questions=len(rests),
    )


Panels = Mapping[tuple[str, str], list[Panel]]


def panels_by_place(draft: Revision) -> Panels:
    found: defaultdict[tuple[str, str], list[Panel]] = defaultdict(list)
    for panel in draft.panels.defer("body"):
        found[panel.lesson_key, panel.anchor].append(panel)
    return found


def may_carry(lesson: Lesson, panels: Panels) -> bool:
    """Quizzes have no text at which a panel could stand; one that came with a bundle is shown all the same."""
    return lesson.kind != Lesson.Kind.QUIZ or any(key == lesson.key for key, _anchor in panels)


def places_at(lesson: Lesson, panels: Panels) -> LessonPlaces:
    """Every place of the lesson, and panels whose place is gone."""
    there = anchors_in(lesson)
    anchors = sorted({"", *there, *(anchor for key, anchor in panels if key == lesson.key)})
    rows = tuple(
        panel_row(Place(lesson.key, anchor), there, panels.get((lesson.key, anchor), []))
        for anchor in anchors
    )
    return LessonPlaces(lesson, rows)


def anchors_in(lesson: Lesson) -> frozenset[str]:
    return anchors_of(lesson.body) if ANCHORED in lesson.body else frozenset()


def panel_row(place: Place, there: frozenset[str], panels: list[Panel]) -> PanelRow:
    return PanelRow(
        place,
        place_words(place.anchor, there),
        tuple(panel.language for panel in panels),
        tuple(panels[0].fact_keys) if panels else (),
        is_orphan=bool(place.anchor) and place.anchor not in there,
    )


def place_words(anchor: str, there: frozenset[str]) -> str:
    if not anchor:
        return _("at “In your country”") if "" in there else _("at the end of the lesson")
    if anchor not in there:
        return _("at the end: the lesson has no place “%(anchor)s” any more") % {"anchor": anchor}
    return _("at the place “%(anchor)s”") % {"anchor": anchor}


def orphans_of(lessons: list[Lesson], panels: Panels) -> list[PanelRow]:
    known = {lesson.key for lesson in lessons}
    return [
        PanelRow(
            Place(key, anchor),
            _("the core has no lesson “%(key)s” any more") % {"key": key},
            tuple(each.language for each in found),
            tuple(found[0].fact_keys),
            is_orphan=True,
        )
        for (key, anchor), found in panels.items()
        if key not in known
    ]


# --- Facts ----------------------------------------------------------------------------------------------------------


def stated_facts(
    draft: Revision, panels: Panels, rests: list[list[str]], language: str, *, on: date
) -> list[StatedFact]:
    source = draft.meta["source_language"]
    return [
        StatedFact(
            statement.fact.key,
            fact_entry(statement, language, source, on=on),
            frozenset(statement.texts),
            sum(statement.fact.key in found[0].fact_keys for found in panels.values()),
            sum(statement.fact.key in keys for keys in rests),
        )
        for statement in draft.statements.select_related("fact", "revision")
    ]


def open_keys(module: Module, country: str, stated: set[str]) -> tuple[OpenKey, ...]:
    """In the order in which the module asks for them, then those that only other countries state."""
    others = countries_by_key(module, country)
    keys = dict.fromkeys([*module.fact_keys, *sorted(others)])
    return tuple(OpenKey(key, others.get(key, ())) for key in keys if key not in stated)


def countries_by_key(module: Module, country: str) -> dict[str, tuple[str, ...]]:
    """Which other countries' published layers state each fact of the module, by name. One query."""
    rows = FactStatement.objects.filter(fact__module=module, revision__edition__current=F("revision"))
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = rows.exclude(fact__country=country).exclude(fact__status=Fact.Status.SUPERSEDED)
    for key, code in rows.values_list("fact__key", "fact__country"):
        found[key].add(country_name(code))
    return {key: tuple(sorted(names)) for key, names in found.items()}


def stated_elsewhere(module: Module, key: str, country: str, *, on: date) -> list[tuple[str, FactEntry]]:
    """How other countries' published layers put a fact, each with the name of its country. One query."""
    rows = FactStatement.objects.filter(
        fact__module=module, fact__key=key, revision__edition__current=F("revision")
    ).exclude(fact__country=country)
    return [
        (country_name(row.fact.country), fact_entry(row, source, source, on=on))
        for row in rows.select_related("fact", "revision")
        for source in [row.revision.meta.get("source_language", "en")]
    ]


# --- Where it begins ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scaffold:
    """What a new layer finds: the lessons that it may speak at, and the facts that it is asked for."""

    lessons: tuple[Lesson, ...]
    facts: tuple[OpenKey, ...]


def scaffold(module: Module, country: str = "") -> Scaffold:
    lessons = original_core(module).lessons.order_by("position").exclude(kind=Lesson.Kind.QUIZ).defer("body")
    return Scaffold(tuple(lessons), open_keys(module, country, set()))


# --- One panel ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelPage:
    """`panel` is None for one that is not written yet; `original` is None in the layer's source language."""

    draft: Revision
    place: Place
    panel: Panel | None
    original: Panel | None
    lesson: Lesson | None
    words: str

    is_panel = True
    is_translation = False
    is_quiz = False
    is_stale = False

    @property
    def key(self) -> str:
        return self.place.lesson

    @property
    def language(self) -> str:
        return self.place.language

    @property
    def language_name(self) -> str:
        return language_here(self.place.language)

    @property
    def title(self) -> str:
        return self.lesson.title if self.lesson else self.place.lesson

    @property
    def version(self) -> str:
        return version_of_panel(self.panel)

    @property
    def facts(self) -> list[str]:
        beside = self.panel or self.original
        return beside.fact_keys if beside else []

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return panel_problems(self.draft, self.panel) if self.panel and self.panel.body else ()


def panel_page(draft: Revision, place: Place) -> PanelPage | None:
    """None where neither the core nor the layer has such a place, or the layer does not speak the language."""
    source = draft.meta["source_language"]
    if place.language not in draft.meta["languages"]:
        return None
    lesson = original_core(draft.edition.module).lessons.filter(key=place.lesson).first()
    there = anchors_in(lesson) if lesson else frozenset()
    panels = {panel.language: panel for panel in draft.panels.filter(**place.everywhere)}
    if not panels and (lesson is None or place.anchor not in {"", *there}):
        return None
    original = panels.get(source) if place.language != source else None
    return PanelPage(
        draft, place, panels.get(place.language), original, lesson, place_words(place.anchor, there)
    )


def places_to_move(draft: Revision, place: Place) -> list[tuple[str, str]]:
    """Places of the core at which no panel stands yet, those of the same lesson first; as "lesson anchor"."""
    taken = set(draft.panels.values_list("lesson_key", "anchor"))
    lessons = original_core(draft.edition.module).lessons.exclude(kind=Lesson.Kind.QUIZ).order_by("position")
    free = [
        (lesson, anchor)
        for lesson in sorted(lessons, key=lambda each: each.key != place.lesson)
        for anchor in sorted({"", *anchors_in(lesson)})
        if (lesson.key, anchor) not in taken
    ]
    return [
        (f"{lesson.key} {anchor}", f"{lesson.title}: {place_words(anchor, anchors_in(lesson))}")
        for lesson, anchor in free
    ]


def newest_check(statement: FactStatement) -> Any:
    """What a later look at the source gave, where it is younger than what the layer says; else None."""
    fact = statement.fact
    if fact.checked_on is None or (statement.verified_on and fact.checked_on <= statement.verified_on):
        return None
    return fact
