"""From when to when an enrolment is open: the widest of what the learner and the organisations have."""

from datetime import date, datetime

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format

from ..errors import AccessEnded, EnrollmentEnded
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


def has_access(enrollment: Enrollment, on: date) -> bool:
    began = enrollment.opens_on is None or enrollment.opens_on <= on
    return began and (enrollment.access_until is None or on <= enrollment.access_until)


def check_access(enrollment: Enrollment, *, at: datetime) -> None:
    """Raises EnrollmentEnded or AccessEnded where the learner may read but no longer act."""
    if enrollment.withdrawn_at is not None:
        raise EnrollmentEnded
    today = timezone.localdate(at)
    if not has_access(enrollment, today):
        day = enrollment.access_until or enrollment.opens_on
        organisation = (
            enrollment.assignments.filter(ended_at=None).values_list("organisation__name", flat=True).first()
        )
        raise AccessEnded(day=date_format(day) if day else "", organisation=organisation or "")
