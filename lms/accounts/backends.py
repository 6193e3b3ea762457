from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from .models import User


class AccountBackend(AuthenticationBackend):
    """Sign-in by e-mail. The signed-in user arrives with their roles, in one query."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.with_roles(on=timezone.localdate()).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
