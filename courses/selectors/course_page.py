"""Everything a course page shows of the course itself, in two queries for any number of modules and lessons."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lms.accounts.models import Organisation
from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_choices, country_name
from lms.lib.prepared import Prepared, Slot

from ..models import Course, CourseItem, Edition, Module
from .catalogue import programme_partners
from .keeping import kept
from .programme import current_programme
from .withdrawals import Withdrawal, withdrawals
from .words import Words, language_here, said


@dataclass(frozen=True)
class LessonRow:
    """A lesson of the core. `section` stands in the core's language, whatever the title is in."""

    key: str
    kind: str
    title: Words
    section: Words
    minutes: int
    required: bool
    questions: int | None


@dataclass(frozen=True)
class CountryCheck:
    """The quiz that a national layer adds after the last lesson."""

    country: str
    country_name: str
    title: Words
    minutes: int
    questions: int | None


@dataclass(frozen=True)
class ModuleOnPage:
    key: str
    title: Words
    summary: Words
    subject: str
    owner: Organisation
    minutes: int
    lessons: tuple[LessonRow, ...]
    checks: tuple[CountryCheck, ...]
    is_published: bool
    newer_on: date | None  # the day on which a newer revision of its core takes effect
    withdrawal: Withdrawal | None


@dataclass(frozen=True)
class LanguageOnPage:
    """How many of the course's lessons can be read in a language, as of today's texts.

    `awaiting`: how many of these await review by a native speaker.
    """

    code: str
    name: str
    lessons: int
    of: int
    awaiting: int

    @property
    def is_complete(self) -> bool:
        return self.lessons == self.of


@dataclass(frozen=True)
class CountryOnPage:
    """Which modules have a published layer for a country, and which are not yet adapted.

    `lacks_local_review`: one of these layers at least was approved by no partner of the country.
    """

    code: str
    name: str
    adapted: tuple[Words, ...]
    missing: tuple[Words, ...]
    lacks_local_review: bool


@dataclass(frozen=True)
class CountriesOnPage:
    """The programme's countries, by how much of the course is adapted to each."""

    whole: tuple[CountryOnPage, ...]
    part: tuple[CountryOnPage, ...]
    none: tuple[CountryOnPage, ...]

    @property
    def unreviewed(self) -> tuple[CountryOnPage, ...]:
        return tuple(row for row in (*self.whole, *self.part) if row.lacks_local_review)


@dataclass(frozen=True)
class PartnerOnPage:
    organisation: Organisation
    roles: tuple[str, ...]


@dataclass(frozen=True)
class CoursePage:
    slug: str
    status: str
    title: Words
    summary: Words
    audience: Words
    outcomes: tuple[Words, ...]
    hours: Decimal
    lesson_count: int
    modules: tuple[ModuleOnPage, ...]
    languages: tuple[LanguageOnPage, ...]
    countries: CountriesOnPage
    partners: tuple[PartnerOnPage, ...]
    drawing: str = field(default_factory=secrets.token_hex)  # tells what was drawn from it

    @property
    def takes_learners(self) -> bool:
        """Open, and each module there to be read."""
        is_open = self.status == Course.Status.PUBLISHED
        return is_open and all(module.is_published for module in self.modules)

    @property
    def residences(self) -> list[tuple[str, str]]:
        """Where a learner may live: everywhere, adapted or not."""
        return country_choices()

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(module.subject for module in self.modules))

    @property
    def fallback(self) -> Words | None:
        """Words that are not in the reader's language, if any: the page then says which one they are in."""
        own = (self.title, self.summary, self.audience, *self.outcomes)
        lessons = (
            words
            for module in self.modules
            for lesson in module.lessons
            for words in (lesson.title, lesson.section)
        )
        modules = (words for module in self.modules for words in (module.title, module.summary))
        return next((words for words in (*own, *modules, *lessons) if words.is_fallback), None)


ITEMS = Prepared(
    lambda: (
        CourseItem.objects.filter(course=Slot("course")).select_related("module__owner").order_by("position")
    )
)
READ = (
    "current__outline",
    "current__meta",
    "current__lacks_local_review",
    "current__withdraw_on",
    "upcoming__effective_on",
)
EDITIONS = Prepared(
    lambda: (
        Edition.objects.filter(module__course_items__course=Slot("course"), current__isnull=False)
        .select_related("current", "upcoming", "owner")
        .only("module", "kind", "language", "country", *READ, "owner")
    )
)


