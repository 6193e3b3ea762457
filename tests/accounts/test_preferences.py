"""Language and appearance."""

import pytest

PAGES = ["/language/", "/theme/"]


def test_a_visitor_keeps_the_language_in_a_cookie(client, db):
    response = client.post("/language/", {"language": "fi", "next": "/privacy/"})
    assert response.headers["Location"] == "/privacy/"
    cookie = client.cookies["django_language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("fi", "Lax", True)
    assert client.get("/privacy/").headers["Content-Language"] == "fi"


def test_a_person_keeps_it_in_the_account(client, learner):
    client.force_login(learner)
    client.post("/language/", {"language": "nb"})
    learner.refresh_from_db()
    assert learner.language == "nb"
    assert "django_language" not in client.cookies
    assert client.get("/privacy/", HTTP_ACCEPT_LANGUAGE="fi").headers["Content-Language"] == "nb"


@pytest.mark.parametrize(
    ("asked", "read"), [("no", "nb"), ("nn-NO", "nb"), ("sv-FI,sv;q=0.9", "sv"), ("de", "en"), ("", "en")]
)
def test_a_visitor_reads_what_the_browser_wishes(client, db, asked, read):
    assert client.get("/privacy/", HTTP_ACCEPT_LANGUAGE=asked).headers["Content-Language"] == read


def test_an_account_in_a_language_without_pages_follows_the_browser(client, learner):
    learner.language = "lv"
    learner.save()
    client.force_login(learner)
    assert client.get("/privacy/", HTTP_ACCEPT_LANGUAGE="fi").headers["Content-Language"] == "fi"


def test_the_theme_is_a_cookie_and_the_device_is_none(client, db):
    assert client.post("/theme/", {"theme": "dark", "next": "/contact/"}).headers["Location"] == "/contact/"
    assert client.cookies["theme"].value == "dark"
    assert b'data-theme="dark"' in client.get("/contact/").content
    client.post("/theme/", {"theme": "system"})
    assert b"data-theme=" not in client.get("/contact/").content.split(b">", 2)[1]


@pytest.mark.parametrize("page", PAGES)
def test_they_are_posts(client, db, page):
    assert client.get(page).status_code == 405


@pytest.mark.parametrize(
    ("page", "sent"),
    [("/language/", {}), ("/language/", {"language": "xx"}), ("/theme/", {"theme": "pink"}), ("/theme/", {})],
)
def test_nonsense_is_refused(client, db, page, sent):
    response = client.post(page, sent)
    assert response.status_code == 400
    assert not client.cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_led_off_the_site(client, db, page, target):
    sent = {"language": "sv", "theme": "dark", "next": target}
    assert client.post(page, sent).headers["Location"] == "/"


def test_a_form_without_its_token_changes_nothing(learner):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    response = client.post("/language/", {"language": "nb"})
    assert response.status_code == 403
    assert b"The form has run out" in response.content or "csrf" in response.templates[0].name
    learner.refresh_from_db()
    assert learner.language == "sv"
