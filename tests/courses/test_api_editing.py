"""Writing over the API: what the pages can do, with versions, and both texts where two people wrote one."""

import pytest

from courses.models import Lesson, Module, Question, Revision
from courses.services import save_lesson, submit
from lms.accounts.models import Role
from tests.conftest import with_role

from .studio_builders import FINNISH, SWEDISH, core_files, draft, files_of, published

JSON = {"content_type": "application/json"}


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def client(signed_in, author, partners):
    return signed_in(author)


def at(revision, place=""):
    return f"/api/v1/revisions/{revision.pk}/{place}"


def problem(answer, status, code):
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return answer.json()


ABOUT = {
    "owner": "occ-incubator",
    "key": "brand-new",
    "source_language": "en",
    "title": "Brand new",
    "summary": "Something.",
    "audience": "Everyone",
    "outcomes": ["See", "Do"],
    "hours": "1.5",
    "subject": "quality",
    "first_lesson": "Welcome",
}

# --- Beginnings and ends ----------------------------------------------------------------------------------------------


def test_a_module_begins(client, author):
    answer = client.post("/api/v1/modules/new/", ABOUT, **JSON)
    assert answer.status_code == 201
    revision = Revision.objects.get()
    assert (answer.json()["id"], answer.json()["module"], answer.json()["status"]) == (
        revision.pk,
        "brand-new",
        "draft",
    )
    assert revision.meta["outcomes"] == [{"en": "See"}, {"en": "Do"}]
    assert list(revision.authors.all()) == [author]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"owner": "lif"}, "owner"),
        ({"key": "A B"}, "key"),
        ({"hours": "0"}, "hours"),
        ({"title": ""}, "title"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_begins(client, changes, field):
    found = problem(client.post("/api/v1/modules/new/", ABOUT | changes, **JSON), 422, "invalid")
    assert list(found["errors"]) == [field]
    assert not Module.objects.exists()


def test_a_key_that_is_taken_is_a_conflict(client, core):
    answer = client.post("/api/v1/modules/new/", ABOUT | {"key": "small-module"}, **JSON)
    problem(answer, 409, "module-key-taken")


def test_a_translation_begins_once(client, core):
    said = {"language": "fi", "owner": "occ-incubator"}
    answer = client.post("/api/v1/modules/small-module/translate/", said, **JSON)
    assert (answer.status_code, answer.json()["language"]) == (201, "fi")
    again = problem(client.post("/api/v1/modules/small-module/translate/", said, **JSON), 422, "invalid")
    assert list(again["errors"]) == ["language"]


def test_the_next_revision_begins_from_what_is_published(
    client, core, author, publisher, other_publisher, now
):
    problem(client.post(at(core, "draft/")), 409, "draft-open-already")
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    answer = client.post(at(core, "draft/"))
    assert (answer.status_code, answer.json()["number"], answer.json()["status"]) == (201, 2, "draft")


def test_a_draft_is_given_up(client, core):
    assert client.post(at(core, "discard/")).status_code == 204
    assert not Revision.objects.exists()


# --- Lessons ----------------------------------------------------------------------------------------------------------


def test_a_text_is_read_and_written_with_its_version(client, core):
    text = client.get(at(core, "lessons/welcome/")).json()
    answer = client.patch(at(core, "lessons/welcome/"), {"base": text["base"], "body": "New.\r\n"}, **JSON)
    assert answer.status_code == 200
    assert answer.json() == text | {"body": "New.", "base": answer.json()["base"]}
    assert answer.json()["base"] != text["base"]
    assert Lesson.objects.get(key="welcome").body == "New."


def test_two_who_write_one_text_get_both(client, core, author, publisher, now):
    text = client.get(at(core, "lessons/welcome/")).json()
    save_lesson(core, "welcome", {"body": "Theirs."}, base=text["base"], by=publisher, at=now)
    answer = client.patch(at(core, "lessons/welcome/"), {"base": text["base"], "body": "Mine."}, **JSON)
    found = problem(answer, 409, "text-has-changed")
    assert (found["theirs"]["body"], found["yours"]["body"]) == ("Theirs.", "Mine.")
    assert Lesson.objects.get(key="welcome").body == "Theirs."
    assert any(
        row["body"] == "Mine." for state in core.saved_states.all() for row in state.content["lessons"]
    )
    again = client.patch(at(core, "lessons/welcome/"), {"base": found["base"], "body": "Mine."}, **JSON)
    assert again.status_code == 200


def test_without_a_version_nothing_is_written(client, core):
    problem(client.patch(at(core, "lessons/welcome/"), {"body": "Mine."}, **JSON), 409, "text-has-changed")
    assert Lesson.objects.get(key="welcome").body.startswith("One core")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"minutes": "many"}, "minutes"), ({"title": "x" * 201}, "title"), ({"minutes": -1}, "minutes")],
)
def test_a_field_that_is_wrong_is_named(client, core, said, field):
    text = client.get(at(core, "lessons/welcome/")).json()
    answer = client.patch(at(core, "lessons/welcome/"), {"base": text["base"], **said}, **JSON)
    assert list(problem(answer, 422, "invalid")["errors"]) == [field]


