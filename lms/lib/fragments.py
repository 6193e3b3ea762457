from typing import Protocol

from django_htmx.middleware import HtmxDetails


class AskedByHtmx(Protocol):
    htmx: HtmxDetails


def wants_fragment(request: AskedByHtmx) -> bool:
    """htmx asks for a part of a page; going back in history with htmx needs the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request
