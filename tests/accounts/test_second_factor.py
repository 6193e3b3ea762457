"""The second factor of those who decide: with a real authenticator, and every way around it closed."""

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.test import Client
from rest_framework.authtoken.models import Token

from lms.accounts import services
from lms.records.models import AuditEvent, Mail

pytestmark = pytest.mark.second_factor

PASSWORD = "correct horse battery"
ACTIVATE = "/accounts/2fa/totp/activate/"


HALF_MINUTE = 59_000_000  # since 1970, as the authenticator counts; in these tests it does not go on


def code(secret: str, half_minutes_ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, HALF_MINUTE - half_minutes_ago))


def with_password(user) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def activate(client: Client) -> str:
    """Set up an authenticator as the page asks for it; returns its secret."""
    secret = client.get(ACTIVATE).context["form"].secret
    response = client.post(ACTIVATE, {"code": code(secret)})
    assert response.status_code == 302, response.context["form"].errors
    return secret


@pytest.fixture(autouse=True)
def no_clock_between_reading_a_code_and_sending_it(monkeypatch):
    now = HALF_MINUTE * 30 + 15
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture(autouse=True)
def commits_at_once(monkeypatch, db):
    """The test's own transaction never commits, but a session is marked after the commit of the authenticator."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, *_args, **_options: act())


@pytest.fixture
def next_code(monkeypatch):
    """Codes work once; this forgets that, instead of waiting half a minute for the next."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_args: True)


@pytest.mark.parametrize("who", ["administrator", "publisher", "coordinator"])
def test_who_decides_sets_it_up_first(request, who):
    user = request.getfixturevalue(who)
    client = with_password(user)
    response = client.get("/profile/?tab=a")
    assert response.headers["Location"] == f"{ACTIVATE}?next=%2Fprofile%2F%3Ftab%3Da"
    activate(client)
    assert client.get("/profile/").status_code == 200, "the code that set it up counts for this session"
    assert AuditEvent.objects.filter(act="second_factor.switched_on", actor=user.audit_ref).exists()
    assert Mail.objects.filter(kind="totp_activated").exists()


@pytest.mark.parametrize(("half_minutes_ago", "is_taken"), [(0, True), (1, True), (2, False)])
def test_a_slow_typist_has_half_a_minute_more(administrator, next_code, half_minutes_ago, is_taken):
    secret = activate(with_password(administrator))
    client = with_password(administrator)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret, half_minutes_ago)})
    assert (client.get("/administration/people/").status_code == 200) is is_taken


def test_a_code_works_once(administrator):
    secret = activate(with_password(administrator))
    answers = []
    for _browser in range(2):
        client = with_password(administrator)
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
        answers.append(client.get("/administration/people/").status_code)
    assert answers == [200, 302]


def test_the_password_of_a_moment_ago_is_not_asked_for_again(administrator):
    assert with_password(administrator).get(ACTIVATE).status_code == 200


def test_the_password_of_long_ago_is(administrator, monkeypatch):
    client = with_password(administrator)
    later = time.time() + 301
    monkeypatch.setattr("lms.accounts.adapter.time.time", lambda: later)
    assert client.get(ACTIVATE).headers["Location"].startswith("/accounts/reauthenticate/")


def test_a_session_without_a_password_is_asked_for_it(administrator):
    client = Client()
    client.force_login(administrator)
    assert client.get(ACTIVATE).headers["Location"].startswith("/accounts/reauthenticate/")


def test_the_way_goes_on_after_the_recovery_codes(administrator):
    client = with_password(administrator)
    activate(client)
    assert 'href="/start/"' in client.get("/accounts/2fa/recovery-codes/").text


def test_a_session_that_may_do_more_gets_a_new_key(administrator):
    client = with_password(administrator)
    before = client.session.session_key
    activate(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize("who", ["learner", "author"])
def test_others_need_none(request, db, who):
    assert with_password(request.getfixturevalue(who)).get("/profile/").status_code == 200


def test_the_demonstration_asks_nobody(administrator, settings):
    settings.DEMONSTRATION = True
    assert with_password(administrator).get("/administration/people/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/privacy/", "/administration/people/", "/admin/"])
