"""Language and appearance, for anybody, signed in or not."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.lib.site import is_own

from .. import services

THEMES = ("system", "light", "dark")
A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("This language is not available."))
    response = back(request)
    if request.user.is_authenticated:
        services.choose_language(request.user, language)
    else:
        remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest(_("This appearance is not available."))
    response = back(request)
    if theme == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        remember(response, "theme", theme)
    return response


def back(request: HttpRequest) -> HttpResponse:
    """To where the reader was, if that is on this site."""
    target = request.POST.get("next", "")
    return HttpResponseRedirect(target if is_own(target, request) else "/")


def remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
