"""The administrator's front page, the register, and what may be done with one certificate."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.signed_in import SignedInRequest, administrators_only
from lms.lib.pdf import REMEDY
from lms.lib.refusals import refusals_at

from .. import permissions, selectors, services
from ..filters import CertificateFilter
from ..forms import RevokeForm
from ..models import Certificate
from .access import load_certificate

PER_PAGE = 50


@require_safe
@administrators_only
def administration(request: HttpRequest) -> HttpResponse:
    return render(
        request, "certificates/administration.html", {"overview": selectors.overview(at=timezone.now())}
    )


@require_safe
@administrators_only
def register(request: SignedInRequest) -> HttpResponse:
    """What is unknown in the address is left out, and said."""
    everything = selectors.register(request.user, at=timezone.now())
    found = CertificateFilter(request.GET, queryset=everything)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": found.form, "page": page, "is_filtered": bool(request.GET)}
    return render(request, "certificates/register.html", context)


@require_safe
@administrators_only
def registered(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One certificate of the register with its history."""
    return show(request, load_certificate(request, public_id))


def show(request: SignedInRequest, found: Certificate) -> HttpResponse:
    context = {
        **about(request, found),
        "history": selectors.history(found),
        "waits_for_pdf": selectors.waits_for_pdf(found),
        "is_paused": selectors.is_paused(found),
        "remedy": REMEDY,
        "can": {
            "download": permissions.can_download(request.user, found),
            "retry": permissions.can_retry(request.user, found) and selectors.is_paused(found),
            "cancel": permissions.can_cancel(request.user, found),
            "revoke": permissions.can_revoke(request.user, found),
            "correct": permissions.can_correct(request.user, found) and not hasattr(found, "superseded_by"),
        },
    }
    return render(request, "certificates/registered.html", context)


def about(request: SignedInRequest, found: Certificate) -> dict[str, Any]:
    return {
        "certificate": found,
        "state": selectors.shown_state(found, at=timezone.now()),
        "name": (found.holder_snapshot or {}).get("name", ""),
    }


# --- Acts -------------------------------------------------------------------------------------------------------------


@require_POST
@administrators_only
def retry(request: SignedInRequest, public_id: str) -> HttpResponse:
    return act(request, public_id, services.retry, _("It is tried again."))


@require_POST
@administrators_only
def void(request: SignedInRequest, public_id: str) -> HttpResponse:
    return act(
        request,
        public_id,
        services.void,
        _("Cancelled. The number stays used; a new certificate may be issued."),
    )


@refusals_at("registered_certificate", "public_id")
def act(
    request: SignedInRequest, public_id: str, service: Callable[..., object], words: str, **details: str
) -> HttpResponse:
    found = load_certificate(request, public_id)
    service(found, **details, by=request.user, at=timezone.now())
    messages.success(request, words)
    return redirect("registered_certificate", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@refusals_at("registered_certificate", "public_id")
def correct(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Shows what a corrected certificate would say otherwise; posted, it is issued."""
    found = load_certificate(request, public_id)
    now = timezone.now()
    if request.method == "POST":
        corrected = services.correct(found, by=request.user, at=now)
        messages.success(request, _("A corrected certificate is issued; its file follows within seconds."))
        return redirect("registered_certificate", corrected.public_id)
    context = {**about(request, found), "differences": services.differences(found, at=now)}
    return render(request, "certificates/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def revoke(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asks for the reason, then once more whether it is meant. Nothing is changed here."""
    found = load_certificate(request, public_id)
    if not permissions.can_revoke(request.user, found):
        messages.error(request, _("There is nothing to revoke: this certificate is not in force."))
        return redirect("registered_certificate", public_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return render(request, "certificates/revoke_confirm.html", {**about(request, found), "form": form})
    return revoke_form(request, found, form)


def revoke_form(request: SignedInRequest, found: Certificate, form: RevokeForm) -> HttpResponse:
    context = {**about(request, found), "form": form}
    return render(request, "certificates/revoke.html", context, status=422 if form.errors else 200)


@require_POST
@administrators_only
def revoke_confirmed(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Final: there is no way back."""
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return revoke_form(request, load_certificate(request, public_id), form)
    return act(request, public_id, services.revoke, _("The certificate is revoked."), **form.cleaned_data)
