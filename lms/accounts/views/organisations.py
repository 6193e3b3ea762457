"""Organisations and the roles in them, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.lib.refusals import refusals_in

from .. import services
from ..forms import OrganisationForm, RoleForm, SearchForm
from ..models import Organisation
from ..selectors import organisation_list, roles_in
from ..signed_in import administrators_only, me

PER_PAGE = 50


@require_safe
@administrators_only
def organisations(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    found = organisation_list(search=search, on=timezone.localdate())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/organisations.html", {"form": form, "search": search, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = services.create_organisation(**form.values(), by=me(request), at=timezone.now())
        messages.success(request, _("%(name)s is added.") % {"name": organisation.name})
        return redirect("organisation", organisation.slug)
    return organisation_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def edit_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    # A model form writes into its instance while it validates; the service has to see what is stored.
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=organisation.pk))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.update_organisation(organisation, **form.values(), by=me(request), at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("organisation", organisation.slug)
    return organisation_form(request, form, organisation)


def organisation_form(
    request: HttpRequest, form: OrganisationForm, organisation: Organisation | None = None
) -> HttpResponse:
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_form.html", context, status=422 if form.errors else 200)


@require_safe
@administrators_only
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    return organisation_page(request, get_object_or_404(Organisation, slug=slug), RoleForm())


@require_POST
@administrators_only
def grant_role(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    form = RoleForm(request.POST)
    if form.is_valid():
        person, role = form.cleaned_data["person"], form.cleaned_data["role"]
        with refusals_in(form):
            services.grant_role(person, organisation, role, by=me(request), at=timezone.now())
            messages.success(
                request, _("%(person)s now has the role: %(role)s.") % {"person": person, "role": role.label}
            )
            return redirect("organisation", slug)
    return organisation_page(request, organisation, form)


@require_POST
@administrators_only
def end_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    membership = get_object_or_404(organisation.memberships.select_related("user", "organisation"), pk=pk)
    services.end_role(membership, by=me(request), at=timezone.now())
    messages.success(request, _("The role has ended."))
    return redirect("organisation", slug)


def organisation_page(request: HttpRequest, organisation: Organisation, form: RoleForm) -> HttpResponse:
    context = {
        "organisation": organisation,
        "roles": roles_in(organisation, on=timezone.localdate()),
        "form": form,
    }
    return render(request, "accounts/organisation.html", context, status=422 if form.errors else 200)
