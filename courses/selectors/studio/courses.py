"""A course in the studio: what it is composed of, and what it could be composed of."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ...models import Course, Edition, Module
from ...permissions import Hats, can_edit_course, can_publish_course
from ..words import Words, said

Item = tuple[Module, list[str] | None]
TEXTS = ("title", "summary", "outcomes", "audience")


@dataclass(frozen=True)
class LessonChoice:
    key: str
    title: str
    minutes: int
    is_chosen: bool


@dataclass(frozen=True)
class ModuleChoice:
    """A module as the composition has it. Without a published core nobody can say which lessons it has."""

    module: Module
    title: Words
    is_whole: bool
    lessons: tuple[LessonChoice, ...]
    is_published: bool

    @property
    def chosen(self) -> tuple[LessonChoice, ...]:
        return tuple(lesson for lesson in self.lessons if lesson.is_chosen)


@dataclass(frozen=True)
class Composition:
    """The modules of a course in order, and those that could be added."""

    modules: tuple[ModuleChoice, ...]
    others: tuple[tuple[str, Words, str], ...]


@dataclass(frozen=True)
class CourseActs:
    """What the reader may do with the course as it stands. The page shows these buttons and no others."""

    edit: bool
    publish: bool
    close: bool


@dataclass(frozen=True)
class StudioCourse:
    course: Course
    title: Words
    modules: tuple[ModuleChoice, ...]
    languages: tuple[str, ...]
    acts: CourseActs


def courses_in_studio(user: Any) -> QuerySet[Course]:
    """Those the user may see. Whether they may work on one is asked of the predicates."""
    return Course.objects.visible_to(user).select_related("owner")


def studio_course(course: Course, who: Hats, *, language: str) -> StudioCourse:
    """Two queries, whatever the course holds."""
    items = items_of(course)
    return StudioCourse(
        course=course,
        title=said(course.title, language),
        modules=choices(items, language),
        languages=tuple(sorted({*course.title, *course.summary})),
        acts=acts_for(who, course),
    )


def acts_for(who: Hats, course: Course) -> CourseActs:
    status = Course.Status
    return CourseActs(
        edit=course.status != status.CLOSED and can_edit_course(who, course),
        publish=course.status != status.PUBLISHED and can_publish_course(who, course),
        close=course.status == status.PUBLISHED and can_publish_course(who, course),
    )


def items_of(course: Course) -> list[Item]:
    return [(item.module, item.lesson_keys) for item in course.items.select_related("module__owner")]


def modules_to_compose(user: Any, course: Course | None) -> dict[str, Module]:
    """By key: every module that the user may see, and those that the course has already. One query."""
    mine = Q(pk__in=Module.objects.visible_to(user).values("pk"))
    if course is not None:
        mine |= Q(course_items__course=course)
    modules = Module.objects.filter(mine).select_related("owner").distinct().order_by("key")
    return {module.key: module for module in modules}


def composition(items: Iterable[Item], known: Mapping[str, Module], *, language: str) -> Composition:
    """One query."""
    chosen = list(items)
    taken = {module.key for module, _lessons in chosen}
    others = [module for key, module in known.items() if key not in taken]
    return Composition(
        modules=choices(chosen, language),
        others=tuple((each.key, said(each.title, language), each.owner.short_name) for each in others),
    )


def choices(items: Iterable[Item], language: str) -> tuple[ModuleChoice, ...]:
    chosen = list(items)
    outlines = outlines_of(module for module, _lessons in chosen)
    return tuple(
        ModuleChoice(
            module=module,
            title=said(module.title, language),
            is_whole=lessons is None,
            lessons=tuple(lesson_choice(entry, lessons) for entry in outlines.get(module.pk, [])),
            is_published=module.pk in outlines,
        )
        for module, lessons in chosen
    )


def lesson_choice(entry: Mapping[str, Any], lessons: list[str] | None) -> LessonChoice:
    return LessonChoice(
        entry["key"], entry["title"], entry["minutes"], lessons is None or entry["key"] in lessons
    )


def outlines_of(modules: Iterable[Module]) -> dict[int, list[dict[str, Any]]]:
    """The lessons of the published cores, by module. One query."""
    cores = Edition.objects.filter(kind=Edition.Kind.CORE, module__in=list(modules)).exclude(current=None)
    return dict(cores.values_list("module", "current__outline"))


def words_of_modules(modules: Iterable[Module]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Outcomes and audience of a course that says none itself: as its modules are published. One query."""
    wanted = list(modules)
    cores = Edition.objects.filter(kind=Edition.Kind.CORE, module__in=wanted).exclude(current=None)
    by_module = dict(cores.values_list("module", "current__meta"))
    metas = [by_module[module.pk] for module in wanted if module.pk in by_module]
    outcomes = [outcome for meta in metas for outcome in meta["outcomes"]]
    return outcomes, metas[0]["audience"] if metas else {}


def state_of(course: Course, items: Iterable[Item]) -> str:
    """A fingerprint of what can be edited: two people who began from the same have the same."""
    said = {name: getattr(course, name) for name in TEXTS}
    said |= {"hours": f"{course.hours:.2f}", "items": [[module.key, lessons] for module, lessons in items]}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
