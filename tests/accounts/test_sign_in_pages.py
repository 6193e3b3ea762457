"""The pages of sign-in: our own templates and words, nothing that the security policy refuses, and a sensible order."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from lms import borrowed
from lms.accounts.models import User
from lms.records.models import Mail

PASSWORD = "correct horse battery"
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\b(?:src|nonce)=)")


def link_in(mail: Mail) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/accounts/\S+)", mail.body)[1]


@pytest.fixture
def pages(learner) -> list:
    """Every page of sign-in that the learner can meet, as answered."""
    outside, inside = Client(), Client()
    shown = [outside.get(f"/accounts/{path}/") for path in ("login", "signup", "password/reset", "inactive")]
    shown.append(outside.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}))
    shown.append(outside.post("/accounts/signup/", {"full_name": "", "email": "no", "password1": "short"}))
    shown.append(outside.get("/accounts/confirm-email/not-a-key/"))
    shown.append(outside.get("/accounts/confirm-email/"))
    shown.append(outside.get("/accounts/password/reset/done/"))
    shown.append(outside.get("/accounts/password/reset/key/1-wrong/"))
    outside.post("/accounts/password/reset/", {"email": learner.email})
    shown.append(outside.get(link_in(Mail.objects.get(kind="password_reset_key")), follow=True))
    shown.append(outside.get("/accounts/password/reset/key/done/"))
    inside.force_login(learner)
    shown.append(inside.get("/accounts/reauthenticate/?next=/profile/"))
    inside.post("/accounts/reauthenticate/", {"password": PASSWORD})
    inside.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    shown += [inside.get(f"/accounts/{path}/") for path in ("email", "password/change", "logout", "2fa")]
    shown.append(outside.get(link_in(Mail.objects.get(kind="email_confirmation"))))
    shown.append(inside.get("/accounts/2fa/totp/activate/"))
    TOTP.activate(learner, generate_totp_secret())
    RecoveryCodes.activate(learner)
    for path in ("2fa", "2fa/totp/deactivate", "2fa/recovery-codes", "2fa/recovery-codes/generate"):
        shown.append(inside.get(f"/accounts/{path}/"))
    shown.append(inside.get("/accounts/2fa/reauthenticate/?next=/profile/"))
    other = Client()
    other.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    shown.append(other.get("/accounts/2fa/authenticate/"))
    newcomer = User.objects.create_user("newcomer@example.org")
    newcomer.set_unusable_password()
    newcomer.save()
    without = Client()
    without.force_login(newcomer)
    shown.append(without.get("/accounts/password/set/"))
    assert Authenticator.objects.filter(user=learner).count() == 2
    return shown


def test_every_page_is_ours(pages):
    """A page of the package would come in its words, and with its scripts."""
    for page in pages:
        assert page.status_code == 200, page.request["PATH_INFO"]
        foreign = {
            template.origin.name
            for template in page.templates
            if template.origin and Path(settings.BASE, "templates") not in Path(template.origin.name).parents
        }
        assert not {name for name in foreign if "allauth" in name}, page.request["PATH_INFO"]


def test_no_page_has_what_the_security_policy_refuses(pages):
    for page in pages:
        assert INLINE.findall(page.text) == [], page.request["PATH_INFO"]


class Focus(HTMLParser):
    """What the Tab key reaches within <main>, in order: names of controls, words of links."""

    def __init__(self) -> None:
        super().__init__()
        self.stops: list[str] = []
        self.within = False

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "main":
            self.within = True
        if self.within and tag in ("input", "button", "a") and values.get("type") != "hidden":
            self.stops.append(values.get("name") or values.get("href") or tag)

    def handle_endtag(self, tag):
        if tag == "main":
            self.within = False


@pytest.mark.parametrize("query", ["", "?next=/profile/"])
def test_the_tab_key_walks_address_password_button_and_then_the_rest(client, db, query):
    focus = Focus()
    focus.feed(client.get(f"/accounts/login/{query}").text)
    assert focus.stops[:4] == ["login", "password", "button", "/accounts/password/reset/"]


def test_who_changes_the_password_walks_through_the_three_fields(client, learner):
    client.force_login(learner)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    focus = Focus()
    focus.feed(client.get("/accounts/password/change/").text)
    fields = focus.stops[focus.stops.index("oldpassword") :]
    assert fields[:4] == ["oldpassword", "password1", "password2", "button"]


def test_a_form_says_what_is_wrong_with_a_link_to_the_field(client, db):
    page = client.post(
        "/accounts/signup/", {"full_name": "", "email": "a@example.org", "password1": PASSWORD}
    )
    assert '<li><a href="#id_full_name">Full name</a><br>This field is required.</li>' in page.text


@pytest.mark.parametrize("name", ["<b>Åsa</b>", "Åsa {{ 7 }}"])
def test_markup_is_no_name(client, db, name):
    answer = client.post(
        "/accounts/signup/", {"full_name": name, "email": "a@example.org", "password1": PASSWORD}
    )
    [error] = answer.context["form"].errors["full_name"]
    assert error.startswith("These characters do not belong in a name: ")


# --- Words of the libraries -------------------------------------------------------------------------------------------

REFUSED = {
    "short": "This password is too short. It must contain at least 10 characters.",
    "1q2w3e4r5t6y": "This password is too common.",
    "9283749283749": "This password is entirely numeric.",
    "learner@example.org": "The password is too similar to the e-mail address.",
}


def complaint(password: str, language: str) -> str:
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        validate_password(password, User(email="learner@example.org", full_name="Learner"))
    return refusal.value.messages[0]


@pytest.mark.parametrize("password", REFUSED)
def test_a_refused_password_is_explained_in_the_reader_s_language(password):
    assert complaint(password, "en") == REFUSED[password]
    translated = {complaint(password, language) for language in LANGUAGES}
    assert len(translated) == len(LANGUAGES)
    assert REFUSED[password] not in translated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", borrowed.FIELDS)
def test_what_a_library_lacks_we_carry(language, words):
    with translation.override(language):
        assert translation.gettext(words) != words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 2])
def test_the_length_is_said_in_the_right_number(language, number):
    singular, plural = (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    )
    with translation.override(language):
        assert translation.ngettext(singular, plural, number) not in (singular, plural)
