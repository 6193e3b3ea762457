"""The page of a course, enrolling and leaving."""

import re

import pytest
from django.test import Client

from courses.models import Course, Module, Revision
from courses.selectors.keeping import forget_kept
from courses.signals import revision_published
from enrollment.models import Assignment, Enrollment
from enrollment.services import complete_lesson, withdraw
from lms.accounts.models import Membership, Role
from tests.conftest import LONG_AGO
from tests.enrollment.builders import NOW, build_course, build_module, finish, start, step_of

PAGE = "/courses/nordic-trials/"
CHOICES = {"country": "FI", "language": "sv"}


@pytest.fixture(autouse=True)
def english_pages(learner):
    """The words asserted here are those of the catalogue's source."""
    learner.language = "en"
    learner.save()


@pytest.fixture
def reader(signed_in, learner, course) -> Client:
    return signed_in(learner)


@pytest.fixture
def employed(learner, employer):
    Membership.objects.create(user=learner, organisation=employer, role=Role.MEMBER, starts_on=LONG_AGO)
    return employer


def html_of(client: Client, url: str = PAGE) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- The page -------------------------------------------------------------------------------------------------------


def test_anyone_reads_about_a_course_and_is_offered_to_log_in(client, course):
    html = html_of(client)
    assert "Course nordic-trials" in html
    assert f"/accounts/login/?next={PAGE}" in html
    assert f'action="{PAGE}enrol/"' not in html


def test_the_form_begins_with_the_profile(reader):
    html = html_of(reader)
    assert '<option value="FI" selected>Finland</option>' in html
    assert '<option value="en" selected>English</option>' in html
    assert "On behalf of" not in html


def test_a_language_without_texts_is_offered_with_that_word(signed_in, learner, course):
    learner.language = "fi"
    learner.save()
    assert "Suomi (" in html_of(signed_in(learner))


def test_members_choose_on_whose_behalf_and_are_told_what_it_means(reader, employed):
    assert f'href="{PAGE}enrol/"' in html_of(reader)
    words = text_of(html_of(reader, f"{PAGE}enrol/"))
    assert "Myself Nobody but you sees what you do here." in words
    assert (
        "Hospital sees that you are enrolled, how far you are and when you complete; never your answers."
        in words
    )


def test_the_enrolled_are_offered_their_next_step_and_the_way_out(reader, learner, course):
    start(learner, course)
    html = html_of(reader)
    assert 'href="/learn/nordic-trials/"' in html
    assert 'href="/learn/nordic-trials/leave/"' in html
    assert f'action="{PAGE}enrol/"' not in html


def test_who_has_completed_it_is_not_offered_to_leave(reader, learner, course):
    finish(start(learner, course))
    assert "leave/" not in html_of(reader)


def test_who_left_is_offered_the_way_back(reader, learner, course):
    withdraw(start(learner, course).enrollment, by=learner, at=NOW)
    words = text_of(html_of(reader))
    assert "You left it on 20 Nov 2026" in words
    assert "Enrol" in words


def test_a_closed_course_offers_nothing(reader, course):
    Course.objects.update(status=Course.Status.CLOSED)
    assert f'action="{PAGE}enrol/"' not in html_of(reader)


def test_a_draft_is_not_there_for_others(client, reader, signed_in, author, course):
    Course.objects.update(status=Course.Status.DRAFT)
    assert client.get(PAGE).status_code == 404
    assert reader.get(PAGE).status_code == 404
    assert reader.post(f"{PAGE}enrol/", CHOICES).status_code == 404
    assert signed_in(author).get(PAGE).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("enrolled", [True, False])
def test_a_course_page_costs_six_queries_and_four_for_the_next(
    reader, learner, employed, count_queries, count, enrolled
):
    modules = [build_module(f"m{n}") for n in range(count)]
    course = build_course("measured", modules=modules)
    if enrolled:
        start(learner, course)
    html_of(reader, "/courses/measured/")
    forget_kept()
    with count_queries(6):
        drawn = html_of(reader, "/courses/measured/")
    with count_queries(4):
        kept = html_of(reader, "/courses/measured/")
    assert main_of(kept) == main_of(drawn)


def main_of(page: str) -> str:
    """Without the tokens of its forms, which are new each time."""
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", page[page.index("<main") : page.index("</main>")]
    )


def test_a_published_change_shows_at_once(reader):
    before = html_of(reader, PAGE)
    Module.objects.update(title={"en": "A new title"})
    assert "A new title" not in before
    assert "A new title" not in html_of(reader, PAGE)  # kept: nobody said that anything has changed
    revision_published.send(sender=Revision, revision_id=0)
    assert "A new title" in html_of(reader, PAGE)


def test_each_reads_the_page_in_their_own_language(reader, learner):
    learner.language = "en"
    learner.save()
    assert "Who answers for it" in html_of(reader, PAGE)
    learner.language = "sv"
    learner.save()
    assert "Who answers for it" not in html_of(reader, PAGE)


