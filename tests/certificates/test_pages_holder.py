"""The holder's own pages: cards, the certificate as a page, its file, and who sees it."""

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.services import revoke, start_issuing, void
from certificates.services.making import put_off
from courses.selectors.keeping import forget_kept
from lms.accounts.models import User
from lms.records.models import AuditEvent
from tests.certificates.builders import (
    certified_course,
    completed,
    enrolled,
    issued,
    publish_stand_in,
    reserved,
)
from tests.conftest import NOW, person
from tests.courses.builders import build_course, build_module

pytestmark = pytest.mark.django_db

LIST = "/certificates/"


@pytest.fixture
def learner(db) -> User:
    """Reads English, as the words below are."""
    return person("learner", country="FI")


@pytest.fixture
def certificate(learner) -> Certificate:
    return issued(learner)


def page_of(certificate, act: str = "") -> str:
    return f"{LIST}{certificate.public_id}/{act}"


# --- The list ---------------------------------------------------------------------------------------------------------


def test_cards_show_state_download_and_the_address_to_share(signed_in, learner, certificate):
    page = signed_in(learner).get(LIST).text
    assert "Valid" in page
    assert certificate.serial in page
    assert page_of(certificate, "download/") in page
    assert certificate.snapshot["verify_url"] in page


def test_empty_list_says_how_to_get_one(signed_in, learner):
    assert "No certificate yet" in signed_in(learner).get(LIST).text


def test_completed_course_says_what_its_certificate_waits_for(signed_in, learner, administrator):
    enrollment = completed(learner, certified_course())
    browser = signed_in(learner)
    page = browser.get(LIST).text
    assert "You have completed" in page
    assert "waits for the administrator" in page
    assert "No certificate yet" not in page
    start_issuing([enrollment.pk], by=administrator, at=timezone.now())
    assert "Your certificate is being prepared." in browser.get(LIST).text


def test_automatic_certificate_is_being_prepared(signed_in, learner):
    completed(learner, certified_course(policy="automatic"))
    assert "Your certificate is being prepared." in signed_in(learner).get(LIST).text


def test_without_a_confirmed_name_the_certificate_waits_for_it(signed_in, learner):
    completed(learner, certified_course())
    learner.name_confirmed_on = None
    learner.save()
    assert "until you have confirmed your name" in signed_in(learner).get(LIST).text


def test_reserved_certificate_says_why_it_has_no_file(signed_in, learner, monkeypatch):
    reserved(learner)
    assert "The certificate is being prepared." in signed_in(learner).get(LIST).text
    monkeypatch.setattr("certificates.selectors.states.pdf_available", lambda: False)
    assert "waits for PDF support" in signed_in(learner).get(LIST).text


def test_what_has_no_certificate_or_is_not_completed_is_not_awaited(signed_in, learner):
    completed(learner, build_course("plain"))
    enrolled(learner, certified_course())
    assert "You have completed" not in signed_in(learner).get(LIST).text


def test_list_is_ones_own(signed_in, other_learner, administrator, certificate):
    for stranger in (other_learner, administrator):
        assert certificate.serial not in signed_in(stranger).get(LIST).text


def test_cancelled_ones_never_were(signed_in, learner, administrator):
    certificate = void(reserved(learner), by=administrator, at=timezone.now())
    page = signed_in(learner).get(LIST).text
    assert certificate.serial not in page
    assert "waits for the administrator" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_four_queries(signed_in, learner, count_queries, number):
    for index in range(number):
        issued(learner, certified_course(f"course-{index}"))
    browser = signed_in(learner)
    browser.get(LIST)
    with count_queries(4):  # session, user, certificates, what is awaited
        browser.get(LIST)


# --- The certificate as a page ----------------------------------------------------------------------------------------


def test_page_says_what_the_document_says(signed_in, learner, certificate):
    page = signed_in(learner).get(page_of(certificate)).text
    printed = certificate.snapshot
    for words in (learner.full_name, printed["title"], printed["serial"], *printed["outcomes"]):
        assert words in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_three_queries(signed_in, learner, count_queries, number):
    certificates = [issued(learner, certified_course(f"course-{index}")) for index in range(number)]
    browser = signed_in(learner)
    browser.get(LIST)
    with count_queries(3):  # session, user, certificate
        browser.get(page_of(certificates[0]))


