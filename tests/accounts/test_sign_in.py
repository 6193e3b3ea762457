"""Sign-up, confirmation, login, reset and change: through the pages, with the mails that leave."""

import re

import pytest
from django.test import Client

from lms.accounts import services
from lms.accounts.models import User
from lms.records.models import AuditEvent, Mail

PASSWORD = "correct horse battery"
SIGNUP = {"full_name": "Åsa Sjöström", "email": "Asa@Example.org", "password1": PASSWORD}


def link_in(mail: Mail) -> str:
    """The path of the link, which must lead to our own name whatever the request said."""
    [link] = re.findall(r"http://127\.0\.0\.1:8000(/accounts/\S*(?:key|confirm-email)/\S+)", mail.body)
    return link


def login(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


# --- Sign-up ----------------------------------------------------------------------------------------------------------


def test_signing_up_confirming_and_logging_in(client, db):
    response = client.post("/accounts/signup/", SIGNUP, HTTP_ACCEPT_LANGUAGE="sv", HTTP_HOST="localhost")
    assert response.headers["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert (user.email, user.full_name, user.language) == ("asa@example.org", "Åsa Sjöström", "sv")
    assert user.name_confirmed_on is None
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.language) == ("email_confirmation_signup", user.email, "sv")
    path = link_in(mail)
    login(client, user.email)
    assert not is_in(client)
    client.get(path)
    assert not user.emailaddress_set.get().verified, "mail scanners open links; only the button confirms"
    client.post(path)
    assert user.emailaddress_set.get().verified
    login(client, user.email)
    assert is_in(client)
    assert AuditEvent.objects.filter(act="account.created").count() == 1


@pytest.mark.parametrize("email", ["learner@example.org", "LEARNER@example.org", "learner@ｅxample.org"])
def test_signing_up_with_a_known_address_looks_the_same(client, learner, email):
    unknown = client.post("/accounts/signup/", SIGNUP)
    known = Client().post("/accounts/signup/", {**SIGNUP, "email": email}, HTTP_HOST="localhost")
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert User.objects.filter(email__icontains="learner").count() == 1
    mail = Mail.objects.get(recipient=learner.email)
    assert (mail.kind, mail.language) == ("account_already_exists", "sv")
    for path in ("login", "password/reset"):
        assert f"http://127.0.0.1:8000/accounts/{path}/" in mail.body


def test_signing_up_again_right_after_confirming_is_answered_by_letter_once_in_a_while(client, db):
    client.post("/accounts/signup/", SIGNUP)
    client.post(link_in(Mail.objects.get()))
    for _again in range(2):
        answer = Client().post("/accounts/signup/", SIGNUP)
        assert answer.headers["Location"] == "/accounts/confirm-email/"
    kinds = Mail.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["email_confirmation_signup", "account_already_exists"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "漢字"),
        ("full_name", ""),
        ("email", "no address"),
        ("password1", "short"),
        ("password1", "1q2w3e4r5t6y"),
        ("password1", "9283749283749"),
        ("password1", "asa@example.org"),
    ],
)
def test_nonsense_is_explained(client, db, field, value):
    response = client.post("/accounts/signup/", {**SIGNUP, field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not User.objects.exists()


def test_the_name_of_a_stranger_is_in_no_mail(client, db):
    client.post("/accounts/signup/", {**SIGNUP, "full_name": "Win a prize at evil.example"})
    assert "prize" not in Mail.objects.get().body


# --- Login ------------------------------------------------------------------------------------------------------------


def test_logging_in_and_out(client, learner):
    response = login(client, " LEARNER@example.org ")
    assert response.status_code == 302
    assert is_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client), "a link cannot log anybody out"
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_no_sentence_of_the_login_page_s_language_follows_to_the_account_s(client, learner):
    """Who logs in says it by being in; the sentence would be in the language that was left behind."""
    learner.language = "sv"
    learner.save(update_fields=["language"])
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD}, HTTP_ACCEPT_LANGUAGE="en")
    assert list(client.get("/learn/").context["messages"]) == []
    assert list(client.post("/accounts/logout/", follow=True).context["messages"]) == []


def test_the_session_gets_a_new_key_at_login(client, learner):
    client.get("/accounts/login/")
    client.session["visited"] = True
    before = client.session.session_key
    login(client, learner.email)
    assert client.session.session_key != before


def test_unknown_wrong_and_closed_look_the_same(learner, other_learner, administrator, now):
    services.deactivate(other_learner, by=administrator, at=now)
    answers = [
        login(Client(), email, password)
        for email, password in [
            ("nobody@example.org", PASSWORD),
            (learner.email, "wrong"),
            (other_learner.email, "wrong"),
        ]
    ]
    assert {answer.status_code for answer in answers} == {200}
    [words] = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert words


