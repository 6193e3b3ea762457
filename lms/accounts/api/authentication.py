from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.authtoken.models import Token

from ..models import User
from ..second_factor import factor_known_of, is_required_of
from ..selectors import signed_in_users


class TokenAuthentication(authentication.TokenAuthentication):
    """`Authorization: Token …`. The user arrives with their roles, as in a session, in one query."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        holders = signed_in_users(on=timezone.localdate()).select_related("auth_token")
        user = holders.filter(auth_token__key=key, is_active=True).first()
        if user is None:
            raise exceptions.AuthenticationFailed(_("Invalid token."))
        # Tokens end when a factor is switched off; this is the second lock on that door.
        if is_required_of(user) and factor_known_of(user) is None:
            raise exceptions.AuthenticationFailed(
                _("Your role needs a second factor. Set it up on the website.")
            )
        return user, user.auth_token