@pytest.mark.parametrize("body", ["[]", '"x"', "3", "null"])
def test_what_is_no_object_is_refused(client, core, body):
    assert client.patch(at(core, "lessons/welcome/"), body, **JSON).status_code == 400


def test_a_lesson_is_added_moved_and_removed(client, core):
    added = client.post(at(core, "lessons/"), {"title": "More", "kind": "text", "minutes": 5}, **JSON)
    assert (added.status_code, added.json()["key"]) == (201, "more")
    moved = client.post(at(core, "lessons/more/move/"), {"place": 1}, **JSON).json()
    assert [row["key"] for row in moved] == ["more", "welcome", "clock", "check"]
    left = client.delete(at(core, "lessons/more/")).json()
    assert [row["key"] for row in left] == [row["key"] for row in client.get(at(core, "lessons/")).json()]
    assert [row["key"] for row in left] == ["welcome", "clock", "check"]


def test_a_key_that_is_taken_is_refused(client, core):
    said = {"title": "More", "kind": "text", "minutes": 5, "key": "welcome"}
    problem(client.post(at(core, "lessons/"), said, **JSON), 409, "lesson-key-taken")


def test_a_translation_is_written(client, core, now):
    revision = draft(files_of(SWEDISH), by=None, at=now)
    text = client.get(at(revision, "lessons/welcome/")).json()
    said = {"base": text["base"], "title": "Välkomna", "source": text["source"]}
    assert client.patch(at(revision, "lessons/welcome/"), said, **JSON).json()["title"] == "Välkomna"
    row = revision.lesson_translations.get(key="welcome")
    assert (row.source_hash, "tunna lager" in row.body) == (text["source"], True)


def test_words_of_a_translated_quiz_are_written_one_by_one(client, core, now):
    revision = draft(files_of(SWEDISH), by=None, at=now)
    text = client.get(at(revision, "lessons/check/")).json()
    said = {"base": text["base"], "questions": {"days": {"prompt": "Hur många dagar?"}}}
    words = client.patch(at(revision, "lessons/check/"), said, **JSON).json()["questions"]
    assert words["days"]["prompt"] == "Hur många dagar?"
    assert words["days"]["unit"] == "dagar"
    assert words["both"] == text["questions"]["both"]


# --- About and questions ----------------------------------------------------------------------------------------------


def test_about_is_written_and_what_is_left_out_stays(client, core):
    before = client.get(at(core, "about/")).json()
    answer = client.patch(at(core, "about/"), {"base": before["base"], "summary": "Short."}, **JSON)
    assert answer.json() == before | {"summary": "Short.", "base": answer.json()["base"]}
    found = problem(
        client.patch(at(core, "about/"), {"base": before["base"], "summary": "Mine."}, **JSON),
        409,
        "text-has-changed",
    )
    assert (found["theirs"]["summary"], found["yours"]["summary"]) == ("Short.", "Mine.")


QUIZ = "quizzes/check/"


def test_a_quiz_comes_as_its_file_has_it(client, core):
    quiz = client.get(at(core, QUIZ)).json()
    assert (quiz["pass"], quiz["attempts"], quiz["pools"]) == (80, None, [])
    assert quiz["questions"][2] == {
        "base": quiz["questions"][2]["base"],
        "key": "true-one",
        "kind": "truefalse",
        "prompt": "Is it so?",
        "correct": True,
        "explanation": "Yes.",
        "points": 1,
        "references": ["Art. 5"],
    }


