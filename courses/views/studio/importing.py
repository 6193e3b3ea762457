"""The upload of a module bundle: a report by file and line, or the drafts that it made."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError

from ... import services
from ...bundle import BundleRefused, read_zip
from ...forms import ImportForm
from ...selectors.studio.reports import Report, reports
from .access import studio_only


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
def import_module(request: HttpRequest) -> HttpResponse:
    """Importing the same again changes nothing, so the answer to the upload is the result itself."""
    if request.method != "POST":
        return form_page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return form_page(request, form)
    check_only = form.cleaned_data["check_only"]
    act = services.check_import if check_only else services.import_bundle
    try:
        # The zip is read where the upload lies, which is gone when the request ends.
        outcome = act(read_zip(form.cleaned_data["bundle"].file), by=me(request), at=timezone.now())
    except BundleRefused as refused:
        return form_page(request, form, refused=refused, **reports(refused.problems))
    except DomainError as refused:
        return form_page(request, form, refused=refused)
    context = {
        "outcome": outcome,
        "check_only": check_only,
        **reports(outcome.warnings),
        "crumbs": trail(),
        "form": ImportForm(),
    }
    return render(request, "courses/studio/imported.html", context)


def form_page(
    request: HttpRequest, form: ImportForm, *, refused: DomainError | None = None, **found: Report
) -> HttpResponse:
    context = {"form": form, "refused": refused, "crumbs": trail(), **found}
    status = 422 if refused or form.errors else 200
    return render(request, "courses/studio/import.html", context, status=status)


def trail() -> list[tuple[str, str]]:
    return [(reverse("studio"), _("Studio"))]
