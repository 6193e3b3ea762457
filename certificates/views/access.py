"""Who may open which certificate, and what pages that poll do when the answer turns into no."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers

from lms.accounts.signed_in import SignedInRequest

from ..models import Certificate

View = Callable[..., HttpResponse]

# htmx stops asking when it gets this.
STOP_POLLING = 286


def discreet(view: View) -> View:
    """A page that names a person and stands open: no search engine, no referrer elsewhere, no copy kept on the way.

    Not `no-referrer`: browsers then send `Origin: null` with every form of the page, and each is refused.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        add_never_cache_headers(response)
        return response

    return guarded


def reload_when_refused(view: View) -> View:
    """A fragment that is asked for every second: when it is refused, the whole page is loaded and says why."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            return view(request, *args, **values)
        except (PermissionDenied, Http404) as refusal:
            if not request.htmx:
                raise
            status = 403 if isinstance(refusal, PermissionDenied) else 404
            return HttpResponse(status=status, headers={"HX-Refresh": "true"})

    return guarded


def load_certificate(request: SignedInRequest, public_id: str) -> Certificate:
    """One's own, or any for an administrator. Everything else is not there (404)."""
    visible = Certificate.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("enrollment__course", "supersedes", "superseded_by"), public_id=public_id
    )
