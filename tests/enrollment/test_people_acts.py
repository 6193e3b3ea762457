"""What a coordinator does: due dates, the end of following, enrolling by address."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Course
from enrollment.forms.people import MOST_ADDRESSES, addresses_in
from enrollment.models import Assignment, Enrollment, Invitation
from enrollment.services.bringing_in import Outcome
from lms.records.models import Mail
from tests.courses.builders import build_course
from tests.enrollment.people_builders import follow, member

PEOPLE = "/people/lakemedelsakademin/"


@pytest.fixture
def course(db) -> Course:
    return build_course("trials")


@pytest.fixture
def assignment(course, academy, coordinator, learner) -> Assignment:
    return follow(learner, course, academy, by=coordinator)


def soon() -> date:
    return timezone.localdate() + timedelta(days=30)


def open_now() -> list[Assignment]:
    return list(Assignment.objects.filter(ended_at=None))


ACTS = [("due/", {"due_on": "2099-01-01"}), ("end/", {})]


# --- Due date and end -----------------------------------------------------------------------------------------------


def test_due_date_is_saved(signed_in, coordinator, assignment):
    path = f"{PEOPLE}{assignment.enrollment_id}/"
    response = signed_in(coordinator).post(f"{path}due/", {"due_on": soon().isoformat()})
    assignment.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, path)
    assert assignment.due_on == soon()


@pytest.mark.parametrize("typed", ["2020-01-01", "31/12/2099", "2099-02-30", "soon", "99999-01-01"])
def test_impossible_due_date_is_explained(signed_in, coordinator, assignment, typed):
    path = f"{PEOPLE}{assignment.enrollment_id}/due/"
    response = signed_in(coordinator).post(path, {"due_on": typed})
    assignment.refresh_from_db()
    assert (response.status_code, assignment.due_on) == (422, None)
    assert f'value="{typed}"' in response.content.decode()


def test_past_due_date_that_was_set_may_stay(signed_in, coordinator, assignment):
    Assignment.objects.update(due_on=date(2020, 1, 1))
    path = f"{PEOPLE}{assignment.enrollment_id}/due/"
    assert signed_in(coordinator).post(path, {"due_on": "2020-01-01"}).status_code == 302


def test_end_asks_first(signed_in, coordinator, assignment):
    response = signed_in(coordinator).get(f"{PEOPLE}{assignment.enrollment_id}/end/")
    assert "Stop following Learner?" in response.content.decode()
    assert open_now() == [assignment]


def test_end_stops_the_view(signed_in, coordinator, assignment):
    client, path = signed_in(coordinator), f"{PEOPLE}{assignment.enrollment_id}/"
    response = client.post(f"{path}end/")
    assert (response.status_code, response["Location"], open_now()) == (302, PEOPLE, [])
    assert [client.get(path).status_code, client.post(f"{path}end/").status_code] == [404, 404]


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_acts_on_foreign_learners_are_not_there(signed_in, other_coordinator, learner, assignment, act, data):
    path = f"{PEOPLE}{assignment.enrollment_id}/{act}"
    assert [signed_in(user).post(path, data).status_code for user in (other_coordinator, learner)] == [
        404,
        404,
    ]
    assert open_now()[0].due_on is None


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_acts_ask_anonymous_to_log_in(client, assignment, act, data):
    response = client.post(f"{PEOPLE}{assignment.enrollment_id}/{act}", data)
    assert response["Location"].startswith("/accounts/login/")
    assert open_now()[0].due_on is None


def test_due_date_is_set_by_post_alone(signed_in, coordinator, assignment):
    assert signed_in(coordinator).get(f"{PEOPLE}{assignment.enrollment_id}/due/").status_code == 405


def test_acts_need_the_token_of_the_page(coordinator, assignment):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    paths = [f"{PEOPLE}{assignment.enrollment_id}/{act}" for act, _data in ACTS] + [f"{PEOPLE}enrol/"]
    assert [client.post(path).status_code for path in paths] == [403, 403, 403]


# --- Enrolling by address -------------------------------------------------------------------------------------------


def filled(emails: str, **more: str) -> dict[str, str]:
    return {"emails": emails, "course": "trials", "due_on": "", "language": "sv", **more}


def test_addresses_are_enrolled_and_invited_row_by_row(signed_in, coordinator, academy, course, learner):
    member("member", academy)
    data = filled(f"member@example.org, New@example.org\n{learner.email}", due_on=soon().isoformat())
    response = signed_in(coordinator).post(f"{PEOPLE}enrol/", data)
    assert response.status_code == 200
    assert [(row.email, row.outcome) for row in response.context["outcomes"]] == [
        ("member@example.org", Outcome.ENROLLED),
        ("new@example.org", Outcome.INVITED),
        (learner.email, Outcome.INVITED),
    ]
    assert {(sent.email, sent.language, sent.due_on) for sent in Invitation.objects.all()} == {
        ("new@example.org", "sv", soon()),
        (learner.email, "sv", soon()),
    }


def test_a_foreign_address_among_ones_own_is_answered_like_one_that_nobody_has(
    signed_in, coordinator, other_coordinator, academy, lmi, course
):
    """One's own are enrolled all the same; of the foreign one nothing is told, and nothing is done with it."""
    own, foreign = member("member", academy), member("foreign", lmi)
    follow(own, course, academy, by=coordinator)
    follow(foreign, course, lmi, by=other_coordinator)
    client = signed_in(coordinator)
    pages = [
        client.post(f"{PEOPLE}enrol/", filled(f"{own.email} {address}"))
        for address in (foreign.email, "nobody@example.org")
    ]
    outcomes = [[row.outcome for row in page.context["outcomes"]] for page in pages]
    assert outcomes == [[Outcome.KNOWN, Outcome.INVITED]] * 2
    assert foreign.full_name not in pages[0].text
    assert Assignment.objects.get(enrollment__learner=foreign).organisation == lmi


