"""The administrator's front page, the register, and what is done with one certificate."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.services import revoke
from lms.records.models import AuditEvent, Heartbeat, Mail
from lms.records.services import beat
from tests.certificates.builders import certified_course, completed, issued, publish_stand_in, reserved
from tests.conftest import NOW, person

pytestmark = pytest.mark.django_db

HOME = "/administration/"
REGISTER = f"{HOME}certificates/"


@pytest.fixture
def browser(signed_in, administrator):
    return signed_in(administrator)


@pytest.fixture
def certificate(learner) -> Certificate:
    return issued(learner)


def page_of(certificate, act: str = "") -> str:
    return f"{REGISTER}{certificate.public_id}/{act}"


def parked(learner) -> Certificate:
    certificate = reserved(learner)
    Certificate.objects.update(parked_at=NOW, tries=5, last_error="PdfFailed: a picture is missing")
    return Certificate.objects.get(pk=certificate.pk)


# --- Who may ----------------------------------------------------------------------------------------------------------

PAGES = [HOME, REGISTER, f"{REGISTER}{{}}/", f"{REGISTER}{{}}/revoke/"]
ACTS = ["retry/", "void/", "revoke/confirm/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["learner", "coordinator", "publisher"])
def test_pages_are_for_administrators(signed_in, request, path, who):
    user = request.getfixturevalue(who)
    certificate = issued(person("holder"))
    assert signed_in(user).get(path.format(certificate.public_id)).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_without_login_one_is_asked_to(client, certificate, path):
    response = client.get(path.format(certificate.public_id))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("act", [*ACTS, "revoke/"])
def test_acts_are_for_administrators(client, signed_in, learner, coordinator, certificate, act):
    body = {"reason_code": "data_error"}
    assert signed_in(coordinator).post(page_of(certificate, act), body).status_code == 403
    assert signed_in(learner).post(page_of(certificate, act), body).status_code == 403
    assert client.post(page_of(certificate, act), body).status_code == 302
    assert Certificate.objects.get().state == Certificate.State.ISSUED


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_posts(browser, certificate, act):
    assert browser.get(page_of(certificate, act)).status_code == 405


@pytest.mark.parametrize("path", ["", "revoke/", *ACTS])
def test_unknown_certificates_are_not_there(browser, path):
    ask = browser.post if path in ACTS else browser.get
    assert ask(f"{REGISTER}{'0' * 26}/{path}", {"reason_code": "data_error"}).status_code == 404


# --- The front page ---------------------------------------------------------------------------------------------------


def test_front_page_counts_what_is_due(browser, learner):
    completed(learner)
    assert "1 certificate is due" in browser.get(HOME).text


def test_all_is_well(browser, monkeypatch):
    monkeypatch.setattr("certificates.selectors.operations.pdf_available", lambda: True)
    beat("worker", at=timezone.now())
    page = browser.get(HOME).text
    assert "Running" in page
    assert "has stopped" not in page
    assert "cannot make PDF" not in page


def test_stopped_worker_is_said_with_since_when(browser):
    assert "never been started" in browser.get(HOME).text
    Heartbeat.objects.create(
        name="worker", at=timezone.now() - Heartbeat.MAY_BE_SILENT - timedelta(seconds=1)
    )
    assert "Background work has stopped since" in browser.get(HOME).text


def test_missing_pdf_support_comes_with_its_remedy(browser, monkeypatch):
    monkeypatch.setattr("certificates.selectors.operations.pdf_available", lambda: False)
    assert "sudo apt install" in browser.get(HOME).text


def test_what_waits_for_a_person_is_named(browser, learner):
    parked(learner)
    Mail.objects.create(
        kind="k", key="k", recipient="a@example.org", language="en", created_at=NOW, parked_at=NOW
    )
    page = browser.get(HOME).text
    assert "1 certificate could not be made" in page
    assert "1 e-mail could not be sent" in page


@pytest.mark.parametrize("number", [1, 3])
def test_front_page_costs_eight_queries(browser, count_queries, number):
    course = certified_course()
    for index in range(number):
        issued(person(f"person-{index}"), course)
    browser.get(HOME)
    with count_queries(8):  # session, user, certificates, mails, due, organisations, people, heartbeat
        browser.get(HOME)


# --- The register -----------------------------------------------------------------------------------------------------


@pytest.fixture
def three(learner, other_learner, author, administrator):
    course = certified_course()
    valid, gone, waiting = issued(learner, course), issued(other_learner, course), reserved(author, course)
    revoke(gone, reason_code="data_error", reason_text="", by=administrator, at=NOW)
    return valid, gone, waiting


def found_in(response) -> set[str]:
    return {certificate.serial for certificate in response.context["page"]}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {0, 1, 2}),
        ({"state": "valid"}, {0}),
        ({"state": "revoked"}, {1}),
        ({"state": "being_made"}, {2}),
        ({"state": "expired"}, set()),
        ({"course": "trials"}, {0, 1, 2}),
        ({"q": "OTHER learner"}, {1}),
        ({"q": "nobody"}, set()),
        ({"job": "7"}, set()),
    ],
)
def test_register_is_searched(browser, three, filters, expected):
    response = browser.get(REGISTER, filters)
    assert found_in(response) == {three[index].serial for index in expected}


def test_register_finds_serial_number_and_code(browser, three):
    assert found_in(browser.get(REGISTER, {"q": three[0].serial.lower()})) == {three[0].serial}
    assert found_in(browser.get(REGISTER, {"q": three[0].public_id.lower()})) == {three[0].serial}


@pytest.mark.parametrize("filters", [{"state": "odd"}, {"course": "odd"}, {"job": "odd"}, {"q": "\x00"}])
def test_what_is_unknown_is_left_out_and_said(browser, three, filters):
    response = browser.get(REGISTER, {**filters, "page": "odd"})
    assert response.status_code == 200
    assert len(found_in(response)) == 3
    assert "is left out" in response.text


@pytest.mark.parametrize("number", [1, 3])
def test_register_costs_five_queries(browser, count_queries, number):
    course = certified_course()
    for index in range(number):
        issued(person(f"person-{index}"), course)
    browser.get(REGISTER)
    with count_queries(5):  # session, user, courses of the filter, count, certificates
        browser.get(REGISTER)


# --- One certificate --------------------------------------------------------------------------------------------------


def test_page_tells_the_history(browser, learner, administrator, certificate):
    revoke(certificate, reason_code="data_error", reason_text="A namesake.", by=administrator, at=NOW)
    page = browser.get(page_of(certificate)).text
    assert "A namesake." in page
    assert [act.event.act for act in browser.get(page_of(certificate)).context["history"]] == [
        "certificate.reserved",
        "certificate.issued",
        "certificate.revoked",
    ]
    assert "File made and issued" in page
    assert administrator.full_name in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_five_queries(browser, administrator, count_queries, number):
    course = certified_course()
    certificates = [issued(person(f"person-{index}"), course) for index in range(number)]
    revoke(certificates[0], reason_code="data_error", reason_text="", by=administrator, at=NOW)
    browser.get(REGISTER)
    with count_queries(5):  # session, user, certificate, events, the people behind them
        browser.get(page_of(certificates[0]))


def test_parked_one_says_why_and_is_tried_again(browser, learner, wake_up_calls):
    certificate = parked(learner)
    assert "a picture is missing" in browser.get(page_of(certificate)).text
    response = browser.post(page_of(certificate, "retry/"))
    assert (response.status_code, response["Location"]) == (302, page_of(certificate))
    assert Certificate.objects.get().parked_at is None
    assert AuditEvent.objects.filter(act="certificate.retried").count() == 1


def test_retrying_what_is_issued_changes_nothing(browser, certificate):
    browser.post(page_of(certificate, "retry/"))
    assert Certificate.objects.get().state == Certificate.State.ISSUED
    assert not AuditEvent.objects.filter(act="certificate.retried").exists()


def test_reserved_one_is_cancelled_once(browser, learner):
    certificate = reserved(learner)
    for _ in range(2):
        assert browser.post(page_of(certificate, "void/")).status_code == 302
    assert Certificate.objects.get().state == Certificate.State.VOID
    assert AuditEvent.objects.filter(act="certificate.voided").count() == 1


def test_issued_one_is_not_cancelled(browser, certificate):
    response = browser.post(page_of(certificate, "void/"), follow=True)
    assert "can no longer be cancelled" in response.text
    assert Certificate.objects.get().state == Certificate.State.ISSUED


# --- Revoking ---------------------------------------------------------------------------------------------------------

REASON = {"reason_code": "data_error", "reason_text": "A namesake."}


def test_revoking_asks_twice_and_is_final(client, browser, certificate):
    assert browser.get(page_of(certificate, "revoke/")).status_code == 200
    asked = browser.post(page_of(certificate, "revoke/"), REASON)
    assert "This cannot be undone" in asked.text
    assert "A namesake." in asked.text
    assert Certificate.objects.get().state == Certificate.State.ISSUED
    done = browser.post(page_of(certificate, "revoke/confirm/"), REASON, follow=True)
    assert "The certificate is revoked." in done.text
    assert "revoke/" not in done.text
    row = Certificate.objects.get()
    assert (row.state, row.reason_code, row.reason_text) == ("revoked", "data_error", "A namesake.")
    assert "<h1>Revoked</h1>" in client.get(f"/v/{certificate.public_id}").text


def test_revoking_twice_keeps_the_first_reason(browser, certificate):
    browser.post(page_of(certificate, "revoke/confirm/"), REASON)
    browser.post(page_of(certificate, "revoke/confirm/"), {"reason_code": "not_earned"})
    assert Certificate.objects.get().reason_code == "data_error"
    assert AuditEvent.objects.filter(act="certificate.revoked").count() == 1


@pytest.mark.parametrize("act", ["revoke/", "revoke/confirm/"])
@pytest.mark.parametrize("reason", ["", "odd", "cancelled"])
def test_revoking_needs_a_reason_of_the_list(browser, certificate, act, reason):
    response = browser.post(page_of(certificate, act), {"reason_code": reason})
    assert response.status_code == 422
    assert Certificate.objects.get().state == Certificate.State.ISSUED


def test_overlong_explanation_is_refused(browser, certificate):
    body = {**REASON, "reason_text": "x" * 2_001}
    assert browser.post(page_of(certificate, "revoke/confirm/"), body).status_code == 422


@pytest.mark.parametrize("act", ["revoke/", "revoke/confirm/"])
def test_what_is_still_being_made_is_not_revoked(browser, learner, act):
    certificate = reserved(learner)
    assert browser.post(page_of(certificate, act), REASON).status_code == 302
    assert Certificate.objects.get().state == Certificate.State.RESERVED
    publish_stand_in(certificate)


# --- Correcting -------------------------------------------------------------------------------------------------------


@pytest.fixture
def wrong(learner, administrator) -> Certificate:
    certificate = issued(learner)
    revoke(certificate, reason_code="data_error", reason_text="", by=administrator, at=timezone.now())
    learner.full_name = "Right Person"
    learner.save()
    return certificate


def test_revoked_one_and_list_lead_to_its_correction(browser, wrong):
    assert page_of(wrong, "correct/") in browser.get(page_of(wrong)).text
    assert page_of(wrong, "correct/") in browser.get("/administration/certificates/due/").text


def test_correction_shows_what_differs_then_issues(browser, wrong):
    page = browser.get(page_of(wrong, "correct/")).text
    assert "Right Person" in page
    assert Certificate.objects.count() == 1
    response = browser.post(page_of(wrong, "correct/"))
    new = Certificate.objects.get(supersedes=wrong)
    assert (response.status_code, response["Location"]) == (302, page_of(new))
    assert wrong.serial in browser.get(page_of(new)).text
    assert new.serial in browser.get(page_of(wrong)).text
    assert page_of(wrong, "correct/") not in browser.get(page_of(wrong)).text


@pytest.mark.parametrize("act", ["get", "post"])
def test_correction_that_is_refused_says_why(browser, certificate, act):
    response = getattr(browser, act)(page_of(certificate, "correct/"), follow=True)
    assert "No corrected certificate can take the place" in response.text
    assert Certificate.objects.count() == 1
