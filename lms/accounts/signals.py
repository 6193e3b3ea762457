"""What other apps may follow. Sent after commit, with ids only."""

from django.dispatch import Signal

organisation_updated = Signal()  # organisation_id
membership_ended = Signal()  # user_id, organisation_id: the person holds no role there any more
