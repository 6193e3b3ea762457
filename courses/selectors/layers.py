"""National layers as published, ready to be composed with a lesson."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lms.lib.prepared import Prepared, Slot

from ..composition import FactText, LayerText, PanelText, Replacement
from ..content import NativeTerm
from ..models import Fact, Rendering

Checks = Mapping[str, Mapping[str, Any]]


def checks_of(module_id: int, countries: Iterable[str]) -> dict[str, Checks]:
    """The newest status and dates of every fact, by country and key. One query."""
    found: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    facts = Fact.objects.filter(module=module_id, country__in=list(countries))
    for row in facts.values(*CHECK):
        found[row["country"]][row["key"]] = row
    return dict(found)


CHECK = (
    "country",
    "key",
    "status",
    "checked_on",
    "review_due_on",
    "replacement__replaced_on",
    "replacement__successor",
    "replacement__successor_url",
)
OF_COUNTRY = Prepared(
    lambda: Fact.objects.filter(module=Slot("module"), country=Slot("country")).values(*CHECK)
)


def country_checks(module_id: int, country: str) -> Checks:
    """As `checks_of`, for one country. One query."""
    return {row["key"]: row for row in OF_COUNTRY(module=module_id, country=country)}


def layer_text(
    country: str,
    panels: Sequence[Rendering],
    checks: Checks,
    *,
    source_language: str,
    lacks_local_review: bool,
) -> LayerText:
    """A layer at one lesson, from its stored panels."""
    cards = {card["key"]: card for panel in panels for card in panel.facts}
    return LayerText(
        country=country,
        source_language=source_language,
        panels=[panel_text(panel) for panel in panels],
        facts={key: fact_text(card, checks.get(key, {})) for key, card in cards.items()},
        lacks_local_review=lacks_local_review,
    )


def panel_text(panel: Rendering) -> PanelText:
    keys = tuple(card["key"] for card in panel.facts)
    return PanelText(panel.lesson_key, panel.language, panel.html, anchor=panel.anchor, fact_keys=keys)


def fact_text(card: Mapping[str, Any], check: Mapping[str, Any]) -> FactText:
    return FactText(
        key=card["key"],
        statement=card["statement"],
        status=check.get("status", Fact.Status.OPEN),
        native_terms=tuple(NativeTerm(term["lang"], term["text"]) for term in card["native_terms"]),
        legal_ref=card["legal_ref"],
        source_url=card["source_url"],
        checked_on=check.get("checked_on"),
        review_due_on=check.get("review_due_on"),
        replacement=replacement(check),
    )


def replacement(check: Mapping[str, Any]) -> Replacement | None:
    """Of the fact's source, where one was announced."""
    on = check.get("replacement__replaced_on")
    if on is None:
        return None
    return Replacement(on, check["replacement__successor"], check["replacement__successor_url"])


def unanswered(fact_keys: Iterable[str], checks: Checks) -> tuple[str, ...]:
    """What every layer of the module should answer and this country's does not yet."""
    return tuple(
        key for key in fact_keys if checks.get(key, {}).get("status", Fact.Status.OPEN) == Fact.Status.OPEN
    )
