"""Courses and modules over the API: open to anyone, the catalogue's filters, problems as documents."""

from datetime import date
from decimal import Decimal

import pytest

from courses.models import Fact, Programme, ProgrammePartner
from courses.selectors import current_programme, forget_programme

from .builders import build_course, build_module

COURSES = "/api/v1/courses/"
MODULES = "/api/v1/modules/"


@pytest.fixture(autouse=True)
def programme(academy, occ):
    programme = Programme.objects.create(
        title={"en": "Programme"}, coordinator=academy, countries=["FI", "LV", "NO", "SE"]
    )
    for position, partner in enumerate([academy, occ]):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()
    current_programme()


def slugs(client, query: str = "") -> list[str]:
    return [course["slug"] for course in client.get(f"{COURSES}{query}").json()["results"]]


def assert_problem(response, status: int, code: str) -> dict:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"]
    return problem


# --- Courses ----------------------------------------------------------------------------------------------------------


def test_anyone_reads_a_course_whole(client):
    build_course("trials", countries=["FI"], languages=["sv"])
    assert client.get(f"{COURSES}trials/").json() == {
        "slug": "trials",
        "url": "http://127.0.0.1:8000/courses/trials/",
        "status": "published",
        "owner": {
            "slug": "occ-incubator",
            "name": "Oslo Cancer Cluster Incubator",
            "short_name": "OCC Incubator",
            "country": "NO",
        },
        "title": {"en": "Course trials"},
        "summary": {"en": "What trials is about."},
        "audience": {"en": "Everyone."},
        "outcomes": [{"en": "Name the authority"}],
        "hours": "2.50",
        "languages": [{"code": "en", "modules": 1, "of": 1}, {"code": "sv", "modules": 1, "of": 1}],
        "countries": [{"code": "FI", "modules": 1, "of": 1}],
        "modules": [
            {
                "key": "trials-module",
                "title": {"en": "Module trials-module"},
                "subject": "regulatory",
                "hours": "2.50",
                "owner": {
                    "slug": "occ-incubator",
                    "name": "Oslo Cancer Cluster Incubator",
                    "short_name": "OCC Incubator",
                    "country": "NO",
                },
                "lesson_keys": None,
            }
        ],
        "published_at": "2026-11-01T10:00:00+01:00",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["devices", "trials"]),
        ("?country=NO", ["devices"]),
        ("?language=sv", ["trials"]),
        ("?partner=lakemedelsakademin", ["devices"]),
        ("?subject=devices", ["devices"]),
        ("?hours=day", ["devices"]),
        ("?q=TRIALS", ["trials"]),
        ("?ordering=hours", ["trials", "devices"]),
    ],
)
def test_courses_take_the_filters_of_the_catalogue(client, academy, query, found):
    build_course("trials", countries=["FI"], languages=["sv"], hours=Decimal(2))
    devices = build_module("devices", countries=["FI", "NO"], languages=[], owner=academy, subject="devices")
    build_course("devices", modules=[devices], owner=academy, hours=Decimal("4.5"))
    assert slugs(client, query) == found


@pytest.mark.parametrize("name", ["country", "language", "partner", "subject", "hours", "ordering"])
def test_unknown_filter_value_is_refused_by_name(client, name):
    problem = assert_problem(client.get(f"{COURSES}?{name}=nonsense"), 400, "invalid")
    assert list(problem["errors"]) == [name]


def test_courses_come_in_pages(client):
    module = build_module("shared")
    for number in range(3):
        build_course(f"course-{number}", modules=[module])
    first = client.get(f"{COURSES}?page_size=2").json()
    assert (first["count"], len(first["results"])) == (3, 2)
    assert len(client.get(first["next"]).json()["results"]) == 1


def test_page_out_of_range_is_not_there(client):
    build_course("trials")
    assert_problem(client.get(f"{COURSES}?page=99"), 404, "not_found")


def test_draft_is_there_for_the_owners_people_only(client, signed_in, author, other_publisher, learner):
    build_course("secret", status="draft")
    address = f"{COURSES}secret/"
    assert_problem(client.get(address), 404, "not_found")
    assert_problem(signed_in(learner).get(address), 404, "not_found")
    assert_problem(signed_in(other_publisher).get(address), 404, "not_found")
    assert signed_in(author).get(address).json()["status"] == "draft"
    assert slugs(signed_in(author)) == []


def test_closed_course_can_still_be_read(client):
    build_course("old", status="closed")
    assert client.get(f"{COURSES}old/").json()["status"] == "closed"
    assert slugs(client) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_courses_are_only_read(signed_in, administrator, method):
    build_course("trials")
    response = getattr(signed_in(administrator), method)(f"{COURSES}trials/")
    assert_problem(response, 405, "method_not_allowed")


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_courses_costs_five_queries(signed_in, learner, count_queries, count):
    for number in range(count):
        build_course(f"course-{number}")
    browser = signed_in(learner)
    with count_queries(5):  # session, user, count, courses, modules
        browser.get(COURSES)


