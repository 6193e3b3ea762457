"""The upload of a module bundle: a report by file and line, or the drafts that it made."""

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError

from ... import services
from ...bundle import BundleRefused, Problem, read_zip
from ...forms import ImportForm
from .access import studio_only

Report = list[tuple[str, list[Problem]]]


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


def reports(problems: Iterable[Problem]) -> dict[str, Report]:
    """What stops the import and what does not, each by file and line; what has no file comes first."""
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0))
    return {
        "errors": by_file(problem for problem in ordered if problem.level == "error"),
        "warnings": by_file(problem for problem in ordered if problem.level == "warning"),
    }


def by_file(problems: Iterable[Problem]) -> Report:
    return [(file, list(found)) for file, found in groupby(problems, key=lambda problem: problem.file)]
