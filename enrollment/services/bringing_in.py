"""Bringing people in by their address: members are enrolled, everybody else is invited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Course
from courses.selectors.words import said
from courses.services.letters import send_letter
from lms.accounts.models import Membership, Organisation, User, current, normalise_email
from lms.lib.errors import DomainError
from lms.lib.site import absolute_url

from ..errors import AlreadyCompleted
from ..models import Assignment, Enrollment, Invitation
from .enrolling import assign, open_or_create
from .inviting import invite, unused


class Outcome(models.TextChoices):
    """What became of one address."""

    ENROLLED = "enrolled", pgettext_lazy("others", "Enrolled")
    KNOWN = "known", _("Enrolled already")
    INVITED = "invited", _("Invited")
    WAITING = "waiting", _("Invited already, not accepted yet")
    REFUSED = "refused", _("Not enrolled")


@dataclass(frozen=True)
class AddressOutcome:
    email: str
    outcome: Outcome
    reason: str = ""


def enroll_addresses(
    emails: Iterable[str],
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None = None,
) -> list[AddressOutcome]:
    """`enroll_by_email` for each address, in a transaction of its own: one that is refused stops no other."""
    return [
        outcome_for(email, course, organisation=organisation, by=by, at=at, language=language, due_on=due_on)
        for email in dict.fromkeys(map(normalise_email, emails))
    ]


def outcome_for(
    email: str,
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None,
) -> AddressOutcome:
    try:
        made = enroll_by_email(
            email, course, organisation=organisation, by=by, at=at, language=language, due_on=due_on
        )
    except DomainError as refusal:
        return AddressOutcome(email, Outcome.REFUSED, str(refusal.message))
    if isinstance(made, Invitation):
        return AddressOutcome(email, Outcome.INVITED if made.created_at == at else Outcome.WAITING)
    assignment = made.assignments.get(organisation=organisation, ended_at=None)
    return AddressOutcome(email, Outcome.ENROLLED if assignment.created_at == at else Outcome.KNOWN)


def enroll_by_email(
    email: str,
    course: Course,
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    language: str,
    due_on: date | None = None,
) -> Enrollment | Invitation:
    """Enrol one of the organisation's own people, or invite whoever holds the address.

    Somebody who is not (yet) of the organisation is always invited, whether the address is known or not: nobody is
    followed without having said yes, and nobody learns here who has an account. Doing it again changes a due date
    alone; an invitation that waits with the same due date is not sent a second time. Raises CourseNotOpen.
    """
    email = normalise_email(email)
    member = member_with(email, organisation, on=timezone.localdate(at))
    if member:
        return enroll_member(member, course, organisation=organisation, due_on=due_on, by=by, at=at)
    waiting = unused().filter(organisation=organisation, email=email, course=course, due_on=due_on)
    return waiting.filter(expires_at__gt=at).first() or invite(
        email, organisation=organisation, course=course, due_on=due_on, language=language, by=by, at=at
    )


def member_with(email: str, organisation: Organisation, *, on: date) -> User | None:
    held = Membership.objects.filter(current(on), organisation=organisation, user__email=email)
    membership = held.select_related("user").first()
    return membership.user if membership else None


def enroll_member(
    learner: User,
    course: Course,
    *,
    organisation: Organisation,
    due_on: date | None,
    by: User,
    at: datetime,
) -> Enrollment:
    with transaction.atomic(durable=True):
        enrollment, assignment = bring_in(
            learner, course, organisation=organisation, due_on=due_on, by=by, at=at
        )
        if assignment.created_at == at and not enrollment.is_complete:
            mail_assignment(assignment, at=at)
    return enrollment


def bring_in(
    learner: User,
    course: Course,
    *,
    organisation: Organisation,
    due_on: date | None,
    by: User,
    at: datetime,
) -> tuple[Enrollment, Assignment]:
    """Put the learner into the course for the organisation, in the caller's transaction.

    What the learner completed before is followed as it is: nobody takes a course twice for a list.
    Raises CourseNotOpen.
    """
    country = learner.country or organisation.country
    try:
        enrollment = open_or_create(learner, course, country=country, language=learner.language, by=by, at=at)
    except AlreadyCompleted:
        completed = Enrollment.objects.filter(learner=learner, course=course, completed_at__isnull=False)
        enrollment = completed.select_for_update().latest("cycle")
    basis = Assignment.Basis.EMPLOYER
    return enrollment, assign(enrollment, organisation, basis=basis, due_on=due_on, by=by, at=at)


def mail_assignment(assignment: Assignment, *, at: datetime) -> None:
    """Nobody is enrolled by others without hearing of it."""
    enrollment, learner = assignment.enrollment, assignment.enrollment.learner
    send_letter(
        "assigned",
        key=str(assignment.pk),
        recipient=learner.email,
        language=learner.language,
        at=at,
        organisation=assignment.organisation.name_in(learner.language),
        course=said(enrollment.course.title, learner.language),
        due_on=assignment.due_on,
        link=absolute_url(reverse("my_learning")),
    )
