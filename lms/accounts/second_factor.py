"""The second factor: who needs one, and whether this session has shown it.

A session is marked with the authenticator that it was proven by. The mark is compared with the authenticator that the
account has now, which arrives with the signed-in user: where it was switched off or replaced, every mark anywhere is
void at the next request, and so is a session that was opened before there was one.
"""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from .models import User
from .selectors import second_factor_of

MARK = "second_factor"


def is_required_of(user: User) -> bool:
    """Those who decide for others, outside the demonstration."""
    return not settings.DEMONSTRATION and (user.needs_second_factor or user.is_superuser)


def mark_proven(session: SessionBase, user: User) -> None:
    """The session has shown the second factor that the account has now.

    It may do more from here on, so it gets a new key: whoever knew the old one has nothing.
    """
    session.cycle_key()
    session[MARK] = second_factor_of(user)


def factor_known_of(user: User) -> int | None:
    """The authenticator that arrived with the signed-in user, without another query."""
    return getattr(user, "second_factor", None)


def missing_step(user: User | AnonymousUser, session: SessionBase) -> str:
    """The name of the page that this session has to pass first, or "". `user` comes from `signed_in_users`."""
    if settings.DEMONSTRATION or not user.is_authenticated:
        return ""
    factor = factor_known_of(user)
    if factor is None:
        return "mfa_activate_totp" if is_required_of(user) else ""
    return "" if session.get(MARK) == factor else "mfa_reauthenticate"
