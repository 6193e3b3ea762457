"""Asked before a revision goes out or is withdrawn: what could go with it, what takes its place, what follows."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from ...approval import all_partners, still_needed
from ...models import Course, Edition, Revision
from ...permissions import Hats, can_publish
from ..words import Words, said

Kind = Edition.Kind


def ready_with(revision: Revision, who: Hats) -> list[Revision]:
    """Other editions of the module that have all approvals and that the same person may publish. Four queries."""
    waiting = Revision.objects.filter(
        edition__module=revision.edition.module_id, status=Revision.Status.IN_REVIEW
    ).exclude(pk=revision.pk)
    related = waiting.select_related("edition__owner", "edition__module")
    found = related.prefetch_related("approvals", "authors").defer("meta", "outline")
    partners = all_partners()
    return [
        each
        for each in found.order_by("edition__kind", "edition__language", "edition__country")
        if can_publish(who, each) and not still_needed(each, partners)
    ]


def successors(revision: Revision) -> QuerySet[Revision]:
    """Newer ones of the same edition, and what other modules have of the same kind. One query."""
    edition = revision.edition
    newer = Q(edition=edition, number__gt=revision.number)
    elsewhere = Q(
        edition__kind=edition.kind,
        edition__language=edition.language,
        edition__country=edition.country,
        pk=F("edition__current"),
    ) & ~Q(edition=edition)
    standing = Revision.objects.published().filter(newer | elsewhere, withdraw_on=None)
    return (
        standing.select_related("edition__module")
        .defer("meta", "outline")
        .order_by("edition__module__key", "-number")
    )


@dataclass(frozen=True)
class Follows:
    """What rests on an edition: courses that teach its module and, of a core, how many editions go with it."""

    courses: tuple[tuple[Course, Words], ...]
    resting: int
    stays: Revision | None


def what_follows(revision: Revision, *, language: str) -> Follows:
    """Two queries. `stays`: the revision in force where an older one is withdrawn alone."""
    edition = revision.edition
    teaching = Course.objects.published().filter(items__module=edition.module_id)
    courses = teaching.select_related("owner").defer("search").order_by("slug")
    others = edition.module.editions.exclude(pk=edition.pk).exclude(current=None)
    newer = edition.current if edition.current_id != revision.pk else None
    return Follows(
        courses=tuple((course, said(course.title, language)) for course in courses),
        resting=others.count() if edition.kind == Kind.CORE else 0,
        stays=newer,
    )
