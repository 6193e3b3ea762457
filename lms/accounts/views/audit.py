"""The audit trail, to read. It stands here because the app that writes it may not know people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.records.models import AuditEvent
from lms.records.services import broken_chains

from ..acts import act_in_words
from ..forms import AuditForm
from ..models import User
from ..selectors import audit_events, known_acts, organisations_behind, people_behind
from ..signed_in import administrators_only

PER_PAGE = 50
NOBODY = UUID(int=0)
USERS, ORGANISATIONS = "accounts.user", "accounts.organisation"


@dataclass(frozen=True)
class Row:
    """One entry as it is read. `person` is None for the system, and for an account that has been erased."""

    event: AuditEvent
    person: User | None
    words: SafeString
    on_behalf_of: str
    values: tuple[tuple[str, object], ...]


@require_safe
@administrators_only
def audit_trail(request: HttpRequest) -> HttpResponse:
    """`?check=1` reads the whole trail and says which chains are broken."""
    form = AuditForm(request.GET or None, acts=known_acts())
    filters = form.cleaned_data if form.is_valid() else {}
    events = AuditEvent.objects.none() if form.errors else audit_events(**filters)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    checked = "check" in request.GET
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(list(page)),
        "checked": checked,
        "broken": broken_chains() if checked else [],
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


def rows_of(events: Sequence[AuditEvent]) -> list[Row]:
    """Two queries, however many entries: whose names stand in them, and of which organisations."""
    things = [event.chain.partition(":")[::2] for event in events]
    people = people_behind((event.actor for event in events), keys_of(things, USERS))
    names = organisations_behind((event.on_behalf_of for event in events), keys_of(things, ORGANISATIONS))
    known = {
        **{f"{USERS}:{user.pk}": str(user) for user in people.values()},
        **{f"{ORGANISATIONS}:{key}": name for key, name in names.items()},
    }
    return [
        Row(
            event,
            people.get(event.actor or NOBODY),
            act_in_words(event.act, link_to(event.chain, known), event.payload.get("values", {})),
            names.get(event.on_behalf_of, event.on_behalf_of),
            tuple(event.payload.get("values", {}).items()),
        )
        for event in events
    ]


def keys_of(things: Sequence[tuple[str, ...]], kind: str) -> set[int]:
    return {int(key) for label, key in things if label == kind and key.isdecimal()}


def link_to(chain: str, known: Mapping[str, str]) -> SafeString:
    """The object by its name, or by its number where it has none; leads to all that was done to it."""
    label, _colon, key = chain.partition(":")
    name = known.get(chain) or (_("(erased)") if label == USERS else key)
    return format_html('<a href="{}?{}">{}</a>', reverse("audit_trail"), urlencode({"thing": chain}), name)
