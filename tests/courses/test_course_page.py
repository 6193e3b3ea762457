"""The course page: what it says of a course, of its languages and countries, and of what is missing."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from courses.models import Course, Edition, Programme, ProgrammePartner, Revision
from courses.selectors import current_programme, forget_programme
from courses.selectors.course_page import course_page

from .builders import PUBLISHED, build_course, build_module, outline_entry, publish


@pytest.fixture(autouse=True)
def programme(academy, occ):
    programme = Programme.objects.create(
        title={"en": "Programme"}, coordinator=academy, countries=["FI", "LV", "SE"]
    )
    for position, partner in enumerate([academy, occ]):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()
    current_programme()


def loaded(course: Course) -> Course:
    return Course.objects.select_related("owner").get(pk=course.pk)


def revise(edition: Edition, outline: list) -> None:
    """The next published revision of an edition."""
    revision = Revision.objects.create(
        edition=edition, number=2, meta=edition.current.meta, content_hash="1" * 64, created_at=PUBLISHED
    )
    publish(revision, outline)


# --- Lessons ----------------------------------------------------------------------------------------------------


def test_lessons_come_in_the_readers_language():
    page = course_page(loaded(build_course("trials", lessons=2, languages=["sv"])), "sv")
    titles = [(lesson.title.text, lesson.title.is_fallback) for lesson in page.modules[0].lessons]
    assert titles == [("sv: Lesson 1", False), ("sv: Lesson 2", False)]
    assert page.modules[0].minutes == 20


def test_stale_translation_falls_back_to_the_core_and_is_counted_out():
    course = build_course("trials", lessons=2, languages=["sv"])
    core = course.items.get().module.editions.get(kind="core")
    revise(core, [outline_entry(1), {**outline_entry(2), "title": "Rewritten", "hash": "f" * 64}])
    page = course_page(loaded(course), "sv")
    titles = [(lesson.title.text, lesson.title.language) for lesson in page.modules[0].lessons]
    assert titles == [("sv: Lesson 1", "sv"), ("Rewritten", "en")]
    swedish = next(language for language in page.languages if language.code == "sv")
    assert (swedish.lessons, swedish.of, swedish.is_complete) == (1, 2, False)
    assert page.fallback.language == "en"


def test_course_asks_for_some_lessons_only():
    course = build_course("trials", lessons=3)
    course.items.update(lesson_keys=["lesson-1", "lesson-3"])
    page = course_page(loaded(course), "en")
    assert [lesson.key for lesson in page.modules[0].lessons] == ["lesson-1", "lesson-3"]
    assert page.lesson_count == 2


def test_country_questions_are_announced():
    page = course_page(loaded(build_course("trials", countries=["FI", "NO"])), "en")
    checks = [(check.country, check.minutes, check.questions) for check in page.modules[0].checks]
    assert checks == [("FI", 5, 2), ("NO", 5, 2)]


# --- Coverage ---------------------------------------------------------------------------------------------------


def test_countries_are_told_apart_by_how_far_they_are_adapted():
    modules = [build_module("one", countries=["FI", "NO"]), build_module("two", countries=["FI"])]
    countries = course_page(loaded(build_course("both", modules=modules)), "en").countries
    assert [country.name for country in countries.whole] == ["Finland"]
    assert [(country.name, [title.text for title in country.missing]) for country in countries.part] == [
        ("Norway", ["Module two"])
    ]
    assert [country.name for country in countries.none] == ["Latvia", "Sweden"]


def test_partners_are_named_once_with_all_that_they_answer_for(academy, lmi, pharma_centre):
    module = build_module("trials", countries=["FI"])
    module.editions.filter(kind="layer").update(owner=pharma_centre)
    core = module.editions.get(kind="core")
    core.current.meta = {"co_owners": ["lakemedelsakademin", "unknown"]}
    revision = Revision.objects.create(
        edition=core, number=2, meta=core.current.meta, content_hash="1" * 64, created_at=PUBLISHED
    )
    publish(revision, [outline_entry(1)])
    page = course_page(loaded(build_course("course", modules=[module], owner=academy)), "en")
    assert [(partner.organisation.slug, partner.roles) for partner in page.partners] == [
        ("lakemedelsakademin", ("Course", "Modules")),
        ("occ-incubator", ("Modules",)),
        ("laaketietokeskus", ("Finland",)),
    ]


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lessons", "modules"), [(3, 1), (50, 1), (3, 3)])
def test_course_page_costs_two_queries(count_queries, lessons, modules):
    parts = [build_module(f"module-{number}", lessons=lessons, languages=["sv"]) for number in range(modules)]
    course = loaded(build_course("trials", modules=parts))
    with count_queries(2):  # items with modules, editions with their outlines
        page = course_page(course, "sv")
    assert page.lesson_count == lessons * modules


# --- The template, which enrolment's view fills -------------------------------------------------------------------


def shown(rf, course: Course, *, user=None, **context) -> str:
    request = rf.get(f"/courses/{course.slug}/")
    request.user = user or AnonymousUser()
    values = {"enrollment": None, "certificate": None, "can_enrol_for": [], **context}
    return render_to_string(
        "courses/course.html", {"course_page": course_page(loaded(course), "en"), **values}, request
    )


def test_visitor_is_asked_to_log_in(rf):
    page = shown(rf, build_course("trials"))
    assert "?next=/courses/trials/" in page
    assert "<form method" not in page


def test_learner_enrols_with_country_language_and_organisation(rf, learner, employer):
    page = shown(rf, build_course("trials"), user=learner, can_enrol_for=[employer])
    assert '<option value="FI" selected>Finland</option>' in page
    assert '<option value="sv">Swedish</option>' in page
    assert '<option value="hospital">Hospital</option>' in page


def test_readers_own_country_stands_out(rf, learner):
    page = shown(rf, build_course("trials", countries=["FI", "NO"]), user=learner)
    assert "<b>Finland</b>, Norway" in page


def test_enrolled_learner_goes_on(rf, learner):
    enrollment = SimpleNamespace(is_complete=False, lessons_done=1, lessons_required=3, minutes_left=95)
    page = shown(rf, build_course("trials"), user=learner, enrollment=enrollment, resume_url="/go-on/")
    assert 'href="/go-on/">Continue' in page
    assert "About 1 h 35 min left" in page


@pytest.mark.parametrize(("status", "words"), [("closed", "Closed to new learners"), ("draft", "Draft:")])
def test_course_that_is_not_open_cannot_be_enrolled_in(rf, learner, status, words):
    page = shown(rf, build_course("trials", status=status), user=learner)
    assert words in page
    assert 'id="enrol-country"' not in page


def test_the_two_kinds_of_certificate_never_read_alike(rf):
    course = build_course("trials")
    passed = shown(rf, course, certificate={"kind": "passed", "valid_months": 36})
    attended = shown(rf, course, certificate={"kind": "attendance", "valid_months": None})
    assert "Passed course:" in passed
    assert "Valid for 36 months." in passed
    assert "Passed course:" not in attended
    assert "It does not expire." in attended
