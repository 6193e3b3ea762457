"""The front page: what the programme is, who stands behind it, and where to go from here."""

import pytest
from django.urls import reverse

from courses.models import Programme, ProgrammePartner
from courses.selectors import current_programme, forget_programme
from courses.selectors.keeping import forget_kept
from lms.accounts.services import create_organisation
from tests.conftest import NOW

from .builders import build_course


@pytest.fixture
def programme(academy, occ):
    programme = Programme.objects.create(
        title={"en": "Learning together", "sv": "Lära tillsammans"},
        description={"en": "Two partners teach."},
        coordinator=academy,
        countries=["FI", "NO", "SE"],
    )
    for position, partner in enumerate([academy, occ]):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()
    current_programme()
    return programme


def test_anyone_sees_programme_partners_and_courses(client, programme):
    build_course("trials")
    page = client.get("/").text
    assert "<h1>Learning together</h1>" in page
    assert "Two partners teach." in page
    assert "<small>Sweden</small>" in page
    assert "OCC Incubator" in page
    assert reverse("course", args=["trials"]) in page


def test_partners_added_later_stand_after_those_of_the_start(client, programme, lmi, employer):
    forget_programme()
    assert [partner["slug"] for partner in current_programme().partners] == [
        "lakemedelsakademin",
        "occ-incubator",
        "lmi",
    ]
    assert "LMI" in client.get("/").text


def test_a_partner_added_on_a_page_is_there_at_once(client, programme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_organisation(name="Newcomer", country="DK", kind="partner", by=None, at=NOW)
    assert "Newcomer" in client.get("/").text


def test_a_programme_that_names_no_countries_has_those_of_its_partners(programme):
    assert current_programme().countries == ("FI", "NO", "SE")
    Programme.objects.update(countries=[])
    create_organisation(name="Abroad", country="XX", kind="partner", by=None, at=NOW)
    forget_programme()
    assert current_programme().countries == ("NO", "SE")


def test_certificate_can_be_verified_from_here(client, programme):
    page = client.get("/").text
    assert f'method="get" action="{reverse("verify")}"' in page
    assert 'name="code"' in page


def test_swedish_reader_gets_swedish_and_is_told_what_is_not(client, programme):
    page = client.get("/", headers={"accept-language": "sv"}).text
    assert "<h1>Lära tillsammans</h1>" in page
    assert '<span lang="en">Two partners teach.</span>' in page
    assert 'data-fallback="en"' in page


def test_before_setup_there_is_a_page(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "<h1>Nordic LMS</h1>" in response.text


def test_drafts_are_not_featured(client, programme):
    build_course("secret", status="draft")
    assert client.get("/").context["courses"] == []


def test_the_three_newest_are_featured(client, programme, now):
    for day in range(1, 5):
        build_course(f"course-{day}", published_at=now.replace(day=day))
    slugs = [course.slug for course in client.get("/").context["courses"]]
    assert slugs == ["course-4", "course-3", "course-2"]


@pytest.mark.parametrize("count", [1, 3])
def test_front_page_costs_four_queries_once_a_minute_and_two_in_between(
    signed_in, learner, programme, count_queries, count
):
    for number in range(count):
        build_course(f"course-{number}")
    browser = signed_in(learner)
    with count_queries(4):  # session, user, courses, modules
        browser.get("/")
    with count_queries(2):
        browser.get("/")


def test_what_is_kept_speaks_the_readers_language(client, programme):
    assert "<h1>Learning together</h1>" in client.get("/").text
    assert "<h1>Lära tillsammans</h1>" in client.get("/", headers={"accept-language": "sv"}).text
    assert "<h1>Learning together</h1>" in client.get("/").text


def test_what_is_kept_says_nothing_of_who_asked_first(client, signed_in, author, programme):
    build_course("trials")
    page = signed_in(author).get("/").text
    main = page[page.index("<main") : page.index("</main>")]
    assert main in client.get("/").text
    assert author.email not in main


def test_published_course_is_there_once_the_catalogue_is_forgotten(client, programme):
    client.get("/")
    build_course("trials")
    forget_kept()
    assert reverse("course", args=["trials"]) in client.get("/").text


def test_front_page_is_only_read(client, db):
    assert client.post("/").status_code == 405
