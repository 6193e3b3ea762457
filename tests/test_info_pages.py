"""What everybody may know, what operators ask, and the doors of the demonstration."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from courses.services import create_programme
from lms.accounts.models import User
from lms.records.models import Mail
from lms.records.services import beat

INFO = ["/privacy/", "/accessibility/", "/contact/"]


@pytest.fixture
def programme(academy, lif, lmi, now):
    return create_programme(
        title={"en": "Continuous learning", "sv": "Kontinuerligt lärande"},
        coordinator=academy,
        partners=[academy, lmi],
        countries=["SE", "NO"],
        contact_email="contact@example.org",
        by=None,
        at=now,
    )


# --- Information ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", INFO)
def test_everybody_may_read_it_even_before_setup(client, db, path):
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", INFO)
def test_it_costs_no_query_once_the_programme_is_known(client, programme, path, count_queries):
    client.get(path)
    with count_queries(0):
        client.get(path)


def test_who_is_responsible_comes_from_the_programme(client, programme, employer):
    for path in ("/privacy/", "/contact/"):
        content = client.get(path).content.decode()
        for words in ("Swedish Academy", "Norwegian industry association", "contact@example.org"):
            assert words in content
        assert employer.name not in content, "not a partner"


def test_partners_have_their_names_in_the_readers_language(client, academy, programme):
    from courses.selectors import forget_programme

    academy.names = {"sv": "Läkemedelsakademin i Stockholm"}
    academy.save()
    forget_programme()
    content = client.get("/contact/", HTTP_ACCEPT_LANGUAGE="sv").content.decode()
    assert content.count("Läkemedelsakademin i Stockholm") == 2, (
        "among the partners and as the coordinating one"
    )


def test_every_cookie_is_on_the_privacy_page(client, programme):
    """A whole journey: whatever sets a cookie without saying so there shows here."""
    named = {name for name, _purpose, _kept in client.get("/privacy/").context["cookies"]}
    met = set()

    def go(path, data=None):
        response = client.get(path) if data is None else client.post(path, data)
        met.update(response.cookies)
        return response

    go("/")
    go("/language/", {"language": "sv"})
    go("/theme/", {"theme": "dark"})
    go(
        "/accounts/signup/",
        {"full_name": "Åsa", "email": "asa@example.org", "password1": "correct horse battery"},
    )
    go(re.search(r"/accounts/confirm-email/\S+", Mail.objects.get().body)[0], {})
    go("/accounts/login/", {"login": "asa@example.org", "password": "correct horse battery"})
    go("/profile/details/", {"language": "sv", "country": "SE"})
    for path in ("/profile/", "/learn/", "/courses/", "/verify/", "/no/such/page/"):
        go(path)
    go("/verify/serial/", {"serial": "NLS-2026-000123-7", "surname": "Ek"})
    go("/accounts/logout/", {})
    assert met == named


# --- For machines -----------------------------------------------------------------------------------------------------


def test_health_when_all_is_well(client, db, count_queries):
    beat("worker", at=timezone.now())
    with count_queries(1):
        response = client.get("/health/")
    assert response.status_code == 200
    assert {**response.json(), "pdf": None} == {"status": "ok", "database": True, "worker": True, "pdf": None}
    assert not response.cookies


@pytest.mark.parametrize("silent_for", [None, timedelta(minutes=10)])
def test_health_when_the_worker_is_silent(client, db, silent_for):
    if silent_for:
        beat("worker", at=timezone.now() - silent_for)
    response = client.get("/health/")
    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_health_when_the_database_is_gone(client, monkeypatch):
    def gone(*_args, **_options):
        raise DatabaseError("password=secret host=db.internal")

    monkeypatch.setattr("lms.views.Heartbeat.objects.filter", gone)
    response = client.get("/health/")
    assert (response.status_code, response.json()["database"]) == (503, False)
    assert b"secret" not in response.content


def test_without_pdf_support_only_certificates_wait(client, db, monkeypatch):
    monkeypatch.setattr("lms.views.pdf_available", lambda: False)
    beat("worker", at=timezone.now())
    response = client.get("/health/")
    assert (response.status_code, response.json()["pdf"]) == (200, False)


def test_robots_stay_out_of_what_is_personal(client, db):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /administration/" in response.content.decode().splitlines()


def test_where_to_report_a_weakness(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_where_to_report_a_weakness_once_there_is_an_address(client, programme):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert "Contact: mailto:contact@example.org" in lines
    assert "Canonical: http://127.0.0.1:8000/.well-known/security.txt" in lines


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_what_is_not_there_has_its_page(client, signed_in, learner):
    for browser in (client, signed_in(learner)):
        response = browser.get("/no/such/page/")
        assert response.status_code == 404
        assert "404.html" in [template.name for template in response.templates]


def test_who_may_not_is_told_so_and_not_that_they_see_the_page(signed_in, other_learner):
    answer = signed_in(other_learner).get("/studio/")
    assert answer.status_code == 403
    assert "This is not open to your account." in answer.content.decode()


def test_a_fault_of_ours_has_a_page_that_needs_nothing(client, db, monkeypatch):
    def fault(*_args):
        raise RuntimeError("fault")

    monkeypatch.setattr("lms.views.current_programme", fault)
    client.raise_request_exception = False
    response = client.get("/contact/")
    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content


def test_a_request_that_cannot_be_understood_has_its_page(client, db):
    response = client.get("/contact/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert b"evil.example" not in response.content


# --- The demonstration ------------------------------------------------------------------------------------------------

DOOR = "/demonstration/login/"


@pytest.fixture
def demo_learner(db) -> User:
    return User.objects.create_user("learner-fi@example.org", "demo")


def test_one_press_logs_a_demo_person_in(client, demo_learner, settings):
    settings.DEMONSTRATION = True
    assert b"learner-fi@example.org" in client.get("/accounts/login/").content
    response = client.post(DOOR, {"email": demo_learner.email})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(demo_learner.pk)


def test_nobody_else_has_such_a_door(client, demo_learner, learner, settings):
    assert client.post(DOOR, {"email": demo_learner.email}).status_code == 404
    assert b"learner-fi@example.org" not in client.get("/accounts/login/").content
    settings.DEMONSTRATION = True
    assert client.post(DOOR, {"email": learner.email}).status_code == 404
    assert client.post(DOOR, {"email": "author@example.org"}).status_code == 404
    assert client.get(DOOR).status_code == 405
    assert "_auth_user_id" not in client.session
