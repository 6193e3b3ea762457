"""Getting into a course and out of it, and choosing how to read it."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.models import Course
from enrollment.errors import AlreadyCompleted, CountryFixed, CourseNotOpen, UnknownPlace
from enrollment.models import Assignment, Enrollment, LayerPin, LearningEvent, LessonProgress
from enrollment.selectors import learner_course
from enrollment.services import complete_lesson, enroll, set_country, set_language, withdraw
from lms.records.models import AuditEvent
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    fact,
    finish,
    layer,
    opened,
    start,
    step_of,
    take,
    text_lesson,
)

LATER = NOW + timedelta(days=1)
Kind = LearningEvent.Kind


def kinds(enrollment: Enrollment) -> list[str]:
    return list(enrollment.events.values_list("kind", flat=True))


def reloaded(enrollment: Enrollment) -> Enrollment:
    return Enrollment.objects.get(pk=enrollment.pk)


def again(learner, course, **choices):
    values = {"country": "FI", "language": "en", "by": learner, "at": LATER, **choices}
    return enroll(learner, course, **values)


# --- Enrolling ------------------------------------------------------------------------------------------------------


def test_enrolling_pins_core_and_layer_and_counts_what_there_is(learning):
    enrollment = learning.enrollment
    assert (enrollment.lessons_required, enrollment.lessons_done, enrollment.minutes_left) == (4, 0, 40)
    assert [pin.core_revision.edition.kind for pin in learning.pins] == ["core"]
    assert LayerPin.objects.get().country == "FI"
    assert kinds(enrollment) == [Kind.ENROLLED]
    assert enrollment.own_since == NOW


def test_enrolling_is_in_the_audit_trail_without_a_name(learning, learner):
    event = AuditEvent.objects.get(act="enrollment.enrolled")
    assert event.actor == learner.audit_ref
    assert learner.full_name not in str(event.payload)


def test_enrolling_twice_returns_the_open_enrolment(learner, course, learning):
    assert again(learner, course) == learning.enrollment
    assert Enrollment.objects.count() == 1
    assert kinds(learning.enrollment) == [Kind.ENROLLED]


def test_a_draft_and_a_closed_course_take_nobody(learner):
    for status in (Course.Status.DRAFT, Course.Status.CLOSED):
        course = build_course(f"course-{status}", modules=[], status=status)
        with pytest.raises(CourseNotOpen):
            again(learner, course)
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("choices", [{"country": "ZZ"}, {"language": "xx"}])
def test_an_unknown_country_or_language_is_refused(learner, course, choices):
    with pytest.raises(UnknownPlace):
        again(learner, course, **choices)
    assert not Enrollment.objects.exists()


def test_a_completed_course_is_not_begun_again(learner, course, learning):
    finish(learning)
    with pytest.raises(AlreadyCompleted):
        again(learner, course)


def test_on_behalf_of_an_organisation_it_may_follow(learner, course, employer):
    enrollment = again(learner, course, organisation=employer)
    assignment = Assignment.objects.get()
    assert (assignment.organisation, assignment.basis) == (employer, Assignment.Basis.CONSENT)
    assert enrollment.own_since is None
    assert kinds(enrollment) == [Kind.ENROLLED, Kind.ASSIGNED]


def test_the_same_course_alone_and_for_an_employer_is_one_progress(learner, course, learning, employer):
    assert again(learner, course, organisation=employer) == learning.enrollment
    assert reloaded(learning.enrollment).own_since == NOW
    assert Assignment.objects.count() == 1


def test_assigning_twice_keeps_one_assignment_and_takes_the_new_due_date(learner, course, employer):
    again(learner, course, organisation=employer, due_on=LATER.date())
    due = LATER.date() + timedelta(days=30)
    enrollment = again(learner, course, organisation=employer, due_on=due)
    assert Assignment.objects.get().due_on == due
    assert reloaded(enrollment).due_on == due
    moved = AuditEvent.objects.get(act="enrollment.due_date_set")
    assert moved.payload["values"] == {"before": LATER.date().isoformat(), "after": due.isoformat()}


# --- Leaving --------------------------------------------------------------------------------------------------------


def test_leaving_keeps_progress_and_ends_what_organisations_see(learner, course, employer):
    learning = start(learner, course, organisation=employer)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    withdraw(learning.enrollment, by=learner, at=LATER)
    enrollment = reloaded(learning.enrollment)
    assert (enrollment.withdrawn_at, enrollment.own_since) == (LATER, None)
    assert enrollment.lessons_done == 1
    assert LessonProgress.objects.count() == 1
    assert Assignment.objects.get().ended_at == LATER
    assert learner_course(learner, course.slug) is None


def test_leaving_twice_changes_nothing(learner, learning):
    withdraw(learning.enrollment, by=learner, at=LATER)
    withdraw(learning.enrollment, by=learner, at=LATER + timedelta(days=1))
    assert reloaded(learning.enrollment).withdrawn_at == LATER
    assert kinds(learning.enrollment).count(Kind.WITHDREW) == 1


def test_a_completed_course_stays_on_the_record(learner, learning):
    finish(learning)
    with pytest.raises(AlreadyCompleted):
        withdraw(learning.enrollment, by=learner, at=LATER)


def test_coming_back_brings_everything_back(learner, course, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    withdraw(learning.enrollment, by=learner, at=NOW)
    enrollment = again(learner, course)
    assert enrollment == learning.enrollment
    assert (enrollment.withdrawn_at, enrollment.lessons_done) == (None, 1)
    assert opened(learner, course).outline.done == 1


def test_coming_back_takes_the_country_and_language_chosen_this_time(learner):
    course = build_course(modules=[build_module(layers=[layer("FI"), layer("NO", questions=[])])])
    learning = start(learner, course)
    withdraw(learning.enrollment, by=learner, at=NOW)
    enrollment = again(learner, course, country="NO", language="sv")
    assert (enrollment.country, enrollment.language) == ("NO", "sv")
    assert enrollment.lessons_required == 3
    assert {pin.country for pin in LayerPin.objects.all()} == {"FI", "NO"}


# --- Credit ---------------------------------------------------------------------------------------------------------


def test_the_same_module_in_two_courses_is_not_read_twice(learner, course, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    take(learning)
    module = learning.pins[0].module
    second = start(learner, build_course("second", modules=[module]), at=LATER)
    assert [step.key for step in second.outline.steps if step.is_done] == ["one", "check"]
    assert second.enrollment.lessons_done == 2
    one = second.outline.find("trials", "one")
    assert (one.done_at, one.credited_from) == (NOW, learning.enrollment.pk)
    assert kinds(second.enrollment) == [Kind.ENROLLED, Kind.CREDITED, Kind.CREDITED]


def test_changed_words_are_not_credited(learner, course, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    newer = build_module(lessons=[text_lesson("one"), text_lesson("two", body="New words.")], layers=[])
    second = start(learner, build_course("second", modules=[newer]), at=LATER)
    assert second.outline.done == 0


def test_what_is_no_longer_valid_is_not_credited(learner):
    module = build_module(validity_months=12)
    first = start(learner, build_course("first", modules=[module]))
    complete_lesson(first, step_of(first, "one"), at=NOW)
    in_time = start(learner, build_course("second", modules=[module]), at=NOW + timedelta(days=364))
    too_late = start(learner, build_course("third", modules=[module]), at=NOW + timedelta(days=366))
    assert (in_time.outline.done, too_late.outline.done) == (1, 0)


def test_work_is_valid_by_the_days_of_the_programme_not_of_greenwich(learner):
    """Done half past midnight in Stockholm, which is still the day before in UTC."""
    module = build_module(validity_months=12)
    first = start(learner, build_course("first", modules=[module]))
    complete_lesson(first, step_of(first, "one"), at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    last_day = datetime(2027, 11, 20, 12, 0, tzinfo=UTC)
    assert start(learner, build_course("second", modules=[module]), at=last_day).outline.done == 1


def test_another_learners_work_is_not_credited(learner, other_learner, course, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    second = start(other_learner, build_course("second", modules=[learning.pins[0].module]))
    assert second.outline.done == 0


def test_a_country_check_is_credited_for_its_own_country_only(learner):
    module = build_module(layers=[layer("FI"), layer("NO")])
    first = start(learner, build_course("first", modules=[module]))
    take(first, "country-check")
    norwegian = start(learner, build_course("second", modules=[module]), country="NO")
    finnish = start(learner, build_course("third", modules=[module]), country="FI")
    assert (norwegian.outline.done, finnish.outline.done) == (0, 1)


# --- Language and country -------------------------------------------------------------------------------------------


def test_switching_language_keeps_place_and_progress(learner, course, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    set_language(learning.enrollment, "sv", at=LATER)
    after = opened(learner, course)
    assert (after.outline.done, after.enrollment.last_lesson_key) == (1, "one")
    assert after.outline.steps[0].title == "sv: Title of one"
    assert Kind.CHOSE_LANGUAGE in kinds(after.enrollment)


def test_choosing_the_language_one_reads_writes_nothing(learning):
    set_language(learning.enrollment, "en", at=LATER)
    assert kinds(learning.enrollment) == [Kind.ENROLLED]


@pytest.mark.parametrize("language", ["", "xx", "sv'--"])
def test_an_unknown_language_is_refused(learning, language):
    with pytest.raises(UnknownPlace):
        set_language(learning.enrollment, language, at=LATER)


def test_switching_country_keeps_core_progress_and_counts_again(learner):
    course = build_course(modules=[build_module(layers=[layer("FI")])])
    learning = start(learner, course)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    take(learning, "country-check")
    enrollment = set_country(learning.enrollment, "LV", at=LATER)
    assert (enrollment.lessons_required, enrollment.lessons_done) == (3, 1)
    back = set_country(enrollment, "FI", at=LATER)
    assert (back.lessons_required, back.lessons_done) == (4, 2)
    assert LessonProgress.objects.count() == 2


def test_the_layer_of_a_country_is_pinned_when_it_is_first_opened(learner, course, learning):
    """A layer published later does not change what this learner reads."""
    pinned = LayerPin.objects.get(country="FI").layer_revision
    build_module(layers=[layer("FI", facts=[fact("newer")])])
    set_country(learning.enrollment, "LV", at=LATER)
    set_country(learning.enrollment, "FI", at=LATER)
    assert LayerPin.objects.get(country="FI").layer_revision == pinned
    assert pinned.edition.current_id != pinned.pk


def test_switching_to_a_country_where_less_is_asked_completes_the_course(learner, learning):
    for key in ("one", "two"):
        complete_lesson(learning, step_of(learning, key), at=NOW)
    take(learning)
    enrollment = set_country(learning.enrollment, "LV", at=LATER)
    assert enrollment.completed_at == LATER


def test_the_country_is_fixed_once_the_course_is_completed(learning):
    finish(learning)
    with pytest.raises(CountryFixed):
        set_country(learning.enrollment, "LV", at=LATER)
    assert reloaded(learning.enrollment).country == "FI"


def test_choosing_ones_own_country_writes_nothing(learning):
    set_country(learning.enrollment, "FI", at=LATER)
    assert kinds(learning.enrollment) == [Kind.ENROLLED]


def test_a_revision_published_later_does_not_change_what_is_read(learner, course, learning):
    pinned = learning.pins[0].core_revision_id
    build_module(lessons=[text_lesson("one", body="Other words."), text_lesson("new")], layers=[])
    after = opened(learner, course)
    assert after.pins[0].core_revision_id == pinned
    assert [step.key for step in after.outline.steps] == ["one", "two", "check", "country-check"]
