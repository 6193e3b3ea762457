"""Attempts at quizzes: drawn and frozen at the start, marked on the server, each counted once."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from courses import questions as kinds
from courses.content import QuestionContent, question_from_json, question_to_json
from courses.models import Revision
from courses.selectors.quizzes import country_questions, quiz_questions

from ..errors import NothingToSubmit, Unanswered, WaitBeforeNextAttempt
from ..models import Enrollment, LearningEvent, QuizAttempt
from ..outline import Step
from ..selectors import LearnerCourse
from .counting import recount
from .progress import PLACE, lock, remember_place, row_key, write_event, write_progress

WAIT = timedelta(hours=24)
Answers = Mapping[str, kinds.Answer]


def attempts_of(enrollment: Enrollment, step: Step):
    module_id, key, country = step.progress_key
    return QuizAttempt.objects.filter(
        enrollment=enrollment, module=module_id, lesson_key=key, country=country
    )


def start_attempt(course: LearnerCourse, step: Step, *, at: datetime) -> QuizAttempt:
    """Open an attempt, or return the one that is open: two tabs share it, and reloading draws nothing anew.

    Attempts are unlimited unless the quiz says otherwise; then each further one opens a day after the last.
    Raises WaitBeforeNextAttempt, EnrollmentEnded, AccessEnded.
    """
    with transaction.atomic(durable=True):
        enrollment = lock(course.enrollment, at=at)
        attempts = list(attempts_of(enrollment, step))
        if attempts and attempts[-1].submitted_at is None:
            return attempts[-1]
        check_waiting_time(attempts, step, at=at)
        attempt = draw(course, step, number=len(attempts) + 1, at=at)
        write_event(enrollment, LearningEvent.Kind.STARTED_ATTEMPT, step, at=at, number=attempt.number)
        remember_place(enrollment, step, at=at)
        enrollment.save(update_fields=PLACE)
    return attempt


def check_waiting_time(attempts: list[QuizAttempt], step: Step, *, at: datetime) -> None:
    if step.attempts is None or len(attempts) < step.attempts:
        return
    last = attempts[-1].submitted_at or at
    if at < last + WAIT:
        opens = date_format(timezone.localtime(last + WAIT), "DATETIME_FORMAT")
        raise WaitBeforeNextAttempt(allowed=step.attempts, opens=opens)


def draw(course: LearnerCourse, step: Step, *, number: int, at: datetime) -> QuizAttempt:
    """Freeze the questions of a new attempt, in the learner's language."""
    seed = secrets.randbits(62)
    asked = kinds.drawn(questions_of(course, step), step.draw, seed)
    module_id, key, country = step.progress_key
    return QuizAttempt.objects.create(
        enrollment=course.enrollment,
        module_id=module_id,
        lesson_key=key,
        country=country,
        number=number,
        language=course.enrollment.language,
        seed=seed,
        questions=[question_to_json(question) for question in asked],
        points_possible=sum(question.points for question in asked),
        pass_percent=step.pass_percent,
        started_at=at,
    )


def questions_of(course: LearnerCourse, step: Step) -> list[QuestionContent]:
    pin = course.pin_of(step.module_id)
    if step.is_country_check:
        return country_questions(Revision(pk=pin.layer_revision_id))
    return quiz_questions(
        pin.core_revision, step.key, language=course.enrollment.language, text_hash=step.text_hash
    )


def asked_in(attempt: QuizAttempt) -> list[QuestionContent]:
    return [question_from_json(stored) for stored in attempt.questions]


def save_answers(attempt: QuizAttempt, answers: Answers) -> None:
    """Keep what is chosen so far. Ignored once the attempt is submitted; malformed answers are refused."""
    known = {question.key for question in asked_in(attempt)}
    chosen = {key: list(kinds.answer_values(answer)) for key, answer in answers.items() if key in known}
    QuizAttempt.objects.filter(pk=attempt.pk, submitted_at=None).update(answers=chosen)
    attempt.answers = chosen


def submit_attempt(course: LearnerCourse, step: Step, answers: Answers, *, at: datetime) -> QuizAttempt:
    """Mark the open attempt. Posted twice, it is marked once and the same result comes back.

    Passing completes the lesson. Raises Unanswered (the answers are kept), MalformedAnswer, NothingToSubmit,
    EnrollmentEnded, AccessEnded.
    """
    attempt = attempts_of(course.enrollment, step).order_by("-number").first()
    if attempt is None:
        raise NothingToSubmit
    if attempt.submitted_at:
        return attempt
    save_answers(attempt, answers)
    if any(not attempt.answers.get(question.key) for question in asked_in(attempt)):
        raise Unanswered
    with transaction.atomic(durable=True):
        enrollment = lock(course.enrollment, at=at)
        attempt = QuizAttempt.objects.select_for_update().get(pk=attempt.pk)
        if attempt.submitted_at is None:
            mark(attempt, at=at)
            settle(enrollment, course, step, attempt, at=at)
    return attempt


def mark(attempt: QuizAttempt, *, at: datetime) -> None:
    marks = {
        question.key: kinds.mark(question, attempt.answers.get(question.key))
        for question in asked_in(attempt)
    }
    attempt.marks = {
        key: {"points": str(mark.points), "correct": mark.correct} for key, mark in marks.items()
    }
    attempt.points = sum((mark.points for mark in marks.values()), Decimal(0))
    attempt.passed = kinds.passes(attempt.points, attempt.points_possible, attempt.pass_percent)
    attempt.submitted_at = at
    attempt.save(update_fields=["marks", "points", "passed", "submitted_at"])


def settle(
    enrollment: Enrollment, course: LearnerCourse, step: Step, attempt: QuizAttempt, *, at: datetime
) -> None:
    """Write what follows from a marked attempt: the event, the lesson done, the counters."""
    score = 100 * attempt.points / attempt.points_possible if attempt.points_possible else Decimal(0)
    kind = LearningEvent.Kind.SUBMITTED_ATTEMPT
    write_event(
        enrollment, kind, step, at=at, number=attempt.number, passed=attempt.passed, score=f"{score:.2f}"
    )
    remember_place(enrollment, step, at=at)
    rows = list(enrollment.progress.all())
    if attempt.passed and all(row_key(row) != step.progress_key for row in rows):
        rows.append(write_progress(enrollment, step, at=at, score=score))
    recount(enrollment, at=at, pins=course.pins, progress=rows, also=PLACE)
