import unicodedata
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from lms.lib.site import absolute_url, is_own
from lms.records.services import queue_mail

from .models import User, normalise_email


class AccountAdapter(DefaultAccountAdapter):
    """Where sign-in meets the rest: addresses in their one form, mails through the outbox, links to our own name."""

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
