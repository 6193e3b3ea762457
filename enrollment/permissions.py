"""Who may see how far somebody else is."""

from django.utils import timezone

from lms.accounts.permissions import Anyone, coordinated_organisations, coordinates

from .models import Enrollment, Invitation

__all__ = ["Anyone", "can_accept", "can_follow", "coordinated_organisations", "coordinates"]


def can_follow(user: Anyone, enrollment: Enrollment) -> bool:
    """An organisation that the user coordinates today has an open assignment of it."""
    if not user.is_authenticated:
        return False
    followed = Enrollment.objects.followed_by(user, on=timezone.localdate())
    return followed.filter(pk=enrollment.pk).exists()


def can_accept(user: Anyone, invitation: Invitation) -> bool:
    """An invitation is for the address it was sent to. Addresses are confirmed before anybody can sign in."""
    return user.is_authenticated and user.email == invitation.email
