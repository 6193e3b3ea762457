"""One fact across countries: what every published layer says under the same key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from lms.lib.places import COUNTRIES, country_name

from ..composition import compose_fact
from ..models import Edition, Fact, FactStatement
from .fact_cards import FactCard, fact_card, stated
from .programme import current_programme
from .words import Words, said

# The source language of the layer, without the rest of what it says of itself.
SPOKEN = Coalesce(
    KeyTextTransform("source_language", "revision__meta"), Value("en"), output_field=TextField()
)


@dataclass(frozen=True)
class CountrySays:
    """One country with its cards, each with the module that states the fact; none where nobody has said it yet.

    `lacks_local_review`: of one of its layers at least, no partner of the country has approved what it says.
    """

    code: str
    name: str
    cards: tuple[tuple[Words, FactCard], ...]
    lacks_local_review: bool


@dataclass(frozen=True)
class FactPage:
    key: str
    modules: tuple[Words, ...]
    countries: tuple[CountrySays, ...]


def published_statements(key: str) -> QuerySet[Any]:
    """Of modules that anyone may read about. What was superseded is not shown any more."""
    current = FactStatement.objects.filter(fact__key=key, revision=F("revision__edition__current"))
    public = current.filter(
        fact__module__editions__kind=Edition.Kind.CORE, fact__module__editions__current__isnull=False
    )
    return (
        public.exclude(fact__status=Fact.Status.SUPERSEDED)
        .select_related("fact__module", "fact__replacement")
        .annotate(spoken=SPOKEN, lacks_local_review=F("revision__lacks_local_review"))
        .order_by("fact__module__key", "pk")
    )


def fact_page(key: str, *, language: str, on: date) -> FactPage | None:
    """None where no published layer states it. One query."""
    statements = list(published_statements(key))
    if not statements:
        return None
    modules = {each.fact.module_id: each.fact.module for each in statements}
    countries = named({each.fact.country for each in statements})
    return FactPage(
        key=key,
        modules=tuple(said(module.title, language) for module in modules.values()),
        countries=tuple(
            CountrySays(
                code,
                country_name(code),
                tuple(cards_of(code, statements, language, on=on)),
                any(each.lacks_local_review for each in statements if each.fact.country == code),
            )
            for code in countries
        ),
    )


def named(stating: Iterable[str]) -> list[str]:
    """The programme's countries, and every other that states the fact."""
    wanted = {*current_programme().countries, *stating}
    return sorted((code for code in COUNTRIES if code in wanted), key=country_name)


def cards_of(
    country: str, statements: Iterable[FactStatement], language: str, *, on: date
) -> Iterable[tuple[Words, FactCard]]:
    for statement in statements:
        if statement.fact.country == country:
            source: str = getattr(statement, "spoken", "en")
            title = said(statement.fact.module.title, language)
            yield title, fact_card(compose_fact(stated(statement), language, source), on=on)
