"""Revoking and cancelling: from which state to which, by whom, and what is told."""

import pytest

from certificates.errors import AlreadyMade, NotInForce, ReasonMissing, StillBeingMade
from certificates.models import Certificate
from certificates.services import make_file, revoke, void
from lms.records.models import AuditEvent, Mail
from tests.certificates.builders import issued, publish_stand_in, reserved

pytestmark = pytest.mark.django_db


def in_state(learner, state, now):
    """A certificate in that state, by the shortest way there is."""
    certificate = reserved(learner) if state in ("reserved", "void") else issued(learner)
    fields = {"reason_code": "data_error", "revoked_at": now} if state == "revoked" else {}
    Certificate.objects.filter(pk=certificate.pk).update(state=state, **fields)
    return Certificate.objects.get(pk=certificate.pk)


def taken_back(certificate, administrator, now, **changes):
    said = {"reason_code": "not_earned", "reason_text": "Internal words.", "by": administrator, "at": now}
    return revoke(certificate, **{**said, **changes})


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("reserved", StillBeingMade),
        ("issued", "revoked"),
        ("suspended", "revoked"),
        ("revoked", "revoked"),
        ("superseded", NotInForce),
        ("void", NotInForce),
    ],
)
def test_what_can_be_revoked(learner, administrator, now, state, outcome):
    certificate = in_state(learner, state, now)
    if isinstance(outcome, str):
        assert taken_back(certificate, administrator, now).state == outcome
    else:
        with pytest.raises(outcome):
            taken_back(certificate, administrator, now)
        assert Certificate.objects.get().state == state


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("reserved", "void"),
        ("void", "void"),
        ("issued", AlreadyMade),
        ("suspended", AlreadyMade),
        ("revoked", AlreadyMade),
        ("superseded", AlreadyMade),
    ],
)
def test_what_can_be_cancelled(learner, administrator, now, state, outcome):
    certificate = in_state(learner, state, now)
    if isinstance(outcome, str):
        assert void(certificate, by=administrator, at=now).state == outcome
    else:
        with pytest.raises(outcome):
            void(certificate, by=administrator, at=now)
        assert Certificate.objects.get().state == state


@pytest.mark.parametrize("state", ["issued", "suspended", "revoked", "superseded", "void"])
def test_only_what_is_reserved_is_made(learner, now, state):
    certificate = in_state(learner, state, now)
    assert make_file(certificate, at=now).state == state
    assert publish_stand_in(certificate).state == state


def test_revoking_is_audited_and_told_once(learner, administrator, now):
    certificate = issued(learner)
    revoked = taken_back(certificate, administrator, now)
    again = taken_back(certificate, administrator, now, reason_code="data_error")
    assert (again.reason_code, again.revoked_by, again.revoked_at) == ("not_earned", administrator, now)
    event = AuditEvent.objects.get(act="certificate.revoked")
    assert (event.actor, event.payload["meaning"]) == (administrator.audit_ref, "REVOKED")
    assert event.payload["values"] == {"reason": "not_earned"}
    mail = Mail.objects.get(kind="certificate_revoked")
    assert mail.recipient == learner.email
    assert revoked.serial in mail.body
    assert "Internal words" not in mail.body + mail.html
    assert f"/v/{certificate.public_id}" in mail.body


@pytest.mark.parametrize("code", ["", "cancelled", "because"])
def test_a_reason_is_needed(learner, administrator, now, code):
    with pytest.raises(ReasonMissing):
        taken_back(issued(learner), administrator, now, reason_code=code)
    assert Certificate.objects.get().state == "issued"


def test_the_word_of_the_row_counts_not_that_of_the_caller(learner, administrator, now):
    """Two administrators with the page open: one cancels, the file was published meanwhile."""
    stale = reserved(learner)
    publish_stand_in(stale)
    with pytest.raises(AlreadyMade):
        void(stale, by=administrator, at=now)


def test_cancelling_tells_nobody_and_keeps_the_number(learner, administrator, now):
    certificate = void(reserved(learner), by=administrator, at=now, reason_text=" Wrong course. ")
    assert (certificate.reason_code, certificate.reason_text) == ("cancelled", "Wrong course.")
    assert certificate.serial == "NLS-2026-000001-R"
    assert not Mail.objects.exists()
    assert AuditEvent.objects.filter(act="certificate.voided").count() == 1
