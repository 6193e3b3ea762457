"""Courses: opened only where there is something to learn in every module of them."""

import pytest

from courses import errors
from courses.models import Course
from courses.services import create_course, publish_course
from tests.conftest import NOW
from tests.courses.builders import build_module, organisation


@pytest.fixture
def module(db):
    return build_module("trials", lessons=2)


def course_of(*items) -> Course:
    return create_course(
        "course", owner=organisation(), title={"en": "C"}, summary={}, hours=1, items=items, by=None, at=NOW
    )


@pytest.mark.parametrize("lesson_keys", [None, ["lesson-2"], ["lesson-1", "lesson-2"]])
def test_a_course_of_lessons_that_are_there_is_published(module, lesson_keys):
    course = publish_course(course_of((module, lesson_keys)), by=None, at=NOW)
    assert course.status == Course.Status.PUBLISHED


def test_lessons_that_the_core_does_not_have_are_named(module):
    with pytest.raises(errors.ContentMissing, match="lesson-9"):
        publish_course(course_of((module, ["lesson-1", "lesson-9"])), by=None, at=NOW)


def test_a_module_without_a_lesson_teaches_nothing(module):
    with pytest.raises(errors.NothingToTeach, match="trials"):
        publish_course(course_of((module, [])), by=None, at=NOW)


def test_a_course_of_nothing_teaches_nothing(db):
    with pytest.raises(errors.NothingToTeach):
        publish_course(course_of(), by=None, at=NOW)
