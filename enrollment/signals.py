"""What higher apps may hear of: ids only, sent after the transaction that made it true."""

from django.dispatch import Signal

course_completed = Signal()  # enrollment_id
