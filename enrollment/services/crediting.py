"""The same lesson in two courses is not read twice."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from courses.content import months_after
from courses.questions import passes

from ..models import Enrollment, LearningEvent, LessonProgress
from ..outline import Step
from ..selectors import outline_of, pins_with_outlines


def credit_earlier_work(enrollment: Enrollment, *, at: datetime) -> list[LessonProgress]:
    """Carry over what the learner did elsewhere: same lesson, same text, still valid. Marked with where it was done."""
    pins = list(pins_with_outlines().filter(enrollment=enrollment))
    validity = {pin.module_id: pin.core_revision.meta.get("validity_months") for pin in pins}
    earlier = {
        (row.module_id, row.lesson_key, row.country, row.text_hash): row
        for row in LessonProgress.objects.filter(
            enrollment__learner=enrollment.learner_id, module__in=validity, credited_from=None
        )
        .exclude(enrollment=enrollment)
        .order_by("completed_at")
        if still_valid(row, validity[row.module_id], at=at)
    }
    credited = LessonProgress.objects.bulk_create(
        matching(enrollment, outline_of(enrollment, pins, ()).steps, earlier)
    )
    LearningEvent.objects.bulk_create(credit_event(row, at=at) for row in credited)
    return credited


def credit_event(row: LessonProgress, *, at: datetime) -> LearningEvent:
    return LearningEvent(
        enrollment_id=row.enrollment_id,
        kind=LearningEvent.Kind.CREDITED,
        module_id=row.module_id,
        lesson_key=row.lesson_key,
        country=row.country,
        at=at,
        payload={"from": row.credited_from_id},
    )


def still_valid(row: LessonProgress, months: int | None, *, at: datetime) -> bool:
    return months is None or months_after(timezone.localdate(row.completed_at), months) > timezone.localdate(
        at
    )


def reaches_pass_mark(row: LessonProgress, step: Step) -> bool:
    """A pass mark is no part of the text: the same questions may ask for more here."""
    return not step.is_quiz or row.score is None or passes(row.score, Decimal(100), step.pass_percent)


def matching(
    enrollment: Enrollment, steps: Iterable[Step], earlier: dict[tuple[int, str, str, str], LessonProgress]
) -> Iterable[LessonProgress]:
    for step in steps:
        row = earlier.get((*step.progress_key, step.text_hash))
        if row and reaches_pass_mark(row, step):
            yield LessonProgress(
                enrollment=enrollment,
                module_id=row.module_id,
                lesson_key=row.lesson_key,
                country=row.country,
                completed_at=row.completed_at,
                text_hash=row.text_hash,
                score=row.score,
                credited_from_id=row.enrollment_id,
            )
