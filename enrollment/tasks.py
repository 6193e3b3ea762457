from celery import shared_task
from django.utils import timezone

from .services.following import end_outlived_assignments
from .services.moving import end_offers_of_withdrawn, spread, spread_all


@shared_task
def reconcile() -> None:
    """What should have ended is ended, and what is newer is there, whatever became of the message that said so."""
    now = timezone.now()
    end_outlived_assignments(at=now)
    spread_all(at=now)


@shared_task
def end_offers() -> None:
    end_offers_of_withdrawn(at=timezone.now())


@shared_task
def spread_revision(revision_id: int) -> None:
    spread(revision_id, at=timezone.now())
