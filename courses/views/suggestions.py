"""Suggesting a correction of what is published, and what came of one's own suggestions. For anybody signed in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.ratelimit import seconds_to_wait
from lms.lib.refusals import refused
from lms.lib.site import is_own

from .. import services
from ..forms_suggestions import SuggestionForm
from ..selectors.suggestions import Subject, fact_subject, lesson_subject, suggestions_of
from ..throttles import SuggestionThrottle

ALL = ["GET", "HEAD", "POST"]
PER_PAGE = 20


@require_http_methods(ALL)
def suggest(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    """`?language=sv&country=FI`: as it was read; `quote` and `part` where the page knows what is meant."""
    asked = request.GET
    subject = lesson_subject(
        module,
        lesson,
        language=asked.get("language", ""),
        country=asked.get("country", ""),
        reading=get_language() or "en",
    )
    return suggestion_of(request, subject)


@require_http_methods(ALL)
def suggest_on_fact(request: HttpRequest, key: str) -> HttpResponse:
    return suggestion_of(request, fact_subject(key, reading=get_language() or "en"))


def suggestion_of(request: HttpRequest, subject: Subject | None) -> HttpResponse:
    if subject is None:
        raise Http404
    known = {name: request.GET.get(name, "")[:1_000] for name in ("part", "quote", "next")}
    known["part"] = known["part"] or subject.part_for(request.GET.get("country", ""))
    form = SuggestionForm(
        request.POST if request.method == "POST" else None, parts=subject.choices, initial=known
    )
    status = 422 if form.errors else 200
    if form.is_valid():
        wait = seconds_to_wait(request, SuggestionThrottle)
        if not wait:
            return sent(request, subject, form)
        form.add_error(None, too_many(wait))
        status = 429
    context = {"form": form, "subject": subject, "back": own_address(request, form["next"].value() or "")}
    return render(request, "courses/suggestions/suggest.html", context, status=status)


def too_many(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    words = ngettext(
        "You have sent many suggestions. Send this one in %(minutes)s minute; what you wrote is still here.",
        "You have sent many suggestions. Send this one in %(minutes)s minutes; what you wrote is still here.",
        minutes,
    )
    return words % {"minutes": minutes}


def sent(request: HttpRequest, subject: Subject, form: SuggestionForm) -> HttpResponse:
    said = form.cleaned_data
    services.suggest(
        subject.part(said["part"]).revision,
        place=subject.place,
        title=subject.title,
        quote=said["quote"],
        kind=said["kind"],
        words=said["words"],
        by=me(request),
        at=timezone.now(),
    )
    messages.success(
        request, _("Thank you. The answer comes by e-mail, and you find it under My suggestions.")
    )
    return HttpResponseRedirect(own_address(request, said["next"]) or reverse("my_suggestions"))


def own_address(request: HttpRequest, address: str) -> str:
    """Of this site, and whole: anything else would be taken for the name of a page."""
    return address if address.startswith("/") and is_own(address, request) else ""


# --- What came of them ------------------------------------------------------------------------------------------------


@require_safe
def my_suggestions(request: HttpRequest) -> HttpResponse:
    page = Paginator(suggestions_of(me(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/suggestions/mine.html", {"page": page})


@require_http_methods(ALL)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks once more; POST does it."""
    suggestion = get_object_or_404(suggestions_of(me(request)), pk=pk)
    if request.method != "POST":
        context = {"suggestion": suggestion, "crumbs": [(reverse("my_suggestions"), _("My suggestions"))]}
        return render(request, "courses/suggestions/withdraw.html", context)
    try:
        services.withdraw_suggestion(suggestion, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, reverse("my_suggestions"))
    messages.success(request, _("Your suggestion is withdrawn and deleted."))
    return redirect("my_suggestions")
