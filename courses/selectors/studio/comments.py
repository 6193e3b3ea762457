"""Comments on a revision as its pages show them, and those that wait for the reader."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from ...models import Comment, CommentThread, Edition, Revision
from ...permissions import Hats, can_discuss
from .contents import Contents
from .places import Place, places_at, places_in

Kind = Edition.Kind


@dataclass(frozen=True)
class CommentOnPage:
    """`person` is empty where the account is gone; `may_change` says that it is the reader's and the last word."""

    pk: int
    person: str
    at: datetime
    words: str
    is_changed: bool
    may_change: bool


@dataclass(frozen=True)
class ThreadOnPage:
    """`place` is None where the revision does not have it any more; `is_changed`: its words are others by now."""

    pk: int
    code: str
    quote: str
    number: int
    place: Place | None
    is_open: bool
    is_changed: bool
    comments: tuple[CommentOnPage, ...]

    @property
    def name(self) -> str:
        return self.place.name if self.place else self.code

    @property
    def first(self) -> CommentOnPage:
        return self.comments[0]

    @property
    def answers(self) -> tuple[CommentOnPage, ...]:
        return self.comments[1:]


@dataclass(frozen=True)
class Discussion:
    """Of a revision: what was said on it, and what is still open from earlier ones. `places`: what to speak of."""

    revision: Revision
    threads: tuple[ThreadOnPage, ...]
    places: tuple[tuple[str, str], ...] = ()

    @property
    def open(self) -> tuple[ThreadOnPage, ...]:
        return tuple(thread for thread in self.threads if thread.is_open)

    @property
    def settled(self) -> tuple[ThreadOnPage, ...]:
        return tuple(thread for thread in self.threads if not thread.is_open)


def comments_on(revision: Revision) -> QuerySet[Comment]:
    """With their threads, the oldest first. One query."""
    here = Q(thread__revision=revision)
    left_open = Q(thread__number__lte=revision.number, thread__resolved_at=None)
    found = Comment.objects.filter(here | left_open, thread__edition=revision.edition_id)
    return found.select_related("thread", "by").order_by("thread", "pk")


def discussion(revision: Revision, who: Hats, *, contents: Contents) -> Discussion | None:
    """None for those who could not see the draft. One query, and one for each kind of place that is spoken of."""
    if not can_discuss(who, revision.edition):
        return None
    places = tuple(places_in(revision, contents)) if revision.is_open else ()
    return Discussion(revision, threads_of(revision, who.user_id, comments_on(revision)), places)


def threads_at(
    revision: Revision, reader: int | None, place: Place | None, code: str
) -> tuple[ThreadOnPage, ...]:
    """What was said at one place, which the revision has or has no more. One query."""
    said = by_thread(comments_on(revision).filter(thread__place=code))
    places = {code: place} if place else {}
    return tuple(thread_on_page(thread, rows, places, reader) for thread, rows in said.items())


def threads_of(
    revision: Revision, reader: int | None, comments: Iterable[Comment]
) -> tuple[ThreadOnPage, ...]:
    said = by_thread(comments)
    places = places_at(revision, dict.fromkeys(thread.place for thread in said))
    return tuple(thread_on_page(thread, rows, places, reader) for thread, rows in said.items())


def by_thread(comments: Iterable[Comment]) -> dict[CommentThread, list[Comment]]:
    said: defaultdict[CommentThread, list[Comment]] = defaultdict(list)
    for comment in comments:
        said[comment.thread].append(comment)
    return said


def thread_on_page(
    thread: CommentThread, comments: list[Comment], places: Mapping[str, Place], reader: int | None
) -> ThreadOnPage:
    place, last = places.get(thread.place), comments[-1]
    return ThreadOnPage(
        pk=thread.pk,
        code=thread.place,
        quote=thread.quote,
        number=thread.number,
        place=place,
        is_open=thread.is_open,
        is_changed=place is not None and place.version != thread.version,
        comments=tuple(
            CommentOnPage(
                pk=comment.pk,
                person=comment.by.get_short_name() if comment.by else "",
                at=comment.at,
                words=comment.words,
                is_changed=comment.changed_at is not None,
                may_change=thread.is_open and comment == last and comment.by_id == reader,
            )
            for comment in comments
        ),
    )


# --- What waits -----------------------------------------------------------------------------------------------------


def threads_waiting(who: Hats) -> dict[Edition, list[CommentThread]]:
    """Open comments whose turn it is the reader's: to answer as a writer of the edition, or where they were answered.

    One query.
    """
    writes = Q(edition__owner__in=who.writes_for) | Q(
        edition__kind=Kind.CORE, edition__module__co_owners__in=who.writes_for
    )
    to_answer = writes & (Q(last_by=F("begun_by")) | Q(last_by=None)) & ~Q(begun_by=who.user_id)
    answered = Q(begun_by=who.user_id) & ~Q(last_by=who.user_id)
    found = CommentThread.objects.open().filter(to_answer | answered).distinct()
    waiting: defaultdict[Edition, list[CommentThread]] = defaultdict(list)
    for thread in found.select_related("edition__module", "edition__owner", "revision"):
        waiting[thread.edition].append(thread)
    return waiting
