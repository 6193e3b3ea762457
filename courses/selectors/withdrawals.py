"""What learners and visitors read of something withdrawn: from when on, why, and where its successor is taught."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from ..models import Course, CourseItem, Edition, Revision
from .words import Words, said

Status = Revision.Status


@dataclass(frozen=True)
class SuccessorCourse:
    slug: str
    title: Words


@dataclass(frozen=True)
class Withdrawal:
    """`is_done`: the day has come. `successor` is empty where there is none, or where it has gone too."""

    day: date
    is_done: bool
    reason: Words
    successor: Words
    courses: tuple[SuccessorCourse, ...]


def withdrawals(modules: Collection[int], language: str) -> dict[int, Withdrawal]:
    """Of the cores of these modules, by module. Two queries at most, none for no module."""
    if not modules:
        return {}
    latest = Q(edition__current=None, status=Status.WITHDRAWN) | Q(pk=F("edition__current"))
    cores = Revision.objects.filter(
        latest, edition__kind=Edition.Kind.CORE, edition__module__in=modules, withdraw_on__isnull=False
    )
    found = {revision.edition.module_id: revision for revision in told(cores.order_by("number"))}
    withdrawn = withdrawals_of(found.values(), language)
    return {module: withdrawn[revision.pk] for module, revision in found.items()}


def told(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """With what `withdrawals_of` asks of each."""
    related = revisions.select_related("edition", "successor__edition__module")
    return related.defer("meta", "outline", "successor__meta", "successor__outline")


def withdrawals_of(revisions: Iterable[Revision], language: str) -> dict[int, Withdrawal]:
    """By revision, each loaded by `told`. One query, where one has a successor."""
    wanted = list(revisions)
    courses = courses_by_module(
        {each.successor.edition.module_id for each in wanted if each.successor}, language
    )
    return {each.pk: withdrawal(each, courses, language) for each in wanted if each.withdraw_on}


def withdrawal(revision: Revision, courses: dict[int, list[SuccessorCourse]], language: str) -> Withdrawal:
    successor = revision.successor
    if successor and successor.status != Status.PUBLISHED:
        successor = None
    return Withdrawal(
        day=revision.withdraw_on or date.max,
        is_done=revision.status == Status.WITHDRAWN,
        reason=said(revision.withdrawal_reason, language),
        successor=said(successor.edition.module.title if successor else {}, language),
        courses=tuple(courses[successor.edition.module_id]) if successor else (),
    )


def courses_by_module(modules: Collection[int], language: str) -> dict[int, list[SuccessorCourse]]:
    """Those that take learners, by module. One query, none for no module."""
    found: dict[int, list[SuccessorCourse]] = defaultdict(list)
    if modules:
        taking = Course.objects.taking_learners().values("pk")
        items = CourseItem.objects.filter(module__in=modules, course__in=taking).order_by("course__slug")
        for module, slug, title in items.values_list("module", "course__slug", "course__title"):
            found[module].append(SuccessorCourse(slug, said(title, language)))
    return found
