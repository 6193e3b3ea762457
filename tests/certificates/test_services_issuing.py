"""Issuing: what is refused and why, what is fixed, and that nothing is done twice."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models, transaction

from certificates.documents.snapshot import Holder, Printed, canonical, commitment
from certificates.errors import NotDue, UnprintableContent
from certificates.models import Certificate, CertificateFile, CertificatePart, SerialCounter
from certificates.numbering import serial_is_wellformed
from certificates.selectors import active_definition, why_not_due
from certificates.services import issue, issue_all_automatic, issue_automatically, revoke, void
from courses.models import Edition, Revision
from enrollment.errors import CertificateRestsOnIt
from enrollment.models import Enrollment, LessonProgress
from enrollment.selectors import learner_course
from enrollment.services import undo_lesson
from lms.accounts.services import confirm_name
from lms.records.models import AuditEvent
from lms.records.services import broken_chains
from tests.certificates.builders import (
    COMPLETED,
    certified_course,
    complete,
    completed,
    enrolled,
    issued,
    reserved,
)
from tests.courses.builders import PUBLISHED, build_course, build_module
from tests.courses.builders import publish as publish_revision

pytestmark = pytest.mark.django_db


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


# --- What is refused --------------------------------------------------------------------------------------------------


def test_a_course_that_is_not_completed(learner, now):
    with pytest.raises(NotDue) as refusal:
        issue(complete(enrolled(learner), but=1), by=None, at=now)
    assert codes(refusal) == ["not_completed"]
    assert "3 of 4" in str(refusal.value.message)
    assert not Certificate.objects.exists()


def test_the_counter_alone_is_not_believed(learner, now):
    enrollment = completed(learner)
    LessonProgress.objects.filter(enrollment=enrollment).first().delete()
    assert Enrollment.objects.get(pk=enrollment.pk).is_complete
    with pytest.raises(NotDue) as refusal:
        issue(enrollment, by=None, at=now)
    assert codes(refusal) == ["not_completed"]


def test_a_course_without_a_certificate(learner, now):
    with pytest.raises(NotDue) as refusal:
        issue(completed(learner, build_course("plain")), by=None, at=now)
    assert codes(refusal) == ["no_definition"]


def test_passed_where_there_was_nothing_to_pass(learner, now):
    with pytest.raises(NotDue) as refusal:
        issue(completed(learner, certified_course(countries=())), by=None, at=now)
    assert codes(refusal) == ["not_assessed"]


def test_attendance_needs_no_quiz(learner, now):
    course = certified_course(countries=(), kind="attendance")
    assert issue(completed(learner, course), by=None, at=now).snapshot["kind"] == "attendance"


@pytest.mark.parametrize("missing", [{"name_confirmed_on": None}, {"full_name": ""}])
def test_a_name_that_is_not_confirmed(learner, now, missing):
    for name, value in missing.items():
        setattr(learner, name, value)
    learner.save()
    with pytest.raises(NotDue) as refusal:
        issue(completed(learner), by=None, at=now)
    assert codes(refusal) == ["name_not_confirmed"]


def test_letters_that_the_font_lacks(learner, now):
    learner.full_name = "王 Ek"
    learner.save()
    with pytest.raises(NotDue) as refusal:
        issue(completed(learner), by=None, at=now)
    assert codes(refusal) == ["letters_missing"]
    assert "王 (U+738B)" in str(refusal.value.message)


def test_a_certificate_that_would_be_over(learner, now):
    enrollment = completed(learner, certified_course(valid_months=1))
    with pytest.raises(NotDue) as refusal:
        issue(enrollment, by=None, at=now + timedelta(days=60))
    assert codes(refusal) == ["expired"]


def test_a_revoked_certificate_is_not_issued_again(learner, administrator, now):
    certificate = issued(learner)
    revoke(certificate, reason_code="not_earned", reason_text="", by=administrator, at=now)
    with pytest.raises(NotDue) as refusal:
        issue(certificate.enrollment, by=administrator, at=now)
    assert codes(refusal) == ["revoked_before"]


def test_a_title_that_cannot_be_printed_and_no_number_is_lost(learner, other_learner, now):
    unprintable = completed(learner, certified_course(title={"en": "試験"}))
    with pytest.raises(UnprintableContent) as refusal:
        issue(unprintable, by=None, at=now)
    assert "試 (U+8A66)" in str(refusal.value.message)
    assert (
        issue(completed(other_learner, certified_course("other")), by=None, at=now).serial
        == "NLS-2026-000001-R"
    )


def test_reasons_are_the_same_before_and_in_the_act(learner, now):
    learner.full_name, learner.name_confirmed_on = "王 Ek", None
    learner.save()
    enrollment = complete(enrolled(learner), but=1)
    with pytest.raises(NotDue) as refusal:
        issue(enrollment, by=None, at=now)
    asked = why_not_due(enrollment, active_definition(enrollment.course_id), at=now)
    assert codes(refusal) == [reason.code for reason in asked]
    assert codes(refusal) == ["not_completed", "name_not_confirmed", "letters_missing"]


# --- What is fixed ----------------------------------------------------------------------------------------------------


def test_everything_printed_is_in_the_snapshot(learner, administrator, partners, now):
    course = certified_course(partners=partners, title={"en": "Trials", "sv": "Prövningar"})
    certificate = issue(completed(learner, course), by=administrator, at=now)
    printed = Printed.from_dict(certificate.snapshot)
    assert (printed.language, printed.title, printed.hours) == ("sv", "Prövningar", Decimal("2.5"))
    assert (printed.completed_on, printed.issued_on) == (date(2026, 11, 18), date(2026, 11, 20))
    assert printed.valid_until == date(2029, 11, 18)
    assert (printed.issuer.name, printed.issuer.country.code) == ("Swedish Academy", "SE")
    assert [partner.mark for partner in printed.partners] == ["LA", "LIF", "LMI", "PIC", "OCC"]
    assert printed.outcomes == ("Name the authority",)
    assert printed.verify_url == f"http://127.0.0.1:8000/v/{certificate.public_id}"
    assert not printed.demonstration
    [module] = printed.modules
    assert (module.title, module.core, module.layer) == ("Module trials-module", 1, 1)
    assert (module.country.code, module.completed_on) == ("FI", date(2026, 11, 18))
    assert Holder.from_dict(certificate.holder_snapshot) == Holder("Learner")


def test_numbers_hashes_and_dates(learner, administrator, now):
    certificate = issue(completed(learner), by=administrator, at=now)
    printed, holder = Printed.from_dict(certificate.snapshot), Holder("Learner")
    assert certificate.serial == printed.serial == "NLS-2026-000001-R"
    assert serial_is_wellformed(certificate.serial)
    assert len(certificate.public_id) == 26
    assert certificate.snapshot_sha256 == hashlib.sha256(canonical(printed)).hexdigest()
    assert certificate.holder_commitment == commitment(holder, bytes(certificate.holder_salt))
    assert (certificate.state, certificate.issued_at, certificate.issued_by) == (
        "reserved",
        now,
        administrator,
    )
    # The whole last day counts, in the programme's time zone (an hour ahead of UTC in November).
    assert certificate.valid_until == datetime(2029, 11, 18, 22, 59, 59, 999999, tzinfo=UTC)
    assert len(certificate.evidence["lessons"]) == 4


def test_parts_say_core_and_country(learner, now):
    certificate = issue(completed(learner), by=None, at=now)
    [part] = certificate.parts.all()
    assert (part.core_revision.edition.kind, part.layer_revision.edition.country) == ("core", "FI")
    assert part.country == "FI"


def test_core_only_where_the_country_is_not_yet_adapted(learner, now):
    course = certified_course(kind="attendance")
    certificate = issue(completed(learner, course, country="LV"), by=None, at=now)
    [module] = Printed.from_dict(certificate.snapshot).modules
    assert (module.core, module.country.code, module.layer) == (1, "LV", None)
    assert certificate.parts.get().layer_revision is None


def test_another_country_is_no_country(learner, now):
    certificate = issue(
        completed(learner, certified_course(kind="attendance"), country="XX"), by=None, at=now
    )
    assert Printed.from_dict(certificate.snapshot).modules[0].country is None
    assert certificate.parts.get().country == ""


def test_versions_are_those_that_were_learnt(learner, now):
    """A revision published later changes neither what is printed nor the parts."""
    enrollment = completed(learner)
    edition = Edition.objects.get(kind="core")
    newer = Revision.objects.create(edition=edition, number=2, content_hash="1" * 64, created_at=PUBLISHED)
    publish_revision(newer, edition.current.outline)
    certificate = issue(enrollment, by=None, at=now)
    assert Printed.from_dict(certificate.snapshot).modules[0].core == 1
    assert certificate.parts.get().core_revision.number == 1


def test_a_language_that_certificates_do_not_speak_falls_back_to_english(learner, now):
    learner.language = "da"
    learner.save()
    assert issue(completed(learner), by=None, at=now).language == "en"


def test_what_is_renamed_later_changes_nothing(learner, partners, now):
    certificate = reserved(learner, certified_course(partners=partners))
    snapshot, holder = certificate.snapshot, certificate.holder_snapshot
    confirm_name(learner, name="Somebody Else", at=now, by=learner)
    course, [issuer, *_others] = certificate.enrollment.course, partners
    course.title, course.hours = {"en": "Renamed"}, Decimal("9")
    course.save()
    issuer.name, issuer.colour = "Renamed", "#000000"
    issuer.save()
    stored = Certificate.objects.get(pk=certificate.pk)
    assert (stored.snapshot, stored.holder_snapshot) == (snapshot, holder)
    assert stored.snapshot_sha256 == hashlib.sha256(canonical(Printed.from_dict(snapshot))).hexdigest()


def test_a_demonstration_says_so(learner, now, settings):
    enrollment = completed(learner)
    settings.DEMONSTRATION = True
    certificate = issue(enrollment, by=None, at=now)
    assert certificate.demonstration
    assert certificate.snapshot["demonstration"] is True


def test_several_modules_in_the_order_of_the_course(learner, now):
    modules = [build_module(key) for key in ("second", "first")]
    certificate = issue(completed(learner, certified_course(modules=modules)), by=None, at=now)
    titles = [module.title for module in Printed.from_dict(certificate.snapshot).modules]
    assert titles == ["Module second", "Module first"]
    assert certificate.parts.count() == 2


# --- Twice, and around it ---------------------------------------------------------------------------------------------


def test_a_certificate_asked_twice_is_one(learner, administrator, now):
    enrollment = completed(learner)
    first = issue(enrollment, by=administrator, at=now)
    assert issue(enrollment, by=administrator, at=now + timedelta(days=1)) == first
    assert SerialCounter.objects.get().last == 1
    assert AuditEvent.objects.filter(act="certificate.reserved").count() == 1


def test_numbers_have_no_gaps_and_are_never_given_again(learner, other_learner, author, administrator, now):
    course = certified_course()
    first = reserved(learner, course)
    void(first, by=administrator, at=now)
    with pytest.raises(NotDue):
        issue(enrolled(author, course), by=None, at=now)
    second, again = reserved(other_learner, course), issue(first.enrollment, by=None, at=now)
    assert [row.serial[:15] for row in (first, second, again)] == [f"NLS-2026-{n:06d}" for n in (1, 2, 3)]
    assert Certificate.objects.count() == SerialCounter.objects.get().last == 3


def test_each_year_has_its_own_numbers(learner, other_learner):
    course = certified_course()
    # Half past eleven in the evening in London is the new year in Stockholm.
    turn = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert reserved(learner, course, at=turn - timedelta(hours=1)).serial.startswith("NLS-2026-000001")
    assert reserved(other_learner, course, at=turn).serial.startswith("NLS-2027-000001")


def test_what_it_rests_on_can_no_longer_be_undone(learner, administrator, now):
    certificate = reserved(learner)
    course = learner_course(learner, "trials")
    with pytest.raises(CertificateRestsOnIt):
        undo_lesson(course, course.outline.steps[0], at=now)
    void(certificate, by=administrator, at=now)
    undo_lesson(learner_course(learner, "trials"), course.outline.steps[0], at=now)
    assert not Enrollment.objects.get().is_complete


def test_the_reservation_is_in_the_audit_trail_without_a_name(learner, administrator, now):
    certificate = reserved(learner)
    event = AuditEvent.objects.get(act="certificate.reserved")
    assert certificate.public_id in event.chain
    assert event.payload["values"]["commitment"] == certificate.holder_commitment
    assert "Learner" not in str(event.payload)
    assert broken_chains() == []


def test_a_worker_is_woken_after_the_commit(learner, now, wake_up_calls, django_capture_on_commit_callbacks):
    enrollment = completed(learner)
    with django_capture_on_commit_callbacks(execute=True):
        issue(enrollment, by=None, at=now)
        assert wake_up_calls == []
    assert wake_up_calls == [("certificates.tasks.make_files", ())]


# --- Automatically ----------------------------------------------------------------------------------------------------


def test_completion_sends_word_to_a_worker(learner, wake_up_calls, django_capture_on_commit_callbacks):
    enrollment = enrolled(learner)
    with django_capture_on_commit_callbacks(execute=True):
        complete(enrollment)
    assert ("certificates.tasks.issue_automatically", (enrollment.pk,)) in wake_up_calls


@pytest.mark.parametrize(("policy", "count"), [("automatic", 1), ("administrator", 0)])
def test_the_definition_decides_who_issues(learner, now, policy, count):
    enrollment = completed(learner, certified_course(policy=policy))
    issue_automatically(enrollment.pk, at=now)
    issue_all_automatic(at=now)
    assert Certificate.objects.count() == count


def test_a_refusal_leaves_it_in_the_list(learner, now):
    enrollment = completed(learner, certified_course(policy="automatic", countries=()))
    assert issue_automatically(enrollment.pk, at=now) is None


def test_the_sweep_finds_what_a_lost_message_left(learner, other_learner, now):
    course = certified_course(policy="automatic")
    for person in (learner, other_learner):
        completed(person, course)
    assert issue_all_automatic(at=now) == 2
    assert issue_all_automatic(at=now) == 0


def test_a_decision_of_a_person_is_not_undone_by_the_sweep(learner, administrator, now):
    course = certified_course(policy="automatic")
    void(reserved(learner, course), by=administrator, at=now)
    assert issue_all_automatic(at=now) == 0


def test_turning_to_automatic_issues_nothing_for_the_past(learner, now):
    course = certified_course()
    enrollment = completed(learner, course)
    definition = active_definition(course.pk)
    definition.policy, definition.created_at = "automatic", COMPLETED + timedelta(hours=1)
    definition.save()
    assert issue_all_automatic(at=now) == 0
    assert issue(enrollment, by=None, at=now)


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "snapshot = '{}'",
        "snapshot_sha256 = 'x'",
        "holder_snapshot = NULL",
        "holder_salt = NULL",
        "holder_commitment = 'x'",
        "serial = 'NLS-2026-000009-9'",
        "public_id = 'X'",
        "learner_id = NULL",
        "issued_at = reserved_at - INTERVAL",
        "valid_until = NULL",
        "language = 'en'",
        "pdf_sha256 = 'x'",
    ],
)
def test_what_is_printed_never_changes(learner, change):
    certificate = issued(learner)
    interval = "INTERVAL '1 day'" if connection.vendor == "postgresql" else "1"
    change = change.replace("INTERVAL", interval)
    assert refused(f"UPDATE certificates_certificate SET {change} WHERE id = %s", certificate.pk)


def test_rows_are_never_deleted(learner):
    certificate = issued(learner)
    for table in ("certificate", "certificatepart", "certificatefile"):
        assert refused(f"DELETE FROM certificates_{table}"), table
    assert refused("UPDATE certificates_certificatepart SET country = ''")
    assert refused("UPDATE certificates_certificatefile SET size = 0")
    assert Certificate.objects.get().serial == certificate.serial


@pytest.mark.parametrize("state", ["revoked", "void", "superseded"])
def test_an_end_is_final_in_the_database_too(learner, administrator, now, state):
    certificate = reserved(learner) if state == "void" else issued(learner)
    fields = {"reason_code": "data_error", "revoked_at": now} if state == "revoked" else {}
    Certificate.objects.filter(pk=certificate.pk).update(state=state, **fields)
    assert refused("UPDATE certificates_certificate SET state = 'issued'")


def test_a_second_live_certificate_is_refused_by_the_constraint(learner):
    certificate = Certificate.objects.get(pk=reserved(learner).pk)
    certificate.pk, certificate.public_id, certificate.serial = None, "X" * 26, "NLS-2026-000002-0"
    certificate.credential_id = "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


@pytest.mark.parametrize("model", [Certificate, CertificatePart, CertificateFile])
def test_nothing_reaches_a_certificate_by_cascade(model):
    keys = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    assert keys
    assert [key.name for key in keys if key.remote_field.on_delete is models.CASCADE] == []


def test_an_account_with_a_certificate_cannot_be_deleted(learner):
    certificate = reserved(learner)
    for row in (learner, certificate.enrollment, certificate.definition):
        with pytest.raises(models.ProtectedError):
            row.delete()
