"""Lessons done, and undone."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lms.lib.prepared import Prepared, Slot

from ..errors import CertificateRestsOnIt, QuizDecides
from ..models import Enrollment, LearningEvent, LessonProgress
from ..outline import CourseOutline, Step
from ..selectors import LearnerCourse, progress_of
from .access import check_access
from .counting import recount

Kind = LearningEvent.Kind
LOCKED = Prepared(lambda: Enrollment.objects.select_for_update().filter(pk=Slot("enrollment")))
PLACE = ("last_module", "last_lesson_key", "last_active_at")


def lock(enrollment: Enrollment, *, at: datetime) -> Enrollment:
    """The enrolment under its lock, checked to be open. Raises EnrollmentEnded, AccessEnded, AccessNotYet."""
    [locked] = LOCKED(enrollment=enrollment.pk)
    check_access(locked, at=at)
    return locked


def complete_lesson(course: LearnerCourse, step: Step, *, at: datetime) -> CourseOutline:
    """Mark a lesson done, once; a second call changes nothing. Returns the outline as it is then.

    Sets the course's completion with the last required lesson; after commit `course_completed`.
    Raises QuizDecides for quizzes, EnrollmentEnded, AccessEnded, AccessNotYet.
    """
    if step.is_quiz:
        raise QuizDecides
    with transaction.atomic(durable=True):
        enrollment = lock(course.enrollment, at=at)
        rows = progress_of(enrollment)
        events = []
        if not is_done(step, rows):
            rows.append(write_progress(enrollment, step, at=at))
            events.append(event_of(enrollment, Kind.COMPLETED_LESSON, step, at=at))
        remember_place(enrollment, step, at=at)
        return recount(enrollment, at=at, pins=course.pins, progress=rows, also=PLACE, events=events)


def is_done(step: Step, rows: list[LessonProgress]) -> bool:
    return any((row.module_id, row.lesson_key, row.country) == step.progress_key for row in rows)


def write_progress(
    enrollment: Enrollment, step: Step, *, at: datetime, score: Decimal | None = None
) -> LessonProgress:
    module_id, key, country = step.progress_key
    return LessonProgress.objects.create(
        enrollment=enrollment,
        module_id=module_id,
        lesson_key=key,
        country=country,
        completed_at=at,
        text_hash=step.text_hash,
        score=score,
    )


def event_of(
    enrollment: Enrollment, kind: str, step: Step, *, at: datetime, **payload: object
) -> LearningEvent:
    """An event that is not yet written: `recount` writes all of an act at once."""
    module_id, key, country = step.progress_key
    return LearningEvent(
        enrollment=enrollment,
        kind=kind,
        module_id=module_id,
        lesson_key=key,
        country=country,
        at=at,
        payload=payload,
    )


def remember_place(enrollment: Enrollment, step: Step, *, at: datetime) -> None:
    enrollment.last_module_id, enrollment.last_lesson_key = step.module_id, step.key
    enrollment.last_active_at = at


def undo_lesson(course: LearnerCourse, step: Step, *, at: datetime) -> CourseOutline:
    """Take a lesson back. Both acts stay as events. Undoing what is not done changes nothing.

    Raises CertificateRestsOnIt, QuizDecides, EnrollmentEnded, AccessEnded, AccessNotYet.
    """
    if step.is_quiz:
        raise QuizDecides
    with transaction.atomic(durable=True):
        enrollment = lock(course.enrollment, at=at)
        if enrollment.locked_at:
            raise CertificateRestsOnIt
        module_id, key, country = step.progress_key
        gone, _rows = enrollment.progress.filter(module=module_id, lesson_key=key, country=country).delete()
        events = [event_of(enrollment, Kind.UNDID_LESSON, step, at=at)] if gone else []
        return recount(enrollment, at=at, pins=course.pins, events=events)


def visit_lesson(course: LearnerCourse, step: Step, *, at: datetime) -> None:
    """Remember where the learner is, so that the resume card leads there. Written when the place changes."""
    enrollment = course.enrollment
    if course.is_at(step):
        return
    remember_place(enrollment, step, at=at)
    enrollment.save(update_fields=PLACE)