def test_what_is_kept_of_a_page_does_not_tell_where_the_last_reader_lives(reader, learner):
    learner.country = "FI"
    learner.save()
    assert "<b>Finland</b>" in html_of(reader, PAGE)
    learner.country = "SE"
    learner.save()
    assert "<b>Finland</b>" not in html_of(reader, PAGE)


# --- Enrolling ------------------------------------------------------------------------------------------------------


def test_enrolling_leads_to_the_first_step(reader, learner):
    response = reader.post(f"{PAGE}enrol/", CHOICES, follow=True)
    assert response.redirect_chain == [
        ("/learn/nordic-trials/", 302),
        ("/learn/nordic-trials/trials/one/", 302),
    ]
    enrollment = Enrollment.objects.get()
    assert (enrollment.learner, enrollment.country, enrollment.language) == (learner, "FI", "sv")
    assert "You are enrolled." in response.content.decode()


def test_enrolling_twice_is_once(reader):
    for _twice in range(2):
        assert reader.post(f"{PAGE}enrol/", CHOICES).status_code == 302
    assert Enrollment.objects.count() == 1


def test_enrolling_on_behalf_of_ones_employer(reader, employed):
    reader.post(f"{PAGE}enrol/", {**CHOICES, "organisation": "hospital"})
    assert Assignment.objects.get().organisation == employed
    assert Enrollment.objects.get().own_since is None


def test_enrolling_for_an_organisation_one_is_not_in_is_refused(reader, employer):
    """Without any membership the field is not there, and what is sent for it means nothing."""
    reader.post(f"{PAGE}enrol/", {**CHOICES, "organisation": "hospital"})
    assert not Assignment.objects.exists()


def test_another_organisation_than_ones_own_is_refused(reader, employed, lif):
    response = reader.post(f"{PAGE}enrol/", {**CHOICES, "organisation": "lif"})
    assert response.status_code == 422
    assert not Enrollment.objects.exists()


def test_a_membership_that_ended_is_none(reader, learner, employed):
    Membership.objects.update(ends_on=LONG_AGO)
    assert "organisation" not in html_of(reader).partition("<main")[2].partition("</form>")[0]
    assert "On behalf of" not in html_of(reader, f"{PAGE}enrol/")


@pytest.mark.parametrize("wrong", [{"country": ""}, {"country": "ZZ"}, {"language": "xx"}, {"language": ""}])
def test_a_wrong_choice_brings_the_page_back(reader, wrong):
    response = reader.post(f"{PAGE}enrol/", {**CHOICES, **wrong})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Please look at this again:" in html
    assert 'aria-invalid="true"' in html
    assert not Enrollment.objects.exists()


def test_a_closed_course_takes_nobody(reader):
    Course.objects.update(status=Course.Status.CLOSED)
    response = reader.post(f"{PAGE}enrol/", CHOICES, follow=True)
    assert "does not take new learners" in response.content.decode()
    assert not Enrollment.objects.exists()


def test_a_completed_course_is_not_begun_again(reader, learner, course):
    finish(start(learner, course))
    response = reader.post(f"{PAGE}enrol/", CHOICES, follow=True)
    assert "You have completed this course." in response.content.decode()


def test_anonymous_is_asked_to_log_in(client, course):
    assert client.post(f"{PAGE}enrol/", CHOICES)["Location"].startswith("/accounts/login/")
    assert not Enrollment.objects.exists()


def test_asking_for_the_form_enrols_nobody(reader):
    html_of(reader, f"{PAGE}enrol/")
    assert not Enrollment.objects.exists()
    assert reader.post(PAGE).status_code == 405
    assert reader.delete(f"{PAGE}enrol/").status_code == 405


def test_an_unknown_course_is_not_there(reader):
    assert reader.get("/courses/nothing/").status_code == 404
    assert reader.post("/courses/nothing/enrol/", CHOICES).status_code == 404


# --- Leaving --------------------------------------------------------------------------------------------------------


def test_leaving_asks_first_and_says_what_it_means(reader, learner, course, employed):
    learning = start(learner, course, organisation=employed)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    words = text_of(html_of(reader, "/learn/nordic-trials/leave/"))
    assert "The lesson that you have done is kept." in words
    assert "A hospital no longer follows this course of yours." in words
    assert Enrollment.objects.get().withdrawn_at is None


def test_leaving_and_coming_back(reader, learner, course):
    learning = start(learner, course)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    response = reader.post("/learn/nordic-trials/leave/", follow=True)
    assert "What you did is kept" in response.content.decode()
    assert Enrollment.objects.get().withdrawn_at is not None
    reader.post(f"{PAGE}enrol/", CHOICES)
    enrollment = Enrollment.objects.get()
    assert (enrollment.withdrawn_at, enrollment.lessons_done) == (None, 1)


def test_leaving_twice_finds_nothing_to_leave(reader, learner, course):
    start(learner, course)
    reader.post("/learn/nordic-trials/leave/")
    assert reader.post("/learn/nordic-trials/leave/").status_code == 404


def test_a_completed_course_cannot_be_left(reader, learner, course):
    finish(start(learner, course))
    response = reader.post("/learn/nordic-trials/leave/", follow=True)
    assert "You have completed this course." in response.content.decode()
    assert Enrollment.objects.get().withdrawn_at is None
