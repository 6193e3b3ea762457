"""Accounts and what people say about themselves. The audit trail names fields, never what stands in them."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.lib.names import check_name
from lms.records.services import record

from ..errors import AddressTaken
from ..models import User, normalise_email
from .roles import keep_an_administrator
from .sign_in import revoke_token


def create_account(
    email: str,
    *,
    full_name: str,
    password: str | None,
    at: datetime,
    by: User | None = None,
    language: str = "en",
    country: str = "",
) -> User:
    """An account whose address counts as confirmed: for a first administrator, an invitation, the demonstration.

    `password` None leaves it to the person to set one by "forgotten password". Raises AddressTaken, UnprintableName.
    """
    email = normalise_email(email)
    fields = {"full_name": check_name(full_name), "language": language, "country": country}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, **fields)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
            record("account.created", user, by=by, at=at)
    except IntegrityError as taken:
        if User.objects.filter(email=email).exists():
            raise AddressTaken from taken
        raise
    return user


def confirm_name(user: User, *, name: str, at: datetime, by: User) -> User:
    """Set the name as it will be printed, and the day it was confirmed.

    Confirming the same name again changes nothing. Raises UnprintableName.
    """
    printed = check_name(name)
    if user.full_name == printed and user.name_confirmed_on:
        return user
    with transaction.atomic():
        user.full_name, user.name_confirmed_on = printed, timezone.localdate(at)
        user.save(update_fields=["full_name", "name_confirmed_on"])
        record("name.confirmed", user, by=by, at=at)
    return user


def update_profile(
    user: User, *, language: str, country: str, sector: str, occupation: str, at: datetime, by: User
) -> User:
    """Change language, country and the voluntary details. What stays the same is not written."""
    wanted = {"language": language, "country": country, "sector": sector, "occupation": occupation}
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, wanted[name])
    with transaction.atomic():
        user.save(update_fields=changed)
        record("profile.updated", user, by=by, at=at, fields=changed)
    return user


def choose_language(user: User, language: str) -> User:
    """Remember the language of the pages. No act that anybody audits."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    return user


def deactivate(user: User, *, at: datetime, by: User) -> User:
    """Close the account: every session and token of it ends at its next request. Nothing is deleted.

    Doing it again changes nothing. Raises LastAdministrator.
    """
    if not user.is_active:
        return user
    with transaction.atomic():
        keep_an_administrator(without=user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        revoke_token(user, by=by, at=at)
        record("account.deactivated", user, by=by, at=at)
    return user


def reactivate(user: User, *, at: datetime, by: User) -> User:
    """Open a closed account again. Doing it again changes nothing."""
    if user.is_active:
        return user
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("account.reactivated", user, by=by, at=at)
    return user
