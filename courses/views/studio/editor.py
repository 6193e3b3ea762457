"""The editor: the outline of a draft, its texts one by one, what is said about the module, and its saved states."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.fragments import wants_fragment
from lms.lib.places import country_name, language_name
from lms.lib.refusals import refused

from ... import services
from ...bundle.lessons import FILES
from ...errors import NotADraft, TextHasChanged
from ...forms_editor import (
    AboutTranslationForm,
    EditAboutForm,
    LessonHeadForm,
    NewLessonForm,
    about_initial,
)
from ...forms_layer import NewLanguageForm, free_languages
from ...forms_texts import changes_of, in_lines, text_form
from ...models import Edition, Lesson, LessonTranslation, Revision, SavedState
from ...preview import Sources, choices
from ...selectors.drafts import version_of
from ...selectors.studio.differences import changed_lines
from ...selectors.studio.editions import edition_name
from ...selectors.studio.editor import (
    TextPage,
    completion,
    lesson_rows,
    state_difference,
    states_of,
    text_page,
    text_rows,
    words_of,
)
from ...selectors.studio.layers import layer_page
from ...selectors.studio.thing_lines import meta_lines
from ...services.writing import ASIDE, version_of_about, version_of_reviews
from .access import load_to_write, studio_only
from .comments import beside

Kind = Edition.Kind
ALL = ["GET", "HEAD", "POST"]
WRITTEN_HERE = (Kind.CORE, Kind.TRANSLATION)


def load_draft(request: HttpRequest, pk: int, *kinds: str) -> Revision:
    """A revision of one of these kinds, which the person may write."""
    draft = load_to_write(request, pk)
    if draft.edition.kind not in (kinds or WRITTEN_HERE):
        raise Http404
    return draft


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is no draft any more is shown on its own page; what is refused is said in the outline."""

    @wraps(view)
    def guarded(request: Any, pk: int, *args: Any, **values: Any) -> HttpResponse:
        try:
            return view(request, pk, *args, **values)
        except NotADraft as refusal:
            return refused(request, refusal, reverse("studio_revision", args=[pk]))
        except DomainError as refusal:
            return refused(request, refusal, reverse("studio_edit", args=[pk]))

    return guarded


def must_be_draft(draft: Revision) -> None:
    if not draft.is_draft:
        raise NotADraft


def around(draft: Revision, *more: tuple[str, str]) -> dict[str, Any]:
    module = draft.edition.module
    trail = [
        (reverse("studio"), _("Studio")),
        (reverse("studio_module", args=[module.key]), str(module)),
        (reverse("studio_revision", args=[draft.pk]), edition_name(draft.edition)),
        *more,
    ]
    return {"draft": draft, "module": module, "name": edition_name(draft.edition), "crumbs": trail}


def outline_crumb(draft: Revision) -> tuple[str, str]:
    return reverse("studio_edit", args=[draft.pk]), _("Edit")


# --- Outline ----------------------------------------------------------------------------------------------------------


@require_safe
@studio_only
@on_draft
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    draft = load_draft(request, pk, *Kind.values)
    must_be_draft(draft)
    return outline_page(request, draft)


def outline_page(request: HttpRequest, draft: Revision, *, form: Form | None = None) -> HttpResponse:
    context = around(draft)
    if draft.edition.kind == Kind.TRANSLATION:
        rows = text_rows(draft)
        context |= {"rows": rows, "completion": completion(rows)}
        return render(request, "courses/studio/editor/translation.html", context)
    context["undo"] = state_before_removal(request, draft)
    if draft.edition.kind == Kind.LAYER:
        context["page"] = layer_page(draft, language=get_language() or "en", on=timezone.localdate())
        context["form"] = NewLanguageForm(languages=free_languages(draft))
        return render(request, "courses/studio/layer/outline.html", context)
    context |= {"rows": lesson_rows(draft), "form": form or NewLessonForm()}
    return render(request, "courses/studio/editor/outline.html", context, status=422 if form else 200)


@require_POST
@studio_only
@on_draft
def add_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    draft = load_draft(request, pk, Kind.CORE)
    form = NewLessonForm(request.POST)
    if form.is_valid():
        try:
            lesson = services.add_lesson(draft, **form.cleaned_data, by=me(request), at=timezone.now())
            return redirect(
                "studio_lesson_files" if lesson.kind in FILES else "studio_lesson", draft.pk, lesson.key
            )
        except NotADraft:
            raise
        except DomainError as refusal:
            form.add_error("key", str(refusal.message))
    return outline_page(request, draft, form=form)


