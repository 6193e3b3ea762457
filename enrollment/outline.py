"""What a learner has to do and has done, as one value: the source of every figure about progress.

Pure: built from pins and progress rows that somebody loaded. Lists, pages, API and reports all ask here, so that
they cannot differ.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Protocol

from courses.composition import captioned
from courses.content import COUNTRY_CHECK
from lms.lib.places import pick

WAIT_HOURS = 24
PLANS = 512  # modules in one language and country; some twenty kilobytes each
ProgressKey = tuple[int, str, str]  # module id, lesson key, country (empty except for country checks)


class ProgressRow(Protocol):
    module_id: int
    lesson_key: str
    country: str
    completed_at: datetime
    score: Decimal | None
    credited_from_id: int | None


@dataclass(frozen=True)
class Step:
    """One lesson of one module. `country` is set for a country check, which has a progress of its own."""

    module_id: int
    module_key: str
    key: str
    country: str
    kind: str
    title: str
    language: str
    section: str
    minutes: int
    required: bool
    text_hash: str
    questions: int
    pass_percent: int | None
    attempts: int | None
    draw: int | None
    pools: Sequence[Mapping[str, Any]]
    wait_hours: int
    video: Mapping[str, Any] | None
    done_at: datetime | None
    score: Decimal | None
    credited_from: int | None
    audio: Mapping[str, Any] | None = None
    download: Mapping[str, Any] | None = None
    awaits_review: bool = False  # the translation that the learner gets, by a native speaker

    @cached_property
    def progress_key(self) -> ProgressKey:
        return self.module_id, self.key, self.country

    def done_by(self, row: ProgressRow) -> "Step":
        step = copy(self)  # a fourth of what `dataclasses.replace` costs, for half the steps of every page
        vars(step).update(done_at=row.completed_at, score=row.score, credited_from=row.credited_from_id)
        return step

    @property
    def asked(self) -> int:
        """How many questions an attempt has."""
        left_out = sum(len(pool["questions"]) - pool["draw"] for pool in self.pools)
        return self.draw or self.questions - left_out

    @property
    def is_quiz(self) -> bool:
        return self.kind == "quiz"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_country_check(self) -> bool:
        return self.key == COUNTRY_CHECK


@dataclass(frozen=True, eq=False)
class ModuleOutline:
    """A module's steps with what is done of them.

    `plan` is the same without anything done: one object for all who read these versions in this language and
    country, so that what is drawn of a module can be kept by it.
    """

    module_id: int
    key: str
    title: str
    language: str
    source_language: str
    core_number: int
    country: str
    layer_number: int | None
    steps: tuple[Step, ...]
    done_from: "ModuleOutline | None" = None

    @property
    def plan(self) -> "ModuleOutline":
        return self.done_from or self

    @cached_property
    def required(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.required)

    @cached_property
    def places(self) -> Mapping[ProgressKey, int]:
        """Where each step stands, from 0."""
        return {step.progress_key: place for place, step in enumerate(self.steps)}

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.required)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.required)

    def with_progress(self, rows: Iterable[ProgressRow]) -> "ModuleOutline":
        """The plan with these rows of its module done; rows of lessons that it no longer has are left out."""
        steps = list(self.steps)
        for row in rows:
            place = self.places.get((row.module_id, row.lesson_key, row.country))
            if place is not None:
                steps[place] = steps[place].done_by(row)
        return replace(self, steps=tuple(steps), done_from=self)


@dataclass(frozen=True)
class CourseOutline:
    modules: tuple[ModuleOutline, ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for module in self.modules for step in module.steps)

    @cached_property
    def required(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.required)

    @property
    def total(self) -> int:
        return len(self.required)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.required)

    @property
    def remaining(self) -> tuple[Step, ...]:
        return tuple(step for step in self.required if not step.is_done)

    @property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.remaining)

    @property
    def is_complete(self) -> bool:
        """All that is required is done. A course that asks for nothing is never complete."""
        return 0 < self.total == self.done

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    def find(self, module_key: str, lesson_key: str) -> Step | None:
        found = (step for step in self.steps if (step.module_key, step.key) == (module_key, lesson_key))
        return next(found, None)

    def module_of(self, step: Step) -> ModuleOutline:
        return next(module for module in self.modules if module.module_id == step.module_id)

    def position(self, step: Step) -> int:
        """The step's number in its module, from 1."""
        return self.module_of(step).plan.places[step.progress_key] + 1

    def neighbours(self, step: Step) -> tuple[Step | None, Step | None]:
        """The lesson before and the one after, across modules."""
        place = [other.progress_key for other in self.steps].index(step.progress_key)
        before = self.steps[place - 1] if place else None
        after = self.steps[place + 1] if place + 1 < len(self.steps) else None
        return before, after

    def next_step(self, module_id: int | None = None, lesson_key: str = "") -> Step | None:
        """Where to go on: where the learner was, if that is not done, else the first required lesson that remains."""
        for step in self.steps:
            if (step.module_id, step.key) == (module_id, lesson_key) and not step.is_done:
                return step
        return self.remaining[0] if self.remaining else None


