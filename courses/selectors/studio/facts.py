"""The register of facts: each national fact once, as its layer says it, or as a draft of the reader's own does."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from lms.lib.places import country_name

from ...composition import compose_fact
from ...models import Edition, Fact, FactCheck, FactStatement, Module, Revision
from ...permissions import Hats, can_check
from ..fact_cards import DUE_SOON, FactCard, fact_card
from ..fact_page import SPOKEN
from ..words import Words, said
from .contents import fact_text

Status = Revision.Status
OPEN = (Status.DRAFT, Status.IN_REVIEW)
IS_CURRENT = Q(revision=F("revision__edition__current"))


def registered(who: Hats) -> QuerySet[FactStatement]:
    """What all published layers state, and what the reader's own drafts state of facts that are not published yet.

    `status_now` and `due_on` are those of the newest check, or those a draft gives itself.
    """
    published = FactStatement.objects.filter(
        fact=OuterRef("fact"), revision=OuterRef("revision__edition__current")
    )
    own = Q(revision__status__in=OPEN, revision__edition__owner__in=who.writes_for) & ~Exists(published)
    return FactStatement.objects.filter(IS_CURRENT | own).annotate(
        is_published=Case(When(IS_CURRENT, then=Value(True)), default=False, output_field=BooleanField()),
        status_now=Case(When(IS_CURRENT, then=F("fact__status")), default=F("status")),
        due_on=Case(When(IS_CURRENT, then=F("fact__review_due_on")), default=F("review_due_on")),
    )


def in_order(statements: QuerySet[FactStatement]) -> QuerySet[FactStatement]:
    """What has to be looked at first comes first."""
    return statements.order_by(F("due_on").asc(nulls_last=True), "fact__country", "fact__key", "pk")


def due(when: str, *, on: date) -> Q:
    """`overdue`, `soon` (within thirty days), `later`, or `never`: nobody has set a day."""
    if when == "overdue":
        return Q(due_on__lt=on) & ~Q(status_now=Fact.Status.SUPERSEDED)
    if when == "soon":
        return Q(due_on__gte=on, due_on__lte=on + DUE_SOON)
    return Q(due_on__gt=on + DUE_SOON) if when == "later" else Q(due_on=None)


def modules_with_facts(who: Hats) -> QuerySet[Module]:
    """Those that the register can name: with a published layer, or with one of the reader's own."""
    layers = Edition.objects.filter(kind=Edition.Kind.LAYER)
    named = layers.filter(Q(current__isnull=False) | Q(owner__in=who.writes_for))
    return Module.objects.filter(pk__in=named.values("module")).order_by("key")


@dataclass(frozen=True)
class FactRow:
    """`can_check`: the reader may say of it that they looked today and nothing has changed."""

    statement: FactStatement
    module: Module
    title: Words
    owner: str
    card: FactCard
    is_published: bool
    can_check: bool

    @property
    def key(self) -> str:
        return self.statement.fact.key

    @property
    def country(self) -> str:
        return country_name(self.statement.fact.country)


def with_what_rows_show(statements: QuerySet[FactStatement]) -> QuerySet[FactStatement]:
    related = statements.select_related(
        "fact__module", "fact__checked_by", "fact__replacement", "revision__edition__owner"
    )
    return related.defer("revision__meta", "revision__outline").annotate(spoken=SPOKEN)


def fact_row(statement: Any, who: Hats, *, language: str, on: date) -> FactRow:
    composed = compose_fact(fact_text(statement), language, statement.spoken)
    return FactRow(
        statement=statement,
        module=statement.fact.module,
        title=said(statement.fact.module.title, language),
        owner=statement.revision.edition.owner.short_name,
        card=fact_card(composed, on=on),
        is_published=statement.is_published,
        can_check=statement.is_published and can_check(who, statement),
    )


# --- What was checked -----------------------------------------------------------------------------------------------


def checks_by_hand(user: Any) -> QuerySet[FactCheck]:
    """The looks at a source that this person has recorded, without those that came with a publication."""
    with_publication = FactStatement.objects.filter(
        fact=OuterRef("fact"), revision__published_at=OuterRef("recorded_at")
    )
    return FactCheck.objects.filter(~Exists(with_publication), by=user)


@dataclass(frozen=True)
class CheckedFact:
    """`holds`: nobody has said anything newer of the fact."""

    check: FactCheck
    title: Words
    holds: bool

    @property
    def country(self) -> str:
        return country_name(self.check.fact.country)


def checked_together(check: FactCheck, *, language: str) -> tuple[CheckedFact, ...]:
    """What the same person recorded in the same act."""
    newer = FactCheck.objects.filter(fact=OuterRef("fact"), pk__gt=OuterRef("pk"))
    together = FactCheck.objects.filter(by=check.by_id, recorded_at=check.recorded_at)
    rows = together.select_related("fact__module", "organisation").annotate(is_past=Exists(newer))
    return tuple(
        CheckedFact(each, said(each.fact.module.title, language), holds=not each.is_past)
        for each in rows.order_by("fact__country", "fact__key", "pk")
    )
