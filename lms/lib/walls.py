"""The outer wall: what no honest client sends is answered with 400 before anything is loaded or parsed.

PostgreSQL holds no NUL, and session keys, slugs and file names go to it as they come (SQLite would not mind, so only a
grown installation would fail). Python takes codecs for charsets that decode no text at all. Form fields look after
themselves.
"""

import codecs
from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


class OuterWall:
    """Refuses a NUL in the address, a header or a cookie, and bodies in anything but UTF-8."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in text for text in texts_of(request)):
            raise BadRequest("A NUL stands where no text has one.")
        if not is_utf8((request.content_params or {}).get("charset", "utf-8")):
            raise BadRequest("Only UTF-8 is read here.")
        return self.get_response(request)


def texts_of(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield from request.headers.values()
    yield from request.COOKIES.values()  # an escape in quotes hides it from the header


def is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return False
