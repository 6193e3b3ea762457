"""Attempts at a quiz, and what was asked in one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from courses.content import QuestionContent, question_from_json

from ..models import Enrollment, QuizAttempt
from ..outline import Step


def attempts_of(enrollment: Enrollment, step: Step) -> QuerySet[QuizAttempt]:
    """All attempts at a quiz, the oldest first. A country check has attempts for each country."""
    module_id, key, country = step.progress_key
    return QuizAttempt.objects.filter(
        enrollment=enrollment, module=module_id, lesson_key=key, country=country
    )


def asked_in(attempt: QuizAttempt) -> list[QuestionContent]:
    """The questions as they were when the attempt began, right answers included."""
    return [question_from_json(stored) for stored in attempt.questions]


def next_attempt_at(attempts: Sequence[QuizAttempt], step: Step) -> datetime | None:
    """When the next attempt opens, where the quiz sets a number and it is used up. A number only opens a wait."""
    if step.attempts is None or len(attempts) < step.attempts:
        return None
    last = attempts[-1].submitted_at
    return last + timedelta(hours=step.wait_hours) if last else None
