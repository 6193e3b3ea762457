"""The reader's language, a sign-in that ran out inside a fragment, and the second factor of those who decide."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]

# Browsers send `no` and `nn`; without this Norwegians would read English.
NORWEGIAN = re.compile(r"(?<![\w-])(?:no|nn)(?:-no)?(?![\w-])", re.IGNORECASE)


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
    """A redirect to the login page would be swapped into a fragment: tell the browser to go there whole instead."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        target = response.headers.get("Location", "")
        if request.headers.get("HX-Request") == "true" and target.startswith(reverse(settings.LOGIN_URL)):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse(settings.LOGIN_URL)
            return answer
        return response


class SecondFactorMiddleware:
    """Administrators, publishers and coordinators act only with a second factor, except in the demonstration."""

    ALWAYS_OPEN = ("/accounts/", "/language/", "/theme/", "/static/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.must_set_up(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def must_set_up(self, request: HttpRequest) -> bool:
        from allauth.mfa.utils import is_mfa_enabled

        user = request.user
        if settings.DEMONSTRATION or not user.is_authenticated or not user.needs_second_factor:
            return False
        if request.path.startswith(self.ALWAYS_OPEN):
            return False
        if request.session.get("second_factor") == user.pk:
            return False
        if not is_mfa_enabled(user):
            return True
        request.session["second_factor"] = user.pk  # asked once a session, not in every request
        return False
