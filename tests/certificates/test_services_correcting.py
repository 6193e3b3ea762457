"""A corrected certificate in the place of a revoked one: what is issued, what is refused, what the old one says."""

import pytest
from django.db import IntegrityError, transaction

from certificates.errors import NotCorrectable, NotDue
from certificates.models import Certificate
from certificates.selectors import issuing_page, verification, verification_by_serial
from certificates.services import correct, differences, issue_all_automatic, revoke, set_visibility, void
from lms.records.models import AuditEvent, Mail
from tests.certificates.builders import issued, publish_stand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong(learner, administrator, now) -> Certificate:
    """Issued under a name that was wrong, revoked for it; the name is right now."""
    learner.full_name = "Wrong Name"
    learner.save()
    certificate = revoked(issued(learner), administrator, now)
    learner.full_name = "Right Person"
    learner.save()
    return certificate


def revoked(certificate, administrator, now, *, reason="data_error"):
    return revoke(certificate, reason_code=reason, reason_text="", by=administrator, at=now)


def test_corrected_one_names_what_it_replaces(wrong, administrator, now):
    new = correct(wrong, by=administrator, at=now)
    assert (new.supersedes, new.chain_id, new.state) == (wrong, wrong.chain_id, "reserved")
    assert (new.snapshot["replaces"], new.holder_snapshot["name"]) == (wrong.serial, "Right Person")
    assert (new.serial, new.public_id, new.credential_id) != (
        wrong.serial,
        wrong.public_id,
        wrong.credential_id,
    )
    assert not new.replacement_pending  # nothing live stands beside it, so the constraint keeps its guard
    assert Certificate.objects.get(pk=wrong.pk).state == "revoked"


def test_it_is_audited_on_both(wrong, administrator, now):
    new = correct(wrong, by=administrator, at=now)
    event = AuditEvent.objects.get(act="certificate.corrected")
    assert event.actor == administrator.audit_ref
    assert new.serial in str(event.payload)
    assert "Person" not in str(event.payload)


def test_asked_twice_there_is_one(wrong, administrator, now):
    new = correct(wrong, by=administrator, at=now)
    assert correct(wrong, by=administrator, at=now) == new
    publish_stand_in(new)
    assert correct(wrong, by=administrator, at=now) == new
    assert Certificate.objects.count() == 2
    assert Mail.objects.filter(kind="certificate_issued").count() == 2


def test_one_certificate_is_replaced_at_most_once(wrong, other_learner, administrator, now):
    correct(wrong, by=administrator, at=now)
    other = issued(other_learner, wrong.enrollment.course)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=other.pk).update(supersedes=wrong)


@pytest.mark.parametrize("state", ["reserved", "issued", "suspended", "void"])
def test_only_what_is_revoked_is_corrected(learner, administrator, now, state):
    certificate = issued(learner)
    Certificate.objects.filter(pk=certificate.pk).update(state=state)
    with pytest.raises(NotCorrectable):
        correct(Certificate.objects.get(), by=administrator, at=now)


def test_what_was_not_earned_is_not_put_right(learner, administrator, now):
    certificate = revoked(issued(learner), administrator, now, reason="not_earned")
    with pytest.raises(NotCorrectable):
        correct(certificate, by=administrator, at=now)
    assert not issuing_page(at=now).lines[0].corrects


def test_whatever_else_stands_against_it_still_does(wrong, learner, administrator, now):
    learner.name_confirmed_on = None
    learner.save()
    with pytest.raises(NotDue) as refused:
        correct(wrong, by=administrator, at=now)
    assert [reason.code for reason in refused.value.reasons] == ["name_not_confirmed"]
    with pytest.raises(NotDue):
        differences(wrong, at=now)
    assert not issuing_page(at=now).lines[0].corrects


def test_a_correction_can_be_corrected_in_its_turn(wrong, administrator, now):
    second = revoked(publish_stand_in(correct(wrong, by=administrator, at=now)), administrator, now)
    with pytest.raises(NotCorrectable):
        correct(wrong, by=administrator, at=now)
    third = correct(second, by=administrator, at=now)
    assert (third.supersedes, third.chain_id) == (second, wrong.chain_id)


def test_a_cancelled_correction_makes_room_for_another(wrong, administrator, now):
    void(correct(wrong, by=administrator, at=now), by=administrator, at=now)
    again = correct(wrong, by=administrator, at=now)
    assert again.supersedes == wrong
    assert Certificate.objects.filter(state="void").count() == 1


def test_no_rule_corrects_by_itself(wrong, now):
    assert issue_all_automatic(at=now) == 0


def test_list_offers_it_beside_the_reason(wrong, now):
    [line] = issuing_page(at=now).lines
    assert [reason.code for reason in line.reasons] == ["revoked_before"]
    assert line.corrects == wrong


def test_old_page_leads_to_the_new_one_once_it_has_its_file(wrong, administrator, now):
    new = correct(wrong, by=administrator, at=now)
    before = verification(wrong.public_id, now)
    assert (before.replacement, before.name) == ("", "Wrong Name")
    publish_stand_in(new)
    after = verification(wrong.public_id, now)
    assert (after.state, after.replacement, after.name) == ("revoked", new.public_id, "")
    assert verification_by_serial(wrong.serial, "Name", now) is None
    shown = verification(new.public_id, now)
    assert (shown.name, shown.printed.replaces) == ("Right Person", wrong.serial)
    assert "Wrong" not in str(shown)


def test_what_was_hidden_stays_hidden(wrong, learner, administrator, now):
    set_visibility(wrong, name_hidden=True, page_hidden=True, by=learner, at=now)
    new = publish_stand_in(correct(wrong, by=administrator, at=now))
    assert verification(new.public_id, now) is None
    set_visibility(wrong, name_hidden=True, page_hidden=False, by=learner, at=now)
    assert verification(wrong.public_id, now).replacement == ""


def test_look_ahead_says_what_will_differ_and_changes_nothing(wrong, now):
    course = wrong.enrollment.course
    course.hours += 1
    course.save()
    found = {str(each.label): (each.before, each.after) for each in differences(wrong, at=now)}
    assert found["Name"] == ("Wrong Name", "Right Person")
    assert found["Learning hours"] == (str(course.hours - 1), str(course.hours))
    assert len(found) == 2
    assert Certificate.objects.count() == 1


def test_look_ahead_says_when_nothing_would_differ(learner, administrator, now):
    assert differences(revoked(issued(learner), administrator, now), at=now) == []
