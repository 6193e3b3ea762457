from celery import shared_task
from django.utils import timezone

from .services.following import end_outlived_assignments


@shared_task
def reconcile() -> None:
    """What should have ended is ended, whatever became of the message that said so."""
    end_outlived_assignments(at=timezone.now())
