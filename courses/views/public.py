"""What anyone may see without an account: the front page and the catalogue."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from ..filters import CatalogueFilter
from ..models import Course
from ..selectors import current_programme
from ..selectors.catalogue import course_cards, featured_courses, programme_partners, with_modules
from ..selectors.words import said

COURSES_ON_A_PAGE = 12


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    texts = current_programme().texts
    context = {
        "title": said(texts.get("title", {}), language),
        "description": said(texts.get("description", {}), language),
        "partners": programme_partners(),
        "courses": featured_courses(language),
    }
    return render(request, "courses/home.html", context)


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def catalogue(request: HtmxRequest) -> HttpResponse:
    """The whole page, or only its results where htmx swaps them; a step back in history asks for the whole page."""
    chosen = CatalogueFilter(request.GET, queryset=Course.objects.published())
    page = Paginator(with_modules(chosen.qs), COURSES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "page": page,
        "courses": course_cards(page, get_language() or "en"),
        "chips": chosen.chips(),
        "orders": chosen.orders(),
    }
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "courses/_catalogue_results.html", context)
        return push_url(response, f"{request.path}?{query}" if (query := chosen.query()) else request.path)
    return render(request, "courses/catalogue.html", context)
