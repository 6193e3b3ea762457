"""Bulk work as rows. A killed worker, a lost broker or a message twice delivered loses and doubles nothing."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone, translation

from lms.lib.errors import DomainError

from ..models import Heartbeat, Job, JobItem, LeasedQuerySet

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
MAX_TRIES = 5

Work = Callable[[JobItem, datetime], dict[str, Any]]
_kinds: dict[str, Work] = {}


def register(kind: str, work: Work) -> None:
    """Say how one item of a kind is done. Called from `AppConfig.ready`. `work` must be safe to run twice."""
    _kinds[kind] = work


def start_job(
    kind: str,
    subjects: Iterable[tuple[str, str]],
    *,
    by: Any,
    at: datetime,
    params: dict[str, Any] | None = None,
) -> Job:
    """Write the job and one item per (subject, label), then wake the workers. The rows are the queue."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            params=params or {},
            actor=getattr(by, "audit_ref", None),
            language=getattr(by, "language", "en"),
            created_at=at,
        )
        JobItem.objects.bulk_create(
            [
                JobItem(job=job, subject=subject, label=label[:200])
                for subject, label in dict(subjects).items()
            ],
            batch_size=500,
        )
        transaction.on_commit(lambda: wake(job.pk), robust=True)
    return job


def wake(job_id: int) -> None:
    from ..tasks import work_job

    work_job.delay(job_id)


def open_items(job_id: int) -> "LeasedQuerySet[JobItem]":
    return JobItem.objects.filter(job=job_id, outcome=JobItem.Outcome.WAITING)


def work_off(job_id: int) -> int:
    """Do the open items of a job, one lease at a time. Returns how many this worker finished."""
    done = 0
    while True:
        at = timezone.now()
        item = open_items(job_id).free(at=at).order_by("pk").first()
        if item is None:
            return done
        if JobItem.objects.claim(item.pk, at=at, lease=LEASE_SECONDS):
            done += do(JobItem.objects.select_related("job").get(pk=item.pk), at=at)


def do(item: JobItem, *, at: datetime) -> bool:
    """True where the item is done or refused; False where it comes again, was cancelled or is given up."""
    if item.job.cancelled_at:  # after an error it waited for its next try, so `cancel` could not take it back
        finish(item, JobItem.Outcome.CANCELLED, {}, at=at)
        return False
    if item.tries > MAX_TRIES:  # no error was ever written: what it does kills its worker
        give_up(item, "The worker ended each time while it did this.", at=at)
        return False
    try:
        with translation.override(item.job.language):
            result = _kinds[item.job.kind](item, at)
    except DomainError as refusal:
        finish(item, JobItem.Outcome.FAILED, {"reason": str(refusal.message)}, at=at)
    except Exception as error:  # one poisoned item must not stop the others; it is parked where people see it
        logger.exception("Item %s of job %s failed", item.pk, item.job_id)
        postpone(item, error, at=at)
        return False
    else:
        finish(item, JobItem.Outcome.DONE, result, at=at)
    return True


def finish(item: JobItem, outcome: str, result: dict[str, Any], *, at: datetime) -> None:
    open_items(item.job_id).filter(pk=item.pk).update(
        outcome=outcome, result=result, finished_at=at, lease_until=None, last_error=""
    )


def postpone(item: JobItem, error: Exception, *, at: datetime) -> None:
    if item.tries >= MAX_TRIES:
        give_up(item, f"{type(error).__name__}: {error}"[:500], at=at)
    else:
        again = at + timedelta(seconds=2**item.tries)
        JobItem.objects.filter(pk=item.pk).update(lease_until=again, last_error=str(error)[:1000])


def give_up(item: JobItem, reason: str, *, at: datetime) -> None:
    JobItem.objects.filter(pk=item.pk).update(parked_at=at)
    finish(item, JobItem.Outcome.FAILED, {"reason": reason}, at=at)


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    failed: int
    waiting: int
    cancelled: int

    @property
    def is_finished(self) -> bool:
        return self.waiting == 0

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting) // self.total if self.total else 100


def progress(job: Job) -> Progress:
    """Counted over the rows: right after any restart."""
    outcome = JobItem.Outcome
    counts = job.items.aggregate(
        total=Count("pk"),
        **{str(state): Count("pk", filter=Q(outcome=state)) for state in outcome.values},
    )
    return Progress(**counts)


def cancel(job: Job, *, at: datetime) -> int:
    """Stop what has not begun. Returns how many items were taken back at once; others are not tried again."""
    Job.objects.filter(pk=job.pk, cancelled_at=None).update(cancelled_at=at)
    return open_items(job.pk).free(at=at).update(outcome=JobItem.Outcome.CANCELLED, finished_at=at)


def retry_failed(job: Job, *, at: datetime) -> int:
    """Put failed items back into the queue, of a cancelled job too. Returns how many."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(cancelled_at=None)
        failed = JobItem.objects.filter(job=job, outcome=JobItem.Outcome.FAILED)
        count = failed.update(
            outcome=JobItem.Outcome.WAITING,
            finished_at=None,
            parked_at=None,
            lease_until=None,
            tries=0,
            result={},
        )
        transaction.on_commit(lambda: wake(job.pk), robust=True)
    return count


def reconcile_jobs(*, at: datetime) -> list[int]:
    """Jobs with items that nobody holds: whatever message was lost, they go on. Returns their ids."""
    free = JobItem.objects.free(at=at).filter(outcome=JobItem.Outcome.WAITING)
    return list(free.order_by("job_id").values_list("job_id", flat=True).distinct())


def beat(name: str, *, at: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
