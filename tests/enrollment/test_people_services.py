"""Due dates and the end of following."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from enrollment.models import Assignment, Enrollment
from enrollment.permissions import can_accept, can_follow
from enrollment.selectors.people import counts_by_state, courses_followed, find_assignment, followed
from enrollment.services.enrolling import enroll
from enrollment.services.following import end_assignment, set_due_date
from enrollment.services.inviting import invite
from enrollment.tasks import reconcile
from lms.accounts.models import Membership, Role
from lms.accounts.services import end_role
from lms.records.models import AuditEvent
from tests.conftest import LONG_AGO, NOW
from tests.courses.builders import build_course
from tests.enrollment.people_builders import follow

SOON, LATE = date(2027, 1, 15), date(2027, 3, 1)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def assignment(academy, coordinator, learner) -> Assignment:
    return follow(learner, build_course("trials"), academy, by=coordinator, due_on=SOON)


def test_due_date_is_set_for_assignment_and_learner(assignment, coordinator):
    set_due_date(assignment, LATE, by=coordinator, at=LATER)
    assignment = Assignment.objects.get()
    event = AuditEvent.objects.get(act="enrollment.due_date_set")
    assert (assignment.due_on, assignment.enrollment.due_on) == (LATE, LATE)
    assert event.payload["values"] == {"before": "2027-01-15", "after": "2027-03-01"}
    assert (event.actor, event.on_behalf_of) == (coordinator.audit_ref, "lakemedelsakademin")


def test_due_date_can_be_taken_away(assignment, coordinator):
    set_due_date(assignment, None, by=coordinator, at=LATER)
    assignment = Assignment.objects.get()
    assert (assignment.due_on, assignment.enrollment.due_on) == (None, None)


def test_same_due_date_is_recorded_nowhere(assignment, coordinator):
    set_due_date(assignment, SOON, by=coordinator, at=LATER)
    assert not AuditEvent.objects.filter(act="enrollment.due_date_set").exists()


def test_due_date_of_one_organisation_leaves_the_other(assignment, learner, lmi, other_coordinator):
    other = follow(learner, assignment.enrollment.course, lmi, by=other_coordinator, due_on=LATE)
    set_due_date(other, None, by=other_coordinator, at=LATER)
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.enrollment.due_on) == (SOON, SOON)


def test_ending_stops_the_view_and_keeps_the_course(assignment, coordinator):
    end_assignment(assignment, by=coordinator, at=LATER)
    enrollment = Assignment.objects.get(ended_at=LATER).enrollment
    assert (enrollment.withdrawn_at, enrollment.due_on, enrollment.access_until) == (None, None, None)
    assert not can_follow(coordinator, enrollment)


def test_ending_twice_changes_nothing(assignment, coordinator):
    for at in (NOW, LATER):
        end_assignment(assignment, by=coordinator, at=at)
    assert Assignment.objects.get().ended_at == NOW
    assert AuditEvent.objects.filter(act="enrollment.assignment_ended").count() == 1


def test_ended_assignment_keeps_its_due_date(assignment, coordinator):
    end_assignment(assignment, by=coordinator, at=NOW)
    set_due_date(assignment, LATE, by=coordinator, at=LATER)
    assert Assignment.objects.get().due_on == SOON


def test_only_a_coordinator_of_the_organisation_can_follow(
    assignment, coordinator, other_coordinator, learner, finnish_publisher, administrator
):
    people = {
        "own": coordinator,
        "other": other_coordinator,
        "learner": learner,
        "publisher": finnish_publisher,
    }
    allowed = {name: can_follow(user, assignment.enrollment) for name, user in people.items()}
    assert allowed == {"own": True, "other": False, "learner": False, "publisher": False}
    assert not can_follow(administrator, assignment.enrollment)


def test_coordinator_whose_role_ended_can_follow_nobody(assignment, coordinator):
    coordinator.memberships.update(ends_on=date(2021, 1, 1))
    assert not can_follow(coordinator, assignment.enrollment)


def test_enrolment_taken_alone_is_followed_by_nobody(academy, coordinator, other_learner):
    alone = enroll(
        other_learner, build_course("alone"), country="NO", language="en", by=other_learner, at=NOW
    )
    assert not can_follow(coordinator, alone)


def test_only_the_invited_address_can_accept(academy, coordinator, learner, other_learner):
    asked = invite(learner.email, organisation=academy, by=coordinator, at=NOW, language="en")
    assert can_accept(learner, asked)
    assert not can_accept(other_learner, asked)


# --- Leaving the organisation ---------------------------------------------------------------------------------------


@pytest.fixture
def leave(administrator, django_capture_on_commit_callbacks):
    def leave(user, organisation, role=Role.MEMBER):
        with django_capture_on_commit_callbacks(execute=True):
            for held in user.memberships.filter(organisation=organisation, role=role):
                end_role(held, by=administrator, at=NOW)

    return leave


BASES = pytest.mark.parametrize("basis", Assignment.Basis)


@BASES
def test_whoever_leaves_an_organisation_is_followed_by_it_no_longer(
    assignment, academy, lmi, other_coordinator, coordinator, leave, basis
):
    Assignment.objects.update(basis=basis)
    learner = assignment.enrollment.learner
    elsewhere = follow(learner, assignment.enrollment.course, lmi, by=other_coordinator)
    leave(learner, academy)
    assignment.refresh_from_db()
    elsewhere.refresh_from_db()
    assert assignment.ended_at is not None
    assert elsewhere.ended_at is None
    assert not can_follow(coordinator, assignment.enrollment)
    assert AuditEvent.objects.filter(act="enrollment.assignment_ended", actor=None).count() == 1


def test_whoever_leaves_keeps_the_course(assignment, academy, leave):
    leave(assignment.enrollment.learner, academy)
    kept = Enrollment.objects.visible_to(assignment.enrollment.learner).open().get()
    assert (kept.due_on, kept.access_until) == (None, None)


def test_whoever_keeps_another_role_there_is_followed_still(assignment, academy, leave):
    learner = assignment.enrollment.learner
    Membership.objects.create(user=learner, organisation=academy, role=Role.AUTHOR, starts_on=LONG_AGO)
    leave(learner, academy)
    assignment.refresh_from_db()
    assert assignment.ended_at is None


@pytest.fixture
def ran_out(assignment):
    """The role ended by its date, and nobody was told."""
    Membership.objects.filter(user=assignment.enrollment.learner).update(ends_on=date(2021, 1, 1))
    return assignment


@BASES
def test_no_view_waits_for_the_sweep(ran_out, academy, coordinator, basis):
    Assignment.objects.update(basis=basis)
    today = timezone.localdate()
    assert not can_follow(coordinator, ran_out.enrollment)
    assert find_assignment(coordinator, academy.slug, ran_out.enrollment_id, on=today) is None
    assert not followed(academy, on=today).exists()
    assert not courses_followed(academy, on=today).exists()
    assert sum(counts_by_state(academy, on=today).values()) == 0


@BASES
def test_the_sweep_ends_what_a_date_has_ended_once(ran_out, basis):
    Assignment.objects.update(basis=basis)
    reconcile()
    ran_out.refresh_from_db()
    ended_at = ran_out.ended_at
    reconcile()
    ran_out.refresh_from_db()
    assert ended_at is not None
    assert ran_out.ended_at == ended_at
    assert AuditEvent.objects.filter(act="enrollment.assignment_ended", actor=None).count() == 1


def test_the_sweep_leaves_those_who_belong(assignment):
    reconcile()
    assignment.refresh_from_db()
    assert assignment.ended_at is None


def test_the_sweep_waits_for_a_role_that_begins_later(assignment, coordinator):
    Membership.objects.filter(user=assignment.enrollment.learner).update(starts_on=date(2999, 1, 1))
    reconcile()
    assignment.refresh_from_db()
    assert assignment.ended_at is None
    assert not can_follow(coordinator, assignment.enrollment)


def test_the_sweep_runs_by_itself():
    assert "enrollment.tasks.reconcile" in {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
