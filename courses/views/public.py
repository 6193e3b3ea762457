"""What anyone may see without an account: the front page and the catalogue."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from lms.lib.fragments import wants_fragment

from ..filters import CatalogueFilter
from ..models import Course
from ..selectors import current_programme
from ..selectors.catalogue import course_cards, featured_courses, programme_partners, with_modules
from ..selectors.keeping import kept
from ..selectors.words import said

COURSES_ON_A_PAGE = 12


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/home.html", {"body": kept("home", lambda: front(request))})


def front(request: HttpRequest) -> SafeString:
    """What the front page says. Nothing in it depends on who asks."""
    language = get_language() or "en"
    texts = current_programme().texts
    context = {
        "title": said(texts.get("title", {}), language),
        "description": said(texts.get("description", {}), language),
        "partners": programme_partners(),
        "courses": featured_courses(language),
    }
    return render_to_string("courses/_home.html", context, request)


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def catalogue(request: HtmxRequest) -> HttpResponse:
    """The whole page, or only its results where htmx swaps them; a step back in history asks for the whole page."""
    if wants_fragment(request):
        context = results(request)
        query = context["chosen"].query()
        response = render(request, "courses/_catalogue_results.html", context)
        return push_url(response, f"{request.path}?{query}" if query else request.path)
    found = drawn(request) if request.GET else kept("catalogue", lambda: drawn(request))
    return render(request, "courses/catalogue.html", {"found": found})


def drawn(request: HttpRequest) -> SafeString:
    """The filters and what they find. Nothing in it depends on who asks."""
    return render_to_string("courses/_catalogue.html", results(request), request)


def results(request: HttpRequest) -> dict[str, Any]:
    chosen = CatalogueFilter(request.GET, queryset=Course.objects.taking_learners())
    page = Paginator(with_modules(chosen.qs), COURSES_ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "chosen": chosen,
        "page": page,
        "courses": course_cards(page, get_language() or "en"),
        "chips": chosen.chips(),
        "orders": chosen.orders(),
    }
