"""The editions of modules as the studio lists them: what is published, what is being written, what needs a look."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from lms.lib.places import country_name
from lms.records.models import AuditEvent
from lms.records.services.audit import chain_of

from ...approval import Partners, still_needed
from ...models import Edition, Fact, Module, Revision, SendBack
from ..words import language_here

Kind, Status = Edition.Kind, Revision.Status
SENT_BACK = "revision.sent_back"
UPCOMING = "upcoming"


def edition_name(edition: Edition) -> str:
    """In the reader's words: "Core", "Swedish", "Finland"."""
    if edition.kind == Kind.TRANSLATION:
        return language_here(edition.language)
    return country_name(edition.country) if edition.kind == Kind.LAYER else _("Core")


@dataclass(frozen=True)
class SentBack:
    at: datetime
    reason: str
    by: str


@dataclass(frozen=True)
class Staleness:
    """Of a published translation, against the published core: texts whose original has changed, or that it lacks."""

    changed: int
    missing: int

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing)


@dataclass(frozen=True)
class EditionRow:
    """`open` is the draft, in review or not; `needed` says in words which approvals it still waits for.

    `awaiting`: published translations of lessons that await review by a native speaker.
    """

    edition: Edition
    open: Revision | None
    needed: tuple[str, ...]
    sent_back: SentBack | None
    staleness: Staleness
    overdue: int
    awaiting: int

    @property
    def name(self) -> str:
        return edition_name(self.edition)

    @property
    def published(self) -> Revision | None:
        return self.edition.current

    @property
    def upcoming(self) -> Revision | None:
        return self.edition.upcoming

    @property
    def is_withdrawn(self) -> bool:
        """It was published once, and is for nobody who begins."""
        return is_withdrawn(self.edition)


BY_KIND = ("kind", "language", "country")


def editions_of(modules: Iterable[Module]) -> list[Edition]:
    """With `was_withdrawn`: a revision of it has been. One query; the modules stay those that were loaded."""
    known = {module.pk: module for module in modules}
    found = Edition.objects.filter(module__in=list(known))
    gone = Revision.objects.filter(edition=OuterRef("pk"), status=Status.WITHDRAWN)
    related = found.select_related("owner", "current", "upcoming").annotate(was_withdrawn=Exists(gone))
    unread = related.defer("current__meta", "upcoming__meta", "upcoming__outline")
    editions: list[Edition] = list(unread.order_by("module", *BY_KIND))
    for edition in editions:
        edition.module = known[edition.module_id]
    return editions


def is_withdrawn(edition: Any) -> bool:
    """Of one that `editions_of` has found."""
    return edition.was_withdrawn and not (edition.current_id or edition.upcoming_id)


def open_revisions(user: Any) -> QuerySet[Revision]:
    """The drafts that the user may see, with all that a list asks of each of them."""
    return (
        Revision.objects.visible_to(user)
        .open()
        .select_related("edition__module", "edition__owner")
        .prefetch_related("approvals", "authors", "edition__module__co_owners")
        .defer("meta", "outline")
        .order_by("submitted_at", "created_at")
    )


@dataclass(frozen=True)
class EditionFacts:
    """Everything a list of editions is made of, loaded once."""

    open: Mapping[int, Revision]
    outlines: Mapping[int, list[dict[str, Any]]]
    sent_back: Mapping[int, SentBack]
    overdue: Mapping[tuple[int, str], int]
    partners: Partners

    def state_of(self, edition: Edition) -> str:
        """The one word for the adaptation map: published, upcoming, in_review, draft or withdrawn."""
        revision = self.open.get(edition.pk)
        if edition.current_id:
            return str(Status.PUBLISHED)
        if edition.upcoming_id:
            return UPCOMING
        if revision is None:
            return str(Status.WITHDRAWN if is_withdrawn(edition) else Status.DRAFT)
        return str(revision.status)

    def row(self, edition: Edition) -> EditionRow:
        revision = self.open.get(edition.pk)
        in_review = revision is not None and revision.status == Status.IN_REVIEW
        needed = (
            [need.words for need in still_needed(revision, self.partners)] if revision and in_review else []
        )
        return EditionRow(
            edition=edition,
            open=revision,
            needed=tuple(needed),
            sent_back=self.sent_back.get(revision.pk) if revision and revision.is_draft else None,
            staleness=staleness(edition, self.outlines.get(edition.module_id, [])),
            overdue=self.overdue.get((edition.module_id, edition.country), 0),
            awaiting=awaiting_review(edition),
        )


def edition_facts(
    editions: Iterable[Edition], revisions: Iterable[Revision], partners: Partners, *, on: date
) -> EditionFacts:
    """Two queries and one more where drafts were sent back."""
    editions, revisions = list(editions), list(revisions)
    return EditionFacts(
        open={revision.edition_id: revision for revision in revisions},
        outlines={
            each.module_id: each.current.outline
            for each in editions
            if each.kind == Kind.CORE and each.current
        },
        sent_back=sent_back_of(revisions),
        overdue=overdue_facts({edition.module_id for edition in editions}, on=on),
        partners=partners,
    )


def staleness(edition: Edition, core: list[dict[str, Any]]) -> Staleness:
    if edition.kind != Kind.TRANSLATION or edition.current is None:
        return Staleness(0, 0)
    translated = {entry["key"]: entry["source_hash"] for entry in edition.current.outline}
    changed = [lesson for lesson in core if translated.get(lesson["key"], lesson["hash"]) != lesson["hash"]]
    missing = [lesson for lesson in core if lesson["key"] not in translated]
    return Staleness(len(changed), len(missing))


def awaiting_review(edition: Edition) -> int:
    outline = edition.current.outline if edition.kind == Kind.TRANSLATION and edition.current else []
    return sum("review" in entry for entry in outline)


def overdue_facts(modules: Iterable[int], *, on: date) -> Counter[tuple[int, str]]:
    """How many facts of each module and country were to be looked at again before that day."""
    late = Fact.objects.filter(module__in=list(modules), review_due_on__lt=on).exclude(
        status=Fact.Status.SUPERSEDED
    )
    return Counter(late.values_list("module", "country"))


def sent_back_of(revisions: Iterable[Revision]) -> dict[int, SentBack]:
    """Drafts whose last word is that they were sent back, with the reason."""
    chains = {chain_of(revision): revision.pk for revision in revisions if revision.is_draft}
    last: dict[str, AuditEvent] = {}
    for event in AuditEvent.objects.filter(chain__in=list(chains)).order_by("seq"):
        last[event.chain] = event
    words = words_of_send_backs(last.values())
    returned = {chains[chain]: words.get(event.pk) for chain, event in last.items()}
    return {pk: sent_back(each) for pk, each in returned.items() if each}


def words_of_send_backs(events: Iterable[AuditEvent]) -> dict[int, SendBack]:
    """By event. One query, where anything was sent back."""
    named = {event.pk: event.payload["values"].get("send_back") for event in events if event.act == SENT_BACK}
    rows = SendBack.objects.select_related("by").in_bulk(set(named.values())) if named else {}
    return {event: rows[row] for event, row in named.items() if row in rows}


def sent_back(words: SendBack) -> SentBack:
    return SentBack(at=words.at, reason=words.reason, by=words.by.get_short_name() if words.by else "")
