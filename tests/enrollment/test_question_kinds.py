"""Short texts, matching, ordering, attestations and pools as learners meet them: asked, kept, marked, explained."""

from datetime import timedelta

import pytest

from courses.content import Pool, QuestionContent, QuestionText
from courses.questions import MalformedAnswer, presented
from enrollment.errors import Unanswered, WaitBeforeNextAttempt
from enrollment.forms.learning import posted_answers
from enrollment.models import QuizAttempt
from enrollment.selectors import asked_in
from enrollment.selectors.quiz_result import result_of
from enrollment.services import save_answers, start_attempt, submit_attempt

from .builders import NOW, build_course, build_module, choice, quiz_lesson, start, step_of

QUIZ = "/learn/quiz/quiz/check/"
SECRETS = ("CANARY", "yes-key", "no-key")


def text(prompt, options=None, feedback=None):
    return {
        "en": QuestionText(
            prompt=prompt, options=options or {}, feedback=feedback or {}, explanation="CANARY-EXPLANATION"
        )
    }


SHORT = QuestionContent(
    "short",
    "short",
    {"options": ["yes-key", "no-key"], "correct": ["yes-key"], "case": "ignore", "diacritics": "ignore"},
    text(
        "Which agency?",
        {"yes-key": "CANARY Läkemedelsverket", "no-key": "CANARY other"},
        {"no-key": "CANARY-FEEDBACK"},
    ),
    references=("CANARY-REFERENCE",),
)
MATCHING = QuestionContent(
    "matching",
    "matching",
    {"options": ["a", "b"], "matches": ["m", "n", "o"], "correct": {"a": "n", "b": "m"}},
    text(
        "What belongs?",
        {"a": "Left A", "b": "Left B", "m": "Right M", "n": "Right N", "o": "Right O"},
        {"a": "CANARY-FEEDBACK"},
    ),
)
ORDERING = QuestionContent(
    "ordering",
    "ordering",
    {"options": ["f", "s", "t"]},
    text("In which order?", {"f": "First", "s": "Second", "t": "Third"}),
)
READ = QuestionContent(
    "read",
    "attestation",
    {
        "document": {
            "title": "SOP 12",
            "version": "3.0",
            "sha256": "0f" * 32,
            "url": "https://example.org/sop",
        }
    },
    {"en": QuestionText(prompt="Read the procedure.")},
)
ALL = (SHORT, MATCHING, ORDERING, READ)
RIGHT = {
    "short": ["canary lakemedelsverket"],
    "matching": ["a=n", "b=m"],
    "ordering": ["f=1", "s=2", "t=3"],
    "read": ["read"],
}


def course_of(learner, *questions, **settings):
    learner.language = "en"
    learner.save()
    module = build_module("quiz", lessons=[quiz_lesson(questions=questions, **settings)], layers=[])
    return start(learner, build_course("quiz", modules=[module]))


@pytest.fixture
def learning(learner):
    return course_of(learner, *ALL, pass_percent=100)


@pytest.fixture
def check(learning):
    return step_of(learning, "check", "quiz")


@pytest.fixture
def attempt(learning, check):
    return start_attempt(learning, check, at=NOW)


@pytest.fixture
def reader(signed_in, learner, learning):
    return signed_in(learner)


def form(attempt, answers):
    """What the page sends for these answers: positions and pairs of positions."""
    data = {}
    for number, question in enumerate(ALL, 1):
        shown = presented(question, attempt.language, attempt.seed)
        options = {option.key: str(place) for place, option in enumerate(shown.options)}
        matches = {match.key: str(place) for place, match in enumerate(shown.matches)}
        data[f"q{number}"] = [
            f"{options[value.partition('=')[0]]}={matches[value.partition('=')[2]]}"
            if matches
            else options.get(value, value)
            for value in answers[question.key]
        ]
    return data


def page(reader, name=""):
    return reader.get(f"{QUIZ}{name}").content.decode()


# --- Before submission ------------------------------------------------------------------------------------------------


def test_no_page_knows_what_is_accepted_or_belongs_together(reader, attempt):
    shown = page(reader, "attempt/")
    assert [secret for secret in SECRETS if secret in shown] == []
    for words in ("Which agency?", "Left A", "Right O", "Third", "SOP 12", "version 3.0", "0f" * 32):
        assert words in shown


def test_what_the_api_shows_tells_no_answer(reader, attempt, learning):
    url = f"/api/v1/enrollments/{learning.enrollment.pk}/lessons/quiz/check/start/"
    shown = reader.post(url).content.decode()
    assert "Right O" in shown
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "=n" not in shown


def test_a_page_that_sends_everything_right_passes(reader, attempt):
    response = reader.post(f"{QUIZ}submit/", form(attempt, RIGHT))
    assert response.status_code == 302
    attempt.refresh_from_db()
    assert attempt.passed
    assert {key: mark["correct"] for key, mark in attempt.marks.items()} == dict.fromkeys(RIGHT, True)


