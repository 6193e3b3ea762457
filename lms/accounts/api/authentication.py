from django.utils import timezone
from rest_framework import authentication, exceptions
from rest_framework.authtoken.models import Token

from lms.accounts.models import User


class TokenAuthentication(authentication.TokenAuthentication):
    """`Authorization: Token …`. The user arrives with their roles, as in a session."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        user, token = super().authenticate_credentials(key)
        with_roles = (
            User.objects.with_roles(on=timezone.localdate()).filter(pk=user.pk, is_active=True).first()
        )
        if with_roles is None:
            raise exceptions.AuthenticationFailed
        return with_roles, token
