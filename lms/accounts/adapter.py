import time
import unicodedata
from typing import Any
from uuid import uuid4

from allauth.account import app_settings as sign_in
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from lms.lib.site import absolute_url, is_own
from lms.records.services import queue_mail

from .models import User, normalise_email

WRONG_CODE = _("This code is wrong or has been used already. Wait for the next one.")
WRONG_PASSWORD = _("This is not your password.")


class AccountAdapter(DefaultAccountAdapter):
    """Where sign-in meets the rest: addresses in their one form, mails through the outbox, links to our own name."""

    # Those of the package that a page of ours can show, in our words.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The e-mail address and the password do not match."),
        "email_taken": _("There is already an account with this e-mail address."),
        "enter_current_password": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": WRONG_PASSWORD,
        "invalid_or_expired_key": _("This link has been used already or is too old. Ask for a new one."),
        "invalid_password_reset": _("This link has been used already or is too old. Ask for a new one."),
        "rate_limited": _("That was too often. Please wait a few minutes."),
        "same_as_current": _("This is your address already."),
        "too_many_login_attempts": _("Too many wrong attempts. Please wait a few minutes."),
    }

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Whoever typed the password at login a moment ago is not asked for it again."""
        asked: bool = super().is_reauthentication_required(app=app, **rest)
        return asked and not password_is_fresh(current.request)

    def clean_email(self, email: str) -> str:
        """Full-width letters and the like are the same address to a reader, so they are one here."""
        return super().clean_email(normalise_email(unicodedata.normalize("NFKC", email)))

    def is_safe_url(self, url: str) -> bool:
        """Back to this site only; the stock answer takes every allowed host for it, and fails on what is no address."""
        return is_own(url, current.request)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return absolute_url(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return absolute_url(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the language of whoever reads it; send when the transaction is through."""
        if template_prefix.endswith("/unknown_account"):
            return  # anybody could make us write to anybody; who has no account gets no mail from us
        language = language_of(email, context)
        with translation.override(language):
            message = self.render_mail(template_prefix, email, {**context, **own_links(), "email": email})
        queue_mail(
            kind=template_prefix.rpartition("/")[2],
            key=uuid4().hex,
            recipient=email,
            language=language,
            subject=message.subject,
            body=str(message.body),
            at=timezone.now(),
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}


def password_is_fresh(request: HttpRequest) -> bool:
    """Whether this session saw the password within the time that a repeated question would count for."""
    seen = [
        each["at"]
        for each in get_authentication_records(request, request.user)
        if each["method"] == "password"
    ]
    return bool(seen) and time.time() - max(seen) < sign_in.REAUTHENTICATION_TIMEOUT


def own_links() -> dict[str, str]:
    """What every mail may link to; allauth would take the host from the request, which anybody can write."""
    return {
        "site_url": settings.SITE_URL,
        "login_url": absolute_url(reverse("account_login")),
        "forgotten_url": absolute_url(reverse("account_reset_password")),
    }


def language_of(email: str, context: dict[str, Any]) -> str:
    """That of the person written to; of whoever asked, where the address is (no longer) anybody's."""
    user = context.get("user") or User.objects.filter(email=normalise_email(email)).first()
    if user is None and current.request is not None and current.request.user.is_authenticated:
        user = current.request.user
    language: str = user.language if user else translation.get_language() or settings.LANGUAGE_CODE
    return language