def test_half_a_matching_is_kept_and_asked_for(reader, attempt):
    answers = {**RIGHT, "matching": ["a=n"], "ordering": ["f=1", "s=1", "t=2"], "read": []}
    response = reader.post(f"{QUIZ}submit/", form(attempt, answers))
    assert response.status_code == 422
    text = response.content.decode()
    assert [words in text for words in ("Choose a match for each.", "Give each its own place.")] == [
        True,
        True,
    ]
    assert "Confirm that you have read it" in text
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert attempt.answers["matching"] == ["a=n"]


def test_an_empty_choice_is_no_answer(attempt):
    assert posted_answers(attempt, query(q2=["", ""]))["matching"] == []


@pytest.mark.parametrize("sent", [["0=0", "0=1"], ["9=0"], ["0=9"], ["a=n"], ["0"]])
def test_a_pair_that_no_page_sends_is_refused(attempt, sent):
    with pytest.raises(MalformedAnswer):
        posted_answers(attempt, query(q2=sent))


def query(**values):
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for name, chosen in values.items():
        data.setlist(name, chosen)
    return data


def test_an_attestation_that_is_not_given_hands_nothing_in(learning, check, attempt):
    with pytest.raises(Unanswered):
        submit_attempt(learning, check, {**RIGHT, "read": []}, at=NOW)
    assert QuizAttempt.objects.get().submitted_at is None


def test_the_attempt_keeps_what_was_attested_with_its_hash(learning, check, attempt):
    submit_attempt(learning, check, RIGHT, at=NOW)
    kept = next(each for each in QuizAttempt.objects.get().questions if each["key"] == "read")
    assert kept["rule"]["document"]["sha256"] == "0f" * 32
    assert kept["texts"]["en"]["prompt"] == "Read the procedure."


# --- After submission -------------------------------------------------------------------------------------------------


def test_result_shows_pairs_places_and_what_is_accepted(reader, learning, check, attempt):
    wrong = {
        **RIGHT,
        "short": ["canary OTHER"],
        "matching": ["a=o", "b=m"],
        "ordering": ["f=2", "s=1", "t=3"],
    }
    submit_attempt(learning, check, wrong, at=NOW)
    short, matching, ordering, read = result_of(QuizAttempt.objects.get()).questions
    assert (short.is_correct, short.typed, short.right) == (False, "canary OTHER", "CANARY Läkemedelsverket")
    assert short.feedback.text == "CANARY-FEEDBACK"
    assert {
        each.text.text: (each.given.text, each.wanted.text, each.is_right) for each in matching.options
    } == {
        "Left A": ("Right O", "Right N", False),
        "Left B": ("Right M", "Right M", True),
    }
    assert [(each.text.text, each.given.text, each.wanted.text) for each in ordering.options] == [
        ("First", "2", "1"),
        ("Second", "1", "2"),
        ("Third", "3", "3"),
    ]
    assert read.is_correct
    shown = page(reader, "result/")
    for words in ("CANARY-FEEDBACK", "CANARY Läkemedelsverket", "Right N", "CANARY-EXPLANATION", "SOP 12"):
        assert words in shown


# --- Pools and waiting ------------------------------------------------------------------------------------------------


def test_pools_give_each_attempt_its_own_questions(learner):
    pool = Pool("some", 2, ("q0", "q1", "q2", "q3"))
    learning = course_of(learner, *(choice(f"q{n}") for n in range(5)), pools=(pool,))
    step = step_of(learning, "check", "quiz")
    assert step.asked == 3
    keys = [question.key for question in asked_in(start_attempt(learning, step, at=NOW))]
    assert len(keys) == 3
    assert keys[-1] == "q4"
    assert start_attempt(learning, step, at=NOW).questions == QuizAttempt.objects.get().questions


def test_the_waiting_time_is_that_of_the_quiz(learner, signed_in):
    learning = course_of(learner, choice("one"), attempts=1, wait_hours=2)
    step = step_of(learning, "check", "quiz")
    start_attempt(learning, step, at=NOW)
    submit_attempt(learning, step, {"one": ["no"]}, at=NOW)
    with pytest.raises(WaitBeforeNextAttempt):
        start_attempt(learning, step, at=NOW + timedelta(hours=1, minutes=59))
    assert start_attempt(learning, step, at=NOW + timedelta(hours=2)).number == 2
    assert "1, then one every 2 hours" in " ".join(signed_in(learner).get(QUIZ).content.decode().split())


def test_saving_one_pair_after_the_other_keeps_both(attempt):
    save_answers(attempt, {"matching": ["a=n"]})
    assert save_answers(attempt, {"matching": ["a=n", "b=m"]}).answers["matching"] == ["a=n", "b=m"]
