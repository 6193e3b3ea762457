"""API tokens, and what follows from events of the sign-in."""

from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from rest_framework.authtoken.models import Token

from lms.records.services import record

from ..errors import CredentialsRefused, SecondFactorNeeded
from ..models import User, normalise_email
from ..second_factor import is_required_of
from ..selectors import has_confirmed_address


def check_credentials(request: HttpRequest, *, email: str, password: str) -> User:
    """Whose they are, for a client that cannot show a second factor.

    Raises CredentialsRefused, the same in words and in time whatever was wrong, and SecondFactorNeeded only to
    somebody who knew the password.
    """
    user = authenticate(request, email=normalise_email(email), password=password)
    if not isinstance(user, User) or not has_confirmed_address(user):
        raise CredentialsRefused
    if is_required_of(user) or is_mfa_enabled(user):
        raise SecondFactorNeeded
    return user


def token_for(user: User, *, at: datetime) -> Token:
    """The person's API token; made if there is none."""
    with transaction.atomic():
        token, created = Token.objects.get_or_create(user=user)
        if created:
            record("token.created", user, by=user, at=at)
    return token


def create_token(user: User, *, at: datetime) -> Token:
    """A new API token in the place of the old one, which ends."""
    with transaction.atomic():
        revoke_token(user, by=user, at=at)
        return token_for(user, at=at)


def revoke_token(user: User, *, at: datetime, by: User | None) -> None:
    """End the person's API token. Without one, nothing happens."""
    with transaction.atomic():
        deleted, _rows = Token.objects.filter(user=user).delete()
        if deleted:
            record("token.revoked", user, by=by, at=at)


def note_password_changed(user: User, *, at: datetime) -> None:
    """The API token ends with the old password, as all other sessions do by themselves."""
    with transaction.atomic():
        revoke_token(user, by=user, at=at)
        record("password.changed", user, by=user, at=at)


def note_email_changed(user: User, *, at: datetime) -> None:
    record("email.changed", user, by=user, at=at)


def note_second_factor_on(user: User, *, at: datetime) -> None:
    record("second_factor.switched_on", user, by=user, at=at)


def note_second_factor_off(user: User, *, at: datetime) -> None:
    """The API token ends: it may have been given only because there was a second factor."""
    with transaction.atomic():
        revoke_token(user, by=user, at=at)
        record("second_factor.switched_off", user, by=user, at=at)
