"""What follows from sign-in events of the login package."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from lms.records.services import record

from . import services
from .models import User
from .second_factor import mark_proven


@receiver(account.user_signed_up)
def signed_up(request: HttpRequest, user: User, **_rest: Any) -> None:
    record("account.created", user, by=user, at=timezone.now())


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(request: HttpRequest, user: User, **_rest: Any) -> None:
    services.note_password_changed(user, at=timezone.now())


@receiver(account.email_confirmed)
def email_confirmed(request: HttpRequest, email_address: EmailAddress, **_rest: Any) -> None:
    """Nobody waits for that letter any more, so it must not hold back the next: "you have an account already"."""
    ratelimit.clear(request, action="confirm_email", key=email_address.email)


@receiver(account.email_changed)
def email_changed(request: HttpRequest, user: User, **_rest: Any) -> None:
    services.note_email_changed(user, at=timezone.now())


@receiver(mfa.authenticator_used)
def second_factor_shown(request: HttpRequest, user: User, **_rest: Any) -> None:
    mark_proven(request.session, user)


@receiver(mfa.authenticator_added)
def second_factor_on(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        mark_proven(request.session, user)
        services.note_second_factor_on(user, at=timezone.now())


@receiver(mfa.authenticator_removed)
def second_factor_off(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        services.note_second_factor_off(user, at=timezone.now())
