"""What an organisation may change about an enrolment that it follows."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.records.services import record

from ..models import Assignment, Enrollment
from .access import refresh_access


def set_due_date(assignment: Assignment, due_on: date | None, *, by: User, at: datetime) -> Assignment:
    """Set or take away the day by which the organisation wants the course done.

    The same day again changes nothing; an assignment that has ended stays as it was.
    """
    with transaction.atomic(durable=True):
        assignment = locked(assignment)
        if not assignment.ended_at:
            move_due_date(assignment, due_on, by=by, at=at)
    return assignment


def move_due_date(assignment: Assignment, due_on: date | None, *, by: User, at: datetime) -> None:
    """In the caller's transaction, which holds the enrolment's lock."""
    if assignment.due_on == due_on:
        return
    before, assignment.due_on = assignment.due_on, due_on
    assignment.save(update_fields=["due_on"])
    refresh_access(assignment.enrollment)
    record_change("enrollment.due_date_set", assignment, by=by, at=at, before=before, after=due_on)


def end_assignment(assignment: Assignment, *, by: User | None, at: datetime) -> Assignment:
    """Stop following an enrolment: the organisation sees it no longer, the learner keeps it. Twice changes nothing.

    `by` None: nobody's decision, it follows from another act.
    """
    with transaction.atomic(durable=True):
        assignment = locked(assignment)
        if assignment.ended_at:
            return assignment
        assignment.ended_at = at
        assignment.save(update_fields=["ended_at"])
        refresh_access(assignment.enrollment)
        record_change("enrollment.assignment_ended", assignment, by=by, at=at)
    return assignment


def end_assignments_of_leaver(learner_id: int, organisation_id: int, *, at: datetime) -> int:
    """Stop following somebody who belongs to the organisation no longer, whatever the assignment rested on.

    The learner keeps the course and the record. Returns how many assignments ended.
    """
    held = Assignment.objects.filter(
        enrollment__learner=learner_id, organisation=organisation_id, ended_at=None
    )
    return end_all(held, at=at)


def end_outlived_assignments(*, at: datetime) -> int:
    """The guarantee behind that: roles that ran out by their date, and leavings nobody heard of. Returns how many."""
    return end_all(Assignment.objects.outlived(on=timezone.localdate(at)), at=at)


def end_all(assignments: QuerySet[Assignment], *, at: datetime) -> int:
    return len([end_assignment(assignment, by=None, at=at) for assignment in assignments])


def locked(assignment: Assignment) -> Assignment:
    """The assignment as it is now, under the lock of its enrolment."""
    enrollment = Enrollment.objects.select_for_update().get(pk=assignment.enrollment_id)
    assignment = Assignment.objects.select_related("organisation").get(pk=assignment.pk)
    assignment.enrollment = enrollment
    return assignment


def record_change(
    act: str, assignment: Assignment, *, by: User | None, at: datetime, **days: date | None
) -> None:
    values: dict[str, Any] = {name: day.isoformat() if day else None for name, day in days.items()}
    record(act, assignment.enrollment, by=by, on_behalf_of=assignment.organisation, at=at, **values)