class PinLike(Protocol):
    """A pin as `enrollment.selectors` loads it: what it reads, as the JSON that is stored."""

    module_id: int
    module: Any
    lesson_keys: list[str] | None
    core_revision: Any
    core_meta: str
    core_outline: str
    translation_outline: str | None
    layer_outline: str | None
    layer_number: int | None


def build_outline(
    pins: Iterable[PinLike], progress: Iterable[ProgressRow], *, language: str, country: str
) -> CourseOutline:
    """The course as this learner sees it. A module without a layer of `country` has no country check."""
    done: defaultdict[int, list[ProgressRow]] = defaultdict(list)
    for row in progress:
        done[row.module_id].append(row)
    plans = (plan_of(sources_of(pin, language, country)) for pin in pins)
    return CourseOutline(
        tuple(p.with_progress(done[p.module_id]) if p.module_id in done else p for p in plans)
    )


# --- What there is to do ----------------------------------------------------------------------------------------------


class Sources(NamedTuple):
    """All that a plan is made of. Outlines and meta are JSON as stored, so that equal words are one key."""

    module_id: int
    module_key: str
    source_language: str
    lesson_keys: tuple[str, ...] | None
    core_number: int
    core_meta: str
    core_outline: str
    translation_outline: str | None
    layer_number: int | None
    layer_outline: str | None
    language: str
    country: str


def sources_of(pin: PinLike, language: str, country: str) -> Sources:
    return Sources(
        pin.module_id,
        pin.module.key,
        pin.module.source_language,
        None if pin.lesson_keys is None else tuple(pin.lesson_keys),
        pin.core_revision.number,
        pin.core_meta,
        pin.core_outline,
        pin.translation_outline,
        pin.layer_number,
        pin.layer_outline,
        language,
        country,
    )


# Reading the JSON and making fifty steps was half the work of an outline; it is the same for thousands of learners.
@lru_cache(PLANS)
def plan_of(sources: Sources) -> ModuleOutline:
    title, title_language = pick(
        json.loads(sources.core_meta).get("title", {}), [sources.language, sources.source_language]
    )
    wanted = json.loads(sources.core_outline)
    if sources.lesson_keys is not None:
        wanted = [lesson for lesson in wanted if lesson["key"] in sources.lesson_keys]
    translated = {entry["key"]: entry for entry in json.loads(sources.translation_outline or "[]")}
    steps = [core_step(sources, lesson, translated.get(lesson["key"])) for lesson in wanted]
    steps += [check_step(sources, check) for check in json.loads(sources.layer_outline or "[]")]
    return ModuleOutline(
        module_id=sources.module_id,
        key=sources.module_key,
        title=title,
        language=title_language,
        source_language=sources.source_language,
        core_number=sources.core_number,
        country=sources.country,
        layer_number=sources.layer_number,
        steps=tuple(steps),
    )


def core_step(sources: Sources, lesson: Mapping[str, Any], translation: Mapping[str, Any] | None) -> Step:
    fresh = translation is not None and translation["source_hash"] == lesson["hash"]
    title = (
        (translation["title"], sources.language)
        if fresh and translation
        else (lesson["title"], sources.source_language)
    )
    shown = lesson
    if lesson.get("video"):
        shown = {**lesson, "video": captioned(lesson, translation, sources.language)}
    step = make_step(sources, shown, title, country="")
    return replace(step, awaits_review=True) if fresh and translation and "review" in translation else step


def check_step(sources: Sources, check: Mapping[str, Any]) -> Step:
    title = pick(check["title"], [sources.language, check.get("language", "en")])
    return make_step(sources, check, title, country=sources.country)


def make_step(sources: Sources, lesson: Mapping[str, Any], title: tuple[str, str], *, country: str) -> Step:
    return Step(
        module_id=sources.module_id,
        module_key=sources.module_key,
        key=lesson["key"],
        country=country,
        kind=lesson["kind"],
        title=title[0],
        language=title[1],
        section=lesson.get("section", ""),
        minutes=lesson["minutes"],
        required=lesson["required"],
        text_hash=lesson["hash"],
        questions=lesson.get("questions") or 0,
        pass_percent=lesson.get("pass"),
        attempts=lesson.get("attempts"),
        draw=lesson.get("draw"),
        pools=lesson.get("pools", ()),
        wait_hours=lesson.get("wait_hours") or WAIT_HOURS,
        video=lesson.get("video"),
        done_at=None,
        score=None,
        credited_from=None,
        audio=lesson.get("audio"),
        download=lesson.get("download"),
    )
