"""The person's own page."""

from rest_framework.authtoken.models import Token

from lms.accounts import services
from lms.records.models import AuditEvent


def test_everybody_has_one_of_their_own(client, signed_in, learner):
    assert client.get("/profile/").headers["Location"] == "/accounts/login/?next=/profile/"
    response = signed_in(learner).get("/profile/")
    assert response.status_code == 200
    assert response.context["name_form"].initial == {"full_name": "Learner"}


def test_a_name_is_shown_before_it_is_confirmed(signed_in, learner):
    browser = signed_in(learner)
    preview = browser.post("/profile/name/", {"full_name": " Åsa  Sjo\u0308stro\u0308m"})
    assert preview.context["printed"] == "Åsa Sjöström"
    learner.refresh_from_db()
    assert learner.full_name == "Learner"
    response = browser.post("/profile/name/confirm/", {"full_name": preview.context["printed"]})
    assert response.headers["Location"] == "/profile/"
    learner.refresh_from_db()
    assert learner.full_name == "Åsa Sjöström"
    assert AuditEvent.objects.get().act == "name.confirmed"


def test_a_name_that_cannot_be_printed_is_explained_in_place(signed_in, learner):
    for path in ("/profile/name/", "/profile/name/confirm/"):
        response = signed_in(learner).post(path, {"full_name": "漢字"})
        assert response.status_code == 422
        assert "漢 (U+6F22)" in response.content.decode()
    learner.refresh_from_db()
    assert learner.full_name == "Learner"


DETAILS = {"language": "nb", "country": "NO", "sector": "care", "occupation": "clinical"}


def test_details_are_saved(signed_in, learner):
    response = signed_in(learner).post("/profile/details/", DETAILS)
    assert response.headers["Location"] == "/profile/"
    learner.refresh_from_db()
    assert {name: getattr(learner, name) for name in DETAILS} == DETAILS


def test_only_the_language_has_to_be_said(signed_in, learner):
    signed_in(learner).post("/profile/details/", {"language": "fi"})
    learner.refresh_from_db()
    assert (learner.language, learner.country, learner.sector) == ("fi", "", "")


def test_nonsense_is_explained_and_other_fields_do_not_move(signed_in, learner):
    sent = {**DETAILS, "country": "US", "email": "evil@example.org", "is_staff": "1", "full_name": "Evil"}
    response = signed_in(learner).post("/profile/details/", sent)
    assert response.status_code == 422
    signed_in(learner).post("/profile/details/", {**sent, "country": "NO"})
    learner.refresh_from_db()
    assert (learner.email, learner.is_staff, learner.full_name) == ("learner@example.org", False, "Learner")


def test_a_token_is_shown_once(signed_in, learner):
    browser = signed_in(learner)
    response = browser.post("/profile/token/")
    key = Token.objects.get(user=learner).key
    assert key in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert key not in browser.get("/profile/").content.decode()
    browser.post("/profile/token/")
    assert Token.objects.get(user=learner).key != key
    browser.post("/profile/token/revoke/")
    browser.post("/profile/token/revoke/")
    assert not Token.objects.exists()


def test_a_token_opens_the_api_as_its_owner_until_the_account_closes(client, learner, administrator, now):
    key = services.token_for(learner, at=now).key
    assert client.delete("/api/v1/auth/token/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 204
    key = services.token_for(learner, at=now).key
    type(learner).objects.filter(pk=learner.pk).update(is_active=False)
    assert client.delete("/api/v1/auth/token/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 401


def test_acts_are_posts_of_somebody(client, signed_in, learner):
    for act in ("name/", "name/confirm/", "details/", "token/", "token/revoke/"):
        assert signed_in(learner).get(f"/profile/{act}").status_code == 405
        assert client.post(f"/profile/{act}").headers["Location"].startswith("/accounts/login/")
    assert signed_in(learner).post("/profile/").status_code == 405
