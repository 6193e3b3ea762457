"""What a fact card says of a national fact: how far it can be relied on today, and where it comes from."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from ..composition import ComposedFact, FactText, Replacement
from ..content import NativeTerm
from ..models import Fact, FactStatement

DUE_SOON = timedelta(days=30)
Status = Fact.Status


class FactState(StrEnum):
    """As docs/design-system.md names them."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"
    CONFIRM = "confirm"
    DISPUTED = "disputed"
    OPEN = "open"


UNSETTLED = {
    Status.CONFIRM: FactState.CONFIRM,
    Status.DISPUTED: FactState.DISPUTED,
    Status.OPEN: FactState.OPEN,
}


def fact_state(status: str, review_due_on: date | None, *, on: date) -> FactState:
    """A verified fact ages: fresh, due within thirty days, overdue. What is not settled does not."""
    if status in UNSETTLED:
        return UNSETTLED[Status(status)]
    if review_due_on is None or review_due_on > on + DUE_SOON:
        return FactState.FRESH
    return FactState.DUE if review_due_on >= on else FactState.OVERDUE


@dataclass(frozen=True)
class Source:
    """`is_page` is False where only the site is known: the card says "site, not page"."""

    url: str
    site: str
    is_page: bool


def source_of(url: str) -> Source | None:
    if not url:
        return None
    parts = urlsplit(url)
    site = (parts.hostname or url).removeprefix("www.")
    return Source(url, site, is_page=bool(parts.path.strip("/") or parts.query))


@dataclass(frozen=True)
class ReplacedSource:
    """`is_past`: the day has come."""

    replacement: Replacement
    is_past: bool


@dataclass(frozen=True)
class FactCard:
    composed: ComposedFact
    state: FactState
    source: Source | None
    replaced: ReplacedSource | None = None

    @property
    def is_open(self) -> bool:
        return self.state is FactState.OPEN


def fact_card(composed: ComposedFact, *, on: date) -> FactCard:
    state = fact_state(composed.fact.status, composed.fact.review_due_on, on=on)
    announced = composed.fact.replacement
    replaced = ReplacedSource(announced, is_past=announced.on <= on) if announced else None
    return FactCard(composed, state, source_of(composed.fact.source_url), replaced)


def fact_cards(facts: tuple[ComposedFact, ...], *, on: date) -> tuple[FactCard, ...]:
    """The cards of a panel, in its order. What was superseded is not shown any more."""
    shown = (composed for composed in facts if composed.fact.status != Status.SUPERSEDED)
    return tuple(fact_card(composed, on=on) for composed in shown)


def stated(statement: FactStatement) -> FactText:
    """A published statement with the newest check. One query more where `fact.replacement` was not loaded with it."""
    fact = statement.fact
    announced = fact.replacement
    return FactText(
        key=fact.key,
        statement=statement.texts,
        status=fact.status,
        native_terms=tuple(NativeTerm(term["lang"], term["text"]) for term in statement.native_terms),
        legal_ref=statement.legal_ref,
        source_url=statement.source_url,
        checked_on=fact.checked_on,
        review_due_on=fact.review_due_on,
        replacement=Replacement(announced.replaced_on, announced.successor, announced.successor_url)
        if announced
        else None,
    )