# --- Modules ----------------------------------------------------------------------------------------------------------


def test_module_shows_its_published_editions_and_lessons(client):
    build_module("trials", lessons=1, countries=["FI"], languages=["sv"])
    module = client.get(f"{MODULES}trials/").json()
    editions = [
        (edition["kind"], edition["language"], edition["country"], edition["number"])
        for edition in module["editions"]
    ]
    assert editions == [("core", "", "", 1), ("layer", "", "FI", 1), ("translation", "sv", "", 1)]
    assert module["lessons"] == [
        {
            "key": "lesson-1",
            "kind": "text",
            "title": "Lesson 1",
            "section": "",
            "minutes": 10,
            "required": True,
            "questions": None,
        }
    ]
    assert (module["languages"], module["countries"]) == (["en", "sv"], ["FI"])


def test_module_without_published_core_is_there_for_its_people_only(client, signed_in, author, learner):
    module = build_module("trials")
    module.editions.update(current=None)
    assert_problem(client.get(f"{MODULES}trials/"), 404, "not_found")
    assert_problem(signed_in(learner).get(f"{MODULES}trials/facts/"), 404, "not_found")
    assert signed_in(author).get(f"{MODULES}trials/").json()["editions"] == []
    assert signed_in(author).get(MODULES).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["devices", "trials"]),
        ("?subject=devices", ["devices"]),
        ("?country=NO", ["devices"]),
        ("?language=sv", ["trials"]),
        ("?owner=lakemedelsakademin", ["devices"]),
        ("?ordering=-hours", ["devices", "trials"]),
    ],
)
def test_modules_are_filtered(client, academy, query, found):
    build_module("trials", countries=["FI"], languages=["sv"])
    build_module("devices", countries=["NO"], languages=[], owner=academy, subject="devices")
    results = client.get(f"{MODULES}{query}").json()["results"]
    assert [module["key"] for module in results] == found


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_modules_costs_three_queries(client, count_queries, count):
    for number in range(count):
        build_module(f"module-{number}")
    with count_queries(3):  # count, modules, co-owners
        client.get(MODULES)


# --- Facts ------------------------------------------------------------------------------------------------------------


def test_fact_comes_with_its_source_and_newest_check(client):
    build_module("trials", countries=["FI", "NO"])
    assert client.get(f"{MODULES}trials/facts/?country=FI").json()["results"] == [
        {
            "key": "trials.authority",
            "country": "FI",
            "statement": {"en": "The authority of FI."},
            "native_terms": [{"lang": "fi", "text": "Fimea"}],
            "legal_ref": "Act 1/2020",
            "source_url": "https://authority.example.org/page",
            "source_is_page": True,
            "status": "verified",
            "checked_on": "2026-11-01",
            "checked_by": "occ-incubator",
            "review_due_on": "2027-05-01",
            "is_overdue": False,
        }
    ]


def test_overdue_fact_says_so(client):
    module = build_module("trials", countries=["FI"])
    module.facts.update(review_due_on=date(2020, 1, 1), status=Fact.Status.CONFIRM)
    (fact,) = client.get(f"{MODULES}trials/facts/").json()["results"]
    assert (fact["is_overdue"], fact["status"]) == (True, "confirm")


def test_fact_never_checked_has_no_checker(client):
    module = build_module("trials", countries=["FI"])
    module.facts.update(checked_on=None, checked_by=None, review_due_on=None, status=Fact.Status.OPEN)
    (fact,) = client.get(f"{MODULES}trials/facts/").json()["results"]
    assert (fact["checked_by"], fact["checked_on"], fact["is_overdue"]) == (None, None, False)


def test_statements_of_a_draft_are_not_shown(client):
    module = build_module("trials", countries=["FI"])
    module.editions.filter(kind="layer").update(current=None)
    assert client.get(f"{MODULES}trials/facts/").json()["results"] == []


@pytest.mark.parametrize("query", ["country=QQ", "status=sure"])
def test_unknown_fact_filter_is_refused(client, query):
    build_module("trials")
    assert_problem(client.get(f"{MODULES}trials/facts/?{query}"), 400, "invalid")


def test_facts_of_an_unknown_module_are_not_there(client):
    assert_problem(client.get(f"{MODULES}nothing/facts/"), 404, "not_found")


@pytest.mark.parametrize("countries", [["FI"], ["FI", "NO", "SE"]])
def test_facts_cost_three_queries(client, count_queries, countries):
    build_module("trials", countries=countries)
    with count_queries(3):  # module, count, facts
        client.get(f"{MODULES}trials/facts/")


def test_a_module_whose_key_has_a_dot_has_an_address(client, db):
    build_module("eu.536-2014")
    assert client.get(f"{MODULES}eu.536-2014/").json()["key"] == "eu.536-2014"
    assert client.get(f"{MODULES}eu.536-2014/facts/").status_code == 200
