"""Courses as the front page and the catalogue show them: one card each, two queries for any number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from lms.accounts.models import Organisation
from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name

from ..models import Course, CourseItem, Module
from .programme import current_programme
from .words import Words, language_here, said

FEATURED = 3


@dataclass(frozen=True)
class Coverage:
    """A language or country, and how many of a course's modules are published for it."""

    code: str
    name: str
    modules: int
    of: int

    @property
    def is_complete(self) -> bool:
        return self.modules == self.of


@dataclass(frozen=True)
class CourseCard:
    """A course in a list. Partners are the owner and the owners of its modules, each once."""

    slug: str
    title: Words
    summary: Words
    subjects: tuple[str, ...]
    hours: Decimal
    module_count: int
    languages: tuple[Coverage, ...]
    countries: tuple[Coverage, ...]
    partners: tuple[Organisation, ...]

    @property
    def fallback(self) -> Words | None:
        """The words that are not in the reader's language, if any: the card then says which one they are in."""
        return next((words for words in (self.title, self.summary) if words.is_fallback), None)


def with_modules(courses: QuerySet[Course]) -> QuerySet[Course]:
    """The courses with owner, modules and their owners: two queries, whatever their number."""
    items = CourseItem.objects.select_related("module__owner").order_by("position")
    return courses.select_related("owner").prefetch_related(Prefetch("items", items)).defer("search")


def course_cards(courses: Iterable[Course], language: str) -> list[CourseCard]:
    """Cards of courses that were loaded by `with_modules`, in the reader's language."""
    return [course_card(course, language) for course in courses]


def course_card(course: Course, language: str) -> CourseCard:
    modules = [item.module for item in course.items.all()]
    return CourseCard(
        slug=course.slug,
        title=said(course.title, language),
        summary=said(course.summary, language),
        subjects=tuple(dict.fromkeys(module.get_subject_display() for module in modules)),
        hours=course.hours,
        module_count=len(modules),
        languages=languages_of(modules),
        countries=countries_of(modules),
        partners=tuple({owner.pk: owner for owner in (course.owner, *(m.owner for m in modules))}.values()),
    )


def languages_of(modules: Sequence[Module]) -> tuple[Coverage, ...]:
    found = Counter(code for module in modules for code in set(module.languages))
    known = (code for code in CONTENT_LANGUAGES if code in found)
    return tuple(Coverage(code, language_here(code), found[code], len(modules)) for code in known)


def countries_of(modules: Sequence[Module]) -> tuple[Coverage, ...]:
    found = Counter(code for module in modules for code in set(module.countries))
    known = (code for code in COUNTRIES if code in found)
    return tuple(Coverage(code, country_name(code), found[code], len(modules)) for code in known)


def featured_courses(language: str) -> list[CourseCard]:
    """The courses published last."""
    newest = Course.objects.taking_learners().order_by("-published_at", "slug")[:FEATURED]
    return course_cards(with_modules(newest), language)


def programme_partners() -> list[Organisation]:
    """The partners in their order, without a query; they carry what every page may show and nothing to be saved."""
    return [Organisation(**partner) for partner in current_programme().partners]
