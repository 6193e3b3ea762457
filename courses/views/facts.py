"""What anyone may read of national facts: one of them, country by country."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..selectors.fact_page import fact_page


@login_not_required
@require_safe
def fact(request: HttpRequest, key: str) -> HttpResponse:
    page = fact_page(key, language=get_language() or "en", on=timezone.localdate())
    if page is None:
        raise Http404
    return render(request, "courses/fact.html", {"page": page})
