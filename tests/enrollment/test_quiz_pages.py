"""Quizzes in the browser: nothing that tells the answer leaves the server before the attempt is handed in."""

import re

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enrollment.forms.learning import answer_sheet, posted_answers
from enrollment.models import Enrollment, LessonProgress, QuizAttempt
from enrollment.services import start_attempt
from tests.enrollment.builders import (
    CANARIES,
    NOW,
    QUESTIONS,
    build_course,
    build_module,
    quiz_lesson,
    right_answers,
    start,
    step_of,
    take,
    wrong_answers,
)

QUIZ = "/learn/nordic-trials/trials/check/"
CHECK = "/learn/nordic-trials/trials/country-check/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def english_pages(learner):
    """The words asserted here are those of the catalogue's source."""
    learner.language = "en"
    learner.save()


@pytest.fixture
def reader(signed_in, learner, learning) -> Client:
    return signed_in(learner)


@pytest.fixture
def attempt(learning) -> QuizAttempt:
    return start_attempt(learning, step_of(learning, "check"), at=NOW)


def posted(attempt: QuizAttempt, answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """The form that a page sends for these answers: positions, not keys."""
    data = {}
    for shown, question in zip(answer_sheet(attempt).questions, QUESTIONS, strict=True):
        values = answers.get(question.key, [])
        if shown.options:
            data[shown.name] = [str(position_of(attempt, question.key, value)) for value in values]
        else:
            data[shown.name] = values
    return data


def position_of(attempt: QuizAttempt, key: str, option: str) -> int:
    from courses.questions import presented

    question = next(each for each in QUESTIONS if each.key == key)
    shown = presented(question, attempt.language, attempt.seed)
    return [each.key for each in shown.options].index(option)


def html_of(reader: Client, url: str) -> str:
    response = reader.get(url)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- What to expect -------------------------------------------------------------------------------------------------


def test_the_quiz_says_what_to_expect(reader):
    words = text_of(html_of(reader, QUIZ))
    assert "Questions 4 To pass 75% of the points Attempts As many as you like Result Not tried yet" in words
    assert "Start the quiz" in words


def test_a_country_check_passes_at_two_thirds(reader):
    assert "Two thirds of the points" in html_of(reader, CHECK)


def test_attempts_so_far_are_listed(reader, learning):
    take(learning, passing=False)
    words = text_of(html_of(reader, QUIZ))
    assert "0 of 4" in words
    assert "Not passed yet" in words
    assert "Try again" in words


def test_an_open_attempt_is_gone_on_with(reader, attempt):
    words = text_of(html_of(reader, QUIZ))
    assert "Begun, not handed in" in words
    assert "Go on with your attempt" in words


@pytest.mark.parametrize("count", [1, 3])
def test_the_quiz_costs_five_queries(signed_in, learner, count_queries, count):
    modules = [build_module(f"m{n}") for n in range(count)]
    learning = start(learner, build_course(modules=modules))
    for _n in range(count):
        take(learning, passing=False)
    reader = signed_in(learner)
    reader.get("/learn/nordic-trials/m0/check/")
    with count_queries(5):
        reader.get("/learn/nordic-trials/m0/check/")


def test_used_up_attempts_say_when_the_next_one_opens(signed_in, learner):
    lessons = [quiz_lesson(attempts=1)]
    learning = start(learner, build_course(modules=[build_module(lessons=lessons, layers=[])]))
    reader = signed_in(learner)
    reader.post(f"{QUIZ}start/")
    attempt = QuizAttempt.objects.get()
    reader.post(f"{QUIZ}submit/", posted(attempt, wrong_answers(attempt)))
    html = html_of(reader, QUIZ)
    assert "The next one opens on" in html
    assert "Start the quiz" not in html
    assert "Try again" not in html
    response = reader.post(f"{QUIZ}start/", follow=True)
    assert "You have used 1 attempts" in response.content.decode()
    assert learning.enrollment.attempts.count() == 1


# --- Answering ------------------------------------------------------------------------------------------------------


def test_starting_leads_to_the_questions(reader):
    response = reader.post(f"{QUIZ}start/")
    assert (response.status_code, response["Location"]) == (302, f"{QUIZ}attempt/")
    assert QuizAttempt.objects.count() == 1


def test_starting_twice_keeps_one_attempt(reader):
    reader.post(f"{QUIZ}start/")
    reader.post(f"{QUIZ}start/")
    assert QuizAttempt.objects.count() == 1


def test_questions_come_with_positions_instead_of_keys(reader, attempt):
    html = html_of(reader, f"{QUIZ}attempt/")
    form = html[html.index('<form id="quiz"') :]
    assert re.findall(r'name="(q\d)" value="(\d)"', form)[:4] == [
        ("q1", "0"),
        ("q1", "1"),
        ("q1", "2"),
        ("q1", "3"),
    ]
    assert 'value="yes"' not in form
    assert 'value="perhaps"' not in form


def test_nothing_tells_the_answer_before_handing_in(reader, attempt):
    """Every page and answer on the way, word for word."""
    pages = [
        html_of(reader, QUIZ),
        html_of(reader, f"{QUIZ}attempt/"),
        reader.post(f"{QUIZ}answers/", {"question": "q1", "q1": "0"}, headers=HTMX).content.decode(),
        reader.post(f"{QUIZ}submit/", {"q1": "0"}).content.decode(),
        reader.get(f"{QUIZ}result/", follow=True).content.decode(),
    ]
    for page in pages:
        for canary in CANARIES:
            assert canary not in page
        assert "correct" not in page.replace("Suggest a correction", "").lower()


def test_the_order_of_options_is_the_same_on_every_reload(reader, attempt):
    assert options_in(html_of(reader, f"{QUIZ}attempt/")) == options_in(html_of(reader, f"{QUIZ}attempt/"))


def options_in(html: str) -> list[str]:
    return re.findall(r"Option \w+ of \w+", html)


def test_without_an_attempt_there_are_no_questions(reader):
    assert reader.get(f"{QUIZ}attempt/")["Location"] == QUIZ


def test_a_lesson_that_is_no_quiz_has_no_attempts(reader):
    assert reader.post("/learn/nordic-trials/trials/one/start/").status_code == 404
    assert reader.get("/learn/nordic-trials/trials/one/attempt/").status_code == 404


def test_an_answer_is_saved_at_its_change(reader, attempt):
    right = posted(attempt, right_answers(attempt))
    response = reader.post(f"{QUIZ}answers/", {"question": "q2", "q2": right["q2"]}, headers=HTMX)
    assert "Saved" in response.content.decode()
    reader.post(f"{QUIZ}answers/", {"question": "q1", "q1": right["q1"]}, headers=HTMX)
    stored = QuizAttempt.objects.get().answers
    assert stored == {"single": ["yes"], "multiple": ["perhaps", "yes"]}
    assert "1 of 4 questions answered" in text_of(response.content.decode())
    assert html_of(reader, f"{QUIZ}attempt/").count(" checked") == 3


def test_unchecking_everything_is_saved_too(reader, attempt):
    reader.post(f"{QUIZ}answers/", {"question": "q2", "q2": ["0", "1"]}, headers=HTMX)
    reader.post(f"{QUIZ}answers/", {"question": "q2"}, headers=HTMX)
    assert QuizAttempt.objects.get().answers == {"multiple": []}


def test_saving_without_script_comes_back_to_the_questions(reader, attempt):
    response = reader.post(f"{QUIZ}answers/", {"q4": "60"})
    assert response["Location"] == f"{QUIZ}attempt/"
    assert QuizAttempt.objects.get().answers["number"] == ["60"]


@pytest.mark.parametrize("position", ["9", "-1", "yes", "٣x"])
def test_a_position_that_is_not_on_the_page_is_a_bad_request(reader, attempt, position):
    for act in ("answers/", "submit/"):
        assert reader.post(f"{QUIZ}{act}", {"q1": position}).status_code == 400
    assert QuizAttempt.objects.get().answers == {}


# --- Handing in -----------------------------------------------------------------------------------------------------


def test_handing_in_shows_the_result_with_its_reasons(reader, attempt):
    response = reader.post(f"{QUIZ}submit/", posted(attempt, right_answers(attempt)))
    assert (response.status_code, response["Location"]) == (302, f"{QUIZ}result/")
    words = text_of(html_of(reader, f"{QUIZ}result/"))
    assert "Passed 4 of 4 points. Needed to pass: 3." in words
    assert words.count("CANARY-EXPLANATION") == 4
    assert "Next lesson" in words
    assert LessonProgress.objects.get().lesson_key == "check"


def test_not_passed_is_said_in_words_with_the_right_answers(reader, attempt):
    reader.post(f"{QUIZ}submit/", posted(attempt, wrong_answers(attempt)))
    words = text_of(html_of(reader, f"{QUIZ}result/"))
    assert "Not passed yet 0 of 4 points. Needed to pass: 3." in words
    assert "Option yes of single Right answer" in words
    assert "Option no of single Your answer CANARY-FEEDBACK no" in words
    assert "1 days Your answer" in words
    assert "60 days Right answer" in words
    assert "Try again" in words
    assert not LessonProgress.objects.exists()


def test_feedback_of_options_that_were_not_chosen_stays_away(reader, attempt):
    reader.post(f"{QUIZ}submit/", posted(attempt, wrong_answers(attempt)))
    assert "CANARY-FEEDBACK never" not in html_of(reader, f"{QUIZ}result/")


def test_what_is_missing_brings_the_page_back_with_everything_chosen(reader, attempt):
    right = posted(attempt, right_answers(attempt))
    response = reader.post(f"{QUIZ}submit/", {"q1": right["q1"], "q4": "sixty"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "3 questions still need you. Everything you chose is kept." in html
    assert '<a href="#q2-0">Question 2</a>: Choose an answer.' in html
    assert '<a href="#q4">Question 4</a>: Write the number alone' in html
    assert 'value="sixty"' in html
    assert f'id="q1-{right["q1"][0]}" name="q1" value="{right["q1"][0]}" checked' in html
    assert QuizAttempt.objects.get().submitted_at is None


def test_handed_in_twice_gives_the_same_result(reader, attempt):
    reader.post(f"{QUIZ}submit/", posted(attempt, right_answers(attempt)))
    response = reader.post(f"{QUIZ}submit/", posted(attempt, wrong_answers(attempt)), follow=True)
    assert "4 of 4 points." in response.content.decode()
    assert QuizAttempt.objects.count() == 1
    assert LessonProgress.objects.count() == 1


def test_saving_after_handing_in_leads_to_the_result(reader, attempt):
    reader.post(f"{QUIZ}submit/", posted(attempt, right_answers(attempt)))
    assert reader.post(f"{QUIZ}answers/", {"q1": "0"})["Location"] == f"{QUIZ}result/"


def test_handing_in_what_was_not_started_is_refused_in_words(reader):
    assert "Start the quiz first." in reader.post(f"{QUIZ}submit/", {}, follow=True).content.decode()


def test_without_a_result_one_is_led_to_the_quiz(reader, attempt):
    assert reader.get(f"{QUIZ}result/")["Location"] == QUIZ


def test_the_country_check_completes_its_lesson(reader, learning):
    take(learning, "country-check")
    assert "Passed" in html_of(reader, CHECK)
    assert LessonProgress.objects.get().country == "FI"


def test_results_and_questions_are_not_kept_by_caches(reader, attempt):
    assert "no-store" in reader.get(f"{QUIZ}attempt/")["Cache-Control"]
    reader.post(f"{QUIZ}submit/", posted(attempt, right_answers(attempt)))
    assert "no-store" in reader.get(f"{QUIZ}result/")["Cache-Control"]


# --- Budget ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_from_start_to_result_costs_25_queries_at_most(signed_in, learner, count):
    from django.db import connection

    course = build_course(modules=[build_module(f"m{n}") for n in range(count)])
    start(learner, course)
    reader, quiz = signed_in(learner), "/learn/nordic-trials/m0/check/"
    reader.get(quiz)
    with CaptureQueriesContext(connection) as captured:
        reader.post(f"{quiz}start/")
        reader.get(f"{quiz}attempt/")
        spent = len(counted(captured))
    attempt = QuizAttempt.objects.get()
    data = posted(attempt, right_answers(attempt))
    with CaptureQueriesContext(connection) as captured:
        reader.post(f"{quiz}submit/", data)
        reader.get(f"{quiz}result/")
        spent += len(counted(captured))
    assert spent == 25
    assert Enrollment.objects.get().lessons_done == 1


def counted(captured: CaptureQueriesContext) -> list[str]:
    not_counted = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(not_counted)]


def test_positions_are_read_with_the_attempts_own_seed(attempt):
    from django.http import QueryDict

    for key, option in (("single", "perhaps"), ("single", "never")):
        data = QueryDict(f"q1={position_of(attempt, key, option)}")
        assert posted_answers(attempt, data)["single"] == [option]
