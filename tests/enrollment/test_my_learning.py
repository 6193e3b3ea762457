"""My learning: one next step, and every course with its state in words."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from enrollment.models import Enrollment, LayerPin, Pin
from enrollment.selectors.my_learning import my_learning
from enrollment.services import complete_lesson, set_country, set_language, visit_lesson, withdraw
from lms.accounts.models import User
from tests.enrollment.builders import NOW, build_course, build_module, finish, opened, start, step_of, take

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def english_pages(learner):
    """The words asserted here are those of the catalogue's source."""
    learner.language = "en"
    learner.save()


@pytest.fixture
def reader(signed_in, learner) -> Client:
    return signed_in(learner)


def words_of(reader: Client) -> str:
    response = reader.get("/learn/")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def resume_of(learner):
    return my_learning(learner, on=TODAY).resume


# --- The one card ---------------------------------------------------------------------------------------------------


def test_nothing_started_offers_the_catalogue(reader):
    words = words_of(reader)
    assert "Nothing started yet" in words
    assert "See all courses" in words


def test_the_card_names_the_exact_next_step(reader, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    Enrollment.objects.update(due_on=date(2999, 1, 31))
    html = reader.get("/learn/").content.decode()
    words = words_of(reader)
    assert "Continue where you left off · 30 min left" in words
    assert "Title of two Course nordic-trials · lesson 2 of 4" in words
    assert "Due on 31 Jan 2999" in words
    assert "1 of 4 lessons done" in words
    assert 'data-variant="primary" href="/learn/nordic-trials/trials/two/"' in html


def test_the_card_leads_where_the_learner_was(learner, learning):
    visit_lesson(learning, step_of(learning, "check"), at=NOW)
    assert resume_of(learner).step.key == "check"


def test_the_card_stays_right_when_language_or_country_change(learner, course, learning):
    visit_lesson(learning, step_of(learning, "two"), at=NOW)
    set_language(learning.enrollment, "sv", at=NOW)
    assert (resume_of(learner).step.key, resume_of(learner).step.title) == ("two", "sv: Title of two")
    set_country(learning.enrollment, "LV", at=NOW)
    assert (resume_of(learner).step.key, resume_of(learner).country) == ("two", "Latvia")


def test_the_course_worked_on_last_is_resumed(learner, learning):
    second = start(learner, build_course("second", modules=[learning.pins[0].module]))
    complete_lesson(second, step_of(second, "one"), at=NOW)
    complete_lesson(learning, step_of(learning, "two"), at=NOW + timedelta(hours=1))
    assert resume_of(learner).card.enrollment == learning.enrollment


def test_among_courses_not_begun_the_one_due_first_is_resumed(learner, learning):
    second = start(learner, build_course("second", modules=[learning.pins[0].module]))
    Enrollment.objects.filter(pk=second.enrollment.pk).update(due_on=TODAY)
    assert resume_of(learner).card.enrollment == second.enrollment


def test_a_course_without_access_is_not_resumed(learner, learning):
    Enrollment.objects.update(access_until=TODAY - timedelta(days=1))
    assert resume_of(learner) is None


def test_a_course_that_opens_later_is_not_resumed(reader, learner, learning):
    Enrollment.objects.update(opens_on=date(2999, 1, 1))
    assert resume_of(learner) is None
    assert "Opens on 1 Jan 2999" in words_of(reader)


def test_all_done_says_so_and_offers_more(reader, learner, learning):
    finish(learning)
    words = words_of(reader)
    assert "Nothing left to do" in words
    assert "Completed on 20 Nov 2026" in words


def test_whoever_is_through_is_asked_for_the_name_that_no_certificate_goes_without(reader, learner, learning):
    User.objects.update(name_confirmed_on=None)
    assert "Look at it once and confirm it" not in words_of(reader)
    finish(learning)
    assert "Look at it once and confirm it" in words_of(reader)
    User.objects.update(name_confirmed_on=TODAY)
    assert "Look at it once and confirm it" not in words_of(reader)


# --- The lists ------------------------------------------------------------------------------------------------------


def test_a_late_course_says_since_when(reader, learning):
    second = start(learning.enrollment.learner, build_course("second", modules=[learning.pins[0].module]))
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    Enrollment.objects.filter(pk=second.enrollment.pk).update(due_on=date(2020, 1, 1))
    assert "Was due on 1 Jan 2020" in words_of(reader)


def test_a_course_that_was_left_offers_the_way_back(reader, learner, learning):
    withdraw(learning.enrollment, by=learner, at=NOW)
    html = reader.get("/learn/").content.decode()
    assert "Left on 20 Nov 2026" in html
    assert 'href="/courses/nordic-trials/"' in html
    assert "Nothing left to do" not in html, "nothing was finished"


def test_the_resumed_course_is_not_listed_again(learner, learning):
    learning_of = my_learning(learner, on=TODAY)
    assert learning_of.open == ()
    assert not learning_of.is_empty


def test_somebody_elses_courses_do_not_show(signed_in, other_learner, learning):
    assert "Nothing started yet" in words_of(signed_in(other_learner))


@pytest.mark.parametrize("count", [1, 3])
def test_my_learning_costs_the_same_with_one_and_three_courses(reader, learner, count_queries, count):
    module = build_module()
    for number in range(count):
        start(learner, build_course(f"course-{number}", modules=[module]))
    reader.get("/learn/")
    with count_queries(6):  # the last one asks for certificates
        assert reader.get("/learn/").status_code == 200


@pytest.mark.parametrize("count", [0, 1, 30])
def test_any_number_of_courses_is_listed_once(learner, count):
    module = build_module()
    for number in range(count):
        start(learner, build_course(f"course-{number}", modules=[module]))
    found = my_learning(learner, on=TODAY)
    assert len(found.open) + (found.resume is not None) == count


def test_list_page_and_outline_tell_the_same_figure(reader, learner, course, learning):
    for act in (lambda: complete_lesson(learning, step_of(learning, "one"), at=NOW), lambda: take(learning)):
        act()
        done = opened(learner, course).outline.done
        assert f"{done} of 4 lessons done" in words_of(reader)
        lesson = reader.get("/learn/nordic-trials/trials/one/").content.decode()
        assert f"Outline: {done} of 4 done" in lesson
        assert Enrollment.objects.get().lessons_done == done


def test_anonymous_is_asked_to_log_in(client):
    assert client.get("/learn/")["Location"].startswith("/accounts/login/")


def test_my_learning_is_read(reader):
    assert reader.post("/learn/").status_code == 405


def test_due_within_a_fortnight_is_soon(learner, learning):
    Enrollment.objects.update(due_on=TODAY + timedelta(days=14))
    card = resume_of(learner).card
    assert (card.is_due_soon, card.is_late) == (True, False)


def test_a_course_whose_lessons_are_gone_leads_to_what_it_is(reader, learner):
    course = build_course()
    start(learner, course)
    Pin.objects.update(lesson_keys=["gone"])
    LayerPin.objects.all().delete()
    assert reader.get(f"/learn/{course.slug}/").headers["Location"] == f"/courses/{course.slug}/"
