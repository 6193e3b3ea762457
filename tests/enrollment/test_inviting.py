"""Bringing people in by address: who is enrolled, who is invited, and what an invitation is good for."""

from datetime import date, timedelta

import pytest

from courses.models import Course
from enrollment.errors import CourseNotOpen, InvitationForSomebodyElse, InvitationGone
from enrollment.models import Assignment, Enrollment, Invitation
from enrollment.services.accepting import accept_invitation, find_invitation
from enrollment.services.bringing_in import AddressOutcome, Outcome, enroll_addresses, enroll_by_email
from enrollment.services.enrolling import enroll
from enrollment.services.inviting import hash_of, invite, resend_invitation, revoke_invitation
from lms.accounts.models import Membership, Organisation, Role, User
from lms.records.models import AuditEvent, Mail
from tests.conftest import NOW, with_role
from tests.courses.builders import build_course
from tests.enrollment.people_builders import far, last_token, member

DUE = date(2027, 1, 15)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def course(db) -> Course:
    return build_course("trials")


@pytest.fixture
def invitation(course, academy, coordinator, learner) -> Invitation:
    return invite(
        learner.email, organisation=academy, course=course, by=coordinator, at=NOW, language="sv", due_on=DUE
    )


def bring(email: str, course: Course, organisation: Organisation, by: User, at=NOW, due_on=DUE):
    return enroll_by_email(
        email, course, organisation=organisation, by=by, at=at, language="en", due_on=due_on
    )


def test_member_is_enrolled_and_hears_of_it(course, academy, coordinator):
    learner = member("member", academy, language="sv")
    enrollment = bring(" Member@Example.org ", course, academy, coordinator)
    assignment = enrollment.assignments.get()
    assert (enrollment.learner, enrollment.country, enrollment.language) == (learner, "SE", "sv")
    assert (assignment.organisation, assignment.basis, assignment.due_on) == (academy, "employer", DUE)
    assert [(mail.kind, mail.recipient, mail.language) for mail in Mail.objects.all()] == [
        ("assigned", "member@example.org", "sv")
    ]


def test_member_enrolled_twice_is_enrolled_once_and_mailed_once(course, academy, coordinator):
    member("member", academy)
    for at in (NOW, LATER):
        bring("member@example.org", course, academy, coordinator, at=at)
    assert (Enrollment.objects.count(), Assignment.objects.count(), Mail.objects.count()) == (1, 1, 1)


def test_member_who_completed_alone_is_followed_as_completed(course, academy, coordinator):
    learner = member("member", academy)
    alone = enroll(learner, course, country="SE", language="en", by=learner, at=NOW)
    far(alone, done=4, completed_at=NOW)
    enrollment = bring("member@example.org", course, academy, coordinator)
    assert (enrollment.pk, enrollment.completed_at) == (alone.pk, NOW)
    assert enrollment.assignments.get().organisation == academy
    assert not Mail.objects.exists()


def test_someone_whose_membership_ended_is_invited(course, academy, coordinator):
    learner = member("member", academy)
    learner.memberships.update(ends_on=date(2026, 1, 1))
    assert isinstance(bring(learner.email, course, academy, coordinator), Invitation)
    assert not Enrollment.objects.exists()


def test_member_of_another_organisation_is_invited(course, academy, lmi, coordinator):
    learner = member("member", lmi)
    assert isinstance(bring(learner.email, course, academy, coordinator), Invitation)


def test_known_and_unknown_addresses_get_the_same(course, academy, coordinator, learner):
    """Nobody learns from an invitation who has an account; the letters alone differ, each in its reader's language."""
    learner.language = "nb"
    learner.save(update_fields=["language"])
    known, unknown = (
        bring(address, course, academy, coordinator) for address in (learner.email, "nobody@example.org")
    )
    told = [
        {field: getattr(each, field) for field in ("country", "language", "due_on", "expires_at", "role")}
        for each in (known, unknown)
    ]
    assert told[0] == told[1]
    letters = Mail.objects.order_by("pk").values_list("recipient", "kind", "language")
    assert list(letters) == [(learner.email, "invitation", "nb"), ("nobody@example.org", "invitation", "en")]


def test_each_address_gets_its_outcome(course, academy, coordinator, learner):
    member("member", academy)
    emails = ["member@example.org", "New@example.org", learner.email, "new@example.org"]
    values = {"organisation": academy, "by": coordinator, "language": "en"}
    first = enroll_addresses(emails, course, at=NOW, **values)
    again = enroll_addresses(emails, course, at=LATER, **values)
    assert first == [
        AddressOutcome("member@example.org", Outcome.ENROLLED),
        AddressOutcome("new@example.org", Outcome.INVITED),
        AddressOutcome(learner.email, Outcome.INVITED),
    ]
    assert [row.outcome for row in again] == [Outcome.KNOWN, Outcome.WAITING, Outcome.WAITING]
    assert Mail.objects.count() == 3


def test_an_address_that_is_refused_stops_no_other(academy, coordinator):
    closed = build_course("closed", status=Course.Status.CLOSED)
    member("member", academy)
    values = {"organisation": academy, "by": coordinator, "language": "en", "at": NOW}
    rows = enroll_addresses(["member@example.org", "new@example.org"], closed, **values)
    assert rows == [
        AddressOutcome("member@example.org", Outcome.REFUSED, str(CourseNotOpen.message)),
        AddressOutcome("new@example.org", Outcome.INVITED),
    ]


