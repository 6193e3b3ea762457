"""The whole programme as a file: taken home, and brought back."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import permissions
from courses.bundle import BundleRefused, Problem, packed
from courses.forms import ProgrammeImportForm
from courses.selectors.programme import current_programme
from courses.selectors.studio.reports import reports
from lms.accounts.signed_in import me

from .. import services
from ..programme_files import programme_files, read_programme_zip

NAME = "programme.zip"


def may_exchange(request: HttpRequest) -> None:
    if not permissions.can_exchange_programme(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest) -> HttpResponse:
    """Importing the same again changes nothing, so the answer to the upload is the result itself."""
    may_exchange(request)
    if request.method != "POST":
        return page(request, ProgrammeImportForm())
    form = ProgrammeImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, 422)
    check_only = form.cleaned_data["check_only"]
    act = services.check_programme if check_only else services.import_programme
    try:
        found = read_programme_zip(form.cleaned_data["bundle"].file)
        outcome = act(found, by=me(request), at=timezone.now())
    except BundleRefused as refused:
        return page(request, form, 422, **said_of(refused.problems), refused=refused)
    return page(
        request, ProgrammeImportForm(), outcome=outcome, check_only=check_only, **said_of(outcome.warnings)
    )


def said_of(problems: Iterable[Problem]) -> dict[str, Any]:
    return {**reports(problems)}


def page(request: HttpRequest, form: ProgrammeImportForm, status: int = 200, **more: Any) -> HttpResponse:
    crumbs = [(reverse("studio"), _("Studio"))] if me(request).works_in_studio else []
    context = {"form": form, "crumbs": crumbs, "programme": current_programme(), **more}
    return render(request, "certificates/programme.html", context, status=status)


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """Packed beside the memory and sent from there: whole, or not at all."""
    may_exchange(request)
    return FileResponse(
        packed(programme_files()), as_attachment=True, filename=NAME, content_type="application/zip"
    )
