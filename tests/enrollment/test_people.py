"""What a coordinator sees: whose learners, how far they are, found and sorted by the address."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.utils import timezone

from courses.models import Course
from enrollment.models import Assignment
from enrollment.selectors.people import State, counts_by_state, find_assignment, followed
from enrollment.services.enrolling import enroll, withdraw
from enrollment.services.following import end_assignment
from lms.accounts.models import Membership, Role
from tests.conftest import LONG_AGO, NOW, person
from tests.courses.builders import build_course
from tests.enrollment.people_builders import far, follow

TODAY = timezone.localdate
PEOPLE = "/people/lakemedelsakademin/"


@pytest.fixture
def course(db) -> Course:
    return build_course("trials", languages=["sv", "nb"])


@pytest.fixture
def assignment(course, academy, coordinator, learner) -> Assignment:
    return follow(learner, course, academy, by=coordinator)


def crowd(course, organisation, coordinator, *names: str) -> list[Assignment]:
    return [follow(person(name), course, organisation, by=coordinator) for name in names]


def names_in(response) -> list[str]:
    return [row.name for row in response.context["learners"]]


# --- Who may look ---------------------------------------------------------------------------------------------------


def test_coordinator_of_one_organisation_goes_straight_there(signed_in, coordinator):
    response = signed_in(coordinator).get("/people/")
    assert (response.status_code, response["Location"]) == (302, PEOPLE)


def test_coordinator_of_several_chooses(signed_in, coordinator, lmi):
    Membership.objects.create(user=coordinator, organisation=lmi, role=Role.COORDINATOR, starts_on=LONG_AGO)
    response = signed_in(coordinator).get("/people/")
    assert [each.slug for each in response.context["organisations"]] == ["lmi", "lakemedelsakademin"]
    assert b'href="/people/lmi/"' in response.content


@pytest.mark.parametrize("who", ["learner", "finnish_publisher", "administrator"])
def test_people_is_forbidden_without_the_role(signed_in, request, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/people/").status_code == 403


def test_people_asks_anonymous_to_log_in(client, db):
    response = client.get("/people/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/people/")


PAGES = ["", "learners.csv", "enrol/", "invitations/", "{pk}/", "{pk}/end/"]


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("who", ["other_coordinator", "learner", "administrator"])
def test_foreign_organisation_is_not_there(signed_in, request, assignment, part, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(PEOPLE + part.format(pk=assignment.enrollment_id)).status_code == 404


@pytest.mark.parametrize("part", PAGES)
def test_pages_open_for_their_coordinator(signed_in, coordinator, assignment, part):
    client = signed_in(coordinator)
    assert client.get(PEOPLE + part.format(pk=assignment.enrollment_id)).status_code == 200


@pytest.mark.parametrize("part", PAGES)
def test_pages_ask_anonymous_to_log_in(client, assignment, part):
    assert client.get(PEOPLE + part.format(pk=assignment.enrollment_id)).status_code == 302


def test_learner_of_another_organisation_is_not_there(signed_in, coordinator, other_coordinator, lmi, course):
    theirs = follow(person("theirs"), course, lmi, by=other_coordinator)
    client = signed_in(coordinator)
    mixed = [f"{PEOPLE}{theirs.enrollment_id}/", f"/people/lmi/{theirs.enrollment_id}/"]
    assert [client.get(path).status_code for path in mixed] == [404, 404]


def test_coordinator_whose_role_ended_sees_nothing(signed_in, coordinator, assignment):
    coordinator.memberships.update(ends_on=date(2021, 1, 1))
    client = signed_in(coordinator)
    assert [client.get(path).status_code for path in ("/people/", PEOPLE)] == [403, 404]


# --- What is listed -------------------------------------------------------------------------------------------------


def test_list_shows_open_assignments_alone(signed_in, coordinator, other_coordinator, academy, lmi, course):
    here, ended, left, _here_too = crowd(course, academy, coordinator, "here", "ended", "left", "here-too")
    follow(person("theirs"), course, lmi, by=other_coordinator)
    alone = person("alone")
    enroll(alone, course, country="SE", language="en", by=alone, at=NOW)
    end_assignment(ended, by=coordinator, at=NOW)
    withdraw(left.enrollment, by=left.enrollment.learner, at=NOW)
    response = signed_in(coordinator).get(PEOPLE)
    assert names_in(response) == ["Here", "Here Too"]
    assert here.enrollment.learner.email in response.content.decode()


def test_row_shows_what_the_organisation_set_and_nothing_of_others(
    signed_in, coordinator, other_coordinator, assignment, learner, lmi
):
    """The enrolment's own due date is the nearest of all organisations; it would tell of the others."""
    elsewhere = date(2031, 2, 3)
    follow(learner, assignment.enrollment.course, lmi, by=other_coordinator, due_on=elsewhere)
    row = signed_in(coordinator).get(PEOPLE).context["learners"][0]
    page = signed_in(coordinator).get(f"{PEOPLE}{assignment.enrollment_id}/").content.decode()
    assert (row.due_on, row.done, row.required) == (None, 0, 4)
    assert "3 Feb 2031" not in page
    assert lmi.name not in page