def course_page(course: Course, language: str) -> CoursePage:
    """What the page says of the course itself, in the reader's language.

    Of a published course drawn at most once a minute, since it is the same for everybody; of any other as it is now.
    Two queries where it is drawn; a third where `course.owner` was not loaded with it, and two more where a module
    is withdrawn or will be.
    """
    if course.status != Course.Status.PUBLISHED:
        return drawn(course, language)
    return kept(f"course-{course.pk}", lambda: drawn(course, language))


def drawn(course: Course, language: str) -> CoursePage:
    items = ITEMS(course=course.pk)
    editions = editions_in(course)
    ending = withdrawals(ending_modules(items, editions), language)
    modules = tuple(
        module_on_page(item, editions[item.module_id], ending.get(item.module_id), language) for item in items
    )
    return CoursePage(
        slug=course.slug,
        status=course.status,
        title=said(course.title, language),
        summary=said(course.summary, language),
        audience=said(course.audience, language),
        outcomes=tuple(said(outcome, language) for outcome in course.outcomes),
        hours=course.hours,
        lesson_count=sum(len(module.lessons) for module in modules),
        modules=modules,
        languages=languages_on_page(items, editions),
        countries=countries_on_page(items, editions, language),
        partners=partners_on_page(course, items, editions),
    )


# --- Editions: which texts there are --------------------------------------------------------------------------------


@dataclass
class Published:
    """The published editions of one module."""

    core: Edition | None
    translations: dict[str, Edition]
    layers: dict[str, Edition]

    @property
    def outline(self) -> list[dict[str, Any]]:
        return outline_of(self.core) if self.core else []

    def awaiting_review(self, language: str) -> set[str]:
        """The lessons of which the translation awaits review by a native speaker."""
        return {entry["key"] for entry in outline_of(self.translations[language]) if "review" in entry}

    @property
    def unreviewed(self) -> list[str]:
        """The countries of which no partner has approved the layer."""
        layers = self.layers.items()
        return [code for code, layer in layers if layer.current and layer.current.lacks_local_review]


def outline_of(edition: Edition) -> list[dict[str, Any]]:
    outline: list[dict[str, Any]] = edition.current.outline if edition.current else []
    return outline


Editions = defaultdict[int, Published]


def editions_in(course: Course) -> Editions:
    """The published editions by module; nothing for a module that has none."""
    found: Editions = defaultdict(lambda: Published(None, {}, {}))
    for edition in EDITIONS(course=course.pk):
        published = found[edition.module_id]
        if edition.kind == Edition.Kind.CORE:
            published.core = edition
        elif edition.kind == Edition.Kind.TRANSLATION:
            published.translations[edition.language] = edition
        else:
            published.layers[edition.country] = edition
    return found


