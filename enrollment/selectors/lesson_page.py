"""A lesson as one learner reads it today, in two queries beside the outline's: stored texts, and checks of facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from courses.composition import (
    ComposedLesson,
    CoreText,
    LayerText,
    TranslatedText,
    compose,
)
from courses.models import Rendering
from courses.selectors import current_programme
from courses.selectors.layers import Checks, country_checks, layer_text, unanswered
from courses.selectors.lesson_parts import PartOnPage, parts_on_page
from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name, language_name
from lms.lib.prepared import Prepared, Slot

from ..models import Pin
from ..outline import CourseOutline, ModuleOutline, Step
from .learning import LearnerCourse


@dataclass(frozen=True)
class Option:
    """A language or country to switch to."""

    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Switches:
    """`completed_for`: the country of a completed course, which is fixed."""

    languages: tuple[Option, ...]
    countries: tuple[Option, ...]
    other_countries: tuple[Option, ...]
    completed_for: str


@dataclass(frozen=True)
class Place:
    """Where a step stands in its course."""

    module: ModuleOutline
    position: int
    previous: Step | None
    next: Step | None


@dataclass(frozen=True)
class LessonPage:
    """`spoken`: the languages that there are texts of this lesson in."""

    lesson: ComposedLesson
    parts: tuple[PartOnPage, ...]
    spoken: frozenset[str]
    country_name: str
    has_layer: bool
    has_panels: bool
    unanswered: tuple[str, ...]


def place_of(outline: CourseOutline, step: Step) -> Place:
    before, after = outline.neighbours(step)
    return Place(outline.module_of(step), outline.position(step), before, after)


def lesson_page(course: LearnerCourse, step: Step, *, on: date) -> LessonPage:
    """What the page of a text or video lesson shows. Two queries, whatever the number of lessons and countries."""
    enrollment, pin = course.enrollment, course.pin_of(step.module_id)
    texts = stored_texts(pin, step.key)
    checks = country_checks(pin.module_id, enrollment.country)
    layers = [own_layer(pin, enrollment.country, texts, checks)] if pin.layer_revision_id else []
    lesson = compose(core_text(pin, step, texts), translation_text(pin, texts), layers, enrollment.language)
    return LessonPage(
        lesson=lesson,
        parts=parts_on_page(lesson, on=on),
        spoken=frozenset(row.language for row in texts),
        country_name=country_name(enrollment.country),
        has_layer=bool(layers),
        has_panels=bool(lesson.panels),
        unanswered=tuple(key for key in unanswered(pin.module.fact_keys, checks) if key not in shown(lesson)),
    )


def versions_read(course: LearnerCourse, step: Step, *, on: date) -> str:
    """All that `lesson_page` depends on and the learner chooses or was given: a name to keep the page by."""
    enrollment, pin = course.enrollment, course.pin_of(step.module_id)
    reader = enrollment.course_id, enrollment.language, enrollment.country, enrollment.is_complete
    revisions = pin.core_revision_id, pin.translation_revision_id, pin.layer_revision_id
    modules = ",".join(str(each.module_id) for each in course.pins)
    lessons = ",".join(pin.lesson_keys or ())
    return ":".join(map(str, ("lesson", *reader, *revisions, modules, lessons, step.key, on)))


def shown(lesson: ComposedLesson) -> set[str]:
    """The facts that have a card of their own on this page."""
    return {fact.fact.key for panel in lesson.panels for fact in panel.facts}


NONE = 0  # no row has this number
TEXTS = Prepared(
    lambda: Rendering.objects.filter(
        Q(revision=Slot("core")) | Q(revision=Slot("translation")) | Q(revision=Slot("layer")),
        lesson_key=Slot("lesson"),
    ).order_by("anchor", "language")
)


def stored_texts(pin: Pin, lesson_key: str) -> list[Rendering]:
    """The lesson in the pinned core, in the newest translation and in the pinned layer. One query."""
    revisions = [pin.core_revision_id, pin.translation_revision_id, pin.layer_revision_id]
    core, translation, layer = (pk or NONE for pk in revisions)
    return TEXTS(core=core, translation=translation, layer=layer, lesson=lesson_key)


def of_revision(texts: Iterable[Rendering], revision_id: int | None) -> list[Rendering]:
    return [text for text in texts if text.revision_id == revision_id]


def core_text(pin: Pin, step: Step, texts: list[Rendering]) -> CoreText:
    stored = of_revision(texts, pin.core_revision_id)[0]
    return CoreText(step.key, stored.title, stored.html, stored.language, step.text_hash)


def translation_text(pin: Pin, texts: list[Rendering]) -> TranslatedText | None:
    stored = of_revision(texts, pin.translation_revision_id)
    return (
        TranslatedText(stored[0].title, stored[0].html, stored[0].language, stored[0].source_hash)
        if stored
        else None
    )


def own_layer(pin: Pin, country: str, texts: list[Rendering], checks: Checks) -> LayerText:
    panels = of_revision(texts, pin.layer_revision_id)
    return layer_text(
        country,
        panels,
        checks,
        source_language=pin.layer_language or "en",
        lacks_local_review=bool(pin.layer_lacks_local_review),
    )


# --- Switches -------------------------------------------------------------------------------------------------------


def switches(course: LearnerCourse, *, spoken: Iterable[str] = ()) -> Switches:
    """What the learner may switch to: languages there are texts in, countries with a layer, then all others."""
    enrollment = course.enrollment
    modules = [pin.module for pin in course.pins]
    languages = {*spoken, *(code for module in modules for code in module.languages), enrollment.language}
    adapted = {*(code for module in modules for code in module.countries), enrollment.country}
    others = set(current_programme().countries) - adapted
    return Switches(
        languages=tuple(
            Option(code, language_name(code), code == enrollment.language)
            for code in CONTENT_LANGUAGES
            if code in languages
        ),
        countries=country_options(adapted, enrollment.country),
        other_countries=country_options(others, enrollment.country),
        completed_for=country_name(enrollment.country) if enrollment.is_complete else "",
    )


def country_options(codes: Iterable[str], chosen: str) -> tuple[Option, ...]:
    known = [Option(code, country_name(code), code == chosen) for code in COUNTRIES if code in set(codes)]
    return tuple(sorted(known, key=lambda option: option.name))
