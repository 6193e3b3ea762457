"""What a coordinator sees and does: the organisation's learners, their progress, and bringing people in.

Every page starts from an organisation that the user coordinates today; anything else is not there.
"""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from lms.accounts.models import Organisation, User
from lms.accounts.signed_in import SignedInRequest
from lms.lib.fragments import wants_fragment
from lms.lib.spreadsheets import csv_response

from ..filters import FollowedFilter
from ..forms.people import DueDateForm, EnrollForm
from ..models import Assignment
from ..permissions import coordinated_organisations
from ..selectors.people import (
    FollowedLearner,
    counts_by_state,
    find_assignment,
    followed,
    followed_course,
    rows_of,
    shown_only,
)
from ..services.bringing_in import enroll_addresses
from ..services.following import end_assignment, set_due_date

PER_PAGE = 25


def load_organisation(user: User, slug: str) -> Organisation:
    return get_object_or_404(coordinated_organisations(user), slug=slug)


def load_assignment(user: User, organisation: str, enrollment: int, *, on: date) -> Assignment:
    assignment = find_assignment(user, organisation, enrollment, on=on)
    if assignment is None:
        raise Http404
    return assignment


def language_of_page() -> str:
    return get_language() or "en"


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Straight to the one organisation; where there are several, a choice."""
    organisations = list(coordinated_organisations(request.user))
    if not organisations:
        raise PermissionDenied
    if len(organisations) == 1:
        return redirect("organisation_people", organisations[0].slug)
    return render(request, "enrollment/people/choose.html", {"organisations": organisations})


@require_safe
@vary_on_headers("HX-Request")
def organisation_people(request: SignedInRequest, organisation: str) -> HttpResponse:
    """The whole page, or only its results where htmx swaps them; a step back in history asks for the whole page."""
    mine = load_organisation(request.user, organisation)
    today = timezone.localdate()
    chosen = FollowedFilter(request.GET, organisation=mine, queryset=followed(mine, on=today))
    page = Paginator(shown_only(chosen.qs), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "organisation": mine,
        "chosen": chosen,
        "page": page,
        "learners": list(rows_of(page, language_of_page())),
        "query": request.GET.urlencode(),
    }
    if wants_fragment(request):
        return push_url(render(request, "enrollment/people/_results.html", context), request.get_full_path())
    counts = counts_by_state(mine, on=today)
    context |= {"counts": counts, "anybody": any(counts.values())}
    return render(request, "enrollment/people/list.html", context)


@require_safe
def organisation_people_csv(request: SignedInRequest, organisation: str) -> StreamingHttpResponse:
    """The same list with the same filters, whole, as a file for a spreadsheet."""
    mine = load_organisation(request.user, organisation)
    today = timezone.localdate()
    chosen = FollowedFilter(request.GET, organisation=mine, queryset=followed(mine, on=today))
    rows = rows_of(shown_only(chosen.qs).iterator(chunk_size=2_000), language_of_page())
    name = slugify(f"{mine.slug}-{_('learners')}-{today.isoformat()}")
    return csv_response(name, heads(), (cells_of(row) for row in rows))


def heads() -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("Course"),
        _("State"),
        _("Lessons done"),
        _("Lessons required"),
        _("Due on"),
        _("Completed on"),
        _("Last active on"),
    ]


def cells_of(row: FollowedLearner) -> list[object]:
    days = (row.completed_at, row.last_active_at)
    completed, active = (timezone.localdate(moment) if moment else "" for moment in days)
    return [
        row.name,
        row.email,
        row.course,
        row.state.label,
        row.done,
        row.required,
        row.due_on or "",
        completed,
        active,
    ]


@require_safe
def followed_learner(request: SignedInRequest, organisation: str, enrollment: int) -> HttpResponse:
    today = timezone.localdate()
    assignment = load_assignment(request.user, organisation, enrollment, on=today)
    form = DueDateForm(initial={"due_on": assignment.due_on}, today=today)
    return learner_page(request, assignment, form)


def learner_page(
    request: SignedInRequest, assignment: Assignment, form: DueDateForm, status: int = 200
) -> HttpResponse:
    context = {
        "organisation": assignment.organisation,
        "followed": followed_course(assignment, language_of_page()),
        "form": form,
        "crumbs": crumbs(assignment.organisation),
        "basis": assignment.get_basis_display(),
    }
    return render(request, "enrollment/people/learner.html", context, status=status)


def crumbs(organisation: Organisation) -> list[tuple[str, str]]:
    return [(reverse("organisation_people", args=[organisation.slug]), _("People"))]


@require_POST
def change_due_date(request: SignedInRequest, organisation: str, enrollment: int) -> HttpResponse:
    today = timezone.localdate()
    assignment = load_assignment(request.user, organisation, enrollment, on=today)
    form = DueDateForm(request.POST, initial={"due_on": assignment.due_on}, today=today)
    if not form.is_valid():
        return learner_page(request, assignment, form, status=422)
    set_due_date(assignment, form.cleaned_data["due_on"], by=request.user, at=timezone.now())
    messages.success(request, _("The due date is saved."))
    return redirect("followed_learner", organisation, enrollment)


@require_http_methods(["GET", "HEAD", "POST"])
def stop_following(request: SignedInRequest, organisation: str, enrollment: int) -> HttpResponse:
    """Asks first; the POST does it."""
    assignment = load_assignment(request.user, organisation, enrollment, on=timezone.localdate())
    learner = assignment.enrollment.learner
    if request.method != "POST":
        context = {"assignment": assignment, "learner": learner, "crumbs": crumbs(assignment.organisation)}
        return render(request, "enrollment/people/stop.html", context)
    end_assignment(assignment, by=request.user, at=timezone.now())
    messages.success(
        request,
        _("You no longer follow %(name)s in this course.") % {"name": learner.get_short_name()},
    )
    return redirect("organisation_people", organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def enroll_people(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Enrol members and invite others. Sent twice, the second time changes nothing and says so row by row."""
    mine = load_organisation(request.user, organisation)
    today = timezone.localdate()
    if request.method != "POST":
        return enroll_page(request, mine, EnrollForm(today=today, initial={"language": language_of_page()}))
    form = EnrollForm(request.POST, today=today)
    if not form.is_valid():
        return enroll_page(request, mine, form, status=422)
    outcomes = enroll_addresses(**form.cleaned_data, organisation=mine, by=request.user, at=timezone.now())
    again = EnrollForm(today=today, initial={**request.POST.dict(), "emails": ""})
    return enroll_page(request, mine, again, outcomes=outcomes)


def enroll_page(
    request: SignedInRequest, organisation: Organisation, form: EnrollForm, status: int = 200, **more: object
) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "crumbs": crumbs(organisation), **more}
    return render(request, "enrollment/people/enroll.html", context, status=status)
