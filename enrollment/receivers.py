"""What enrolments hear of from below."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from courses.signals import revision_published, revision_withdrawn
from lms.accounts.signals import membership_ended

from . import tasks
from .services.following import end_assignments_of_leaver


@receiver(membership_ended)
def somebody_left_an_organisation(user_id: int, organisation_id: int, **_kwargs: Any) -> None:
    end_assignments_of_leaver(user_id, organisation_id, at=timezone.now())


@receiver(revision_published, dispatch_uid="enrollment")
def something_newer_is_there(revision_id: int, **_kwargs: Any) -> None:
    """The publisher's request only sends word; a worker does the rest, and a sweep what nobody heard of."""
    tasks.spread_revision.delay(revision_id)


@receiver(revision_withdrawn, dispatch_uid="enrollment")
def something_is_withdrawn(**_kwargs: Any) -> None:
    tasks.end_offers.delay()