def test_states(academy, coordinator, course):
    today = TODAY()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    idle, busy, late, due_today, done = crowd(
        course, academy, coordinator, "idle", "busy", "late", "due", "done"
    )
    for assignment, due_on in ((busy, tomorrow), (late, yesterday), (due_today, today), (done, yesterday)):
        Assignment.objects.filter(pk=assignment.pk).update(due_on=due_on)
    far(busy.enrollment, done=1)
    far(done.enrollment, done=4, completed_at=NOW)
    states = dict(followed(academy, on=today).values_list("pk", "state"))
    expected = {idle: State.NOT_STARTED, busy: State.ON_TRACK, late: State.LATE}
    expected |= {due_today: State.NOT_STARTED, done: State.COMPLETED}
    assert states == {each.pk: state for each, state in expected.items()}
    assert counts_by_state(academy, on=today) == {
        State.LATE: 1,
        State.NOT_STARTED: 2,
        State.ON_TRACK: 1,
        State.COMPLETED: 1,
    }


def test_progress_is_told_in_words(signed_in, coordinator, assignment):
    far(assignment.enrollment, done=1)
    assert "1 of 4" in signed_in(coordinator).get(PEOPLE).content.decode()


def test_nobody_found_leads_back_to_everybody(signed_in, coordinator, assignment):
    page = signed_in(coordinator).get(PEOPLE, {"q": "nobody"}).content.decode()
    assert "Nobody found" in page
    assert f'href="{PEOPLE}">Show everybody' in page


def test_unknown_filter_is_named(signed_in, coordinator, assignment):
    page = signed_in(coordinator).get(PEOPLE, {"state": "odd"}).content.decode()
    assert "“State” is left out" in page


def test_nobody_yet_leads_to_enrolling(signed_in, coordinator):
    response = signed_in(coordinator).get(PEOPLE)
    assert f'href="{PEOPLE}enrol/"' in response.content.decode()
    assert "Nobody here yet" in response.content.decode()


# --- Finding and sorting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("åsa", ["Åsa Öberg"]),
        ("ÖBERG åsa", ["Åsa Öberg"]),
        ("A\u030asa", ["Åsa Öberg"]),  # the ring as a letter of its own
        ("second@EXAMPLE", ["Liv"]),
        ("example.org", ["Liv", "Åsa Öberg"]),
        (".*", []),
        ("%", []),
        ("nobody", []),
    ],
)
def test_search_by_name_or_address(signed_in, coordinator, academy, course, query, expected):
    for email, name in (("first", "Åsa Öberg"), ("second", "Liv")):
        user = person(email)
        user.full_name = name
        user.save()
        follow(user, course, academy, by=coordinator)
    assert names_in(signed_in(coordinator).get(PEOPLE, {"q": query})) == expected


def test_filter_by_course_and_state(signed_in, coordinator, academy, course):
    crowd(course, academy, coordinator, "anna")
    (berit,) = crowd(build_course("devices"), academy, coordinator, "berit")
    far(berit.enrollment, done=2)
    client = signed_in(coordinator)
    found = {
        query: names_in(client.get(f"{PEOPLE}?{query}"))
        for query in ("course=devices", "state=not-started", "course=devices&state=not-started", "state=odd")
    }
    assert found == {
        "course=devices": ["Berit"],
        "state=not-started": ["Anna"],
        "course=devices&state=not-started": [],
        "state=odd": ["Anna", "Berit"],
    }


def test_course_filter_offers_followed_courses_alone(signed_in, coordinator, assignment, course):
    build_course("unfollowed")
    form = signed_in(coordinator).get(PEOPLE).context["chosen"].form
    assert list(form.fields["course"].choices) == [("", "All courses"), ("trials", "Course trials")]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", ["Anna", "Berit", "Cecilie"]),
        ("name", ["Anna", "Berit", "Cecilie"]),
        ("due", ["Cecilie", "Anna", "Berit"]),
        ("progress", ["Berit", "Cecilie", "Anna"]),
        ("active", ["Anna", "Cecilie", "Berit"]),
        ("enrollment__learner__password", ["Anna", "Berit", "Cecilie"]),
    ],
)
def test_ordering(signed_in, coordinator, academy, course, ordering, expected):
    anna, _berit, cecilie = crowd(course, academy, coordinator, "anna", "berit", "cecilie")
    Assignment.objects.filter(pk=cecilie.pk).update(due_on=date(2027, 1, 1))
    far(anna.enrollment, done=3)
    far(cecilie.enrollment, done=1)
    assert names_in(signed_in(coordinator).get(PEOPLE, {"ordering": ordering})) == expected


