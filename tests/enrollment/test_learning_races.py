"""Twenty at once on PostgreSQL, each beside a control that shows the race where the guard is missing."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from courses.models import Course
from enrollment.models import Enrollment, LearningEvent, LessonProgress, Pin, QuizAttempt
from enrollment.selectors import LearnerCourse, attempts_of
from enrollment.services import complete_lesson, enroll, progress, quizzes, save_answers
from enrollment.services.quizzes import start_attempt, submit_attempt
from lms.records.models import AuditEvent
from tests.conftest import person
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    choice,
    opened,
    quiz_lesson,
    right_answers,
    start,
    step_of,
    text_lesson,
)
from tests.races import CLIENTS, at_once, errors, line

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Kind = LearningEvent.Kind


def begun(lessons) -> LearnerCourse:
    return start(person("racer"), build_course(modules=[build_module(lessons=lessons, layers=[])]))


@pytest.fixture
def short(transactional_db) -> LearnerCourse:
    return begun([text_lesson("one")])


@pytest.fixture
def long(transactional_db) -> LearnerCourse:
    return begun([text_lesson(f"lesson-{n}") for n in range(CLIENTS)])


@pytest.fixture
def quiz(transactional_db) -> LearnerCourse:
    return begun([quiz_lesson(questions=tuple(choice(f"q{n}") for n in range(CLIENTS)))])


@pytest.fixture
def without_lock(monkeypatch):
    """The enrolment read as it is, by all at the same moment."""
    together = line()

    def unlocked(enrollment, *, at):
        read = Enrollment.objects.get(pk=enrollment.pk)
        together()
        return read

    monkeypatch.setattr(progress, "lock", unlocked)
    monkeypatch.setattr(quizzes, "lock", unlocked)


def events(kind: str) -> int:
    return LearningEvent.objects.filter(kind=kind).count()


# --- Lessons --------------------------------------------------------------------------------------------------------


def complete_everywhere(course: LearnerCourse) -> list[object]:
    step = step_of(course, "one")
    return at_once([lambda: complete_lesson(course, step, at=NOW)] * CLIENTS)


def test_the_last_lesson_done_twenty_times_is_one_completion(short):
    assert errors(complete_everywhere(short)) == []
    assert LessonProgress.objects.count() == 1
    assert (events(Kind.COMPLETED_LESSON), events(Kind.COMPLETED_COURSE)) == (1, 1)
    assert Enrollment.objects.get().completed_at == NOW


def test_control_without_the_lock_others_crash_into_the_constraint(short, without_lock):
    refused = errors(complete_everywhere(short))
    assert refused
    assert all(isinstance(error, IntegrityError) for error in refused)


def complete_each(course: LearnerCourse) -> list[object]:
    def act(step) -> Callable[[], object]:
        return lambda: complete_lesson(course, step, at=NOW)

    return at_once([act(step) for step in course.plan.steps])


def test_twenty_lessons_done_at_once_are_all_counted(long):
    assert errors(complete_each(long)) == []
    enrollment = Enrollment.objects.get()
    assert (enrollment.lessons_done, enrollment.minutes_left) == (CLIENTS, 0)
    assert enrollment.completed_at == NOW
    assert events(Kind.COMPLETED_COURSE) == 1


def test_control_without_the_lock_lessons_are_lost_from_the_count(long, without_lock):
    complete_each(long)
    assert LessonProgress.objects.count() == CLIENTS
    assert Enrollment.objects.get().lessons_done < CLIENTS


# --- Quizzes --------------------------------------------------------------------------------------------------------


def start_everywhere(course: LearnerCourse) -> list[object]:
    step = step_of(course, "check")
    return at_once([lambda: start_attempt(course, step, at=NOW)] * CLIENTS)


def test_twenty_starts_are_one_attempt(quiz):
    results = start_everywhere(quiz)
    assert errors(results) == []
    assert {attempt.seed for attempt in results} == {QuizAttempt.objects.get().seed}
    assert events(Kind.STARTED_ATTEMPT) == 1


def test_control_without_the_lock_other_starts_crash(quiz, without_lock):
    refused = errors(start_everywhere(quiz))
    assert refused
    assert all(isinstance(error, IntegrityError) for error in refused)


def submit_everywhere(course: LearnerCourse) -> list[object]:
    step = step_of(course, "check")
    answers = right_answers(start_attempt(course, step, at=NOW))
    return at_once([lambda: submit_attempt(course, step, answers, at=NOW)] * CLIENTS)


def test_handed_in_twenty_times_is_marked_once(quiz):
    results = submit_everywhere(quiz)
    assert errors(results) == []
    assert {attempt.points for attempt in results} == {CLIENTS}
    assert (events(Kind.SUBMITTED_ATTEMPT), events(Kind.COMPLETED_COURSE)) == (1, 1)
    assert LessonProgress.objects.count() == 1


def test_control_without_the_lock_each_of_them_marks_it(quiz, monkeypatch):
    together = line()

    def unlocked(course, step):
        attempt = attempts_of(course.enrollment, step).select_related("enrollment").get()
        together()
        return attempt

    monkeypatch.setattr(quizzes, "newest_locked", unlocked)
    results = submit_everywhere(quiz)
    assert len(errors(results)) + events(Kind.SUBMITTED_ATTEMPT) == CLIENTS


def save_each(attempt: QuizAttempt, save: Callable[[QuizAttempt, dict], object]) -> list[object]:
    def act(key: str) -> Callable[[], object]:
        return lambda: save(attempt, {key: ["yes"]})

    return at_once([act(f"q{n}") for n in range(CLIENTS)])


def test_twenty_answers_saved_at_once_are_all_kept(quiz):
    attempt = start_attempt(quiz, step_of(quiz, "check"), at=NOW)
    assert errors(save_each(attempt, save_answers)) == []
    assert len(QuizAttempt.objects.get().answers) == CLIENTS


def test_control_answers_written_without_the_lock_are_lost(quiz):
    attempt = start_attempt(quiz, step_of(quiz, "check"), at=NOW)
    together = line()

    def unguarded(attempt: QuizAttempt, answers: dict) -> None:
        read = QuizAttempt.objects.get(pk=attempt.pk)
        together()
        read.answers = {**read.answers, **answers}
        read.save(update_fields=["answers"])

    save_each(attempt, unguarded)
    assert len(QuizAttempt.objects.get().answers) < CLIENTS


# --- Enrolling ------------------------------------------------------------------------------------------------------


@pytest.fixture
def course(transactional_db) -> Course:
    return build_course()


def test_enrolling_twenty_times_is_one_enrolment(course):
    learner = person("racer")
    results = at_once(
        [lambda: enroll(learner, course, country="FI", language="en", by=learner, at=NOW)] * CLIENTS
    )
    assert errors(results) == []
    assert len({enrollment.pk for enrollment in results}) == 1
    assert (Pin.objects.count(), events(Kind.ENROLLED)) == (1, 1)
    assert AuditEvent.objects.filter(act="enrollment.enrolled").count() == 1
    assert opened(learner, course).enrollment.own_since == NOW


def test_control_looking_before_enrolling_lets_several_try(course):
    learner = person("racer")
    together = line()

    def unguarded() -> Enrollment | None:
        known = Enrollment.objects.filter(learner=learner, course=course).first()
        together()
        return known or Enrollment.objects.create(
            learner=learner, course=course, country="FI", language="en", enrolled_at=NOW
        )

    refused = errors(at_once([unguarded] * CLIENTS))
    assert len(refused) == CLIENTS - 1
    assert all(isinstance(error, IntegrityError) for error in refused)
