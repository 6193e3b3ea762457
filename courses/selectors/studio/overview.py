"""The studio's first page: what waits for the reader, their modules, where each is adapted, their courses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, QuerySet, When

from ...approval import all_partners, still_needed
from ...models import Course, Edition, Module, Revision, SourceReplacement, teaches_withdrawn
from ...permissions import Hats, can_approve, can_publish, can_submit, hats_of
from ..words import Words, said
from .adaptation import AdaptationMap, adaptation_map
from .comments import threads_waiting
from .editions import (
    EditionFacts,
    EditionRow,
    SentBack,
    Staleness,
    edition_facts,
    edition_name,
    editions_of,
    open_revisions,
)
from .replacements import waiting_for
from .suggestions import suggestions_waiting

Kind, Status = Edition.Kind, Revision.Status
MODULES, TASKS = 25, 50  # of these so many on a page


class Waits(StrEnum):
    """Why something waits for the reader, in the order in which they would take it up."""

    COURSE = "course"
    APPROVAL = "approval"
    PUBLICATION = "publication"
    CORRECTION = "correction"
    COMMENTS = "comments"
    SOURCE = "source"
    SUGGESTIONS = "suggestions"
    CHECKS = "checks"
    TRANSLATION = "translation"


@dataclass(frozen=True)
class Task:
    """Something that waits for the reader. It is done at `revision` or `source`, else on the module's page; or it is a
    course's.
    """

    waits: Waits
    edition: Edition | None
    title: Words
    course: Course | None = None
    revision: Revision | None = None
    sent_back: SentBack | None = None
    staleness: Staleness | None = None
    overdue: int = 0
    comments: int = 0
    source: SourceReplacement | None = None
    suggestions: int = 0

    @property
    def name(self) -> str:
        return edition_name(self.edition) if self.edition else ""


@dataclass(frozen=True)
class ModuleRow:
    module: Module
    title: Words
    editions: tuple[EditionRow, ...]


@dataclass(frozen=True)
class CourseRow:
    course: Course
    title: Words
    modules: int
    is_halted: bool  # open to learners by its owner, and a module of it is withdrawn


@dataclass(frozen=True)
class StudioPage:
    """`tasks` are the first of `waiting`; `modules` and `map` are those of one `page` of all that the reader knows."""

    waiting: int
    tasks: tuple[Task, ...]
    page: Page[Any]
    modules: tuple[ModuleRow, ...]
    map: AdaptationMap
    courses: tuple[CourseRow, ...]

    @property
    def more(self) -> int:
        """How many wait that are not shown."""
        return self.waiting - len(self.tasks)


def studio_page(user: Any, *, language: str, on: date, number: int | str = 1) -> StudioPage:
    """For an author or publisher. The same number of queries for one module and for many."""
    who = hats_of(user)
    modules = list(known_modules(who))
    page = Paginator(modules, MODULES).get_page(number)
    mine = {module.pk for module in modules if module.is_mine}
    revisions = list(open_revisions(user).filter(concerns(mine)))
    shown = {module.pk for module in page} | mine
    editions = editions_of([module for module in modules if module.pk in shown])
    facts = edition_facts(editions, revisions, all_partners(), on=on)
    rows = rows_by_module(editions, facts, mine)
    courses = courses_of(who, language)
    waiting = [
        *tasks(who, revisions, rows, facts, language),
        *sources(who, language),
        *halted(who, courses),
    ]
    waiting.sort(key=lambda task: list(Waits).index(task.waits))
    return StudioPage(
        waiting=len(waiting),
        tasks=tuple(waiting[:TASKS]),
        page=page,
        modules=tuple(
            ModuleRow(module, said(module.title, language), tuple(rows[module.pk]))
            for module in page
            if module.is_mine
        ),
        map=adaptation_map(page, editions, facts, mine, language=language),
        courses=courses,
    )


def works_on(who: Hats) -> Q:
    return (
        Q(owner__in=who.writes_for) | Q(co_owners__in=who.writes_for) | Q(editions__owner__in=who.writes_for)
    )


def known_modules(who: Hats) -> QuerySet[Any]:
    """The modules that the reader's partners own or adapt (`is_mine`), then all others that are published."""
    mine = Module.objects.filter(works_on(who)).values("pk")
    published = Module.objects.published().values("pk")
    known = Module.objects.filter(Q(pk__in=mine) | Q(pk__in=published)).select_related("owner")
    return known.annotate(is_mine=Case(When(pk__in=mine, then=True), default=False)).order_by(
        "-is_mine", "key"
    )


