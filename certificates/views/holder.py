"""The holder's own certificates: to look at, to download, to show or to hide."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.signed_in import SignedInRequest
from lms.lib.pdf import REMEDY

from .. import selectors, services
from ..documents.snapshot import Holder, Printed
from ..downloads import pdf_response
from ..forms import VisibilityForm
from ..models import Certificate
from ..permissions import can_administer, can_download, holds
from ..services.printing import verify_address
from .access import STOP_POLLING, load_certificate, reload_when_refused


@require_safe
def my_certificates(request: SignedInRequest) -> HttpResponse:
    """The certificates, and what is completed but has none yet, with what it waits for."""
    mine = selectors.with_content_changed(selectors.my_certificates(request.user))
    awaited = selectors.awaited(request.user, at=timezone.now())
    return render(
        request, "certificates/mine.html", {"cards": [card_of(each) for each in mine], "awaited": awaited}
    )


def card_of(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate": certificate,
        "address": verify_address(certificate.public_id),
        "form": visibility_of(certificate),
        "waits_for_pdf": selectors.waits_for_pdf(certificate),
    }


def visibility_of(certificate: Certificate) -> VisibilityForm:
    shown = {name: getattr(certificate, name) for name in VisibilityForm.base_fields}
    return VisibilityForm(initial=shown, auto_id=f"{certificate.public_id}_%s")


@require_safe
def certificate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The certificate as a page: what the PDF says, accessible to everybody. Also for administrators."""
    found = load_certificate(request, public_id)
    holder = Holder.from_dict(found.holder_snapshot) if found.holder_snapshot else None
    context = {
        **making(request, found),
        "printed": Printed.from_dict(found.snapshot),
        "name": holder.name if holder else "",
        "address": verify_address(found.public_id),
        "is_mine": holds(request.user, found),
        "form": visibility_of(found),
    }
    return render(request, "certificates/certificate.html", context)


@require_safe
@reload_when_refused
def certificate_status(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The state of the file, asked for while it is being made."""
    context = making(request, load_certificate(request, public_id))
    status = 200 if context["is_live"] else STOP_POLLING
    return render(request, "certificates/_status.html", context, status=status)


def making(request: SignedInRequest, found: Certificate) -> dict[str, Any]:
    waits, paused = selectors.waits_for_pdf(found), selectors.is_paused(found)
    is_made = found.state != Certificate.State.RESERVED
    return {
        "certificate": found,
        "state": selectors.shown_state(found, at=timezone.now()),
        "waits_for_pdf": waits,
        "is_paused": paused,
        "is_live": not (is_made or waits or paused),
        "can_download": can_download(request.user, found),
        "remedy": REMEDY if can_administer(request.user) else "",
    }


@require_safe
def download(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The file, for its holder and for administrators. Nobody else learns that there is one."""
    found = load_certificate(request, public_id)
    if not can_download(request.user, found):
        raise Http404
    return pdf_response(found)


@require_POST
def set_visibility(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = load_certificate(request, public_id)
    if not holds(request.user, found):
        raise PermissionDenied
    form = VisibilityForm(request.POST)
    form.is_valid()  # two boxes: ticked or not
    services.set_visibility(found, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Saved. The public page follows at once."))
    return redirect("certificate", public_id)
