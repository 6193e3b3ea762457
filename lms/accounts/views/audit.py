"""The audit trail, to read. It stands here because the app that writes it may not know people."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.records.models import AuditEvent
from lms.records.services import broken_chains

from ..forms import AuditForm
from ..selectors import audit_events, known_acts, people_behind
from ..signed_in import administrators_only

PER_PAGE = 50
NOBODY = UUID(int=0)


@require_safe
@administrators_only
def audit_trail(request: HttpRequest) -> HttpResponse:
    """`?check=1` reads the whole trail and says which chains are broken."""
    form = AuditForm(request.GET or None, acts=known_acts())
    filters = form.cleaned_data if form.is_valid() else {}
    events = AuditEvent.objects.none() if form.errors else audit_events(**filters)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    people = people_behind(event.actor for event in page)
    checked = "check" in request.GET
    context = {
        "form": form,
        "page": page,
        "rows": [(event, people.get(event.actor or NOBODY), values_of(event)) for event in page],
        "checked": checked,
        "broken": broken_chains() if checked else [],
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


def values_of(event: AuditEvent) -> list[tuple[str, object]]:
    return list(event.payload.get("values", {}).items())
