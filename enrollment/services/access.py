"""From when to when an enrolment is open: the widest of what the learner and the organisations have."""

from datetime import date, datetime

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format

from ..errors import AccessEnded, AccessNotYet, EnrollmentEnded
from ..models import Enrollment


def refresh_access(enrollment: Enrollment) -> None:
    """Write the dates that follow from the open assignments. The caller holds the enrolment's lock."""
    held = enrollment.assignments.filter(ended_at=None)
    dates = held.aggregate(opens=Min("starts_on"), due=Min("due_on"), until=Max("access_until"))
    unlimited = (
        enrollment.own_since is not None or held.filter(access_until=None).exists() or not held.exists()
    )
    at_once = enrollment.own_since is not None or held.filter(starts_on=None).exists()
    enrollment.opens_on = None if at_once else dates["opens"]
    enrollment.due_on = dates["due"]
    enrollment.access_until = None if unlimited else dates["until"]
    enrollment.save(update_fields=["opens_on", "due_on", "access_until"])


def has_begun(enrollment: Enrollment, on: date) -> bool:
    return enrollment.opens_on is None or enrollment.opens_on <= on


def has_ended(enrollment: Enrollment, on: date) -> bool:
    return enrollment.access_until is not None and enrollment.access_until < on


def check_access(enrollment: Enrollment, *, at: datetime) -> None:
    """Raises EnrollmentEnded, AccessNotYet or AccessEnded where the learner may read but not act."""
    if enrollment.withdrawn_at is not None:
        raise EnrollmentEnded
    today = timezone.localdate(at)
    if enrollment.opens_on and not has_begun(enrollment, today):
        raise AccessNotYet(day=date_format(enrollment.opens_on))
    if enrollment.access_until and has_ended(enrollment, today):
        held = enrollment.assignments.filter(ended_at=None).order_by("-access_until")
        organisation = held.values_list("organisation__name", flat=True).first()
        raise AccessEnded(day=date_format(enrollment.access_until), organisation=organisation or "")
