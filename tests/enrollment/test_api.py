"""The REST API of learners: the same acts as the pages, and the same refusals."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from enrollment.forms.learning import answer_sheet
from enrollment.models import Assignment, Enrollment, LessonProgress, QuizAttempt
from enrollment.services import complete_lesson, withdraw
from lms.accounts.models import Membership, Role
from tests.conftest import LONG_AGO
from tests.enrollment.builders import (
    CANARIES,
    NOW,
    build_course,
    build_module,
    finish,
    right_answers,
    start,
    step_of,
)
from tests.enrollment.test_quiz_pages import position_of

LIST = "/api/v1/enrollments/"
DATES = ("enrolled_at", "due_on", "completed_at")
NEW = {"course": "nordic-trials", "country": "FI", "language": "en"}


@pytest.fixture
def api(learner) -> APIClient:
    client = APIClient()
    client.force_authenticate(learner)
    return client


@pytest.fixture
def one(learning) -> str:
    return f"{LIST}{learning.enrollment.pk}/"


def problem(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


# --- Enrolments -----------------------------------------------------------------------------------------------------


def test_one_lists_ones_own_enrolments(api, learning, other_learner, course):
    start(other_learner, course)
    results = api.get(LIST).json()["results"]
    assert [result["id"] for result in results] == [learning.enrollment.pk]
    assert results[0]["course"] == "nordic-trials"
    assert results[0]["progress"] == {"done": 0, "total": 4, "percent": 0, "minutes_left": 40}


def pages_of_one(client, path, **asked) -> list[int]:
    pages = [
        client.get(path, {**asked, "page_size": 1, "page": page}).json()["results"] for page in (1, 2, 3)
    ]
    return [row["id"] for (row,) in pages]


@pytest.mark.parametrize("ordering", ["nope", "due_on,nope", "learner__email"])
def test_an_unknown_order_is_an_error(api, ordering):
    answer = api.get(LIST, {"ordering": ordering})
    assert problem(answer) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["ordering"]


@pytest.mark.parametrize("ordering", ["", *(f"{sign}{name}" for name in DATES for sign in ("", "-"))])
def test_pages_neither_repeat_nor_lose_what_has_the_same_date_or_none(api, learner, ordering):
    module = build_module()
    rows = [start(learner, build_course(f"course-{each}", modules=[module])).enrollment.pk for each in "abc"]
    assert pages_of_one(api, LIST, ordering=ordering) == rows[::-1]


@pytest.mark.parametrize("sign", ["", "-"])
def test_what_has_no_date_comes_last_up_and_down(api, learner, sign):
    module = build_module()
    early, late, never = (start(learner, build_course(f"course-{each}", modules=[module])) for each in "abc")
    for learning, day in ((early, 1), (late, 2)):
        Enrollment.objects.filter(pk=learning.enrollment.pk).update(due_on=date(2027, 1, day))
    dated = [early.enrollment.pk, late.enrollment.pk]
    asked = pages_of_one(api, LIST, ordering=f"{sign}due_on")
    assert asked == [*(dated[::-1] if sign else dated), never.enrollment.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_three(api, learner, count_queries, count):
    module = build_module()
    for number in range(count):
        start(learner, build_course(f"course-{number}", modules=[module]))
    with count_queries(2):  # how many there are, and one page of them; signing in is left out here
        assert len(api.get(LIST).json()["results"]) == count


def test_the_list_can_be_narrowed(api, learner, learning):
    second = start(learner, build_course("second", modules=[build_module("another")]))
    finish(second)
    for query, slugs in (
        ("?course=second", ["second"]),
        ("?completed=true", ["second"]),
        ("?completed=false", ["nordic-trials"]),
        ("?open=true", ["nordic-trials"]),
        ("?open=false", ["second"]),
    ):
        assert [each["course"] for each in api.get(LIST + query).json()["results"]] == slugs, query


def test_one_enrolment_comes_with_its_outline(api, one, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    body = api.get(one).json()
    assert body["next_step"] == {"module": "trials", "lesson": "two"}
    (module,) = body["modules"]
    assert (module["key"], module["core_revision"], module["layer_revision"]) == ("trials", 1, 1)
    assert [lesson["key"] for lesson in module["lessons"]] == ["one", "two", "check", "country-check"]
    assert [bool(lesson["done_at"]) for lesson in module["lessons"]] == [True, False, False, False]
    assert body["progress"]["done"] == 1


def test_enrolling(api, learner, course):
    response = api.post(LIST, NEW)
    assert response.status_code == 201
    assert response.json()["next_step"] == {"module": "trials", "lesson": "one"}
    assert Enrollment.objects.get().learner == learner


def test_enrolling_twice_answers_the_open_enrolment(api, course):
    first, second = api.post(LIST, NEW).json(), api.post(LIST, NEW).json()
    assert first["id"] == second["id"]
    assert Enrollment.objects.count() == 1


def test_enrolling_for_ones_organisation(api, learner, course, employer):
    Membership.objects.create(user=learner, organisation=employer, role=Role.MEMBER, starts_on=LONG_AGO)
    assert api.post(LIST, {**NEW, "organisation": "hospital"}).status_code == 201
    assert Assignment.objects.get().organisation == employer


@pytest.mark.parametrize(
    "wrong",
    [
        {"course": "nothing"},
        {"country": "ZZ"},
        {"language": "xx"},
        {"organisation": "hospital"},
        {"course": ""},
    ],
)
def test_a_wrong_field_is_named(api, course, employer, wrong):
    response = api.post(LIST, {**NEW, **wrong})
    assert problem(response) == (400, "invalid")
    assert list(response.json()["errors"]) == list(wrong)
    assert not Enrollment.objects.exists()


def test_a_completed_course_is_not_begun_again(api, learning):
    finish(learning)
    assert problem(api.post(LIST, NEW)) == (409, "already-completed")


def test_language_and_country_keep_progress(api, one, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    body = api.patch(one, {"language": "sv", "country": "LV"}).json()
    assert (body["language"], body["country"], body["progress"]["done"]) == ("sv", "LV", 1)
    assert body["modules"][0]["lessons"][0]["title"] == "sv: Title of one"
    assert body["modules"][0]["layer_revision"] is None


def test_the_country_of_a_completed_course_is_fixed(api, one, learning):
    finish(learning)
    assert problem(api.patch(one, {"country": "LV"})) == (409, "country-fixed")


def test_leaving_twice_is_leaving_once(api, one, learning):
    for _twice in range(2):
        body = api.post(f"{one}withdraw/").json()
    assert body["withdrawn_at"] is not None
    assert learning.enrollment.events.filter(kind="withdrew").count() == 1


def test_after_leaving_nothing_is_done(api, one, learner, learning):
    withdraw(learning.enrollment, by=learner, at=NOW)
    lesson = f"{one}lessons/trials/one/complete/"
    assert problem(api.post(lesson)) == (409, "enrollment-ended")
    assert problem(api.patch(one, {"language": "sv"})) == (409, "enrollment-ended")


# --- Lessons --------------------------------------------------------------------------------------------------------


def test_a_lesson_comes_with_its_panels(api, one):
    body = api.get(f"{one}lessons/trials/one/").json()
    assert (body["title"], body["language"], body["fallback"]) == ("Title of one", "en", None)
    assert "Before, in one" in body["html"]
    (panel,) = body["panels"]
    assert (panel["country"], panel["facts"][0]["key"]) == ("FI", "authority")


def test_done_twice_is_done_once_and_undone(api, one):
    for _twice in range(2):
        assert api.post(f"{one}lessons/trials/one/complete/").json()["progress"]["done"] == 1
    assert LessonProgress.objects.count() == 1
    assert api.post(f"{one}lessons/trials/one/undo/").json()["progress"]["done"] == 0


def test_what_a_certificate_rests_on_is_not_undone(api, one, learning):
    finish(learning)
    Enrollment.objects.update(locked_at=NOW)
    assert problem(api.post(f"{one}lessons/trials/one/undo/")) == (409, "certificate-rests-on-it")


def test_a_quiz_is_not_marked_done_by_hand(api, one):
    assert problem(api.post(f"{one}lessons/trials/check/complete/")) == (409, "quiz-decides")


# --- Quizzes --------------------------------------------------------------------------------------------------------


def positions(attempt: QuizAttempt, answers: dict[str, list[str]]) -> dict[str, list[str]]:
    keys = [question["key"] for question in attempt.questions]
    return {
        str(shown.number): [str(position_of(attempt, key, value)) for value in answers[key]]
        if shown.options
        else answers[key]
        for key, shown in zip(keys, answer_sheet(attempt).questions, strict=True)
    }


def test_a_quiz_from_start_to_result(api, one):
    started = api.post(f"{one}lessons/trials/check/start/")
    assert [question["kind"] for question in started.json()["questions"]] == [
        "single",
        "multiple",
        "truefalse",
        "numeric",
    ]
    assert not any(canary in started.content.decode() for canary in CANARIES)
    attempt = QuizAttempt.objects.get()
    answers = positions(attempt, right_answers(attempt))
    body = api.post(f"{one}lessons/trials/check/submit/", {"answers": answers}, format="json").json()
    assert (body["passed"], body["points"], body["possible"], body["needed"]) == (True, 4, 4, 3)
    assert body["questions"][0]["explanation"]["text"] == "CANARY-EXPLANATION of single"
    assert api.get(one).json()["progress"]["done"] == 1


def test_starting_twice_answers_the_same_attempt(api, one):
    first, second = (api.post(f"{one}lessons/trials/check/start/").json() for _twice in range(2))
    assert first == second


def test_what_is_missing_is_kept(api, one):
    api.post(f"{one}lessons/trials/check/start/")
    response = api.post(f"{one}lessons/trials/check/submit/", {"answers": {"4": ["60"]}}, format="json")
    assert problem(response) == (422, "unanswered")
    assert QuizAttempt.objects.get().answers == {"number": ["60"]}


@pytest.mark.parametrize(
    ("answers", "code"),
    [({"1": ["9"]}, "malformed-answer"), ({"9": ["0"]}, "malformed-answer"), ({"x": ["0"]}, "invalid")],
)
def test_answers_that_no_page_sends_are_refused(api, one, answers, code):
    api.post(f"{one}lessons/trials/check/start/")
    response = api.post(f"{one}lessons/trials/check/submit/", {"answers": answers}, format="json")
    assert problem(response) == (400, code)
    assert QuizAttempt.objects.get().answers == {}


def test_a_quiz_that_was_not_started_cannot_be_handed_in(api, one):
    response = api.post(f"{one}lessons/trials/check/submit/", {"answers": {}}, format="json")
    assert problem(response) == (409, "nothing-to-submit")


def test_a_lesson_is_no_quiz(api, one):
    assert problem(api.post(f"{one}lessons/trials/one/start/")) == (404, "not_found")


# --- Who may --------------------------------------------------------------------------------------------------------

ACTS = [
    "withdraw/",
    "lessons/trials/one/complete/",
    "lessons/trials/one/undo/",
    "lessons/trials/check/start/",
    "lessons/trials/check/submit/",
]


@pytest.mark.parametrize("path", ["", *ACTS, "lessons/trials/one/"])
def test_without_signing_in_nothing_answers(one, path):
    method = APIClient().post if path in ACTS else APIClient().get
    assert method(f"{one}{path}").status_code == 401


def test_without_signing_in_nobody_lists_or_enrols(course):
    assert APIClient().get(LIST).status_code == 401
    assert APIClient().post(LIST, NEW).status_code == 401


@pytest.mark.parametrize("path", ["", *ACTS, "lessons/trials/one/"])
def test_somebody_elses_enrolment_is_not_there(one, other_learner, path):
    client = APIClient()
    client.force_authenticate(other_learner)
    method = client.post if path in ACTS else client.get
    assert problem(method(f"{one}{path}")) == (404, "not_found")


@pytest.mark.parametrize("path", ACTS)
def test_acts_are_posts(api, one, path):
    assert api.get(f"{one}{path}").status_code == 405


def test_an_enrolment_is_not_deleted(api, one):
    assert api.delete(one).status_code == 405


def test_lessons_that_are_not_there(api, one):
    assert problem(api.post(f"{one}lessons/trials/nothing/complete/")) == (404, "not_found")
