"""Twenty at once on PostgreSQL, each beside a control that shows the race where the guard is missing."""

import pytest
from django.db import IntegrityError, transaction

from courses.models import Course
from enrollment.models import Assignment, Enrollment, Invitation
from enrollment.services import inviting
from enrollment.services.accepting import accept_invitation
from enrollment.services.inviting import invite, revoke_invitation
from lms.accounts.models import Membership
from lms.records.models import AuditEvent, Mail
from tests.conftest import NOW
from tests.courses.builders import build_course
from tests.races import CLIENTS, at_once, errors

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 20


@pytest.fixture
def course(transactional_db) -> Course:
    return build_course("trials")


@pytest.fixture
def asked(course, academy, coordinator, learner) -> Invitation:
    return invite(learner.email, organisation=academy, course=course, by=coordinator, at=NOW, language="en")


def test_one_of_twenty_acceptances_counts(asked, learner):
    results = at_once([lambda: accept_invitation(asked, by=learner, at=NOW)] * CLIENTS)
    assert errors(results) == []
    assert AuditEvent.objects.filter(act="invitation.accepted").count() == 1
    assert AuditEvent.objects.filter(act="role.granted").count() == 1
    assert (Enrollment.objects.count(), Assignment.objects.count()) == (1, 1)
    assert Membership.objects.filter(user=learner).count() == 1


def test_control_reading_before_writing_lets_several_accept(asked, learner):
    def unguarded() -> bool:
        with transaction.atomic():
            read = Invitation.objects.get(pk=asked.pk)
            if read.accepted_at:
                return False
            read.accepted_at, read.accepted_by = NOW, learner
            read.save(update_fields=["accepted_at", "accepted_by"])
            return True

    for _round in range(ROUNDS):
        Invitation.objects.update(accepted_at=None, accepted_by=None)
        if at_once([unguarded] * CLIENTS).count(True) > 1:
            return
    pytest.fail("the control shows no race, so the test above proves nothing")


def test_withdrawn_or_accepted_never_both(asked, learner, coordinator):
    for _round in range(ROUNDS):
        Assignment.objects.all().delete()
        Invitation.objects.update(accepted_at=None, accepted_by=None, revoked_at=None)
        at_once(
            [
                lambda: accept_invitation(asked, by=learner, at=NOW),
                lambda: revoke_invitation(asked, by=coordinator, at=NOW),
            ]
        )
        asked.refresh_from_db()
        assert (asked.accepted_at is None) != (asked.revoked_at is None)
        assert Assignment.objects.exists() == (asked.accepted_at is not None)


def invite_often(academy, course, coordinator) -> list[object]:
    def act() -> Invitation:
        return invite(
            "new@example.org", organisation=academy, course=course, by=coordinator, at=NOW, language="en"
        )

    return at_once([act] * CLIENTS)


def test_twenty_invitations_leave_one_open(academy, course, coordinator):
    results = invite_often(academy, course, coordinator)
    assert errors(results) == []
    assert Invitation.objects.filter(revoked_at=None).count() == 1
    assert Mail.objects.count() == CLIENTS


def test_control_without_the_lock_the_constraint_refuses(academy, course, coordinator, monkeypatch):
    monkeypatch.setattr(inviting, "one_at_a_time", lambda *_args: None)
    for _round in range(ROUNDS):
        if any(isinstance(each, IntegrityError) for each in invite_often(academy, course, coordinator)):
            return
    pytest.fail("the control shows no race, so the test above proves nothing")