def test_administrator_sees_it_without_the_holders_switches(signed_in, administrator, certificate):
    page = signed_in(administrator).get(page_of(certificate))
    assert page.status_code == 200
    assert "visibility/" not in page.text


PATHS = ["", "status/", "download/"]


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_yours_is_not_there(signed_in, other_learner, coordinator, certificate, path):
    for stranger in (other_learner, coordinator):
        assert signed_in(stranger).get(page_of(certificate, path)).status_code == 404
        assert signed_in(stranger).get(f"{LIST}{'0' * 26}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", *PATHS])
def test_without_login_one_is_asked_to(client, certificate, path):
    response = client.get(page_of(certificate, path))
    assert (response.status_code, response["Location"]) == (
        302,
        f"/accounts/login/?next={page_of(certificate, path)}",
    )


@pytest.mark.parametrize("path", PATHS)
def test_looking_is_no_post(signed_in, learner, certificate, path):
    assert signed_in(learner).post(page_of(certificate, path)).status_code == 405


# --- While it is being made -------------------------------------------------------------------------------------------


HTMX = {"HX-Request": "true"}


@pytest.fixture
def pdf_support(monkeypatch):
    monkeypatch.setattr("certificates.selectors.states.pdf_available", lambda: True)


@pytest.fixture
def no_pdf_support(monkeypatch):
    monkeypatch.setattr("certificates.selectors.states.pdf_available", lambda: False)


def test_being_made_is_asked_for_until_it_is_there(signed_in, learner, pdf_support):
    certificate = reserved(learner)
    browser = signed_in(learner)
    assert "The file is being made" in browser.get(page_of(certificate)).text
    status = browser.get(page_of(certificate, "status/"), headers=HTMX)
    assert status.status_code == 200
    assert "hx-get" in status.text
    publish_stand_in(certificate)
    status = browser.get(page_of(certificate, "status/"), headers=HTMX)
    assert status.status_code == 286
    assert "hx-get" not in status.text
    assert "Download PDF" in status.text


def test_waiting_for_pdf_support_is_said_and_the_remedy_to_administrators_alone(
    signed_in, learner, administrator, no_pdf_support
):
    certificate = reserved(learner)
    page = signed_in(learner).get(page_of(certificate)).text
    assert "Waiting for PDF support" in page
    assert "apt install" not in page
    assert "hx-get" not in page
    assert "apt install" in signed_in(administrator).get(page_of(certificate)).text
    assert signed_in(learner).get(page_of(certificate, "status/"), headers=HTMX).status_code == 286


def test_failed_try_is_said_without_its_inside(signed_in, learner, pdf_support):
    certificate = reserved(learner)
    Certificate.objects.update(lease_token="00000000-0000-4000-8000-000000000000")
    put_off(certificate, "00000000-0000-4000-8000-000000000000", RuntimeError("inside"), at=timezone.now())
    response = signed_in(learner).get(page_of(certificate, "status/"), headers=HTMX)
    assert response.status_code == 286
    assert "could not be made at the first try" in response.text
    assert "inside" not in response.text


def test_poll_that_is_refused_loads_the_whole_page(signed_in, other_learner, certificate):
    response = signed_in(other_learner).get(page_of(certificate, "status/"), headers=HTMX)
    assert (response.status_code, response["HX-Refresh"]) == (404, "true")


def test_revoked_says_when_and_why(signed_in, learner, administrator, certificate):
    revoke(certificate, reason_code="not_earned", reason_text="Inside.", by=administrator, at=NOW)
    page = signed_in(learner).get(page_of(certificate)).text
    assert "Requirements were not met" in page
    assert "Inside." not in page


# --- The file ---------------------------------------------------------------------------------------------------------


def test_holder_and_administrator_download_the_stored_bytes(signed_in, learner, administrator, certificate):
    for user in (learner, administrator):
        response = signed_in(user).get(page_of(certificate, "download/"))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response.getvalue() == b"%PDF-1.7 stands in for " + certificate.serial.encode()


