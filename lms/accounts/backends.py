from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from .models import User
from .selectors import signed_in_users


class AccountBackend(AuthenticationBackend):
    """Sign-in by e-mail. The signed-in user arrives with their roles and second factor, in one query."""

    def get_user(self, user_id: int) -> User | None:
        user = signed_in_users(on=timezone.localdate()).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
