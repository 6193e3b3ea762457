"""Facts of a national layer in the studio: one by one, in its source language and in its others."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.places import language_name

from ... import services
from ...content import KEY
from ...errors import FactCarriesQuestions, FactHasChanged, FactStatedAlready
from ...forms_layer import FactForm, FactWordsForm
from ...models import FactStatement, Revision
from ...selectors.layer_drafts import version_of_fact
from ...selectors.studio.contents import fact_entry
from ...selectors.studio.layers import newest_check, stated_elsewhere
from .access import studio_only
from .comments import beside
from .editor import ALL, around, on_draft, outline_crumb
from .layers import load_layer


@require_http_methods(ALL)
@studio_only
@on_draft
def add_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """`?key=…` for one that the module asks for, or that other countries state."""
    draft = load_layer(request, pk)
    asked = request.GET.get("key", "")
    key = asked if KEY.fullmatch(asked) else ""
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, statement=None, language=draft.meta["source_language"], initial={"key": key})
    if data is not None and form.is_valid():
        try:
            said = form.cleaned_data["key"]
            services.state_fact(draft, said, form.said(), by=me(request), at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('studio_edit', args=[pk])}#f-{said}")
        except FactStatedAlready as refusal:
            form.add_error("key", str(refusal.message))
    return page_of(request, draft, form, key=key)


@require_http_methods(ALL)
@studio_only
@on_draft
def fact(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`?language=…` for its words in another language of the layer."""
    draft = load_layer(request, pk)
    statement = load_statement(draft, key)
    language = request.GET.get("language", "") or draft.meta["source_language"]
    if language not in draft.meta["languages"]:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = form_of(draft, statement, language, data)
    if data is None or not form.is_valid():
        return page_of(request, draft, form, statement=statement, language=language)
    try:
        save(request, draft, key, language, form)
    except FactHasChanged as refusal:
        return conflict(request, draft, key, language, refusal)
    except FactCarriesQuestions as refusal:
        form.add_error("status", str(refusal.message))
        return page_of(request, draft, form, statement=statement, language=language)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('studio_edit', args=[pk])}#f-{key}")


def load_statement(draft: Revision, key: str) -> FactStatement:
    statement = draft.statements.select_related("fact", "revision").filter(fact__key=key).first()
    if statement is None:
        raise Http404
    return statement


def form_of(draft: Revision, statement: FactStatement, language: str, data: Any = None) -> Any:
    source = draft.meta["source_language"]
    if language == source:
        return FactForm(data, statement=statement, language=source)
    return FactWordsForm(data, statement=statement, source=source, language=language)


def save(request: HttpRequest, draft: Revision, key: str, language: str, form: Any) -> None:
    common: dict[str, Any] = {"base": form.cleaned_data["base"], "by": me(request), "at": timezone.now()}
    if isinstance(form, FactWordsForm):
        services.save_fact_words(draft, key, language, form.text(), **common)
    else:
        services.save_fact(draft, key, form.said(), **common)


def conflict(
    request: HttpRequest, draft: Revision, key: str, language: str, refusal: DomainError
) -> HttpResponse:
    """What this person wrote, the other fact above it; what is sent next takes its place knowingly."""
    statement = load_statement(draft, key)
    data = request.POST.copy()
    source = draft.meta["source_language"]
    data["base"] = version_of_fact(statement, "" if language == source else language)
    form = form_of(draft, statement, language, data)
    return page_of(request, draft, form, statement=statement, language=language, refusal=refusal)


def page_of(
    request: HttpRequest,
    draft: Revision,
    form: Any,
    *,
    statement: FactStatement | None = None,
    language: str = "",
    key: str = "",
    refusal: DomainError | None = None,
) -> HttpResponse:
    source, today = draft.meta["source_language"], timezone.localdate()
    language = language or source
    key = statement.fact.key if statement else key
    module, country = draft.edition.module, draft.edition.country
    context = around(draft, outline_crumb(draft)) | {
        "form": form,
        **(beside(request, draft, f"fact/{key}", statement) if statement else {}),
        "key": key,
        "statement": statement,
        "language": language,
        "is_words": isinstance(form, FactWordsForm),
        "source": source,
        "refusal": refusal,
        "other": fact_entry(statement, language, source, on=today) if refusal and statement else None,
        "newest": newest_check(statement) if statement else None,
        "languages": [(code, language_name(code)) for code in draft.meta["languages"]],
        "elsewhere": stated_elsewhere(module, key, country, on=today) if key else [],
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "courses/studio/layer/fact.html", context, status=status)


@require_POST
@studio_only
@on_draft
def remove_fact(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    draft = load_layer(request, pk)
    state = services.remove_fact(draft, key, by=me(request), at=timezone.now())
    return redirect(f"{reverse('studio_edit', args=[pk])}?removed={state.pk}")
