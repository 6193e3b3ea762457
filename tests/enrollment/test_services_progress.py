"""Lessons done and undone, and what follows for the course."""

from datetime import date, timedelta

import pytest

from enrollment.errors import AccessEnded, AccessNotYet, CertificateRestsOnIt, EnrollmentEnded, QuizDecides
from enrollment.models import Enrollment, LearningEvent, LessonProgress
from enrollment.services import (
    complete_lesson,
    enroll,
    refresh_access,
    undo_lesson,
    visit_lesson,
    withdraw,
)
from enrollment.services.counting import recount
from enrollment.signals import course_completed
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    finish,
    opened,
    start,
    step_of,
    take,
    text_lesson,
)

LATER = NOW + timedelta(days=1)
Kind = LearningEvent.Kind


def reloaded(learning) -> Enrollment:
    return Enrollment.objects.get(pk=learning.enrollment.pk)


def kinds(learning) -> list[str]:
    return list(learning.enrollment.events.values_list("kind", flat=True))


@pytest.fixture
def short(learner):
    """A course of one required and one optional lesson."""
    lessons = [text_lesson("one"), text_lesson("extra", required=False)]
    return start(learner, build_course("short", modules=[build_module("short", lessons=lessons, layers=[])]))


@pytest.fixture
def completions():
    heard: list[int] = []

    def hear(sender, enrollment_id, **_more):
        heard.append(enrollment_id)

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)


# --- Done -----------------------------------------------------------------------------------------------------------


def test_a_lesson_done_is_a_row_an_event_and_a_count(learning):
    outline = complete_lesson(learning, step_of(learning, "one"), at=NOW)
    assert (outline.done, outline.minutes_left) == (1, 30)
    row = LessonProgress.objects.get()
    assert (row.lesson_key, row.completed_at, row.country) == ("one", NOW, "")
    assert row.text_hash == step_of(learning, "one").text_hash
    enrollment = reloaded(learning)
    assert (enrollment.lessons_done, enrollment.minutes_left, enrollment.completed_at) == (1, 30, None)
    assert (enrollment.last_lesson_key, enrollment.last_active_at) == ("one", NOW)
    assert kinds(learning) == [Kind.ENROLLED, Kind.COMPLETED_LESSON]


