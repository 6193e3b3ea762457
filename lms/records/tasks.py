from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def send_mails() -> None:
    services.send_waiting(at=timezone.now())


@shared_task
def work_job(job_id: int) -> None:
    services.work_off(job_id)


@shared_task
def reconcile() -> None:
    """The guarantee behind every wake-up call: what waits is found again, whatever happened to its message."""
    now = timezone.now()
    services.beat("worker", at=now)
    services.send_waiting(at=now)
    for job_id in services.reconcile_jobs(at=now):
        work_job.delay(job_id)