def concerns(mine: Iterable[int]) -> Q:
    """Drafts of the reader's modules, and what anybody has in review: a publisher may be asked to approve it."""
    return Q(edition__module__in=list(mine)) | Q(status=Status.IN_REVIEW)


def rows_by_module(
    editions: Iterable[Edition], facts: EditionFacts, mine: set[int]
) -> defaultdict[int, list[EditionRow]]:
    rows: defaultdict[int, list[EditionRow]] = defaultdict(list)
    for edition in editions:
        if edition.module_id in mine:
            rows[edition.module_id].append(facts.row(edition))
    return rows


# --- What waits -----------------------------------------------------------------------------------------------------


def tasks(
    who: Hats,
    revisions: Sequence[Revision],
    rows: defaultdict[int, list[EditionRow]],
    facts: EditionFacts,
    language: str,
) -> Iterator[Task]:
    for revision in revisions:
        waits = what_waits(who, revision, facts)
        if waits:
            title = said(revision.edition.module.title, language)
            sent_back = facts.sent_back.get(revision.pk)
            yield Task(waits, revision.edition, title, revision=revision, sent_back=sent_back)
    for edition, threads in threads_waiting(who).items():
        draft = facts.open.get(edition.pk) or threads[-1].revision
        title = said(edition.module.title, language)
        yield Task(Waits.COMMENTS, edition, title, revision=draft, comments=len(threads))
    for edition, number in suggestions_waiting(who).items():
        yield Task(Waits.SUGGESTIONS, edition, said(edition.module.title, language), suggestions=number)
    for row in (row for module in rows.values() for row in module):
        yield from upkeep(who, row, language)


def what_waits(who: Hats, revision: Revision, facts: EditionFacts) -> Waits | None:
    """What this person can do about a draft that nobody else has to do first."""
    if revision.is_draft:
        returned = revision.pk in facts.sent_back
        return Waits.CORRECTION if returned and can_submit(who, revision) else None
    wanted = still_needed(revision, facts.partners)
    given = any(approval.by_id == who.user_id for approval in revision.approvals.all())
    if wanted:
        return Waits.APPROVAL if not given and can_approve(who, revision, wanted) else None
    return Waits.PUBLICATION if can_publish(who, revision) else None


def upkeep(who: Hats, row: EditionRow, language: str) -> Iterator[Task]:
    """What is published and has aged. For those who write the edition."""
    if row.edition.owner_id not in who.writes_for:
        return
    title = said(row.edition.module.title, language)
    if row.overdue:
        yield Task(Waits.CHECKS, row.edition, title, overdue=row.overdue)
    if row.staleness:
        yield Task(Waits.TRANSLATION, row.edition, title, staleness=row.staleness)


def sources(who: Hats, language: str) -> Iterator[Task]:
    """Editions that rest on a source that is replaced."""
    for task in waiting_for(who):
        title = said(task.edition.module.title, language)
        yield Task(Waits.SOURCE, task.edition, title, source=task.replacement)


# --- Courses --------------------------------------------------------------------------------------------------------


def courses_of(who: Hats, language: str) -> tuple[CourseRow, ...]:
    owned = Course.objects.filter(owner__in=who.writes_for).select_related("owner").defer("search")
    counted = owned.annotate(modules=Count("items"), has_gap=teaches_withdrawn()).order_by("slug")
    return tuple(
        CourseRow(course, said(course.title, language), course.modules, is_halted=is_halted(course))
        for course in counted
    )


def is_halted(course: Any) -> bool:
    return bool(course.status == Course.Status.PUBLISHED and course.has_gap)


def halted(who: Hats, courses: Iterable[CourseRow]) -> Iterator[Task]:
    """For those who publish for the course's owner: to change it, or to close it."""
    for row in courses:
        if row.is_halted and row.course.owner_id in who.publishes_for:
            yield Task(Waits.COURSE, None, row.title, course=row.course)
