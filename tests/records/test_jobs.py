"""Bulk work is rows: counted, resumed, cancelled, tried again, never doubled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.lib.errors import DomainError
from lms.records.models import Heartbeat, Job, JobItem
from lms.records.services import cancel, jobs, progress, reconcile_jobs, retry_failed, start_job, work_off
from lms.records.tasks import reconcile

KIND = "test.kind"


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """What the workers did, in order; `refuse` and `poison` are subjects that fail."""
    subjects: list[str] = []

    def work(item, at):
        if item.subject == "refuse":
            raise DomainError("Not today.")
        if item.subject == "poison":
            raise ZeroDivisionError("poison")
        subjects.append(item.subject)
        return {"did": item.subject}

    monkeypatch.setitem(jobs._kinds, KIND, work)
    return subjects


def job_of(administrator, *subjects: str) -> Job:
    return start_job(
        KIND, [(subject, subject.title()) for subject in subjects], by=administrator, at=timezone.now()
    )


def test_a_job_wakes_a_worker_once_it_is_written(
    administrator, wake_up_calls, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = job_of(administrator, "a")
    assert wake_up_calls == [("lms.records.tasks.work_job", (job.pk,))]
    assert job.actor == administrator.audit_ref


def test_each_item_is_done_once_however_often_workers_come(administrator, done):
    job = job_of(administrator, "a", "b", "c")
    assert (work_off(job.pk), work_off(job.pk)) == (3, 0)
    assert done == ["a", "b", "c"]
    assert progress(job) == jobs.Progress(total=3, done=3, failed=0, waiting=0, cancelled=0)


def test_a_refusal_is_kept_in_words_and_the_rest_goes_on(administrator, done):
    job = job_of(administrator, "refuse", "b")
    work_off(job.pk)
    assert job.items.get(subject="refuse").result == {"reason": "Not today."}
    assert done == ["b"]
    assert progress(job).failed == 1


def test_a_poisoned_item_is_tried_again_and_then_parked(administrator, done, caplog):
    job = job_of(administrator, "poison", "b")
    for _try in range(jobs.MAX_TRIES):
        work_off(job.pk)
        JobItem.objects.update(lease_until=None)
    item = job.items.get(subject="poison")
    assert (item.outcome, item.tries) == ("failed", jobs.MAX_TRIES)
    assert "ZeroDivisionError" in item.result["reason"]
    assert done == ["b"]


def test_an_item_that_kills_its_workers_is_parked(administrator, done):
    job = job_of(administrator, "a", "b")
    JobItem.objects.filter(subject="a").update(tries=jobs.MAX_TRIES)
    work_off(job.pk)
    item = job.items.get(subject="a")
    assert (item.outcome, item.parked_at is not None) == ("failed", True)
    assert "worker ended" in item.result["reason"]
    assert done == ["b"]


def test_what_a_dead_worker_held_is_found_again(administrator, done):
    job = job_of(administrator, "a")
    at = timezone.now() - timedelta(seconds=jobs.LEASE_SECONDS + 1)
    assert JobItem.objects.claim(job.items.get().pk, at=at, lease=jobs.LEASE_SECONDS)
    assert reconcile_jobs(at=timezone.now()) == [job.pk]
    work_off(job.pk)
    assert done == ["a"]


def test_what_a_living_worker_holds_is_left_alone(administrator, done):
    job = job_of(administrator, "a")
    assert JobItem.objects.claim(job.items.get().pk, at=timezone.now(), lease=60)
    assert reconcile_jobs(at=timezone.now()) == []
    assert work_off(job.pk) == 0


def test_cancelling_stops_what_has_not_begun(administrator, done):
    job = job_of(administrator, "a", "b")
    JobItem.objects.claim(job.items.first().pk, at=timezone.now(), lease=60)
    assert cancel(job, at=timezone.now()) == 1
    assert progress(job).cancelled == 1
    assert work_off(job.pk) == 0


def test_what_waits_for_its_next_try_is_cancelled_too(administrator, done, caplog):
    job = job_of(administrator, "poison")
    work_off(job.pk)
    cancel(job, at=timezone.now())
    JobItem.objects.update(lease_until=None)
    work_off(job.pk)
    assert (progress(job).cancelled, job.items.get().tries) == (1, 2)


def test_a_cancelled_job_that_is_tried_again_goes_on(administrator, done, monkeypatch):
    job = job_of(administrator, "refuse")
    work_off(job.pk)
    cancel(job, at=timezone.now())
    retry_failed(job, at=timezone.now())
    monkeypatch.setitem(jobs._kinds, KIND, lambda item, at: {})
    work_off(job.pk)
    assert progress(job).done == 1


def test_failed_items_can_be_tried_again(administrator, done, monkeypatch):
    job = job_of(administrator, "refuse", "b")
    work_off(job.pk)
    assert retry_failed(job, at=timezone.now()) == 1
    monkeypatch.setitem(jobs._kinds, KIND, lambda item, at: {})
    work_off(job.pk)
    assert progress(job).done == 2


def test_a_long_job_hides_no_other(administrator, done):
    long, short = job_of(administrator, *map(str, range(1_001))), job_of(administrator, "a")
    assert reconcile_jobs(at=timezone.now()) == [long.pk, short.pk]


def test_the_sweep_finds_jobs_whose_message_was_lost(administrator, done, wake_up_calls):
    job = job_of(administrator, "a")
    wake_up_calls.clear()
    reconcile()
    assert wake_up_calls == [("lms.records.tasks.work_job", (job.pk,))]
    assert Heartbeat.objects.filter(name="worker").exists()
