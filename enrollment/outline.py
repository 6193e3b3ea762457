"""What a learner has to do and has done, as one value: the source of every figure about progress.

Pure: built from pins and progress rows that somebody loaded. Lists, pages, API and reports all ask here, so that
they cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from courses.content import COUNTRY_CHECK
from lms.lib.places import pick

WAIT_HOURS = 24
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
    awaits_review: bool = False  # the translation that the learner gets, by a native speaker

    @property
    def progress_key(self) -> ProgressKey:
        return self.module_id, self.key, self.country

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


@dataclass(frozen=True)
class ModuleOutline:
    module_id: int
    key: str
    title: str
    language: str
    source_language: str
    core_number: int
    country: str
    layer_number: int | None
    steps: tuple[Step, ...]

    @property
    def required(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.required)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.required)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.required)


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
        return [other.progress_key for other in self.module_of(step).steps].index(step.progress_key) + 1

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
    """A pin as `enrollment.selectors` loads it: with the outlines of its core, translation and layer."""

    module_id: int
    lesson_keys: list[str] | None
    core_revision: Any
    module: Any
    translation_outline: list[dict[str, Any]] | None
    layer_outline: list[dict[str, Any]] | None
    layer_number: int | None


def build_outline(
    pins: Iterable[PinLike], progress: Iterable[ProgressRow], *, language: str, country: str
) -> CourseOutline:
    """The course as this learner sees it. A module without a layer of `country` has no country check."""
    done = {(row.module_id, row.lesson_key, row.country): row for row in progress}
    return CourseOutline(tuple(module_outline(pin, done, language=language, country=country) for pin in pins))


def module_outline(
    pin: PinLike, done: Mapping[ProgressKey, ProgressRow], *, language: str, country: str
) -> ModuleOutline:
    source = pin.module.source_language
    title, title_language = pick(pin.core_revision.meta.get("title", {}), [language, source])
    wanted = pin.core_revision.outline
    if pin.lesson_keys is not None:
        wanted = [lesson for lesson in wanted if lesson["key"] in pin.lesson_keys]
    translated = {entry["key"]: entry for entry in pin.translation_outline or []}
    steps = [core_step(pin, lesson, translated.get(lesson["key"]), done, language) for lesson in wanted]
    steps += [check_step(pin, check, done, language, country) for check in pin.layer_outline or []]
    return ModuleOutline(
        module_id=pin.module_id,
        key=pin.module.key,
        title=title,
        language=title_language,
        source_language=source,
        core_number=pin.core_revision.number,
        country=country,
        layer_number=pin.layer_number,
        steps=tuple(steps),
    )


def core_step(
    pin: PinLike,
    lesson: Mapping[str, Any],
    translation: Mapping[str, Any] | None,
    done: Mapping[ProgressKey, ProgressRow],
    language: str,
) -> Step:
    fresh = translation is not None and translation["source_hash"] == lesson["hash"]
    title = (
        (translation["title"], language)
        if fresh and translation
        else (lesson["title"], pin.module.source_language)
    )
    step = make_step(pin, lesson, title, done.get((pin.module_id, lesson["key"], "")), country="")
    return replace(step, awaits_review=True) if fresh and translation and "review" in translation else step


def check_step(
    pin: PinLike,
    check: Mapping[str, Any],
    done: Mapping[ProgressKey, ProgressRow],
    language: str,
    country: str,
) -> Step:
    title = pick(check["title"], [language, check.get("language", "en")])
    return make_step(pin, check, title, done.get((pin.module_id, check["key"], country)), country=country)


def make_step(
    pin: PinLike, lesson: Mapping[str, Any], title: tuple[str, str], row: ProgressRow | None, *, country: str
) -> Step:
    return Step(
        module_id=pin.module_id,
        module_key=pin.module.key,
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
        done_at=row.completed_at if row else None,
        score=row.score if row else None,
        credited_from=row.credited_from_id if row else None,
    )
