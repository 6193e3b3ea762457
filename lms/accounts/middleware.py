"""The reader's language, a sign-in that ran out inside a fragment, and the second factor of those who decide."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lms.lib.problems import problem

from .errors import SecondFactorNeeded
from .second_factor import missing_step

Handler = Callable[[HttpRequest], HttpResponse]

# Browsers send `no` and `nn`; without this Norwegians would read English.
NORWEGIAN = re.compile(r"(?<![\w-])(?:no|nn)(?:-no)?(?![\w-])", re.IGNORECASE)

# Where a page that was asked for as a fragment may turn out to need the person first.
SIGN_IN_PAGES = ("account_login", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp")


class LanguageMiddleware(LocaleMiddleware):
    """The account's language first, then the cookie, then the browser's wishes."""

    def process_request(self, request: HttpRequest) -> None:
        asked = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        request.META["HTTP_ACCEPT_LANGUAGE"] = NORWEGIAN.sub("nb", asked)
        if request.user.is_authenticated and request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        else:
            super().process_request(request)


class HtmxLoginMiddleware:
    """A redirect to a sign-in page would be swapped into a fragment: tell the browser to go there whole instead.

    Afterwards it comes back to the page that the fragment belongs to, since the fragment itself is no page.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        target = urlsplit(response.headers.get("Location", "")).path
        if request.headers.get("HX-Request") == "true" and target in map(reverse, SIGN_IN_PAGES):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = f"{target}?{urlencode({'next': page_behind(request)})}"
            return answer
        return response


def page_behind(request: HttpRequest) -> str:
    """The page that asked for this fragment, as htmx names it, without the host that it also names."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # no address at all, so nothing that htmx sent
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class SecondFactorMiddleware:
    """Nothing is open to a session that still owes the second factor, except what it needs for that."""

    PREFERENCES = frozenset({"set_language", "set_theme", "account_logout"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not self.must_set_up(request):
            return None
        if request.path.startswith("/api/"):
            return refusal()
        step = missing_step(request.user, request.session)
        if step == "mfa_activate_totp":
            messages.info(
                request, _("Your role decides for others, so it needs a second factor. Set it up now.")
            )
        return redirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}")

    def must_set_up(self, request: HttpRequest) -> bool:
        step = missing_step(request.user, request.session)
        return bool(step) and not self.is_open(request, step)

    def is_open(self, request: HttpRequest, step: str) -> bool:
        """While a factor is set up, the pages of the account; where there is one, only the question for it.

        With the others open, whoever has only the password could switch the factor off.
        """
        name = (request.resolver_match.url_name if request.resolver_match else "") or ""
        if name in self.PREFERENCES or name == step:
            return True
        return step == "mfa_activate_totp" and name.startswith(("account_", "mfa_"))


def refusal() -> JsonResponse:
    """The problem document of an API call in a session that owes the second factor."""
    answer = problem(403, SecondFactorNeeded.code, _("Log in on the website with your second factor first."))
    return JsonResponse(answer.data, status=403, content_type=answer.content_type)
