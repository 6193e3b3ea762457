"""When a source is replaced: who has to look, and which facts say so to their readers until then."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from lms.accounts.models import Organisation, User
from lms.lib.locks import lock
from lms.records.services import record

from ..errors import AnnouncedAlready, LookedAtAlready, NothingRestsOnIt
from ..models import Edition, Fact, SourceReplacement, SourceTask
from ..selectors.keeping import forget_kept
from ..selectors.resting import editions_resting_on, rests_on, stating


def hold_sources() -> None:
    """Announcements and publications one after the other: each reads what the other writes. Taken before any fact."""
    lock("sources")


def announce_replacement(
    source_url: str,
    *,
    replaced_on: date,
    successor: str,
    organisation: Organisation,
    by: User,
    at: datetime,
    successor_url: str = "",
    note: str = "",
) -> SourceReplacement:
    """Everybody who has published something that rests on this address gets something to look at; readers are told.

    Raises AnnouncedAlready, NothingRestsOnIt.
    """
    with transaction.atomic(durable=True):
        hold_sources()
        if standing(source_url).exists():
            raise AnnouncedAlready
        editions = editions_resting_on(source_url)
        if not editions:
            raise NothingRestsOnIt
        replacement = SourceReplacement.objects.create(
            source_url=source_url,
            replaced_on=replaced_on,
            successor=successor,
            successor_url=successor_url,
            note=note,
            organisation=organisation,
            by=by,
            announced_at=at,
        )
        SourceTask.objects.bulk_create(SourceTask(replacement=replacement, edition=each) for each in editions)
        tell(replacement)
        record("source.replaced", replacement, by=by, on_behalf_of=organisation, at=at, tasks=len(editions))
    return replacement


def standing(source_url: str) -> QuerySet[SourceReplacement]:
    return SourceReplacement.objects.filter(source_url=source_url, withdrawn_at=None)


def tell(replacement: SourceReplacement) -> None:
    """Let the facts say it whose owners have not seen to it yet, and no other."""
    open_editions = replacement.tasks.filter(settled_at=None).values("edition")
    stated = stating(replacement.source_url).filter(revision__edition__in=open_editions)
    wanted = set(stated.values_list("fact", flat=True)) if replacement.stands else set()
    saying = set(replacement.facts.values_list("pk", flat=True))
    # In one order, as checks of several facts lock them.
    list(Fact.objects.filter(pk__in=wanted ^ saying).order_by("pk").select_for_update())
    Fact.objects.filter(pk__in=saying - wanted).update(replacement=None)
    Fact.objects.filter(pk__in=wanted - saying).update(replacement=replacement)
    transaction.on_commit(forget_kept, robust=True)


# --- Taken back, and announced again ----------------------------------------------------------------------------------


def withdraw_replacement(replacement: SourceReplacement, *, by: User, at: datetime) -> SourceReplacement:
    """It was a mistake, or does not come. Nobody is told any more, nobody has anything to look at. Once is enough."""
    with transaction.atomic(durable=True):
        hold_sources()
        replacement = SourceReplacement.objects.get(pk=replacement.pk)
        if replacement.stands:
            replacement.withdrawn_at = at
            replacement.save(update_fields=["withdrawn_at"])
            tell(replacement)
            record(
                "source.replacement_withdrawn",
                replacement,
                by=by,
                on_behalf_of=replacement.organisation,
                at=at,
            )
    return replacement


def restore_replacement(replacement: SourceReplacement, *, by: User, at: datetime) -> SourceReplacement:
    """Announce it again as it was, for what rests on the source by now. Raises AnnouncedAlready."""
    with transaction.atomic(durable=True):
        hold_sources()
        replacement = SourceReplacement.objects.get(pk=replacement.pk)
        if replacement.stands:
            return replacement
        if standing(replacement.source_url).exists():
            raise AnnouncedAlready
        replacement.withdrawn_at = None
        replacement.save(update_fields=["withdrawn_at"])
        for edition in Edition.objects.filter(source_tasks__replacement=replacement):
            settle_or_open(replacement, edition, at=at)
        for edition in editions_resting_on(replacement.source_url):
            settle_or_open(replacement, edition, at=at)
        tell(replacement)
        record(
            "source.replacement_restored", replacement, by=by, on_behalf_of=replacement.organisation, at=at
        )
    return replacement


# --- What the owners do about it --------------------------------------------------------------------------------------


def look_at_replacement(
    tasks: Iterable[SourceTask], *, reason: str, by: User, at: datetime
) -> list[SourceTask]:
    """The owner has looked at these editions and says that nothing changes in them, or none is settled.

    Raises LookedAtAlready where one of them is not open any more.
    """
    with transaction.atomic(durable=True):
        hold_sources()
        found = list(load_tasks(tasks))
        if not found or not all(task.is_open and task.replacement.stands for task in found):
            raise LookedAtAlready
        for task in found:
            task.settled_at, task.reason, task.by = at, reason, by
            task.save(update_fields=["settled_at", "reason", "by"])
            record("source.looked_at", task.replacement, by=by, at=at, **about(task))
        for replacement in {task.replacement for task in found}:
            tell(replacement)
    return found


def reopen_source_task(task: SourceTask, *, by: User, at: datetime) -> SourceTask:
    """Unsay that nothing changes. Raises LookedAtAlready where nobody says so any more."""
    with transaction.atomic(durable=True):
        hold_sources()
        (task,) = load_tasks([task])
        if not (task.was_looked_at and task.replacement.stands):
            raise LookedAtAlready
        reopen(task)
        settle_or_open(task.replacement, task.edition, at=at)
        tell(task.replacement)
        record("source.look_taken_back", task.replacement, by=by, at=at, **about(task))
    return task


def load_tasks(tasks: Iterable[SourceTask]) -> QuerySet[SourceTask]:
    asked = SourceTask.objects.filter(pk__in=[task.pk for task in tasks])
    return asked.select_related("replacement", "edition__owner").order_by("pk")


def reopen(task: SourceTask) -> None:
    task.settled_at, task.reason, task.by = None, "", None
    task.save(update_fields=["settled_at", "reason", "by"])


def about(task: SourceTask) -> dict[str, Any]:
    """For the chain of the announcement; the reason stands in the task, since the trail keeps everything for ever."""
    return {"on_behalf_of": task.edition.owner, "meaning": "REVIEWED", "task": task.pk}


# --- What a publication changes ---------------------------------------------------------------------------------------


def follow_sources(edition: Edition, *, at: datetime) -> None:
    """What is in force now may name a source no more, or name one that is replaced. Requires `hold_sources`."""
    if edition.kind == Edition.Kind.TRANSLATION:
        return
    concerned = {task.replacement for task in edition.source_tasks.select_related("replacement")}
    for replacement in {*concerned, *SourceReplacement.objects.filter(withdrawn_at=None)}:
        if replacement.stands and (replacement in concerned or rests_on(edition, replacement.source_url)):
            settle_or_open(replacement, edition, at=at)
            tell(replacement)


def settle_or_open(replacement: SourceReplacement, edition: Edition, *, at: datetime) -> None:
    """What the owner has said about it stands; else the task is open as long as the edition rests on the source."""
    task, _is_new = SourceTask.objects.get_or_create(replacement=replacement, edition=edition)
    if task.was_looked_at:
        return
    settled_at = None if rests_on(edition, replacement.source_url) else task.settled_at or at
    if task.settled_at != settled_at:
        task.settled_at = settled_at
        task.save(update_fields=["settled_at"])
