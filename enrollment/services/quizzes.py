"""Attempts at quizzes: drawn and frozen at the start, marked on the server, each counted once."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from courses import questions as kinds
from courses.content import QuestionContent, pools_from_json, question_to_json
from courses.models import Revision
from courses.selectors.quizzes import country_questions, quiz_questions
from lms.lib.errors import DomainError

from ..errors import NothingToSubmit, Unanswered, WaitBeforeNextAttempt
from ..models import LearningEvent, QuizAttempt
from ..outline import Step
from ..selectors import LearnerCourse, asked_in, attempts_of, next_attempt_at, progress_of
from .access import check_access
from .counting import recount
from .progress import PLACE, event_of, is_done, lock, remember_place, write_progress

Answers = Mapping[str, kinds.Answer]
# A page knows positions only: what they stand for can be read once the attempt is there.
Reader = Callable[[QuizAttempt], Answers]
Kind = LearningEvent.Kind


def start_attempt(course: LearnerCourse, step: Step, *, at: datetime) -> QuizAttempt:
    """Open an attempt, or return the one that is open: two tabs share it, and reloading draws nothing anew.

    Attempts are unlimited unless the quiz says otherwise; then each further one opens some hours after the last.
    Raises WaitBeforeNextAttempt, EnrollmentEnded, AccessEnded, AccessNotYet.
    """
    with transaction.atomic(durable=True):
        enrollment = lock(course.enrollment, at=at)
        attempts = list(attempts_of(enrollment, step))
        if attempts and attempts[-1].submitted_at is None:
            return attempts[-1]
        check_waiting_time(attempts, step, at=at)
        attempt = draw(course, step, number=len(attempts) + 1, at=at)
        event_of(enrollment, Kind.STARTED_ATTEMPT, step, at=at, number=attempt.number).save()
    return attempt


def check_waiting_time(attempts: list[QuizAttempt], step: Step, *, at: datetime) -> None:
    opens_at = next_attempt_at(attempts, step)
    if opens_at and at < opens_at:
        opens = date_format(timezone.localtime(opens_at), "DATETIME_FORMAT")
        raise WaitBeforeNextAttempt(allowed=step.attempts, opens=opens)


def draw(course: LearnerCourse, step: Step, *, number: int, at: datetime) -> QuizAttempt:
    """Freeze the questions of a new attempt, in the learner's language."""
    seed = secrets.randbits(62)
    asked = kinds.drawn(questions_of(course, step), step.draw, seed, pools_from_json(step.pools))
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


def save_answers(attempt: QuizAttempt, answers: Answers) -> QuizAttempt:
    """Keep what is chosen so far; questions that are not in `answers` stay as they were.

    Ignored once the attempt is submitted. Raises MalformedAnswer.
    """
    with transaction.atomic(durable=True):
        attempt = QuizAttempt.objects.select_for_update().get(pk=attempt.pk)
        if attempt.submitted_at is None:
            attempt.answers = with_answers(attempt, answers)
            attempt.save(update_fields=["answers"])
    return attempt


def with_answers(attempt: QuizAttempt, answers: Answers) -> dict[str, list[str]]:
    asked = {question.key for question in asked_in(attempt)}
    chosen = {key: list(kinds.answer_values(answer)) for key, answer in answers.items() if key in asked}
    return {**attempt.answers, **chosen}


def submit_attempt(
    course: LearnerCourse, step: Step, answers: Answers | Reader, *, at: datetime
) -> QuizAttempt:
    """Mark the open attempt. Posted twice, it is marked once and the same result comes back.

    Passing completes the lesson. Raises Unanswered and MalformedAnswer (both keep what was chosen), NothingToSubmit,
    EnrollmentEnded, AccessEnded, AccessNotYet.
    """
    refusal: DomainError | None = None
    with transaction.atomic(durable=True):
        attempt = newest_locked(course, step)
        if attempt.submitted_at:
            return attempt
        check_access(attempt.enrollment, at=at)
        attempt.answers = with_answers(attempt, answers(attempt) if callable(answers) else answers)
        try:
            mark(attempt, at=at)
        except (Unanswered, kinds.MalformedAnswer) as error:
            attempt.save(update_fields=["answers"])
            refusal = error
        else:
            settle(attempt, course, step, at=at)
    if refusal:
        raise refusal
    return attempt


def newest_locked(course: LearnerCourse, step: Step) -> QuizAttempt:
    """The newest attempt together with its enrolment, both locked in one query. Raises NothingToSubmit."""
    attempts = attempts_of(course.enrollment, step).select_for_update().select_related("enrollment")
    attempt = attempts.order_by("-number").first()
    if attempt is None:
        raise NothingToSubmit
    return attempt


def mark(attempt: QuizAttempt, *, at: datetime) -> None:
    """Fill in what the answers earn. Nothing is saved. Raises Unanswered, MalformedAnswer."""
    asked = asked_in(attempt)
    if not all(is_answered(question, attempt.answers.get(question.key)) for question in asked):
        raise Unanswered
    marks = {question.key: kinds.mark(question, attempt.answers[question.key]) for question in asked}
    attempt.marks = {
        key: {"points": str(mark.points), "correct": mark.correct} for key, mark in marks.items()
    }
    attempt.points = sum((mark.points for mark in marks.values()), Decimal(0))
    attempt.passed = kinds.passes(attempt.points, attempt.points_possible, attempt.pass_percent)
    attempt.submitted_at = at


def is_answered(question: QuestionContent, answer: kinds.Answer) -> bool:
    """Whether there is all that the kind asks for. A number that is none is for the marking to refuse, by its name."""
    return bool(answer) and (question.kind == "numeric" or not kinds.missing(question, answer))


def settle(attempt: QuizAttempt, course: LearnerCourse, step: Step, *, at: datetime) -> None:
    """Write a marked attempt and what follows from it: the event, the lesson done, the counters."""
    attempt.save(update_fields=["answers", "marks", "points", "passed", "submitted_at"])
    enrollment, points = attempt.enrollment, attempt.points or Decimal(0)
    score = 100 * points / attempt.points_possible if attempt.points_possible else Decimal(0)
    rows = progress_of(enrollment)
    if attempt.passed and not is_done(step, rows):
        rows.append(write_progress(enrollment, step, at=at, score=score))
    remember_place(enrollment, step, at=at)
    facts = {"number": attempt.number, "passed": attempt.passed, "score": f"{score:.2f}"}
    event = event_of(enrollment, Kind.SUBMITTED_ATTEMPT, step, at=at, **facts)
    recount(enrollment, at=at, pins=course.pins, progress=rows, also=PLACE, events=[event])