def test_a_lesson_done_twice_is_done_once(learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    complete_lesson(learning, step_of(learning, "one"), at=LATER)
    assert LessonProgress.objects.get().completed_at == NOW
    assert kinds(learning).count(Kind.COMPLETED_LESSON) == 1


def test_a_quiz_is_not_marked_done_by_hand(learning):
    with pytest.raises(QuizDecides):
        complete_lesson(learning, step_of(learning, "check"), at=NOW)
    with pytest.raises(QuizDecides):
        undo_lesson(learning, step_of(learning, "check"), at=NOW)
    assert not LessonProgress.objects.exists()


def test_the_last_required_lesson_completes_the_course_once(
    short, completions, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        complete_lesson(short, step_of(short, "one", "short"), at=NOW)
        complete_lesson(short, step_of(short, "extra", "short"), at=LATER)
    assert reloaded(short).completed_at == NOW
    assert kinds(short).count(Kind.COMPLETED_COURSE) == 1
    assert completions == [short.enrollment.pk]


def test_counters_and_outline_say_the_same(learner, course, learning):
    for act in (
        lambda: complete_lesson(learning, step_of(learning, "one"), at=NOW),
        lambda: take(learning),
        lambda: undo_lesson(learning, step_of(learning, "one"), at=LATER),
    ):
        act()
        enrollment, outline = reloaded(learning), opened(learner, course).outline
        assert (enrollment.lessons_done, enrollment.lessons_required, enrollment.minutes_left) == (
            outline.done,
            outline.total,
            outline.minutes_left,
        )


# --- Undone ---------------------------------------------------------------------------------------------------------


def test_undo_restores_every_figure_and_keeps_both_events(learning):
    before = reloaded(learning)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    outline = undo_lesson(learning, step_of(learning, "one"), at=LATER)
    after = reloaded(learning)
    assert outline.done == 0
    assert (after.lessons_done, after.minutes_left) == (before.lessons_done, before.minutes_left)
    assert not LessonProgress.objects.exists()
    assert kinds(learning) == [Kind.ENROLLED, Kind.COMPLETED_LESSON, Kind.UNDID_LESSON]


def test_undoing_what_is_not_done_changes_nothing(learning):
    undo_lesson(learning, step_of(learning, "one"), at=NOW)
    assert kinds(learning) == [Kind.ENROLLED]


def test_undoing_the_last_required_lesson_opens_the_course_again(short):
    complete_lesson(short, step_of(short, "one", "short"), at=NOW)
    undo_lesson(short, step_of(short, "one", "short"), at=LATER)
    assert reloaded(short).completed_at is None
    assert kinds(short)[-2:] == [Kind.UNDID_LESSON, Kind.REOPENED_COURSE]


def test_completing_again_after_undo_is_a_new_completion(short):
    for at in (NOW, LATER):
        complete_lesson(short, step_of(short, "one", "short"), at=at)
        if at == NOW:
            undo_lesson(short, step_of(short, "one", "short"), at=at)
    assert reloaded(short).completed_at == LATER


def test_what_a_certificate_rests_on_is_not_undone(short):
    complete_lesson(short, step_of(short, "one", "short"), at=NOW)
    Enrollment.objects.update(locked_at=LATER)
    with pytest.raises(CertificateRestsOnIt):
        undo_lesson(short, step_of(short, "one", "short"), at=LATER)
    assert reloaded(short).completed_at == NOW
    assert LessonProgress.objects.count() == 1


def test_an_optional_lesson_may_still_be_done_after_the_certificate(short):
    complete_lesson(short, step_of(short, "one", "short"), at=NOW)
    Enrollment.objects.update(locked_at=LATER)
    complete_lesson(short, step_of(short, "extra", "short"), at=LATER)
    assert LessonProgress.objects.count() == 2
    assert reloaded(short).completed_at == NOW


# --- Counting again -------------------------------------------------------------------------------------------------


def test_recount_repairs_counters_from_the_rows(learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    Enrollment.objects.update(lessons_done=9, lessons_required=9, minutes_left=9)
    recount(reloaded(learning), at=LATER)
    enrollment = reloaded(learning)
    assert (enrollment.lessons_done, enrollment.lessons_required, enrollment.minutes_left) == (1, 4, 30)


def test_recount_twice_completes_once(learning):
    finish(learning)
    recount(reloaded(learning), at=LATER)
    assert reloaded(learning).completed_at == NOW
    assert kinds(learning).count(Kind.COMPLETED_COURSE) == 1


# --- When one may act -----------------------------------------------------------------------------------------------


def test_after_leaving_nothing_can_be_done(learner, learning):
    withdraw(learning.enrollment, by=learner, at=NOW)
    for act in (complete_lesson, undo_lesson):
        with pytest.raises(EnrollmentEnded):
            act(learning, step_of(learning, "one"), at=LATER)


@pytest.fixture
def assigned(learner, course, employer):
    """Enrolled by an employer alone, from yesterday until today."""
    enrollment = enroll(
        learner, course, country="FI", language="en", by=learner, at=NOW, organisation=employer
    )
    enrollment.assignments.update(starts_on=date(2026, 11, 19), access_until=date(2026, 11, 20))
    refresh_access(enrollment)
    return opened(learner, course)


def test_the_last_day_of_access_is_part_of_it(assigned):
    complete_lesson(assigned, step_of(assigned, "one"), at=NOW)
    assert reloaded(assigned).lessons_done == 1


def test_after_access_one_is_told_whom_to_ask(assigned, employer):
    with pytest.raises(AccessEnded) as refusal:
        complete_lesson(assigned, step_of(assigned, "one"), at=LATER)
    assert employer.name in str(refusal.value.message)
    assert not LessonProgress.objects.exists()


def test_before_access_one_is_told_when_it_begins(assigned):
    with pytest.raises(AccessNotYet) as refusal:
        complete_lesson(assigned, step_of(assigned, "one"), at=NOW - timedelta(days=3))
    assert "19" in str(refusal.value.message)


def test_enrolling_oneself_too_lifts_every_limit(learner, course, assigned):
    enroll(learner, course, country="FI", language="en", by=learner, at=NOW)
    complete_lesson(opened(learner, course), step_of(assigned, "one"), at=LATER)
    assert reloaded(assigned).lessons_done == 1


# --- The place ------------------------------------------------------------------------------------------------------


def test_a_visit_is_remembered(learner, course, learning):
    visit_lesson(learning, step_of(learning, "two"), at=NOW)
    assert opened(learner, course).next_step.key == "two"


def test_staying_writes_nothing(learner, course, learning, count_queries):
    visit_lesson(learning, step_of(learning, "two"), at=NOW)
    here = opened(learner, course)
    with count_queries(0):
        visit_lesson(here, step_of(here, "two"), at=LATER)
