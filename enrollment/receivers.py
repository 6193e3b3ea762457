"""What enrolments hear of from below."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from lms.accounts.signals import membership_ended

from .services.following import end_assignments_of_leaver


@receiver(membership_ended)
def somebody_left_an_organisation(user_id: int, organisation_id: int, **_kwargs: Any) -> None:
    end_assignments_of_leaver(user_id, organisation_id, at=timezone.now())
