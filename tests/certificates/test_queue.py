"""The row is the queue: leases, kills, failures, a machine without Pango, and the bulk job on top."""

import hashlib
import json
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from certificates import tasks
from certificates.documents import RenderedCertificate
from certificates.documents.snapshot import Holder, commitment
from certificates.errors import NobodyChosen
from certificates.models import Certificate, CertificateFile
from certificates.selectors import is_paused, open_pdf, waits_for_pdf
from certificates.services import make_file, make_waiting, retry, start_issuing, void
from certificates.services.keeping import path_of
from certificates.services.making import LEASE_SECONDS, MAX_TRIES, claim, publish, render
from lms.lib import render_child
from lms.records.models import AuditEvent, JobItem, Mail
from lms.records.services import broken_chains, progress, retry_failed, work_off
from tests.certificates.builders import (
    certified_course,
    complete,
    completed,
    enrolled,
    issued,
    publish_stand_in,
    reserved,
)

pytestmark = pytest.mark.django_db

LATER = timedelta(seconds=LEASE_SECONDS + 1)


def once(certificate):
    """Exactly one file, one event, one mail."""
    return (
        CertificateFile.objects.filter(certificate=certificate).count(),
        AuditEvent.objects.filter(act="certificate.issued").count(),
        Mail.objects.filter(kind="certificate_issued", key=certificate.public_id).count(),
    ) == (1, 1, 1)


def stand_in(words=b"%PDF-1.7 stands in"):
    return RenderedCertificate(pdf=words, sha256=hashlib.sha256(words).hexdigest())


# --- From row to file -------------------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_the_file_is_made_kept_and_told(learner, now):
    certificate = make_file(reserved(learner), at=now)
    assert (certificate.state, certificate.published_at, certificate.last_error) == ("issued", now, "")
    assert (certificate.lease_until, certificate.lease_token) == (None, None)
    assert once(certificate)
    with open_pdf(certificate) as file:
        pdf = file.read()
    assert hashlib.sha256(pdf).hexdigest() == certificate.pdf_sha256 == certificate.unsigned_sha256
    assert len(pdf) == certificate.pdf_size
    assert "weasyprint" in certificate.render_env
    mail = Mail.objects.get()
    assert (mail.recipient, mail.language) == (learner.email, "sv")
    assert f"http://127.0.0.1:8000/v/{certificate.public_id}" in mail.body
    assert broken_chains() == []


@pytest.mark.pdf
def test_the_commitment_recomputes_from_the_file_alone(learner, now):
    certificate = make_file(reserved(learner), at=now)
    with open_pdf(certificate) as file, pikepdf.open(BytesIO(file.read())) as pdf:
        opening = json.loads(pdf.attachments["holder.json"].get_file().read_bytes())
    holder = Holder.from_dict(opening["holder"])
    assert holder.name == "Learner"
    assert commitment(holder, bytes.fromhex(opening["salt"])) == certificate.holder_commitment


@pytest.mark.pdf
def test_whoever_renders_it_later_gets_the_same_bytes(learner, now):
    certificate = make_file(reserved(learner), at=now)
    learner.full_name = "Somebody Else"
    learner.save()
    assert render(Certificate.objects.get(pk=certificate.pk)).sha256 == certificate.pdf_sha256


# --- Killed, late, twice ----------------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_killed_between_rendering_and_publishing(learner, now):
    """The first worker is gone without a word; when it comes back after all, it finds nothing to do."""
    certificate = reserved(learner)
    assert claim(certificate, at=now)
    rendered = render(Certificate.objects.get(pk=certificate.pk))

    assert make_file(certificate, at=now + timedelta(seconds=30)).state == "reserved", "the lease still runs"
    made = make_file(certificate, at=now + LATER)
    assert (made.state, made.tries) == ("issued", 2)

    publish(certificate, rendered, at=now + LATER)
    assert once(made)
    assert Certificate.objects.get().published_at == now + LATER
    assert default_storage.exists(path_of(made.pdf_sha256)), "the late one must not throw away the file"


def test_two_deliveries_of_one_message(learner, now):
    certificate = reserved(learner)
    assert claim(certificate, at=now)
    assert claim(certificate, at=now) is None


def test_cancelled_while_a_worker_renders(learner, administrator, now):
    certificate = reserved(learner)
    claim(certificate, at=now)
    void(certificate, by=administrator, at=now)
    publish(Certificate.objects.get(), stand_in(), at=now)
    assert Certificate.objects.get().state == "void"
    assert not CertificateFile.objects.exists()
    assert not default_storage.exists(path_of(stand_in().sha256)), "the bytes are thrown away"


