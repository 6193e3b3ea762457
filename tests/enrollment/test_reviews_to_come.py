"""What readers are told of reviews that are still to come: by a native speaker, and by a partner of the country."""

import pytest
from django.utils import translation as interface

from courses.content import AWAITING_REVIEW, QuestionText, TranslatedLesson, TranslationContent
from tests.enrollment.builders import (
    STANDARD,
    build_course,
    build_module,
    layer,
    start,
    translation,
)

LESSON = "/learn/nordic-trials/trials/one/"
NATIVE = "This translation awaits review by a native speaker."
LOCAL = "Not yet reviewed in Latvia"


@pytest.fixture
def reader(signed_in, learner):
    learner.language = "en"
    learner.save()
    return signed_in(learner)


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.text.split())


# --- By a native speaker ----------------------------------------------------------------------------------------------


def swedish(review: str = AWAITING_REVIEW, *, source: str = "") -> TranslationContent:
    """The first lesson and the quiz await review; the second does not."""
    one, check = STANDARD[0], STANDARD[2]
    lessons = dict(translation("sv", STANDARD).lessons)
    first = TranslatedLesson("one", "Ett", "Ord.", source or one.text_hash, review=review)
    asked = {question.key: QuestionText(prompt="Fråga") for question in check.quiz.questions}
    quiz = TranslatedLesson("check", "Prov", "", check.text_hash, questions=asked, review=review)
    return TranslationContent("sv", {**lessons, "one": first, "check": quiz})


@pytest.fixture
def awaiting(learner):
    course = build_course(modules=[build_module(translations={"sv": swedish()})])
    return start(learner, course, language="sv")


@pytest.mark.parametrize(
    ("lesson", "said"), [("trials/one/", True), ("trials/two/", False), ("trials/check/", True)]
)
def test_a_translation_that_awaits_review_says_so(reader, awaiting, lesson, said):
    assert (NATIVE in text_of(reader.get(f"/learn/nordic-trials/{lesson}"))) is said


def test_it_is_said_in_the_language_of_the_interface(reader, learner, awaiting):
    learner.language = "sv"
    learner.save()
    with interface.override("sv"):
        words = interface.gettext(NATIVE)
    assert words != NATIVE
    assert words in text_of(reader.get(LESSON))


def test_whoever_reads_the_original_is_not_told(reader, learner):
    start(learner, build_course(modules=[build_module(translations={"sv": swedish()})]), language="en")
    assert NATIVE not in text_of(reader.get(LESSON))


def test_whoever_gets_the_original_for_a_stale_translation_is_not_told(reader, learner):
    module = build_module(translations={"sv": swedish(source="0" * 64)})
    start(learner, build_course(modules=[module]), language="sv")
    page = text_of(reader.get(LESSON))
    assert NATIVE not in page
    assert "its translation into Swedish is not there yet" in page


def test_the_course_page_counts_them(client, awaiting):
    assert "2 translations await review by a native speaker" in text_of(client.get("/courses/nordic-trials/"))


# --- By a partner of the country --------------------------------------------------------------------------------------


@pytest.fixture
def latvian(learner):
    course = build_course(modules=[build_module(layers=[layer("LV"), layer("FI")])])
    return start(learner, course, country="LV")


def test_a_panel_that_no_partner_of_the_country_approved_says_so(reader, latvian):
    page = text_of(reader.get(LESSON))
    assert LOCAL in page
    assert "No partner from there has approved this text." in page


def test_the_comparison_says_it_of_each_country(reader, latvian):
    page = text_of(reader.get(f"{LESSON}compare/"))
    assert LOCAL in page
    assert "Not yet reviewed in Finland" in page


def test_the_course_page_names_the_countries(client, latvian):
    page = text_of(client.get("/courses/nordic-trials/"))
    assert "Not yet reviewed there" in page
    assert "Finland, Latvia" in page


def test_the_page_of_a_fact_says_it(client, latvian):
    assert LOCAL in text_of(client.get("/facts/authority/"))
