"""Counters and completion, always derived from the same rows by the same function."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from ..models import Enrollment, LearningEvent, LessonProgress, Pin
from ..outline import CourseOutline
from ..selectors import outline_of, pins_with_outlines
from ..signals import course_completed

COUNTERS = ["lessons_required", "lessons_done", "minutes_left", "completed_at"]


def recount(
    enrollment: Enrollment,
    *,
    at: datetime,
    pins: Iterable[Pin] | None = None,
    progress: Iterable[LessonProgress] | None = None,
    also: Iterable[str] = (),
    events: Iterable[LearningEvent] = (),
) -> CourseOutline:
    """Write counters and completion as the progress rows say. The caller holds the enrolment's lock.

    `completed_at` is set once when all that is required is done, and cleared when it no longer is. Other fields
    that the caller changed on the enrolment are saved with it (`also`), and the caller's events are written together
    with what follows from them. `pins` that were read before the lock count only while the plan is the same.
    After commit: `course_completed`.
    """
    pins = list(pins or ())
    if not pins or pins[0].enrollment.plan != enrollment.plan:
        pins = pins_with_outlines().filter(enrollment=enrollment)
    outline = outline_of(enrollment, pins, progress)
    turned = outline.is_complete != enrollment.is_complete
    enrollment.lessons_required = outline.total
    enrollment.lessons_done = outline.done
    enrollment.minutes_left = outline.minutes_left
    if turned:
        enrollment.completed_at = at if outline.is_complete else None
    enrollment.save(update_fields=[*COUNTERS, *also])
    LearningEvent.objects.bulk_create([*events, *([turning_point(enrollment, at=at)] if turned else [])])
    if turned and enrollment.is_complete:
        announce_completion(enrollment.pk)
    return outline


def turning_point(enrollment: Enrollment, *, at: datetime) -> LearningEvent:
    kind = LearningEvent.Kind
    return LearningEvent(
        enrollment=enrollment,
        kind=kind.COMPLETED_COURSE if enrollment.is_complete else kind.REOPENED_COURSE,
        at=at,
    )


def announce_completion(enrollment_id: int) -> None:
    transaction.on_commit(
        lambda: course_completed.send_robust(sender=Enrollment, enrollment_id=enrollment_id), robust=True
    )