@require_POST
@studio_only
@on_draft
def move_lesson(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`steps` up (-1) or down (1), or `place` counted from one."""
    draft = load_draft(request, pk, Kind.CORE)
    place = whole_number(request.POST.get("place"))
    steps = whole_number(request.POST.get("steps")) or 0
    services.move_lesson(draft, key, steps=steps, place=place, by=me(request), at=timezone.now())
    if wants_fragment(request):  # type: ignore[arg-type]
        context = around(draft) | {"rows": lesson_rows(draft)}
        return render(request, "courses/studio/editor/_lessons.html", context)
    return redirect(f"{reverse('studio_edit', args=[pk])}#l-{key}")


def whole_number(text: str | None) -> int | None:
    try:
        return max(-10_000, min(int(text or ""), 10_000))
    except ValueError:
        return None


@require_POST
@studio_only
@on_draft
def rename_lesson(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Title, section, minutes and whether it is required, without opening the text."""
    draft = load_draft(request, pk, Kind.CORE)
    form = LessonHeadForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        messages.error(request, str(first))
        return redirect("studio_edit", pk)
    said = {**form.cleaned_data}
    base = said.pop("base")
    said = in_lines(draft.lessons.filter(key=key).first(), said)
    services.save_lesson(draft, key, said, base=base, by=me(request), at=timezone.now())
    return redirect(f"{reverse('studio_edit', args=[pk])}#l-{key}")


def state_before_removal(request: HttpRequest, draft: Revision) -> SavedState | None:
    """What `?removed=` names: the page says what is gone and offers to bring it back."""
    removed = request.GET.get("removed", "")
    return draft.saved_states.filter(pk=removed).first() if removed.isdecimal() else None


@require_POST
@studio_only
@on_draft
def remove_lesson(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    draft = load_draft(request, pk, Kind.CORE)
    state = services.remove_lesson(draft, key, by=me(request), at=timezone.now())
    return redirect(f"{reverse('studio_edit', args=[pk])}?removed={state.pk}")


# --- One text ---------------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
@vary_on_headers("HX-Request")
@on_draft
def lesson(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The text of one lesson. htmx saves it while it is typed and gets only what is said about the save."""
    draft = load_draft(request, pk)
    page = text_page(draft, key)
    if page is None:
        raise Http404
    must_be_draft(draft)
    if request.method != "POST":
        return text_page_of(request, page, text_form(page))
    form = text_form(page, request.POST)
    if not form.is_valid():
        return after_save(request, page, form, status=422)
    try:
        save(request, page, form)
    except TextHasChanged as refusal:
        return conflict(request, page, refusal)
    if not wants_fragment(request):  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect("studio_lesson", draft.pk, key)
    fresh = text_page(draft, key)
    assert fresh is not None
    return trigger_client_event(after_save(request, fresh, form), "saved")


def save(request: HttpRequest, page: TextPage, form: Any) -> None:
    """A save that somebody asks for says of a translation that it is done; an autosave does not."""
    is_autosave = wants_fragment(request)  # type: ignore[arg-type]
    common: dict[str, Any] = {
        "base": form.cleaned_data["base"],
        "by": me(request),
        "at": timezone.now(),
        "is_autosave": is_autosave,
    }
    if page.is_translation:
        source = "" if is_autosave else form.cleaned_data["source"]
        services.save_translation(page.draft, page.key, changes_of(page, form), source=source, **common)
    else:
        services.save_lesson(page.draft, page.key, changes_of(page, form), **common)


def text_page_of(request: HttpRequest, page: TextPage, form: Any, *, status: int = 200) -> HttpResponse:
    sources = Sources(page.draft, language=page.language, country="")
    context = around(page.draft, outline_crumb(page.draft)) | {
        "page": page,
        "form": form,
        **beside(request, page.draft, f"lesson/{page.key}", page.text),
        "languages": choices(sources.languages, sources.language, language_name),
        "countries": choices(sources.countries, sources.country, country_name),
    }
    return render(request, "courses/studio/editor/text.html", context, status=status)


def after_save(request: HttpRequest, page: TextPage, form: Any, *, status: int = 200) -> HttpResponse:
    if not wants_fragment(request):  # type: ignore[arg-type]
        return text_page_of(request, page, form, status=status)
    context = {
        "draft": page.draft,
        "page": page,
        "form": form,
        "base": version_of(page.text),
        "saved_at": timezone.localtime() if status == 200 else None,
        "is_fragment": True,
    }
    return render(request, "courses/studio/editor/_saved.html", context, status=status)


def conflict(request: HttpRequest, page: TextPage, refusal: TextHasChanged) -> HttpResponse:
    """Both texts beside each other. What is sent next starts from the other text, so it takes its place knowingly."""
    fresh = text_page(page.draft, page.key)
    assert fresh is not None
    if wants_fragment(request):  # type: ignore[arg-type]
        context = {"page": fresh, "refusal": refusal, "is_fragment": True}
        return render(request, "courses/studio/editor/_saved.html", context, status=422)
    data = request.POST.copy()
    data["base"] = version_of(fresh.text)
    form = text_form(fresh, data)
    form.is_valid()
    mine = plain_text(fresh, changes_of(fresh, form))
    other = next((each for each in states_of(page.draft) if not each.act.startswith(ASIDE)), None)
    context = around(page.draft, outline_crumb(page.draft)) | {
        "page": fresh,
        "text": fresh.text,
        "form": form,
        "here": reverse("studio_lesson", args=[page.draft.pk, page.key]),
        "refusal": refusal,
        "other": other,
        "lines": list(changed_lines(plain_lines(fresh.text), mine)),
    }
    return render(request, "courses/studio/editor/conflict.html", context, status=409)


def plain_text(page: TextPage, changes: dict[str, Any]) -> list[str]:
    model = LessonTranslation if page.is_translation else Lesson
    return plain_lines(model(**changes))


def plain_lines(text: Lesson | LessonTranslation | None) -> list[str]:
    if text is None:
        return []
    questions = text.questions if isinstance(text, LessonTranslation) else {}
    return [*words_of(text), *meta_lines(questions)]


# --- About the module -------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
@on_draft
def about(request: HttpRequest, pk: int) -> HttpResponse:
    draft = load_draft(request, pk)
    must_be_draft(draft)
    if draft.edition.kind == Kind.TRANSLATION:
        return about_translation(request, draft)
    language = draft.edition.module.source_language
    initial = about_initial(draft.meta, language) | {"base": version_of_about(draft.meta)}
    form = EditAboutForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_about(
            draft,
            form.changes(draft.meta, language),
            base=form.cleaned_data["base"],
            by=me(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("studio_edit", draft.pk)
    context = around(draft, outline_crumb(draft)) | {"form": form}
    return render(request, "courses/studio/editor/about.html", context, status=422 if form.errors else 200)


def about_translation(request: HttpRequest, draft: Revision) -> HttpResponse:
    texts = [(row.text.key, row.text.title) for row in text_rows(draft) if row.text]
    awaiting = [text.key for text in draft.lesson_translations.all() if text.review]
    initial = {"base": version_of_reviews(draft), "awaiting": awaiting}
    data = request.POST if request.method == "POST" else None
    form = AboutTranslationForm(data, texts=texts, initial=initial)
    if form.is_valid():
        services.save_reviews(draft, **form.cleaned_data, by=me(request), at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("studio_edit", draft.pk)
    context = around(draft, outline_crumb(draft)) | {"form": form, "texts": texts}
    page = "courses/studio/editor/about_translation.html"
    return render(request, page, context, status=422 if form.errors else 200)


# --- Saved states -----------------------------------------------------------------------------------------------------


@require_safe
@studio_only
@on_draft
def states(request: HttpRequest, pk: int) -> HttpResponse:
    draft = load_to_write(request, pk)
    must_be_draft(draft)
    context = around(draft, outline_crumb(draft)) | {"states": states_of(draft)}
    return render(request, "courses/studio/editor/states.html", context)


@require_safe
@studio_only
@on_draft
def state(request: HttpRequest, pk: int, state: int) -> HttpResponse:
    draft = load_to_write(request, pk)
    must_be_draft(draft)
    found = get_object_or_404(draft.saved_states.select_related("saved_by"), pk=state)
    crumbs = [outline_crumb(draft), (reverse("studio_states", args=[pk]), _("Saved states"))]
    context = around(draft, *crumbs) | {"state": found, "changes": state_difference(found)}
    return render(request, "courses/studio/editor/state.html", context)


@require_POST
@studio_only
@on_draft
def restore(request: HttpRequest, pk: int, state: int) -> HttpResponse:
    draft = load_to_write(request, pk)
    found = get_object_or_404(draft.saved_states, pk=state)
    version = whole_number(request.POST.get("version")) or 0
    services.restore_state(found, version=version, by=me(request), at=timezone.now())
    messages.success(request, _("Brought back. What stood there before is among the saved states."))
    return redirect("studio_edit", pk)
