"""Suggestions of readers, for those who may write what they speak of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lms.accounts.models import User

from ...models import Edition, Revision, Suggestion
from ...permissions import Hats
from ..words import Words, said
from .editions import edition_name
from .places import Place, place_at

Kind = Edition.Kind


@dataclass(frozen=True)
class SuggestionRow:
    """`person` is empty where the account is gone."""

    suggestion: Suggestion
    module: Words
    edition: str
    person: str


@dataclass(frozen=True)
class SuggestionPage:
    """`place` is what stands there in the newest published revision; None where it is found no more."""

    row: SuggestionRow
    place: Place | None
    is_newer: bool


def suggestions_in_studio(user: User) -> QuerySet[Suggestion]:
    related = ("revision__edition__module", "revision__edition__owner", "revision__edition__current")
    return Suggestion.objects.visible_to(user).select_related(*related, "sent_by", "draft")


def row_of(suggestion: Suggestion, language: str) -> SuggestionRow:
    sender = suggestion.sent_by
    return SuggestionRow(
        suggestion,
        module=said(suggestion.edition.module.title, language),
        edition=edition_name(suggestion.edition),
        person=sender.full_name if sender else "",
    )


def suggestion_page(suggestion: Suggestion, language: str) -> SuggestionPage:
    newest = suggestion.edition.current
    return SuggestionPage(
        row_of(suggestion, language),
        place=place_at(newest, suggestion.place) if newest else None,
        is_newer=newest is not None and newest.pk != suggestion.revision_id,
    )


def in_draft(draft: Revision) -> QuerySet[Suggestion]:
    """What was taken up into a draft and is not answered yet."""
    return draft.taken_up.filter(state=Suggestion.State.TAKEN_UP).select_related("sent_by").order_by("pk")


def suggestions_at(draft: Revision, place: str) -> list[Suggestion]:
    """Of those, what speaks of a place. One query."""
    return list(in_draft(draft).filter(place=place))


def suggestions_waiting(who: Hats) -> dict[Edition, int]:
    """How many wait for the reader, by edition. One query."""
    mine = Q(revision__edition__owner__in=who.writes_for)
    shared = Q(revision__edition__kind=Kind.CORE, revision__edition__module__co_owners__in=who.writes_for)
    found = Suggestion.objects.waiting().filter(mine | shared).distinct()
    rows = found.select_related("revision__edition__module", "revision__edition__owner").defer("words")
    return by_edition(rows)


def by_edition(rows: Iterable[Suggestion]) -> dict[Edition, int]:
    return Counter(row.edition for row in rows)
