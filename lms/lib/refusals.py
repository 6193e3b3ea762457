"""What a service refuses, said to whoever asked for it: on the page they go back to, or in the form they filled in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from .errors import DomainError
from .fragments import wants_fragment

View = Callable[..., HttpResponse]


def refused(request: Any, refusal: DomainError, url: str) -> HttpResponse:
    """The reason, on the page at `url`; where htmx asked, on the page that is open, and nothing else of it changes."""
    messages.error(request, str(refusal.message))
    if not wants_fragment(request):
        return redirect(url)
    response = render(request, "_messages.html", {"oob": True})
    response["HX-Reswap"] = "none"
    return response


def refusals_at(page: str, *values: str) -> Callable[[View], View]:
    """For an act: what it refuses is said on that page, whose address takes these values of the act's own address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **more: Any) -> HttpResponse:
            try:
                return view(request, *args, **more)
            except DomainError as refusal:
                known = request.resolver_match.kwargs
                return refused(request, refusal, reverse(page, args=[known[value] for value in values]))

        return guarded

    return decorate


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """What is refused inside becomes an error of the form."""
    try:
        yield
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
