"""Suggestions of readers in the Studio: listed, taken up into a draft, answered."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.refusals import refused

from ... import services
from ...filters_suggestions import SuggestionFilter
from ...forms_suggestions import ReplyForm
from ...models import Revision, Suggestion
from ...selectors.studio.places import place_at
from ...selectors.studio.suggestions import row_of, suggestion_page, suggestions_in_studio
from .access import studio_only
from .ways import way_to

PER_PAGE = 20


def load_suggestion(request: HttpRequest, pk: int) -> Suggestion:
    return get_object_or_404(suggestions_in_studio(me(request)), pk=pk)


@require_safe
@studio_only
def suggestions(request: HttpRequest) -> HttpResponse:
    """What is unknown in the address is left out, and said."""
    found = SuggestionFilter(request.GET, queryset=suggestions_in_studio(me(request)))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": found.form,
        "page": page,
        "rows": [row_of(each, get_language() or "en") for each in page],
        "is_filtered": bool(found.active()),
        "crumbs": [(reverse("studio"), _("Studio"))],
    }
    return render(request, "courses/studio/suggestions/list.html", context)


@require_safe
@studio_only
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, load_suggestion(request, pk))


def page_of(
    request: HttpRequest, found: Suggestion, *, form: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": suggestion_page(found, get_language() or "en"),
        "suggestion": found,
        "form": form or ReplyForm(),
        "crumbs": [(reverse("studio"), _("Studio")), (reverse("studio_suggestions"), _("Suggestions"))],
    }
    return render(request, "courses/studio/suggestions/suggestion.html", context, status=status)


@require_POST
@studio_only
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """To the draft, where the suggestion stands beside the text; in review it cannot be written just now."""
    found = load_suggestion(request, pk)
    try:
        draft = services.take_up(found, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, reverse("studio_suggestion", args=[pk]))
    if not draft.is_draft:
        words = _(
            "There is a draft already, and it is in review. The suggestion waits in it until it comes back."
        )
        messages.info(request, words)
        return redirect("studio_revision", draft.pk)
    return redirect(way_in(draft, found.place))


def way_in(draft: Revision, place: str) -> str:
    """To where the place is written, if the draft has it; of a lesson that a layer adapts, to its first panel."""
    kind, _slash, key = place.partition("/")
    panel = draft.panels.filter(lesson_key=key).first() if kind == "lesson" else None
    if panel:
        place = f"panel/{panel.lesson_key}/{panel.anchor}/{panel.language}"
    return way_to(draft, place if place_at(draft, place) else "")


@require_POST
@studio_only
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = load_suggestion(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, form=form, status=422)
    try:
        services.answer_suggestion(
            found,
            words=form.cleaned_data["words"],
            is_declined=form.cleaned_data["outcome"] == Suggestion.State.DECLINED,
            by=me(request),
            at=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return page_of(request, load_suggestion(request, pk), form=form, status=refusal.status)
    messages.success(request, _("Answered. The sender gets it by e-mail."))
    return redirect("studio_suggestion", pk)
