from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone, translation

from lms.lib.site import absolute_url
from lms.records.services import queue_mail

from .models import User, normalise_email


class AccountAdapter(DefaultAccountAdapter):
    """Where sign-in meets the rest: addresses in their one form, mails through the outbox, links to our own name."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(normalise_email(email))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        from django.urls import reverse

        return absolute_url(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Render now, in the reader's language; send when the transaction is through."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language() or "en"
        with translation.override(language):
            message = self.render_mail(template_prefix, email, context)
        queue_mail(
            kind=template_prefix.removeprefix("account/email/"),
            key=f"{email}:{timezone.now().isoformat()}",
            recipient=email,
            language=language,
            subject=message.subject,
            body=message.body,
            at=timezone.now(),
        )