def test_another_due_date_sends_a_new_invitation(course, academy, coordinator):
    bring("new@example.org", course, academy, coordinator)
    bring("new@example.org", course, academy, coordinator, at=LATER, due_on=DUE + timedelta(days=7))
    assert Invitation.objects.get(revoked_at=None).due_on == DUE + timedelta(days=7)
    assert Invitation.objects.get(due_on=DUE).revoked_at == LATER


def test_only_the_hash_of_a_token_is_kept(invitation):
    token = last_token()
    assert invitation.token_hash == hash_of(token)
    assert token not in str(Invitation.objects.values().get())
    assert not AuditEvent.objects.filter(payload__icontains=token).exists()


def test_audit_names_no_address(invitation):
    assert "example.org" not in str(list(AuditEvent.objects.values()))


def test_inviting_again_makes_the_earlier_link_useless(invitation, course, academy, coordinator):
    first = last_token()
    invite(invitation.email, organisation=academy, course=course, by=coordinator, at=LATER, language="en")
    assert find_invitation(first, at=LATER) is None
    assert find_invitation(last_token(), at=LATER).course == course


def test_resending_sends_a_new_link_once(invitation, coordinator):
    first = last_token()
    resent = resend_invitation(invitation, by=coordinator, at=LATER)
    with pytest.raises(InvitationGone):
        resend_invitation(invitation, by=coordinator, at=LATER)
    assert find_invitation(first, at=LATER) is None
    assert find_invitation(last_token(), at=LATER) == resent
    assert (resent.email, resent.due_on, resent.language) == (invitation.email, DUE, "sv")
    assert Mail.objects.count() == 2


def test_resending_revives_what_ran_out(invitation, coordinator):
    late = invitation.expires_at + timedelta(days=1)
    resent = resend_invitation(invitation, by=coordinator, at=late)
    assert find_invitation(last_token(), at=late) == resent


def test_withdrawing_twice_is_recorded_once(invitation, coordinator):
    for _time in range(2):
        revoke_invitation(invitation, by=coordinator, at=LATER)
    assert find_invitation(last_token(), at=LATER) is None
    assert AuditEvent.objects.filter(act="invitation.revoked").count() == 1


def test_unused_invitation_is_found_until_it_runs_out(invitation):
    token, end = last_token(), invitation.expires_at
    assert find_invitation(token, at=end - timedelta(microseconds=1)) == invitation
    assert find_invitation(token, at=end) is None
    assert find_invitation("x" * 43, at=NOW) is None


def test_accepting_joins_and_enrols(invitation, learner, academy, course):
    accept_invitation(invitation, by=learner, at=LATER)
    invitation.refresh_from_db()
    membership = Membership.objects.get(user=learner)
    assignment = Assignment.objects.get()
    assert (invitation.accepted_at, invitation.accepted_by) == (LATER, learner)
    assert (membership.organisation, membership.role) == (academy, Role.MEMBER)
    assert (assignment.organisation, assignment.due_on) == (academy, DUE)
    assert (assignment.enrollment.course, assignment.enrollment.country) == (course, "FI")


def test_accepting_again_changes_nothing(invitation, learner):
    for at in (NOW, LATER):
        accept_invitation(invitation, by=learner, at=at)
    invitation.refresh_from_db()
    assert invitation.accepted_at == NOW
    assert (Membership.objects.filter(user=learner).count(), Assignment.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(act="invitation.accepted").count() == 1


def test_nobody_else_can_accept(invitation, other_learner):
    with pytest.raises(InvitationForSomebodyElse):
        accept_invitation(invitation, by=other_learner, at=NOW)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("ended", ["withdrawn", "run out"])
def test_ended_invitation_cannot_be_accepted(invitation, learner, coordinator, ended):
    at = invitation.expires_at if ended == "run out" else LATER
    if ended == "withdrawn":
        revoke_invitation(invitation, by=coordinator, at=NOW)
    with pytest.raises(InvitationGone):
        accept_invitation(invitation, by=learner, at=at)
    assert not Enrollment.objects.exists()
    assert not Membership.objects.filter(user=learner).exists()


def test_course_that_closed_leaves_the_invitation_open(invitation, learner, course):
    Course.objects.filter(pk=course.pk).update(status=Course.Status.CLOSED)
    invitation.course.refresh_from_db()
    with pytest.raises(CourseNotOpen):
        accept_invitation(invitation, by=learner, at=NOW)
    assert find_invitation(last_token(), at=NOW) == invitation
    assert not Membership.objects.filter(user=learner).exists()


def test_accepting_keeps_a_higher_role(course, academy, coordinator):
    author = with_role("writes", Role.AUTHOR, academy)
    asked = invite(author.email, organisation=academy, course=course, by=coordinator, at=NOW, language="en")
    accept_invitation(asked, by=author, at=NOW)
    assert [held.role for held in author.memberships.all()] == [Role.AUTHOR]


def test_accepting_while_learning_alone_keeps_one_enrolment(invitation, learner, course):
    alone = enroll(learner, course, country="NO", language="nb", by=learner, at=NOW)
    accept_invitation(invitation, by=learner, at=LATER)
    alone.refresh_from_db()
    assert Enrollment.objects.get() == alone
    assert (alone.own_since, alone.country, alone.due_on) == (NOW, "NO", DUE)


def test_invitation_without_a_course_makes_a_member(academy, coordinator, learner):
    asked = invite(learner.email, organisation=academy, by=coordinator, at=NOW, language="en")
    accept_invitation(asked, by=learner, at=NOW)
    assert learner.memberships.get().organisation == academy
    assert not Enrollment.objects.exists()