def test_a_question_is_written_added_and_removed(client, core):
    question = client.get(at(core, f"{QUIZ}questions/true-one/")).json()
    answer = client.patch(at(core, f"{QUIZ}questions/true-one/"), question | {"prompt": "Really?"}, **JSON)
    assert (answer.status_code, answer.json()["prompt"]) == (200, "Really?")
    stale = client.patch(at(core, f"{QUIZ}questions/true-one/"), question | {"prompt": "Mine?"}, **JSON)
    found = problem(stale, 409, "question-has-changed")
    assert (found["theirs"]["prompt"], found["yours"]["prompt"]) == ("Really?", "Mine?")
    new = {name: value for name, value in question.items() if name != "base"} | {"key": "q9"}
    assert client.post(at(core, QUIZ), new, **JSON).status_code == 201
    problem(client.post(at(core, QUIZ), new, **JSON), 409, "question-has-changed")
    assert client.delete(at(core, f"{QUIZ}questions/q9/")).status_code == 204
    assert not Question.objects.filter(key="q9").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"correct": "maybe"}, "must be true or false"),
        ({"kind": "essay"}, "“essay” is not known"),
        ({"references": []}, "rests on nothing"),
        ({"rests_on": ["ct.ethics"]}, "Only questions of a national layer"),
        ({"prompt": "a\u0007b"}, "invisible control character"),
    ],
)
def test_a_question_that_no_file_could_have_is_refused(client, core, changes, words):
    question = client.get(at(core, f"{QUIZ}questions/true-one/")).json()
    answer = client.patch(at(core, f"{QUIZ}questions/true-one/"), question | changes, **JSON)
    assert words in str(problem(answer, 422, "invalid")["errors"])
    assert Question.objects.get(key="true-one").texts["en"]["prompt"] == "Is it so?"


def test_a_quiz_is_set_otherwise(client, core):
    quiz = client.get(at(core, QUIZ)).json()
    pools = [{"key": "terms", "draw": 1, "questions": ["both", "days"]}]
    said = {"base": quiz["base"], "pass": 90, "pools": pools}
    answer = client.patch(at(core, QUIZ), said, **JSON).json()
    assert (answer["pass"], answer["pools"]) == (90, pools)
    problem(client.patch(at(core, QUIZ), said, **JSON), 409, "question-has-changed")
    assert list(problem(client.patch(at(core, QUIZ), {"pass": 0}, **JSON), 422, "invalid")["errors"]) == [
        "pass_percent"
    ]


# --- Who --------------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("post", "discard/"),
    ("get", "about/"),
    ("patch", "about/"),
    ("get", "lessons/"),
    ("post", "lessons/"),
    ("get", "lessons/welcome/"),
    ("patch", "lessons/welcome/"),
    ("delete", "lessons/welcome/"),
    ("post", "lessons/welcome/move/"),
    ("get", QUIZ),
    ("patch", QUIZ),
    ("post", QUIZ),
    ("get", f"{QUIZ}questions/days/"),
    ("patch", f"{QUIZ}questions/days/"),
    ("delete", f"{QUIZ}questions/days/"),
]


@pytest.mark.parametrize(("method", "place"), ADDRESSES)
def test_only_those_who_write_it_get_in(
    method, place, client, signed_in, core, learner, lif, finnish_publisher
):
    client.logout()
    expected = {401: client, 403: signed_in(learner), 404: signed_in(with_role("stranger", Role.AUTHOR, lif))}
    for status, person in expected.items():
        assert getattr(person, method)(at(core, place), {}, **JSON).status_code == status
    assert getattr(signed_in(finnish_publisher), method)(at(core, place), {}, **JSON).status_code == 403


@pytest.mark.parametrize(("method", "place"), ADDRESSES)
def test_what_is_in_review_is_not_written(method, place, client, core, author, now):
    submit(core, by=author, at=now)
    problem(getattr(client, method)(at(core, place), {}, **JSON), 409, "not-a-draft")


@pytest.mark.parametrize("place", ["lessons/gone/", "quizzes/welcome/", f"{QUIZ}questions/gone/"])
def test_what_is_not_there_is_not_there(client, core, place):
    assert client.get(at(core, place)).status_code == 404


def test_a_layer_is_not_written_as_a_core(client, core, finnish_publisher, signed_in, now):
    layer = draft(files_of(FINNISH), by=None, at=now)
    theirs = signed_in(finnish_publisher)
    assert theirs.get(at(layer, "lessons/")).status_code == 404
    assert theirs.get(at(layer, "quizzes/country-check/")).json()["questions"][0]["prompt"] == {
        "en": "Who reviews?",
        "sv": "Vem granskar?",
    }
    assert theirs.patch(at(layer, "quizzes/country-check/"), {}, **JSON).status_code == 404


@pytest.mark.parametrize("address", ["modules/new/", "modules/small-module/translate/"])
def test_beginning_is_for_authors(address, client, signed_in, core, learner):
    assert signed_in(learner).post(f"/api/v1/{address}", {}, **JSON).status_code == 403
    client.logout()
    assert client.post(f"/api/v1/{address}", {}, **JSON).status_code == 401
