"""What other apps may follow. Sent after commit, with ids only."""

from django.dispatch import Signal

organisation_saved = Signal()  # organisation_id: added or changed
membership_ended = Signal()  # user_id, organisation_id: the person holds no role there any more
