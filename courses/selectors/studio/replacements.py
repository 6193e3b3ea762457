"""What was announced of sources: one announcement with what it leaves to be looked at, and all that stand."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from ...models import Edition, FactStatement, SourceReplacement, SourceTask
from ...permissions import Hats, can_settle_source_task
from ..resting import stating
from ..words import Words, said
from .editions import edition_name

MOST = 100  # announcements that stand are few; beyond that the search finds them


@dataclass(frozen=True)
class TaskRow:
    """An edition that rests on the source. `can_settle`: the reader's own to look at."""

    task: SourceTask
    edition: Edition
    title: Words
    can_settle: bool

    @property
    def name(self) -> str:
        return edition_name(self.edition)


@dataclass(frozen=True)
class ReplacementPage:
    replacement: SourceReplacement
    rows: tuple[TaskRow, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What the reader may say of that nothing changes."""
        open_rows = (row for row in self.rows if row.can_settle and row.task.is_open)
        return [(str(row.task.pk), f"{row.title}: {row.name}") for row in open_rows]


def replacement_page(replacement: SourceReplacement, who: Hats, *, language: str) -> ReplacementPage:
    """One query."""
    tasks = replacement.tasks.select_related("edition__module", "edition__owner", "by")
    rows = tasks.order_by("edition__module__key", "edition__country")
    return ReplacementPage(replacement, tuple(task_row(task, who, language) for task in rows))


def task_row(task: SourceTask, who: Hats, language: str) -> TaskRow:
    title = said(task.edition.module.title, language)
    return TaskRow(task, task.edition, title, can_settle=can_settle_source_task(who, task))


def standing_replacements() -> list[SourceReplacement]:
    """The earliest day first, with how many editions wait to be looked at (`waiting`)."""
    waiting = Count("tasks", filter=Q(tasks__settled_at=None))
    found = SourceReplacement.objects.filter(withdrawn_at=None).annotate(waiting=waiting)
    return list(found.order_by("replaced_on", "pk")[:MOST])


def resting_with(fact_pk: int) -> list[FactStatement]:
    """All that is published from the address that this fact has as its source; nothing where it has none."""
    current = FactStatement.objects.filter(fact__pk=fact_pk, revision=F("revision__edition__current"))
    source_url = current.exclude(source_url="").values_list("source_url", flat=True).first()
    if source_url is None:
        return []
    return list(stating(source_url).select_related("revision__edition__owner").order_by("pk"))


def waiting_for(who: Hats) -> QuerySet[SourceTask]:
    """What the reader's partners have not looked at yet."""
    waiting = SourceTask.objects.filter(
        settled_at=None, replacement__withdrawn_at=None, edition__owner__in=who.writes_for
    )
    related = waiting.select_related("replacement", "edition__module", "edition__owner")
    return related.order_by("replacement__replaced_on", "pk")