def test_an_unknown_address_costs_a_hash_too(client, db, monkeypatch):
    hashed = []
    original = User.set_password
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw) or original(self, raw))
    login(client, "nobody@example.org", "guess")
    assert hashed == ["guess"]


def test_guessing_is_slowed_per_account(learner):
    for number in range(5):
        login(Client(REMOTE_ADDR=f"10.0.0.{number}"), learner.email, "wrong")
    late = Client(REMOTE_ADDR="10.0.1.1")
    login(late, learner.email)
    assert not is_in(late)


def test_a_closed_account_is_out_at_once(client, learner, administrator, now):
    login(client, learner.email)
    services.deactivate(learner, by=administrator, at=now)
    assert not is_in(client)
    login(client, learner.email)
    assert not is_in(client)


@pytest.mark.parametrize(
    "path", ["login", "signup", "password/reset", "confirm-email", "inactive", "password/reset/done"]
)
def test_the_doors_are_open_without_login(client, db, path):
    assert client.get(f"/accounts/{path}/").status_code == 200


@pytest.mark.parametrize("path", ["email", "password/change", "2fa", "2fa/totp/activate", "reauthenticate"])
def test_the_rest_asks_for_login(client, db, path):
    response = client.get(f"/accounts/{path}/")
    assert response.headers["Location"].startswith("/accounts/login/")


def test_the_admin_asks_at_the_same_door(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


# --- Password ---------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew(learner):
    other_device = Client()
    login(other_device, learner.email)
    token = services.token_for(learner, at=learner.date_joined)
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": "Learner@example.org"}, HTTP_HOST="localhost")
    mail = Mail.objects.get()
    assert (mail.recipient, mail.language) == (learner.email, "sv")
    path = link_in(mail)
    form = browser.get(path, follow=True)
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    done = browser.post(form.redirect_chain[-1][0], new, follow=True)
    assert 'data-variant="primary" href="/accounts/login/"' in done.text
    assert not is_in(other_device), "sessions end with the old password"
    assert not type(token).objects.filter(pk=token.pk).exists()
    login(browser, learner.email, "another long sentence")
    assert is_in(browser)
    assert Mail.objects.filter(kind="password_reset", recipient=learner.email).exists()
    assert AuditEvent.objects.filter(act="password.changed").count() == 1
    again = Client().get(path, follow=True)
    assert again.context["token_fail"], "the link works once"


def test_a_reset_says_the_same_and_writes_to_nobody_unknown(client, learner):
    known = client.post("/accounts/password/reset/", {"email": learner.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert [mail.recipient for mail in Mail.objects.all()] == [learner.email]


def test_a_changed_password_keeps_this_session_and_ends_the_others(client, learner):
    other_device = Client()
    for browser in (client, other_device):
        login(browser, learner.email)
    new = "another long sentence"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(client)
    assert not is_in(other_device)
    assert Mail.objects.get().kind == "password_changed"


# --- E-mail address ---------------------------------------------------------------------------------------------------


def test_a_new_address_counts_once_it_is_confirmed(client, learner):
    login(client, learner.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "New@Example.org"})
    learner.refresh_from_db()
    assert learner.email == "learner@example.org"
    confirmation = Mail.objects.get()
    assert (confirmation.kind, confirmation.recipient) == ("email_confirmation", "new@example.org")
    client.post(link_in(confirmation))
    learner.refresh_from_db()
    assert learner.email == "new@example.org"
    assert list(learner.emailaddress_set.values_list("email", flat=True)) == ["new@example.org"]
    notice = Mail.objects.get(kind="email_changed")
    assert (notice.recipient, notice.language) == ("learner@example.org", "sv")
    [event] = AuditEvent.objects.filter(act="email.changed")
    assert "example.org" not in str(event.payload)


def test_changing_the_address_asks_for_the_password(client, learner):
    client.force_login(learner)
    response = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Mail.objects.exists()


# --- Around it --------------------------------------------------------------------------------------------------------


def test_a_foreign_host_is_refused(client, db):
    response = client.get("/accounts/login/", HTTP_HOST="evil.example")
    assert response.status_code == 400


def test_a_fragment_sends_the_whole_page_to_the_login(client, db):
    response = client.get(
        "/profile/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/courses/?q=a"
    )
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=%2Fcourses%2F%3Fq%3Da"


def test_a_login_never_leads_off_the_site(client, learner):
    response = client.post(
        "/accounts/login/", {"login": learner.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert "evil" not in response.headers["Location"]


def test_the_signed_in_user_is_one_query(client, learner, count_queries):
    client.force_login(learner)
    client.get("/profile/")
    with count_queries(4):  # session, user with roles and second factor, token, second factor for the page
        client.get("/profile/")
