"""A person stops a bulk issue, or has its failures tried again."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.records.models import Job
from lms.records.services import cancel, record, retry_failed


def cancel_job(job: Job, *, by: User, at: datetime) -> int:
    """Take back what has not begun. Returns how many; what has begun is finished."""
    with transaction.atomic():
        count = cancel(job, at=at)
        if count:
            record("certificates.issue_cancelled", job, by=by, at=at, items=count)
    return count


def retry_job(job: Job, *, by: User, at: datetime) -> int:
    """Put what failed back into the queue. Returns how many."""
    with transaction.atomic():
        count = retry_failed(job, at=at)
        if count:
            record("certificates.issue_retried", job, by=by, at=at, items=count)
    return count
