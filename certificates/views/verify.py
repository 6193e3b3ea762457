"""Anyone verifies a certificate: by link, by code, by serial number with surname, or by the file itself."""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lms.lib.ratelimit import limited

from ..forms import MOST_BYTES, CodeForm, FileForm, SerialForm
from ..numbering import normalise_serial, serial_is_wellformed
from ..selectors import Verification, verification, verification_by_file, verification_by_serial
from ..services.printing import verify_address
from ..throttles import VerifyThrottle
from .access import discreet

# What a browser adds around the file.
ENVELOPE = 20_000

# The same whether or not the number exists: numbers have no gaps, and nobody shall learn names by trying.
NOT_FOUND = _("No certificate that is shown here has this serial number and this surname.")
NOT_CONFIRMED = _(
    "This cannot be confirmed: the file is not one that we have issued, unchanged to the last byte. It may have been "
    "altered, saved anew by another program, or not be ours; or its holder does not show it. Try the code on it."
)


@login_not_required
@discreet
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The three ways in. `?code=` goes on to the certificate's page."""
    if "code" not in request.GET:
        return ways(request)
    form = CodeForm(request.GET)
    if form.is_valid():
        return redirect("verify_certificate", form.cleaned_data["code"])
    return ways(request, code_form=form, serial_form=serial_form_for(request.GET["code"]))


def serial_form_for(typed: str) -> SerialForm:
    """Whoever typed a serial number for a code need not type it again."""
    serial = normalise_serial(typed)
    return SerialForm(initial={"serial": serial} if serial_is_wellformed(serial) else {})


@login_not_required
@discreet
@require_POST
@limited(VerifyThrottle)
def verify_serial(request: HttpRequest) -> HttpResponse:
    form = SerialForm(request.POST)
    if form.is_valid():
        found = verification_by_serial(**form.cleaned_data, at=timezone.now())
        if found:
            return redirect("verify_certificate", found.public_id)
        form.add_error(None, NOT_FOUND)
    return ways(request, serial_form=form)


# Exempt, so that the length is looked at before anything is read. It changes nothing and needs no session.
@csrf_exempt
@login_not_required
@discreet
@require_POST
@limited(VerifyThrottle)
def verify_file(request: HttpRequest) -> HttpResponse:
    """Is this file, byte for byte, one that we issued? It is hashed and forgotten; nothing in it is opened."""
    announced = announced_length(request)
    if announced > MOST_BYTES + ENVELOPE:
        unread = MultiValueDict({"file": [UploadedFile(name="file", size=announced)]})
        return ways(request, file_form=FileForm({}, unread), status=413)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        found = verification_by_file(sha256_of(form.cleaned_data["file"]), timezone.now())
        if found:
            return page(request, found, is_file=True)
        form.add_error("file", NOT_CONFIRMED)
    return ways(request, file_form=form)


def announced_length(request: HttpRequest) -> int:
    """A server may let through what is no number: BadRequest says so, where `int` would fall over."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit() and len(announced) < 20):
        raise BadRequest("The length of the request is no number.")
    return int(announced)


def sha256_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def ways(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    serial_form: SerialForm | None = None,
    file_form: FileForm | None = None,
    status: int = 0,
) -> HttpResponse:
    forms: dict[str, Any] = {
        "code_form": code_form or CodeForm(),
        "serial_form": serial_form or SerialForm(),
        "file_form": file_form or FileForm(),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "certificates/verify.html", forms, status=status or (422 if wrong else 200))


@login_not_required
@discreet
@require_safe
@limited(VerifyThrottle)
def verify_certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything printed, and what it is worth today. Unknown, hidden and malformed codes answer alike."""
    found = verification(public_id, timezone.now())
    if found is None:
        return render(request, "certificates/unknown.html", status=404)
    return page(request, found)


def page(request: HttpRequest, found: Verification, *, is_file: bool = False) -> HttpResponse:
    """`is_file`: its very file was shown to us."""
    context = {
        "verification": found,
        "printed": found.printed,
        "is_file": is_file,
        "address": verify_address(found.public_id),
    }
    return render(request, "certificates/verification.html", context)
