"""The adaptation map: which modules are there in which languages and for which countries, and what needs a look."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst

from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name

from ...models import Edition, Module
from ..programme import current_programme
from ..words import Words, language_here, said
from .editions import EditionFacts, awaiting_review, is_withdrawn, staleness

Kind = Edition.Kind
OVERDUE, STALE, AWAITING = "overdue", "stale", "awaiting"


@dataclass(frozen=True)
class MapCell:
    """A module in one language or for one country.

    `state` is that of the edition (published, upcoming, in_review, draft, withdrawn), or what a published one needs:
    overdue, stale, awaiting. Empty where there is none. `revision` is where it is looked at, for those who work on it.
    """

    code: str
    name: str
    state: str
    revision: int | None = None


@dataclass(frozen=True)
class MapRow:
    """`is_mine`: the reader's partners work on it."""

    module: Module
    title: Words
    is_mine: bool
    languages: tuple[MapCell, ...]
    countries: tuple[MapCell, ...]


@dataclass(frozen=True)
class AdaptationMap:
    """The names of its columns, and a row for each module."""

    languages: tuple[str, ...]
    countries: tuple[str, ...]
    rows: tuple[MapRow, ...]


def adaptation_map(
    modules: Iterable[Module],
    editions: Iterable[Edition],
    facts: EditionFacts,
    mine: set[int],
    *,
    language: str,
) -> AdaptationMap:
    """Of these modules, from what was loaded of them."""
    modules = list(modules)
    of_module: defaultdict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        of_module[edition.module_id].append(edition)
    shown = [edition for module in modules for edition in of_module[module.pk]]
    languages, countries = languages_on_map(modules, shown), countries_on_map(shown)
    return AdaptationMap(
        languages=tuple(capfirst(language_here(code)) for code in languages),
        countries=tuple(country_name(code) for code in countries),
        rows=tuple(
            MapRow(
                module,
                said(module.title, language),
                module.pk in mine,
                languages=tuple(
                    cell(
                        code,
                        capfirst(language_here(code)),
                        spoken.get(code),
                        facts,
                        is_mine=module.pk in mine,
                    )
                    for code in languages
                ),
                countries=tuple(
                    cell(code, country_name(code), layers.get(code), facts, is_mine=module.pk in mine)
                    for code in countries
                ),
            )
            for module in modules
            for spoken, layers in [by_place(module, of_module[module.pk])]
        ),
    )


def by_place(module: Module, editions: Iterable[Edition]) -> tuple[dict[str, Edition], dict[str, Edition]]:
    """By language, the core among them, and by country."""
    editions = list(editions)
    core = ((module.source_language, each) for each in editions if each.kind == Kind.CORE)
    spoken = {each.language: each for each in editions if each.language}
    return {**spoken, **dict(core)}, {each.country: each for each in editions if each.country}


def languages_on_map(modules: Iterable[Module], editions: Iterable[Edition]) -> list[str]:
    named = {*(module.source_language for module in modules), *(each.language for each in editions)}
    return [code for code in CONTENT_LANGUAGES if code in named]


def countries_on_map(editions: Iterable[Edition]) -> list[str]:
    """The programme's countries, and every other that has a layer."""
    named = {*current_programme().countries, *(edition.country for edition in editions if edition.country)}
    return sorted((code for code in COUNTRIES if code in named), key=country_name)


def cell(code: str, name: str, edition: Edition | None, facts: EditionFacts, *, is_mine: bool) -> MapCell:
    """Drafts of partners with whom the reader does not work are nobody else's business."""
    if edition is None or not (is_mine or is_public(edition)):
        return MapCell(code, name, "")
    opened = facts.open.get(edition.pk)
    revision = opened.pk if opened else edition.current_id
    return MapCell(code, name, state_of(edition, facts), revision if is_mine else None)


def is_public(edition: Edition) -> bool:
    return bool(edition.current_id or edition.upcoming_id or is_withdrawn(edition))


def state_of(edition: Edition, facts: EditionFacts) -> str:
    if edition.current_id is None:
        return facts.state_of(edition)
    if edition.country and facts.overdue.get((edition.module_id, edition.country)):
        return OVERDUE
    if staleness(edition, facts.outlines.get(edition.module_id, [])):
        return STALE
    return AWAITING if awaiting_review(edition) else facts.state_of(edition)