def chosen(item: CourseItem, outline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries that the course asks for: all, or those it lists."""
    if item.lesson_keys is None:
        return outline
    return [entry for entry in outline if entry["key"] in item.lesson_keys]


def fresh_titles(published: Published, language: str) -> dict[str, dict[str, str]]:
    """By lesson key, its title in a language, where that translates today's text; a stale one is not shown."""
    translation = published.translations.get(language)
    if translation is None:
        return {}
    hashes = {entry["key"]: entry["hash"] for entry in published.outline}
    return {
        entry["key"]: {language: entry["title"]}
        for entry in outline_of(translation)
        if entry["source_hash"] == hashes.get(entry["key"])
    }


# --- Modules and lessons --------------------------------------------------------------------------------------------


def ending_modules(items: list[CourseItem], editions: Editions) -> list[int]:
    """Those that nobody reads any more, and those of which the day is set."""
    cores = {item.module_id: editions[item.module_id].core for item in items}
    return [pk for pk, core in cores.items() if not core or not core.current or core.current.withdraw_on]


def module_on_page(
    item: CourseItem, published: Published, withdrawal: Withdrawal | None, language: str
) -> ModuleOnPage:
    module, core = item.module, published.core
    lessons = lesson_rows(item, published, language)
    return ModuleOnPage(
        key=module.key,
        title=said(module.title, language),
        summary=said(module.summary, language),
        subject=module.get_subject_display(),
        owner=module.owner,
        minutes=sum(lesson.minutes for lesson in lessons),
        lessons=lessons,
        checks=country_checks(published, language),
        is_published=core is not None,
        newer_on=core.upcoming.effective_on if core and core.upcoming else None,
        withdrawal=withdrawal,
    )


def lesson_rows(item: CourseItem, published: Published, language: str) -> tuple[LessonRow, ...]:
    translated = fresh_titles(published, language)
    source = item.module.source_language
    return tuple(
        LessonRow(
            key=entry["key"],
            kind=entry["kind"],
            title=said({source: entry["title"], **translated.get(entry["key"], {})}, language),
            section=said({source: entry.get("section") or ""}, language),
            minutes=entry["minutes"],
            required=entry["required"],
            questions=entry.get("questions"),
        )
        for entry in chosen(item, published.outline)
    )


def country_checks(published: Published, language: str) -> tuple[CountryCheck, ...]:
    """One quiz per country whose layer has questions; a learner is asked that of their own country."""
    return tuple(
        CountryCheck(
            country=country,
            country_name=country_name(country),
            title=said(entry["title"], language),
            minutes=entry["minutes"],
            questions=entry.get("questions"),
        )
        for country in COUNTRIES
        if country in published.layers
        for entry in outline_of(published.layers[country])
    )


# --- What is covered, and what not yet ------------------------------------------------------------------------------


def languages_on_page(items: list[CourseItem], editions: Editions) -> tuple[LanguageOnPage, ...]:
    readable: Counter[str] = Counter()
    awaiting: Counter[str] = Counter()
    total = 0
    for item in items:
        published = editions[item.module_id]
        keys = {entry["key"] for entry in chosen(item, published.outline)}
        total += len(keys)
        readable[item.module.source_language] += len(keys)
        for language in published.translations:
            fresh = keys & set(fresh_titles(published, language))
            readable[language] += len(fresh)
            awaiting[language] += len(fresh & published.awaiting_review(language))
    return tuple(
        LanguageOnPage(code, language_here(code), readable[code], total, awaiting[code])
        for code in CONTENT_LANGUAGES
        if readable[code]
    )


def countries_on_page(items: list[CourseItem], editions: Editions, language: str) -> CountriesOnPage:
    """Every country of the programme, and every other that a module is adapted to."""
    modules = [item.module for item in items]
    named = {*current_programme().countries, *(code for module in modules for code in module.countries)}
    unreviewed = {code for module in modules for code in editions[module.pk].unreviewed}
    rows = [
        country_on_page(code, modules, language, lacks_local_review=code in unreviewed)
        for code in COUNTRIES
        if code in named
    ]
    return CountriesOnPage(
        whole=tuple(row for row in rows if row.adapted and not row.missing),
        part=tuple(row for row in rows if row.adapted and row.missing),
        none=tuple(row for row in rows if not row.adapted),
    )


def country_on_page(
    code: str, modules: list[Module], language: str, *, lacks_local_review: bool
) -> CountryOnPage:
    titles = {module: said(module.title, language) for module in modules}
    return CountryOnPage(
        code=code,
        name=country_name(code),
        adapted=tuple(titles[module] for module in modules if code in module.countries),
        missing=tuple(titles[module] for module in modules if code not in module.countries),
        lacks_local_review=lacks_local_review,
    )


def partners_on_page(
    course: Course, items: list[CourseItem], editions: Editions
) -> tuple[PartnerOnPage, ...]:
    """Who answers for what: the owner first, then the owners of modules, then those of national layers."""
    roles: dict[Organisation, list[str]] = defaultdict(list)
    for organisation, role in answerable(course, items, editions):
        if role not in roles[organisation]:
            roles[organisation].append(role)
    return tuple(PartnerOnPage(organisation, tuple(held)) for organisation, held in roles.items())


def answerable(
    course: Course, items: list[CourseItem], editions: Editions
) -> Iterator[tuple[Organisation, str]]:
    """Each organisation with each thing it answers for, repeated as it comes."""
    yield course.owner, _("Course")
    for item in items:
        for owner in (item.module.owner, *co_owners(editions[item.module_id])):
            yield owner, _("Modules")
    for item in items:
        for country, edition in editions[item.module_id].layers.items():
            yield edition.owner, country_name(country)


def co_owners(published: Published) -> list[Organisation]:
    """As the published core names them; they are partners of the programme, which every page knows already."""
    if published.core is None or published.core.current is None:
        return []
    slugs = published.core.current.meta.get("co_owners", [])
    return [partner for partner in programme_partners() if partner.slug in slugs]
