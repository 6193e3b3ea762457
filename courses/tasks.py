from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def reconcile() -> None:
    """What was published or withdrawn for a day that has come, where no page was asked for since it began."""
    services.keep_day(at=timezone.now())


@shared_task
def sweep() -> None:
    """Once a day what nothing refers to any more is deleted."""
    services.sweep_files(at=timezone.now())