def test_file_has_a_plain_and_an_own_name_and_is_kept_by_nobody(signed_in, learner):
    certificate = issued(learner, certified_course("trials", title={"en": "Å/Ö"}))
    response = signed_in(learner).get(page_of(certificate, "download/"))
    assert response["Content-Disposition"] == (
        f'attachment; filename="{certificate.serial}-trials.pdf"; '
        f"filename*=UTF-8''{certificate.serial}%20%C3%85-%C3%96.pdf"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(certificate.pdf_size)
    response.close()


def test_no_file_yet_is_not_there(signed_in, learner):
    assert signed_in(learner).get(page_of(reserved(learner), "download/")).status_code == 404


def test_revoked_file_is_still_ones_own(signed_in, learner, administrator, certificate):
    revoke(certificate, reason_code="data_error", reason_text="", by=administrator, at=NOW)
    response = signed_in(learner).get(page_of(certificate, "download/"))
    assert response.status_code == 200
    response.close()


# --- Who sees it ------------------------------------------------------------------------------------------------------


def hide(browser, certificate, **boxes):
    return browser.post(page_of(certificate, "visibility/"), boxes)


def test_holder_hides_the_name_then_the_page_then_shows_both(client, signed_in, learner, certificate):
    browser, public = signed_in(learner), f"/v/{certificate.public_id}"
    response = hide(browser, certificate, name_hidden="on")
    assert (response.status_code, response["Location"]) == (302, page_of(certificate))
    assert learner.full_name not in client.get(public).text
    hide(browser, certificate, name_hidden="on", page_hidden="on")
    assert client.get(public).status_code == 404
    hide(browser, certificate)
    assert learner.full_name in client.get(public).text


def test_the_same_twice_is_recorded_once(signed_in, learner, certificate):
    browser = signed_in(learner)
    for _ in range(2):
        hide(browser, certificate, page_hidden="on")
    event = AuditEvent.objects.get(act="certificate.visibility")
    assert event.actor == learner.audit_ref
    assert event.payload["values"] == {"name_hidden": False, "page_hidden": True}


def test_nobody_else_hides_it(client, signed_in, other_learner, administrator, certificate):
    assert hide(signed_in(other_learner), certificate, page_hidden="on").status_code == 404
    assert hide(signed_in(administrator), certificate, page_hidden="on").status_code == 403
    assert hide(client, certificate, page_hidden="on").status_code == 302
    assert not Certificate.objects.get().page_hidden


def test_hiding_is_a_post(signed_in, learner, certificate):
    assert signed_in(learner).get(page_of(certificate, "visibility/")).status_code == 405


# --- Pages of learning ------------------------------------------------------------------------------------------------


def test_my_learning_shows_them(signed_in, learner, certificate):
    page = signed_in(learner).get("/learn/").text
    assert page_of(certificate) in page


def test_my_learning_says_of_a_completed_course_that_its_certificate_waits(signed_in, learner, certificate):
    browser = signed_in(learner)
    assert "No valid certificate yet." not in browser.get("/learn/").text
    completed(learner, certified_course("second"))
    page = browser.get("/learn/").text
    assert page.count("No valid certificate yet.") == 1
    assert '<a href="/certificates/">See what it waits for</a>' in page


def test_my_learning_without_any_says_when_they_come(signed_in, learner):
    assert "the programme issues its certificate" in signed_in(learner).get("/learn/").text


@pytest.mark.parametrize("number", [1, 3])
def test_my_learning_costs_at_most_six_queries(signed_in, learner, count_queries, number):
    for index in range(number):
        issued(learner, certified_course(f"course-{index}"))
    browser = signed_in(learner)
    browser.get("/learn/")
    with count_queries(4):  # session, user, enrolments, certificates; nothing is left to resume
        browser.get("/learn/")


def test_course_page_says_what_its_certificate_is(client, db):
    certified_course("trials", valid_months=36)
    page = client.get("/courses/trials/")
    assert "pass every quiz" in page.text
    assert "Valid for 36 months" in page.text
    assert page.context["certificate"].issuer


def test_course_without_a_certificate_says_nothing_of_one(client, db):
    build_course("plain")
    assert client.get("/courses/plain/").context["certificate"] is None


@pytest.mark.parametrize("modules", [1, 3])
def test_course_page_keeps_to_six_queries(signed_in, learner, count_queries, modules):
    course = certified_course("trials", modules=[build_module(f"module-{n}") for n in range(modules)])
    completed(learner, course)
    browser = signed_in(learner)
    browser.get("/courses/trials/")
    forget_kept()
    with count_queries(6):  # session, user, course with enrolment, items, editions, certificate
        browser.get("/courses/trials/")
    with count_queries(4):  # items and editions are kept for a minute
        browser.get("/courses/trials/")