def test_enrolling_twice_sends_nothing_twice(signed_in, coordinator, academy, course):
    member("member", academy)
    client, data = signed_in(coordinator), filled("member@example.org new@example.org")
    outcomes = [client.post(f"{PEOPLE}enrol/", data).context["outcomes"] for _time in range(2)]
    assert [row.outcome for row in outcomes[1]] == [Outcome.KNOWN, Outcome.WAITING]
    assert (Enrollment.objects.count(), Invitation.objects.count(), Mail.objects.count()) == (1, 1, 2)


def test_one_wrong_address_does_nothing_and_loses_nothing(signed_in, coordinator, course):
    typed = "good@example.org\nbad@\n<b>worse</b>"
    response = signed_in(coordinator).post(f"{PEOPLE}enrol/", filled(typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert response.context["form"].errors["emails"] == [
        "Line 2: “bad@” is not an e-mail address.",
        "Line 3: “b” is not an e-mail address.",
        "Line 3: “worse</b>” is not an e-mail address.",
    ]
    assert "good@example.org\nbad@\n&lt;b&gt;worse&lt;/b&gt;</textarea>" in page
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"emails": ""},
        {"emails": " ,;\n"},
        {"emails": "a@example.org\x00"},
        {"course": "unknown"},
        {"course": ""},
        {"language": "xx"},
        {"due_on": "2020-01-01"},
        {"emails": " ".join(f"p{number}@example.org" for number in range(MOST_ADDRESSES + 1))},
        {"emails": f"{'x' * 250}@example.org"},
    ],
)
def test_bad_input_is_refused_whole(signed_in, coordinator, course, change):
    response = signed_in(coordinator).post(f"{PEOPLE}enrol/", filled("a@example.org") | change)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_draft_and_closed_courses_are_not_offered(signed_in, coordinator, course):
    build_course("draft", status=Course.Status.DRAFT)
    build_course("closed", status=Course.Status.CLOSED)
    form = signed_in(coordinator).get(f"{PEOPLE}enrol/").context["form"]
    assert [str(label) for _value, label in form.fields["course"].choices] == [
        "Choose a course",
        "Course trials",
    ]
    response = signed_in(coordinator).post(f"{PEOPLE}enrol/", filled("a@example.org", course="draft"))
    assert response.status_code == 422


def test_nobody_enrols_for_a_foreign_organisation(
    signed_in, client, other_coordinator, learner, academy, course
):
    path, data = f"{PEOPLE}enrol/", filled("a@example.org")
    codes = [signed_in(user).post(path, data).status_code for user in (other_coordinator, learner)]
    assert (codes, client.post(path, data).status_code) == ([404, 404], 302)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.org", [(1, "a@x.org")]),
        ("a@x.org,b@x.org;c@x.org\td@x.org", [(1, f"{letter}@x.org") for letter in "abcd"]),
        ("Anna <a@x.org>", [(1, "a@x.org")]),
        ("Berg, Anna <a@x.org>; b@x.org, Åse Dal <c@x.org>", [(1, f"{letter}@x.org") for letter in "abc"]),
        ('"Berg, Anna" <a@x.org>,\n\nb@x.org', [(1, "a@x.org"), (3, "b@x.org")]),
        ("<>", []),
        ("Anna", [(1, "Anna")]),
    ],
)
def test_addresses_as_they_are_pasted(text, expected):
    assert list(addresses_in(text)) == expected


@pytest.mark.parametrize("text", ["," * 20_000, "a" * 20_000, "<" * 20_000, ";a" * 10_000])
def test_no_paste_is_slow(text):
    began = timezone.now()
    list(addresses_in(text))
    assert timezone.now() - began < timedelta(seconds=1)
