"""People and who administers the programme, for administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.lib.refusals import refusals_at

from .. import services
from ..forms import SearchForm
from ..models import Membership, User
from ..selectors import people_list
from ..signed_in import administrators_only, me

PER_PAGE = 50


@require_safe
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    found = people_list(search=search, on=timezone.localdate())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"form": form, "search": search, "page": page})


@require_safe
@administrators_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User.objects.with_roles(on=timezone.localdate()), pk=pk)
    roles = Membership.objects.held_by(person).select_related("organisation")
    return render(request, "accounts/person.html", {"person": person, "roles": roles})


@require_POST
@administrators_only
def make_administrator(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, services.make_administrator, _("%(person)s is now an administrator."))


@require_POST
@administrators_only
def take_administrator_away(request: HttpRequest, pk: int) -> HttpResponse:
    words = _("%(person)s is no longer an administrator.")
    response = act(request, pk, services.take_administrator_away, words)
    # Whoever took it from themselves may not see the person's page any more.
    return redirect("profile") if pk == me(request).pk and not is_still_administrator(pk) else response


@require_POST
@administrators_only
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, services.deactivate, _("The account of %(person)s is deactivated."))


@require_POST
@administrators_only
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, services.reactivate, _("The account of %(person)s is active again."))


@refusals_at("person_admin", "pk")
def act(request: HttpRequest, pk: int, service: Callable[..., object], words: str) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    service(person, by=me(request), at=timezone.now())
    messages.success(request, words % {"person": person})
    return redirect("person_admin", pk)


def is_still_administrator(pk: int) -> bool:
    return User.objects.get(pk=pk).is_administrator