def test_htmx_gets_the_results_and_their_address(signed_in, coordinator, assignment):
    response = signed_in(coordinator).get(f"{PEOPLE}?q=learner", headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div class="stack" id="learners"')
    assert response["HX-Push-Url"] == f"{PEOPLE}?q=learner"
    assert "HX-Request" in response["Vary"]


def test_pages_of_a_long_list(signed_in, coordinator, academy, course, monkeypatch):
    monkeypatch.setattr("enrollment.views.people.PER_PAGE", 2)
    crowd(course, academy, coordinator, "anna", "berit", "cecilie")
    client = signed_in(coordinator)
    pages = {number: names_in(client.get(PEOPLE, {"page": number})) for number in ("1", "2", "9" * 30, "x")}
    assert pages == {
        "1": ["Anna", "Berit"],
        "2": ["Cecilie"],
        "9" * 30: ["Cecilie"],
        "x": ["Anna", "Berit"],
    }


@pytest.mark.parametrize("learners", [1, 3])
def test_list_costs_seven_queries(signed_in, coordinator, academy, course, count_queries, learners):
    crowd(course, academy, coordinator, *["anna", "berit", "cecilie"][:learners])
    client = signed_in(coordinator)
    client.get(PEOPLE)
    with count_queries(7):
        assert len(names_in(client.get(PEOPLE))) == learners


# --- The file -------------------------------------------------------------------------------------------------------


def test_csv_holds_the_filtered_list(signed_in, coordinator, academy, course):
    anna, _berit = crowd(course, academy, coordinator, "anna", "berit")
    Assignment.objects.filter(pk=anna.pk).update(due_on=date(2099, 1, 15))
    far(anna.enrollment, done=3, completed_at=NOW)
    response = signed_in(coordinator).get(f"{PEOPLE}learners.csv?state=completed")
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(StringIO(text.removeprefix("\ufeff")))
    assert header[:3] == ["Name", "E-mail address", "Course"]
    days = ["2099-01-15", "2026-11-20", "2026-11-20"]
    assert rows == [["Anna", "anna@example.org", "Course trials", "Completed", "3", "3", *days]]
    assert response["Content-Disposition"].startswith('attachment; filename="lakemedelsakademin-learners-')


@pytest.mark.parametrize("name", ["=1+1", "+46", "@SUM(A1)", " =1+1", "\t=1", "＝1", "-2"])
def test_csv_runs_nothing_in_a_spreadsheet(signed_in, coordinator, academy, course, name):
    (assignment,) = crowd(course, academy, coordinator, "anna")
    learner = assignment.enrollment.learner
    learner.full_name = name
    learner.save()
    text = b"".join(signed_in(coordinator).get(f"{PEOPLE}learners.csv").streaming_content).decode()
    assert list(csv.reader(StringIO(text)))[1][0] == f"'{name}"


# --- One learner ----------------------------------------------------------------------------------------------------


def test_learner_page_shows_lessons_done_with_their_dates(signed_in, coordinator, assignment):
    lesson = {"module_id": assignment.enrollment.pins.get().module_id, "lesson_key": "lesson-1"}
    assignment.enrollment.progress.create(**lesson, completed_at=NOW, score=71)
    page = signed_in(coordinator).get(f"{PEOPLE}{assignment.enrollment_id}/").content.decode()
    assert page.count("Done on 20 Nov 2026") == 1
    assert page.count("Not done yet") == 3
    assert 'lang="sv">sv: Lesson 1' in page
    assert (
        "71" not in page.replace("csrfmiddlewaretoken", "").split("Lesson by lesson")[1].split("</main>")[0]
    )


@pytest.mark.parametrize("lessons", [1, 3])
def test_learner_page_costs_five_queries(signed_in, coordinator, academy, learner, count_queries, lessons):
    course = build_course(f"of-{lessons}", lessons=lessons)
    assignment = follow(learner, course, academy, by=coordinator)
    client = signed_in(coordinator)
    client.get(f"{PEOPLE}{assignment.enrollment_id}/")
    with count_queries(5):
        client.get(f"{PEOPLE}{assignment.enrollment_id}/")


def test_assignment_is_found_by_its_own_organisation_alone(assignment, coordinator, other_coordinator):
    slug, pk, today = assignment.organisation.slug, assignment.enrollment_id, TODAY()
    assert find_assignment(coordinator, slug, pk, on=today) == assignment
    assert find_assignment(other_coordinator, slug, pk, on=today) is None


# --- Growth ---------------------------------------------------------------------------------------------------------


def test_whether_a_learner_belongs_is_looked_up_by_both(db):
    """By the organisation alone SQLite read all its people for each assignment: 10,000 took seven seconds."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Membership._meta.db_table)
    assert ["user_id", "organisation_id"] in [each["columns"] for each in found.values() if each["index"]]