def test_nothing_else_is_open_before(administrator, path):
    assert with_password(administrator).get(path).headers["Location"].startswith(ACTIVATE)


def test_an_api_call_is_answered_as_one(administrator):
    response = with_password(administrator).delete("/api/v1/auth/token/")
    assert (response.status_code, response.headers["Content-Type"]) == (403, "application/problem+json")
    assert response.json()["code"] == "second_factor_needed"


def test_a_fragment_leads_the_whole_page_there(administrator):
    response = with_password(administrator).get("/profile/", HTTP_HX_REQUEST="true")
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"{ACTIVATE}?next=%2F")


def test_preferences_and_the_way_out_stay_open(administrator):
    client = with_password(administrator)
    assert client.post("/theme/", {"theme": "dark"}).headers["Location"] == "/"
    assert client.post("/accounts/logout/").headers["Location"] == "/"


def test_logging_in_asks_for_the_code(administrator, next_code):
    secret = activate(with_password(administrator))
    client = with_password(administrator)
    assert client.get("/administration/people/").headers["Location"].startswith("/accounts/login/")
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/administration/people/").status_code == 200


def test_a_session_from_before_has_to_show_it(administrator, next_code):
    """Whoever had only the password, and logged in before there was a factor, stays outside."""
    intruder = with_password(administrator)
    secret = activate(with_password(administrator))
    response = intruder.get("/administration/people/")
    assert response.headers["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadministration%2Fpeople%2F"
    for path in ("/accounts/2fa/totp/deactivate/", "/accounts/password/change/", "/accounts/email/"):
        assert intruder.post(path).headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=administrator, type="totp").exists()
    intruder.post("/accounts/2fa/reauthenticate/", {"code": code(secret)})
    assert intruder.get("/administration/people/").status_code == 200


def test_a_learner_who_has_one_is_asked_for_it_too(learner):
    before = with_password(learner)
    activate(with_password(learner))
    assert before.get("/profile/").headers["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_switching_it_off_voids_every_session_and_the_token(administrator, next_code):
    here = with_password(administrator)
    secret = activate(here)
    there = with_password(administrator)
    there.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    here.post("/profile/token/")
    assert Token.objects.filter(user=administrator).exists()
    here.post("/accounts/2fa/totp/deactivate/")
    for client in (here, there):
        assert client.get("/administration/people/").headers["Location"].startswith(ACTIVATE)
    assert not Token.objects.filter(user=administrator).exists()
    activate(here)
    assert (
        there.get("/administration/people/").headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    )
    assert AuditEvent.objects.filter(act="second_factor.switched_off").count() == 1


def test_a_recovery_code_counts_once(administrator):
    activate(with_password(administrator))
    [codes] = [each.wrap() for each in Authenticator.objects.filter(type="recovery_codes")]
    recovery = codes.get_unused_codes()[0]
    client = with_password(administrator)
    client.post("/accounts/2fa/authenticate/", {"code": recovery})
    assert client.get("/administration/people/").status_code == 200
    again = with_password(administrator)
    again.post("/accounts/2fa/authenticate/", {"code": recovery})
    assert again.get("/administration/people/").status_code == 302


def test_a_new_role_asks_within_the_running_session(learner, lif, administrator):
    client = with_password(learner)
    assert client.get("/profile/").status_code == 200
    services.grant_role(learner, lif, "coordinator", by=administrator, at=administrator.date_joined)
    assert client.get("/profile/").headers["Location"].startswith(ACTIVATE)


def test_a_token_without_a_factor_opens_nothing(administrator, client):
    """As in a copy of the database from before the rule; the services leave no such token."""
    token = Token.objects.create(user=administrator)
    header = {"HTTP_AUTHORIZATION": f"Token {token.key}"}
    assert client.delete("/api/v1/auth/token/", **header).status_code == 401
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": generate_totp_secret()})
    assert client.delete("/api/v1/auth/token/", **header).status_code == 204
