"""The register of facts, what may be done with it, and what was done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.refusals import refused
from lms.lib.spreadsheets import csv_response

from ... import permissions, services
from ...filters import RegisterFilter
from ...models import FactStatement
from ...selectors.studio.facts import (
    FactRow,
    checked_together,
    checks_by_hand,
    fact_row,
    with_what_rows_show,
)
from .access import studio_only

PER_PAGE = 50


@require_safe
@studio_only
def register(request: HttpRequest) -> HttpResponse:
    """What is unknown in the address is left out, and said."""
    who, today = permissions.hats_of(request.user), timezone.localdate()
    found = RegisterFilter(request.GET, who=who, on=today)
    page = Paginator(with_what_rows_show(found.qs), PER_PAGE).get_page(request.GET.get("page"))
    rows = [fact_row(each, who, language=get_language() or "en", on=today) for each in page]
    context = {
        "form": found.form,
        "page": page,
        "rows": rows,
        "can_check": any(row.can_check for row in rows),
        "is_filtered": bool(found.active()),
        "query": request.GET.urlencode(),
        "today": today,
        "crumbs": trail(),
    }
    return render(request, "courses/studio/facts/register.html", context)


def trail() -> list[tuple[str, str]]:
    return [(reverse("studio"), _("Studio"))]


@require_safe
@studio_only
def register_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list with the same filters, whole, as a file for a spreadsheet."""
    who, today = permissions.hats_of(request.user), timezone.localdate()
    found = with_what_rows_show(RegisterFilter(request.GET, who=who, on=today).qs)
    language = get_language() or "en"
    rows = (fact_row(each, who, language=language, on=today) for each in found.iterator(chunk_size=2_000))
    name = slugify(f"{_('facts')}-{today.isoformat()}")
    return csv_response(name, heads(), (cells_of(row) for row in rows))


def heads() -> list[str]:
    return [
        _("Fact"),
        _("Country"),
        _("Module"),
        _("Owner"),
        _("Status"),
        _("Statement"),
        _("Native terms"),
        _("Legal reference"),
        _("Source"),
        _("Checked on"),
        _("Next check by"),
        _("Published"),
    ]


def cells_of(row: FactRow) -> list[object]:
    fact = row.card.composed.fact
    return [
        row.key,
        row.statement.fact.country,
        row.module.key,
        row.owner,
        fact.status,
        row.card.composed.statement,
        "; ".join(f"{term.text} ({term.lang})" for term in fact.native_terms),
        fact.legal_ref,
        fact.source_url,
        fact.checked_on or "",
        fact.review_due_on or "",
        _("yes") if row.is_published else _("no"),
    ]


# --- Checked today, unchanged ---------------------------------------------------------------------------------------


@require_POST
@studio_only
def check(request: HttpRequest) -> HttpResponse:
    """Of the facts that are ticked: somebody looked at the source today, and it stands."""
    here = register_as_it_was(request)
    asked = [int(pk) for pk in request.POST.getlist("fact") if pk.isdecimal() and len(pk) < 19]
    if not asked:
        messages.error(request, _("Tick the facts that you have checked."))
        return redirect(here)
    who = permissions.hats_of(request.user)
    statements = load_statements(who, asked)
    if not all(permissions.can_check(who, each) for each in statements):
        raise PermissionDenied
    try:
        checks = services.check_unchanged(statements, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, here)
    if not checks:
        messages.info(request, _("Your organisation has checked all of these today already."))
        return redirect(here)
    count = len(checks)
    said = ngettext(
        "%(count)s fact is checked as of today.", "%(count)s facts are checked as of today.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("studio_checks", checks[0].pk)


def register_as_it_was(request: HttpRequest) -> str:
    """The register with the filters that it was left with; they are of this address and lead nowhere else."""
    query = request.POST.get("query", "")
    return reverse("studio_facts") + (f"?{query}" if query else "")


def load_statements(who: permissions.Hats, asked: list[int]) -> list[FactStatement]:
    """All of them, as somebody has seen them: of a layer that was published since, the service says so."""
    read = FactStatement.objects.filter(pk__in=asked, revision__published_at__isnull=False)
    found = list(read.select_related("fact", "revision__edition"))
    if len(found) != len(set(asked)):
        raise Http404
    return found


@require_safe
@studio_only
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What was recorded in one act, and the way to take it back."""
    first = get_object_or_404(checks_by_hand(request.user), pk=pk)
    done = checked_together(first, language=get_language() or "en")
    context: dict[str, Any] = {
        "first": first,
        "done": done,
        "can_take_back": any(each.holds for each in done),
        "crumbs": [*trail(), (reverse("studio_facts"), _("Register of facts"))],
    }
    return render(request, "courses/studio/facts/checks.html", context)


@require_POST
@studio_only
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    first = get_object_or_404(checks_by_hand(request.user), pk=pk)
    done = checked_together(first, language=get_language() or "en")
    who = permissions.hats_of(request.user)
    if not {each.check.organisation_id for each in done} <= who.writes_for:
        raise PermissionDenied
    try:
        restored = services.take_back_checks([each.check for each in done], by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, reverse("studio_checks", args=[pk]))
    count = len(restored)
    said = ngettext(
        "Taken back: what was said of %(count)s fact before holds again.",
        "Taken back: what was said of %(count)s facts before holds again.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("studio_facts")
