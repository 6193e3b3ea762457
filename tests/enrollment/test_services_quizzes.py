"""Attempts: drawn once, frozen, marked on the server, counted once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from courses.questions import MalformedAnswer
from enrollment.errors import EnrollmentEnded, NothingToSubmit, Unanswered, WaitBeforeNextAttempt
from enrollment.models import Enrollment, LearningEvent, LessonProgress, QuizAttempt
from enrollment.selectors import asked_in
from enrollment.services import save_answers, set_country, start_attempt, submit_attempt, withdraw
from tests.enrollment.builders import (
    NOW,
    QUESTIONS,
    build_course,
    build_module,
    choice,
    layer,
    opened,
    quiz_lesson,
    right_answers,
    start,
    step_of,
    take,
    translation,
    wrong_answers,
)

LATER = NOW + timedelta(hours=1)
Kind = LearningEvent.Kind


@pytest.fixture
def check(learning):
    return step_of(learning, "check")


@pytest.fixture
def attempt(learning, check) -> QuizAttempt:
    return start_attempt(learning, check, at=NOW)


def reloaded(attempt: QuizAttempt) -> QuizAttempt:
    return QuizAttempt.objects.get(pk=attempt.pk)


def quiz_course(learner, **settings):
    lessons = [quiz_lesson(**settings)]
    return start(learner, build_course("quiz", modules=[build_module("quiz", lessons=lessons, layers=[])]))


# --- Starting -------------------------------------------------------------------------------------------------------


def test_an_attempt_freezes_what_is_asked(attempt):
    assert [question.key for question in asked_in(attempt)] == [question.key for question in QUESTIONS]
    assert (attempt.number, attempt.points_possible, attempt.pass_percent) == (1, 4, 75)
    assert attempt.answers == {}


def test_starting_twice_gives_the_same_attempt(learning, check, attempt):
    assert start_attempt(learning, check, at=LATER) == attempt
    assert QuizAttempt.objects.get().seed == attempt.seed
    assert learning.enrollment.events.filter(kind=Kind.STARTED_ATTEMPT).count() == 1


def test_a_later_revision_changes_no_attempt(learning, check, attempt):
    build_module(lessons=[quiz_lesson(questions=(choice("new"),))], layers=[])
    assert [question.key for question in asked_in(reloaded(attempt))] == [q.key for q in QUESTIONS]


def test_a_draw_asks_that_many_of_the_quiz_in_its_order(learner):
    questions = tuple(choice(f"q{n}") for n in range(8))
    learning = quiz_course(learner, questions=questions, draw=3)
    attempt = start_attempt(learning, step_of(learning, "check", "quiz"), at=NOW)
    keys = [question.key for question in asked_in(attempt)]
    assert len(keys) == 3
    assert keys == sorted(keys)


def test_attempts_are_unlimited_unless_the_quiz_says_otherwise(learning):
    numbers = [take(learning, passing=False, at=NOW + timedelta(minutes=n)).number for n in range(6)]
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_number_of_attempts_only_opens_a_waiting_time(learner):
    learning = quiz_course(learner, attempts=2)
    step = step_of(learning, "check", "quiz")
    for _n in range(2):
        take(learning, passing=False)
    with pytest.raises(WaitBeforeNextAttempt):
        start_attempt(learning, step, at=NOW + timedelta(hours=23, minutes=59))
    assert start_attempt(learning, step, at=NOW + timedelta(hours=24)).number == 3


def test_somebody_who_left_starts_nothing(learner, learning, check):
    withdraw(learning.enrollment, by=learner, at=NOW)
    with pytest.raises(EnrollmentEnded):
        start_attempt(learning, check, at=LATER)
    assert not QuizAttempt.objects.exists()


def test_a_translated_quiz_is_asked_in_the_readers_language(learner):
    lesson = quiz_lesson(questions=(choice("single"),))
    words = {"single": lesson.quiz.questions[0].texts["en"].__class__(prompt="Svensk fråga")}
    swedish = translation("sv", [])
    swedish.lessons["check"] = translated(lesson, words)
    module = build_module("quiz", lessons=[lesson], translations={"sv": swedish}, layers=[])
    learning = start(learner, build_course("quiz", modules=[module]), language="sv")
    attempt = start_attempt(learning, step_of(learning, "check", "quiz"), at=NOW)
    assert asked_in(attempt)[0].texts["sv"].prompt == "Svensk fråga"


def test_stale_words_are_not_asked(learner):
    lesson = quiz_lesson(questions=(choice("single"),))
    words = {"single": lesson.quiz.questions[0].texts["en"].__class__(prompt="Gammal fråga")}
    swedish = translation("sv", [])
    swedish.lessons["check"] = translated(lesson, words, source="0" * 64)
    module = build_module("quiz", lessons=[lesson], translations={"sv": swedish}, layers=[])
    learning = start(learner, build_course("quiz", modules=[module]), language="sv")
    attempt = start_attempt(learning, step_of(learning, "check", "quiz"), at=NOW)
    assert set(asked_in(attempt)[0].texts) == {"en"}


def translated(lesson, words, *, source: str = ""):
    from courses.content import TranslatedLesson

    return TranslatedLesson(lesson.key, "Svensk titel", source=source or lesson.text_hash, questions=words)


# --- Answers --------------------------------------------------------------------------------------------------------


def test_answers_are_merged_question_by_question(attempt):
    """Two tabs: the older one does not wipe what the newer one has chosen."""
    save_answers(attempt, {"single": ["yes"]})
    save_answers(attempt, {"truefalse": ["true"]})
    assert reloaded(attempt).answers == {"single": ["yes"], "truefalse": ["true"]}


def test_an_answer_may_be_taken_back(attempt):
    save_answers(attempt, {"multiple": ["yes", "no"]})
    save_answers(attempt, {"multiple": []})
    assert reloaded(attempt).answers == {"multiple": []}


def test_answers_to_what_was_not_asked_are_ignored(attempt):
    save_answers(attempt, {"another": ["yes"]})
    assert reloaded(attempt).answers == {}


def test_nothing_is_saved_after_handing_in(learning, check, attempt):
    submit_attempt(learning, check, right_answers(attempt), at=LATER)
    save_answers(attempt, {"single": ["no"]})
    assert reloaded(attempt).answers["single"] == ["yes"]


# --- Handing in -----------------------------------------------------------------------------------------------------


def test_all_right_passes_and_completes_the_lesson(learning, check, attempt):
    done = submit_attempt(learning, check, right_answers(attempt), at=LATER)
    assert (done.passed, done.points, done.submitted_at) == (True, Decimal(4), LATER)
    assert done.marks["single"] == {"points": "1", "correct": True}
    row = LessonProgress.objects.get()
    assert (row.lesson_key, row.score, row.completed_at) == ("check", Decimal(100), LATER)
    assert Enrollment.objects.get().lessons_done == 1


def test_all_wrong_completes_nothing_but_counts(learning, check, attempt):
    done = submit_attempt(learning, check, wrong_answers(attempt), at=LATER)
    assert (done.passed, done.points) == (False, Decimal(0))
    assert not LessonProgress.objects.exists()
    assert learning.enrollment.events.filter(kind=Kind.SUBMITTED_ATTEMPT).count() == 1


def test_handed_in_twice_gives_the_same_result(learning, check, attempt):
    first = submit_attempt(learning, check, right_answers(attempt), at=LATER)
    second = submit_attempt(learning, check, wrong_answers(attempt), at=LATER + timedelta(minutes=1))
    assert (second.pk, second.points, second.submitted_at) == (first.pk, first.points, LATER)
    assert learning.enrollment.events.filter(kind=Kind.SUBMITTED_ATTEMPT).count() == 1


def test_what_is_missing_keeps_the_rest(learning, check, attempt):
    with pytest.raises(Unanswered):
        submit_attempt(learning, check, {"single": ["yes"], "multiple": []}, at=LATER)
    assert reloaded(attempt).answers == {"single": ["yes"], "multiple": []}
    assert reloaded(attempt).submitted_at is None


def test_an_unreadable_number_keeps_everything_and_marks_nothing(learning, check, attempt):
    with pytest.raises(MalformedAnswer):
        submit_attempt(learning, check, {**right_answers(attempt), "number": ["sixty"]}, at=LATER)
    stored = reloaded(attempt)
    assert (stored.answers["number"], stored.submitted_at, stored.marks) == (["sixty"], None, {})


def test_numbers_are_read_as_people_write_them(learning, check, attempt):
    done = submit_attempt(learning, check, {**right_answers(attempt), "number": [" 60,0 "]}, at=LATER)
    assert done.marks["number"]["correct"]


def test_a_quiz_that_was_not_started_cannot_be_handed_in(learning, check):
    with pytest.raises(NothingToSubmit):
        submit_attempt(learning, check, {}, at=NOW)


def test_a_worse_attempt_later_takes_nothing_away(learning):
    take(learning, passing=True)
    take(learning, passing=False, at=LATER)
    assert LessonProgress.objects.get().score == Decimal(100)
    assert Enrollment.objects.get().lessons_done == 1


# --- Country checks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("right", "passed"), [(1, False), (2, True), (3, True)])
def test_country_questions_pass_at_two_thirds(learning, right, passed):
    step = step_of(learning, "country-check")
    attempt = start_attempt(learning, step, at=NOW)
    answers = {q.key: ["yes"] if n < right else ["no"] for n, q in enumerate(asked_in(attempt))}
    assert submit_attempt(learning, step, answers, at=LATER).passed is passed


def test_two_countries_checks_are_two_quizzes(learner):
    course = build_course(modules=[build_module(layers=[layer("FI"), layer("NO")])])
    learning = start(learner, course)
    take(learning, "country-check")
    set_country(learning.enrollment, "NO", at=LATER)
    norwegian = opened(learner, course)
    attempt = start_attempt(norwegian, step_of(norwegian, "country-check"), at=LATER)
    assert (attempt.number, attempt.country) == (1, "NO")
    assert [question.key for question in asked_in(attempt)] == ["no-1", "no-2", "no-3"]
