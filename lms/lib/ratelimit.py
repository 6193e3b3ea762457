"""How often one client may ask what anybody may ask: the same count for pages and API, whichever door is used.

The rates stand in the settings, by scope. A client is an IPv4 address or an IPv6 network of 64 bits, which is what
one household gets: counted by address, it could ask without end.
"""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

View = Callable[..., HttpResponse]


class ClientThrottle(SimpleRateThrottle):
    """Per client, signed in or not. A subclass names its `scope`."""

    def get_cache_key(self, request: Request | HttpRequest, view: APIView | None) -> str:
        ident = network_of(self.get_ident(request))  # type: ignore[arg-type]  # it reads the headers only
        return self.cache_format % {"scope": self.scope, "ident": ident}


class PersonThrottle(SimpleRateThrottle):
    """Per person who is signed in, wherever they sit: a hospital has one address for everybody."""

    def get_cache_key(self, request: Request | HttpRequest, view: APIView | None) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


def seconds_to_wait(request: HttpRequest, throttle: type[SimpleRateThrottle]) -> int:
    """Counts this request. 0 where it may go on, for forms that say themselves what is the matter."""
    counter = throttle()
    if counter.allow_request(request, None):  # type: ignore[arg-type]
        return 0
    return ceil(counter.wait() or 1)


def network_of(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:  # a proxy may send anything, and a cache key has no room for it
        return "unknown"
    return str(known) if known.version == 4 else str(ip_network(f"{known}/64", strict=False).network_address)


def limited(throttle: type[ClientThrottle]) -> Callable[[View], View]:
    """A page under a rate limit: past it, 429 and after how many seconds to come back."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            counter = throttle()
            if counter.allow_request(request, None):  # type: ignore[arg-type]
                return view(request, *args, **values)
            return too_many(request, ceil(counter.wait() or 1))

        return guarded

    return decorate


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
