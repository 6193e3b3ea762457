from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def make_files() -> None:
    while services.make_waiting(at=timezone.now()):
        pass


@shared_task
def issue_automatically(enrollment_id: int) -> None:
    services.issue_automatically(enrollment_id, at=timezone.now())


@shared_task
def reconcile() -> None:
    """The guarantee behind every wake-up call: what is due or waits is found again."""
    now = timezone.now()
    services.issue_all_automatic(at=now)
    if services.anything_waiting(at=now):
        make_files.delay()
