"""Days that begin: what was published or withdrawn for one of them is done."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.records.services import record

from ..models import Edition, Module, Revision
from .publishing import bring_into_effect, core_first, refresh_module
from .withdrawing import end


def keep_day(*, at: datetime) -> int:
    """Do all that was set for today or earlier; returns for how many modules. Again changes nothing.

    Each module in a transaction of its own, with all of its editions: nobody reads a new core with old layers.
    """
    today = timezone.localdate(at)
    due = modules_due(today)
    for pk in due:
        keep_day_of(pk, on=today, at=at)
    return len(due)


def modules_due(on: date) -> list[int]:
    """One query."""
    upcoming = Q(editions__upcoming__effective_on__lte=on)
    ending = Q(editions__revisions__in=to_withdraw(on))
    return list(
        Module.objects.filter(upcoming | ending).order_by("pk").values_list("pk", flat=True).distinct()
    )


def to_withdraw(on: date) -> QuerySet[Revision]:
    return Revision.objects.published().filter(withdraw_on__lte=on)


def keep_day_of(module_id: int, *, on: date, at: datetime) -> None:
    with transaction.atomic(durable=True):
        module = Module.objects.select_for_update().get(pk=module_id)
        # What goes first, goes first: a successor of the same edition takes its place in the same transaction.
        for revision in to_withdraw(on).filter(edition__module=module).order_by("number"):
            end(revision, by=None, at=at)
        waiting = Edition.objects.filter(module=module, upcoming__effective_on__lte=on)
        arrived = [edition.upcoming for edition in waiting.select_related("upcoming") if edition.upcoming]
        for revision in core_first(arrived):
            bring_into_effect(revision, by=None, at=at)
            record("revision.took_effect", revision, on_behalf_of=revision.edition.owner, at=at)
        refresh_module(module)
