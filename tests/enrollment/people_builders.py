"""Followed enrolments and invitations, made through the services."""

import re
from datetime import date, datetime

from courses.models import Course
from enrollment.models import Assignment, Enrollment
from enrollment.services.enrolling import enroll
from lms.accounts.models import Membership, Organisation, Role, User
from lms.records.models import Mail
from tests.conftest import LONG_AGO, NOW, person

TOKEN = re.compile(r"/invitations/([\w-]{43})/")


def member(name: str, organisation: Organisation, **details: str) -> User:
    user = person(name, country=organisation.country, **details)
    belong(user, organisation)
    return user


def belong(user: User, organisation: Organisation) -> None:
    Membership.objects.get_or_create(
        user=user, organisation=organisation, role=Role.MEMBER, defaults={"starts_on": LONG_AGO}
    )


def follow(
    learner: User,
    course: Course,
    organisation: Organisation,
    *,
    by: User,
    due_on: date | None = None,
    at: datetime = NOW,
) -> Assignment:
    """Of one of the organisation's own people, which the learner becomes if need be."""
    belong(learner, organisation)
    enrollment = enroll(
        learner,
        course,
        country=learner.country or organisation.country,
        language=learner.language,
        by=by,
        at=at,
        organisation=organisation,
        basis=Assignment.Basis.EMPLOYER,
        due_on=due_on,
    )
    return enrollment.assignments.get(organisation=organisation, ended_at=None)


def far(enrollment: Enrollment, *, done: int = 0, completed_at: datetime | None = None) -> None:
    """Counters as the services write them; lists read nothing else."""
    Enrollment.objects.filter(pk=enrollment.pk).update(
        lessons_done=done, completed_at=completed_at, last_active_at=NOW if done else None
    )


def token_in(mail: Mail) -> str:
    found = TOKEN.search(mail.body)
    assert found, mail.body
    return found.group(1)


def last_token() -> str:
    """The token of the newest invitation, which only its mail knows."""
    return token_in(Mail.objects.filter(kind="invitation").latest("pk"))
