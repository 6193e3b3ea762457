"""A day that begins: the first page that is asked for on it already shows what takes effect on it."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .services.effects import keep_day

logger = logging.getLogger(__name__)
PAUSE = timedelta(minutes=1)


class DayMiddleware:
    """Before the first request of a day that this process answers, what was set for the day is done.

    So a publication or withdrawal is right by its date without the periodic job, which does the same
    (docs/decisions/0014). All other requests compare two dates.
    """

    kept: ClassVar[date | None] = None
    not_before: ClassVar[datetime | None] = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if self.kept != timezone.localdate(now) and (self.not_before is None or self.not_before <= now):
            self.keep(now)
        return self.get_response(request)

    def keep(self, now: datetime) -> None:
        """Where that fails, pages are answered as the database has them, and a minute later it is tried again."""
        try:
            keep_day(at=now)
        except Exception:  # whatever it is, it must not take every page with it
            logger.exception("What was set for this day could not be done yet")
            DayMiddleware.not_before = now + PAUSE
        else:
            DayMiddleware.kept, DayMiddleware.not_before = timezone.localdate(now), None
