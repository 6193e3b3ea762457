"""Days on a certificate are those of the programme's time zone, wherever the reader or the server is."""

from datetime import date, datetime, time

from django.utils import timezone

from courses.content import months_after

from ..models import CertificateDefinition


def day_of(at: datetime) -> date:
    return timezone.localdate(at, timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The last instant of that day."""
    return timezone.make_aware(datetime.combine(day, time.max), timezone.get_default_timezone())


def last_valid_day(definition: CertificateDefinition, completed_on: date) -> date | None:
    """Counted from the day of completion, not of issue: neither a late issue nor a replacement lengthens it."""
    if definition.valid_months is None:
        return None
    return months_after(completed_on, definition.valid_months)
