"""Certificates hear that a course was completed. The learner's request only sends word; a worker does the rest."""

from typing import Any

from django.dispatch import receiver

from enrollment.signals import course_completed

from . import tasks


@receiver(course_completed, dispatch_uid="certificates")
def on_course_completed(sender: Any, enrollment_id: int, **_kwargs: Any) -> None:
    tasks.issue_automatically.delay(enrollment_id)
