"""How far a bulk issue is: counted over its rows, so the same before and after any restart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lms.accounts.models import User
from lms.accounts.selectors import people_behind
from lms.lib.pdf import pdf_available
from lms.records.models import Job, JobItem
from lms.records.services import progress
from lms.records.services.jobs import Progress

from ..models import Certificate
from .operations import Worker, worker

JOB_KIND = "certificates.issue"
LINES_SHOWN = 100
MEASURED = 50

Outcome = JobItem.Outcome


@dataclass(frozen=True)
class Already:
    """An item whose learner had the certificate before the job came to it."""

    label: str
    certificate: str
    serial: str
    issued_at: datetime


@dataclass(frozen=True)
class IssuingJob:
    """`being_made`: reserved and counted as done, the file follows. `had`: how many had theirs before this job.

    `failures` and `already` list the first hundred.
    """

    job: Job
    progress: Progress
    being_made: int
    failures: tuple[JobItem, ...]
    already: tuple[Already, ...]
    had: int
    seconds_left: int | None
    worker: Worker
    pdf_missing: bool

    @property
    def finished(self) -> int:
        return self.progress.total - self.progress.waiting

    @property
    def issued(self) -> int:
        return self.progress.done - self.being_made - self.had

    @property
    def is_live(self) -> bool:
        """Something may still change by itself. Without PDF support, files wait until an operator acts."""
        return not self.progress.is_finished or bool(self.being_made and not self.pdf_missing)

    @property
    def tens(self) -> int:
        """Percent as it is read out: often enough, and not more."""
        return self.progress.percent // 10 * 10

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else -(-self.seconds_left // 60)


def issuing_jobs() -> QuerySet[Job]:
    return Job.objects.filter(kind=JOB_KIND)


def recent_jobs() -> QuerySet[Job]:
    """The newest first, each with its `size` and how many are `waiting` and `failed`."""
    counted = issuing_jobs().annotate(
        size=Count("items"),
        waiting=Count("items", filter=Q(items__outcome=Outcome.WAITING)),
        failed=Count("items", filter=Q(items__outcome=Outcome.FAILED)),
    )
    return counted.order_by("-pk")


def issuing_job(job: Job, *, at: datetime) -> IssuingJob:
    """Five queries, whatever the size of the job; one less once nothing waits."""
    counted = progress(job)
    failed = job.items.filter(outcome=Outcome.FAILED)[:LINES_SHOWN] if counted.failed else ()
    noted = noted_in(job) if counted.done else []
    already = [had_before(*each) for each in noted if "already" in each[1]]
    return IssuingJob(
        job=job,
        progress=counted,
        being_made=being_made(said for _label, said in noted),
        failures=tuple(failed),
        already=tuple(already[:LINES_SHOWN]),
        had=len(already),
        seconds_left=seconds_left(job, counted) if counted.waiting else None,
        worker=worker(at=at),
        pdf_missing=not pdf_available(),
    )


def noted_in(job: Job) -> list[tuple[str, dict[str, Any]]]:
    """Done items that are more than issued, with what they say: their file follows, or they had a certificate."""
    noted = Q(result__waiting=True) | Q(result__has_key="already")
    done = job.items.filter(noted, outcome=Outcome.DONE).order_by("pk")
    return list(done.values_list("label", "result"))


def being_made(results: Iterable[Mapping[str, Any]]) -> int:
    """Of the items whose file was to follow, those that have none yet; the sweep makes it."""
    named = [said["certificate"] for said in results if "waiting" in said]
    return Certificate.objects.filter(public_id__in=named, state=Certificate.State.RESERVED).count()


def had_before(label: str, said: Mapping[str, Any]) -> Already:
    issued_at = datetime.fromisoformat(said["already"])
    return Already(label, said["certificate"], said["serial"], issued_at)


def seconds_left(job: Job, counted: Progress) -> int | None:
    """By the pace of the last ones; None before there is a pace."""
    ended = job.items.filter(outcome=Outcome.DONE, finished_at__isnull=False).order_by("-finished_at")
    instants = [at for at in ended.values_list("finished_at", flat=True)[:MEASURED] if at]
    if len(instants) < 2:
        return None
    pace = (instants[0] - instants[-1]).total_seconds() / (len(instants) - 1)
    return round(pace * counted.waiting)


def jobs_waiting_for(enrollment_ids: Iterable[int]) -> dict[int, int]:
    """The job in which each of these enrolments is waiting for its turn, where there is one."""
    subjects = [str(pk) for pk in enrollment_ids]
    waiting = JobItem.objects.filter(job__kind=JOB_KIND, outcome=Outcome.WAITING, subject__in=subjects)
    return {int(subject): job for subject, job in waiting.values_list("subject", "job")}


def starters(jobs: Iterable[Job]) -> Mapping[UUID, User]:
    return people_behind(job.actor for job in jobs)
