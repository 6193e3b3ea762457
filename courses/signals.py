"""What higher apps may hear of: ids only, sent after the transaction that made it true."""

from django.dispatch import Signal

revision_published = Signal()  # revision_id: it has taken effect
revision_withdrawn = Signal()  # revision_id: it and all older ones of its edition
course_published = Signal()  # course_id
course_closed = Signal()  # course_id