def test_a_file_cut_short_by_a_crash_is_written_again(learner, now):
    certificate, rendered = Certificate.objects.get(pk=reserved(learner).pk), stand_in()
    default_storage.save(path_of(rendered.sha256), ContentFile(rendered.pdf[:5]))
    publish(certificate, rendered, at=now)
    with open_pdf(Certificate.objects.get()) as file:
        assert file.read() == rendered.pdf


def test_the_same_bytes_are_kept_once(learner, now):
    certificate = issued(learner)
    publish_stand_in(certificate)
    folder, _name = path_of(certificate.pdf_sha256).rsplit("/", 1)
    assert default_storage.listdir(folder)[1] == [certificate.pdf_sha256]


# --- Failing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken_storage(settings):
    """Storage that takes no certificate until the thing in its way is gone."""
    obstacle = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "certificates"
    obstacle.parent.mkdir(exist_ok=True)
    obstacle.write_text("A file where a folder should be.")
    return obstacle


@pytest.mark.pdf
def test_a_failure_waits_longer_each_time_and_is_parked_after_the_fifth(learner, now, broken_storage):
    certificate, pauses = reserved(learner), []
    for number in range(1, MAX_TRIES + 1):
        certificate = make_file(certificate, at=now)
        assert (certificate.state, certificate.tries) == ("reserved", number)
        assert "Not a directory" in certificate.last_error
        pauses.append((certificate.lease_until - now).total_seconds())
        assert make_file(certificate, at=now).tries == number, "not before its time"
        now = certificate.lease_until + timedelta(seconds=1)
    assert pauses == [30, 60, 120, 240, 480]
    assert certificate.parked_at
    assert make_waiting(at=now + timedelta(days=1)) == 0
    assert Certificate.objects.get().tries == MAX_TRIES


@pytest.mark.pdf
def test_a_person_may_ask_for_another_try(learner, administrator, now, broken_storage):
    certificate = reserved(learner)
    Certificate.objects.update(tries=MAX_TRIES - 1)
    assert make_file(certificate, at=now).parked_at
    broken_storage.unlink()
    waiting = retry(certificate, by=administrator, at=now)
    assert (waiting.parked_at, waiting.tries, is_paused(waiting)) == (None, 0, False)
    assert AuditEvent.objects.filter(act="certificate.retried").count() == 1
    assert make_file(certificate, at=now).state == "issued"


def test_asking_again_leaves_a_worker_alone(learner, administrator, now):
    certificate = reserved(learner)
    token = claim(certificate, at=now)
    assert retry(certificate, by=administrator, at=now).lease_token == token
    assert not AuditEvent.objects.filter(act="certificate.retried").exists()


@pytest.mark.pdf
def test_what_kills_its_worker_each_time_is_set_aside(learner, other_learner, now):
    """A kill leaves no error behind, only a lease that ran out: five of them are enough."""
    course = certified_course()
    deadly, harmless = reserved(learner, course), reserved(other_learner, course)
    for number in range(MAX_TRIES):
        assert claim(deadly, at=now + number * LATER)
    later = now + MAX_TRIES * LATER
    assert make_waiting(at=later) == 1
    deadly.refresh_from_db()
    assert (deadly.state, deadly.parked_at) == ("reserved", later)
    assert "ended each time" in deadly.last_error
    assert Certificate.objects.get(pk=harmless.pk).state == "issued"


@pytest.mark.pdf
def test_one_broken_certificate_does_not_stop_the_others(learner, other_learner, now, caplog):
    course = certified_course()
    course.certificate_definitions.update(template_key="missing")
    broken = reserved(learner, course, at=now - timedelta(hours=1))
    course.certificate_definitions.update(template_key="nordic")
    reserved(other_learner, course)
    assert make_waiting(at=now) == 1
    broken.refresh_from_db()
    assert broken.state == "reserved"
    assert "TemplateDoesNotExist" in broken.last_error
    assert broken.serial in caplog.text
    assert "Learner" not in caplog.text


# --- Without Pango ----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_pango(tmp_path, monkeypatch):
    """For the renderer too, which is a process of its own."""
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    render_child.shared_child().close()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    render_child.renderer_loads.forget()
    yield monkeypatch
    render_child.shared_child().close()
    render_child.renderer_loads.forget()


