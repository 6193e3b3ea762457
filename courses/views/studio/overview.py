"""What waits for the reader, their modules, and one module of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.signed_in import me

from ... import permissions
from ...selectors.studio.modules import module_page
from ...selectors.studio.overview import studio_page
from .access import load_module, studio_only


@require_safe
@studio_only
def studio(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    number = request.GET.get("page", 1)
    page = studio_page(me(request), language=get_language() or "en", on=today, number=number)
    may_exchange = permissions.can_exchange_programme(request.user)
    context = {"page": page, "today": today, "may_exchange": may_exchange}
    return render(request, "courses/studio/studio.html", context)


@require_safe
@studio_only
def module(request: HttpRequest, key: str) -> HttpResponse:
    found = load_module(request, key)
    page = module_page(found, me(request), language=get_language() or "en", on=timezone.localdate())
    context = {"page": page, "module": found, "crumbs": [(reverse("studio"), _("Studio"))]}
    return render(request, "courses/studio/module.html", context)
