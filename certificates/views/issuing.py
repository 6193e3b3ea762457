"""What is due, issuing to one, to a selection or to all, and watching it happen."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.signed_in import SignedInRequest, administrators_only
from lms.lib.pdf import REMEDY
from lms.lib.refusals import refusals_at

from .. import selectors, services
from ..forms import DueForm
from ..selectors.jobs import recent_jobs, starters
from .access import STOP_POLLING, reload_when_refused

FILTERS = ("q", "course", "organisation")
RECENT = 30


@require_safe
@administrators_only
def due(request: SignedInRequest) -> HttpResponse:
    """Completed enrolments, each with its verdict. `?all=1` ticks everything on the page that is due."""
    form = due_form(request)
    wanted = filters_of(form)
    found = selectors.issuing_page(
        at=timezone.now(), **wanted, show=form.cleaned_data.get("show", ""), page=request.GET.get("page", 1)
    )
    context = {
        "form": form,
        "found": found,
        "page": found.page,
        "in_job": selectors.jobs_waiting_for(line.enrollment.pk for line in found.lines),
        "all_ticked": "all" in request.GET,
        "wanted": wanted,
        "is_filtered": any(wanted.values()) or bool(form.cleaned_data.get("show")),
    }
    return render(request, "certificates/due.html", context)


def due_form(request: SignedInRequest) -> DueForm:
    now = timezone.now()
    form = DueForm(
        request.POST if request.method == "POST" else request.GET,
        courses=selectors.courses_waiting(at=now),
        organisations=selectors.organisations_waiting(at=now),
    )
    form.is_valid()  # what is unknown is left out, and the form says so
    return form


def filters_of(form: DueForm) -> dict[str, Any]:
    return {name: form.cleaned_data.get(name, "") for name in FILTERS}


# --- Acts -------------------------------------------------------------------------------------------------------------


@require_POST
@administrators_only
@refusals_at("due_certificates")
def issue(request: SignedInRequest) -> HttpResponse:
    """To `one`, to the ticked ones (`enrollment`), or to everything due under the filters (`all`), as a job."""
    chosen = chosen_of(request)
    waiting = selectors.jobs_waiting_for(chosen)
    if chosen and len(waiting) == len(set(chosen)):
        messages.info(request, _("These are being issued already. Here is how far it is."))
        return redirect("job", max(waiting.values()))
    job = services.start_issuing(
        (pk for pk in chosen if pk not in waiting), by=request.user, at=timezone.now()
    )
    return redirect("job", job.pk)


def chosen_of(request: SignedInRequest) -> list[int]:
    """Ids as they were posted; what is no number was not posted by our page."""
    if "all" in request.POST:
        return selectors.due_ids(at=timezone.now(), **filters_of(due_form(request)))
    names = request.POST.getlist("one") or request.POST.getlist("enrollment")
    return [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 18]


# --- The job ----------------------------------------------------------------------------------------------------------


@require_safe
@administrators_only
def jobs(request: SignedInRequest) -> HttpResponse:
    """The last bulk issues, to come back to."""
    found = list(recent_jobs()[:RECENT])
    people = starters(found)
    context = {"jobs": [(job, people.get(job.actor) if job.actor else None) for job in found]}
    return render(request, "certificates/jobs.html", context)


@require_safe
@administrators_only
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "certificates/job.html", progress_of(pk))


@require_safe
@reload_when_refused
@administrators_only
def job_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The live part, asked for every second until nothing changes by itself any more."""
    context = progress_of(pk)
    status = 200 if context["issuing"].is_live else STOP_POLLING
    return render(request, "certificates/_job.html", context, status=status)


def progress_of(pk: int) -> dict[str, Any]:
    job = get_object_or_404(selectors.issuing_jobs(), pk=pk)
    return {"issuing": selectors.issuing_job(job, at=timezone.now()), "job": job, "remedy": REMEDY}


@require_POST
@administrators_only
def retry_job(request: SignedInRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(selectors.issuing_jobs(), pk=pk)
    count = services.retry_job(job, by=request.user, at=timezone.now())
    words = ngettext("%(count)s is tried again.", "%(count)s are tried again.", count)
    messages.success(request, words % {"count": count} if count else _("Nothing has failed."))
    return redirect("job", pk)


@require_POST
@administrators_only
def cancel_job(request: SignedInRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(selectors.issuing_jobs(), pk=pk)
    count = services.cancel_job(job, by=request.user, at=timezone.now())
    words = ngettext(
        "%(count)s was cancelled before it had begun.",
        "%(count)s were cancelled before they had begun.",
        count,
    )
    messages.success(
        request,
        words % {"count": count} if count else _("Everything had begun already; nothing was cancelled."),
    )
    return redirect("job", pk)