def test_without_pango_it_waits_and_no_try_is_counted(learner, now, no_pango):
    certificate = make_file(reserved(learner), at=now)
    assert (certificate.state, certificate.tries, certificate.lease_until) == ("reserved", 0, None)
    assert "apt install" in certificate.last_error
    assert waits_for_pdf(certificate)
    assert not is_paused(certificate)
    assert make_waiting(at=now) == 0


@pytest.mark.pdf
def test_it_is_made_when_pango_is_there(learner, now, no_pango):
    make_file(reserved(learner), at=now)
    no_pango.delenv("PYTHONPATH")
    render_child.renderer_loads.forget()
    assert make_waiting(at=now) == 1
    assert once(Certificate.objects.get(state="issued", last_error="", tries=1))


# --- Tasks ------------------------------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_a_lost_message_costs_seconds_and_no_certificate(learner, other_learner, wake_up_calls):
    course = certified_course(policy="automatic")
    reserved(learner, course)
    completed(other_learner, course)
    wake_up_calls.clear()
    tasks.reconcile()
    assert wake_up_calls == [("certificates.tasks.make_files", ())]
    tasks.make_files()
    assert [row.state for row in Certificate.objects.all()] == ["issued", "issued"]
    wake_up_calls.clear()
    tasks.reconcile()
    assert wake_up_calls == []


def test_a_message_for_what_is_gone_does_nothing(db):
    tasks.issue_automatically(4711)
    tasks.make_files()


# --- The bulk job -----------------------------------------------------------------------------------------------------


def outcomes(job):
    return {item.subject: (item.outcome, item.result) for item in job.items.all()}


@pytest.mark.pdf
def test_a_job_issues_what_is_due_and_says_why_not(learner, other_learner, administrator, now):
    course = certified_course()
    due, unfinished = completed(learner, course), complete(enrolled(other_learner, course), but=1)
    job = start_issuing([due.pk, unfinished.pk], by=administrator, at=now)
    assert progress(job).waiting == 2
    assert work_off(job.pk) == 2
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.job, certificate.issued_by) == ("issued", job, administrator)
    done, refused = outcomes(job)[str(due.pk)], outcomes(job)[str(unfinished.pk)]
    assert done == ("done", {"certificate": certificate.public_id, "serial": certificate.serial})
    assert refused[0] == "failed"
    assert "not completed" in refused[1]["reason"]
    assert job.items.get(subject=due.pk).label == "Learner, Course trials"


@pytest.mark.pdf
def test_an_item_worked_twice_is_one_certificate(learner, administrator, now):
    enrollment = completed(learner)
    for _delivery in range(2):
        work_off(start_issuing([enrollment.pk], by=administrator, at=now).pk)
    results = JobItem.objects.values_list("outcome", "result__certificate")
    assert list(results) == [("done", Certificate.objects.get().public_id)] * 2
    assert once(Certificate.objects.get())


def test_waiting_for_pango_is_no_failure(learner, administrator, now, no_pango):
    job = start_issuing([completed(learner).pk], by=administrator, at=now)
    work_off(job.pk)
    [(outcome, result)] = outcomes(job).values()
    assert (outcome, result["waiting"]) == ("done", True)
    assert result["certificate"] == Certificate.objects.get().public_id


@pytest.mark.pdf
def test_a_failed_item_may_be_tried_again_at_once(learner, administrator, now, broken_storage):
    job = start_issuing([completed(learner).pk], by=administrator, at=now)
    work_off(job.pk)
    [(outcome, result)] = outcomes(job).values()
    assert outcome == "failed"
    assert "Not a directory" in result["reason"]
    broken_storage.unlink()
    retry_failed(job, at=now)
    work_off(job.pk)
    assert progress(job).done == 1
    assert Certificate.objects.get(state="issued").tries == 2


def test_somebody_must_be_chosen(administrator, now):
    with pytest.raises(NobodyChosen):
        start_issuing([4711], by=administrator, at=now)


@pytest.mark.pdf
def test_a_job_wakes_no_second_worker_for_each_certificate(
    learner, administrator, now, wake_up_calls, django_capture_on_commit_callbacks
):
    enrollment = completed(learner)
    with django_capture_on_commit_callbacks(execute=True):
        job = start_issuing([enrollment.pk], by=administrator, at=now)
        work_off(job.pk)
    assert wake_up_calls == [("lms.records.tasks.work_job", (job.pk,)), ("lms.records.tasks.send_mails", ())]
