"""The files that a lesson is made of: a video with its captions, a recording, something to take along."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError

from ... import services
from ...bundle.lessons import FILES
from ...errors import NotADraft
from ...forms_media import LessonFilesForm
from ...models import Edition, Lesson, Revision
from ...selectors.studio.editor import TextPage, text_page
from ...selectors.studio.media import library
from ...services.lesson_files import version_of_files
from .access import studio_only
from .editor import around, load_draft, must_be_draft, outline_crumb
from .media import ALL, on_draft, say

Kind = Edition.Kind
Video = Lesson.Kind.VIDEO


@require_http_methods(ALL)
@studio_only
@on_draft
def lesson_files(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """In a core all that the lesson is made of; in a translation the captions of a video.

    What is uploaded stays among the files of the draft, whatever else has to be mended.
    """
    draft = load_draft(request, pk)
    page = text_page(draft, key)
    if page is None or page.kind not in FILES or (page.is_translation and page.kind != Video):
        raise Http404
    must_be_draft(draft)
    if request.method != "POST":
        return page_of(request, page, form_for(page))
    form = taken(request, draft, page)
    if not form.errors:
        try:
            save(request, page, form)
        except NotADraft:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("studio_lesson", pk, key)
    return page_of(request, page, form, status=422)


def form_for(page: TextPage, *data: Any) -> LessonFilesForm:
    common: dict[str, Any] = {"held": library(page.draft).files, "initial": initial(page)}
    if page.is_translation:
        return LessonFilesForm(*data, endings=(), captions=[page.language], **common)
    is_video = page.kind == Video
    return LessonFilesForm(
        *data,
        endings=FILES[page.kind],
        is_timed=page.kind != Lesson.Kind.FILE,
        has_poster=is_video,
        captions=languages_of(page) if is_video else (),
        **common,
    )


def languages_of(page: TextPage) -> list[str]:
    """The language of the core first; others that a bundle brought stay as they are, or go."""
    return list(dict.fromkeys([page.language, *made_of(page).get("video", {}).get("captions", {})]))


def made_of(page: TextPage) -> dict[str, Any]:
    return page.text.data if isinstance(page.text, Lesson) else {}


def initial(page: TextPage) -> dict[str, Any]:
    base = {"base": version_of_files(page.text)}
    if page.is_translation:
        return {**base, f"captions_{page.language}": page.text.captions if page.text else ""}  # type: ignore[union-attr]
    data = made_of(page)
    now = data.get("video") or data.get("audio") or {"src": data.get("download", "")}
    captions = {f"captions_{language}": path for language, path in now.get("captions", {}).items()}
    return {**base, **{name: now.get(name, "") for name in ("src", "seconds", "poster")}, **captions}


def taken(request: HttpRequest, draft: Revision, page: TextPage) -> LessonFilesForm:
    """The form with every upload among the files of the draft and chosen; with errors where something is wrong."""
    sent = form_for(page, request.POST, request.FILES)
    sent.is_valid()
    data = request.POST.copy()
    refusals: dict[str, DomainError] = {}
    for name, file in sent.uploads():
        try:
            data[name] = services.add_file(
                draft, file.name or "", file, by=me(request), at=timezone.now()
            ).path
        except NotADraft:
            raise
        except DomainError as refusal:
            refusals[name] = refusal
    form = form_for(page, data)
    form.is_valid()
    for name in (f"{name}_file" for name in form.names):
        for error in sent.errors.get(name, ()):
            form.add_error(name, error)
    for name, why in refusals.items():
        say(form, why, at=f"{name}_file")
    form.must_be_whole()
    return form


def save(request: HttpRequest, page: TextPage, form: LessonFilesForm) -> None:
    said = form.cleaned_data
    common: dict[str, Any] = {"base": said["base"], "by": me(request), "at": timezone.now()}
    if page.is_translation:
        path = form.captions.get(page.language, "")
        services.save_captions(page.draft, page.key, path, **common)
        return
    made: dict[str, Any] = {"download": said["src"]}
    if page.kind == Lesson.Kind.AUDIO:
        made = {"audio": {"src": said["src"], "seconds": said["seconds"]}}
    if page.kind == Video:
        same = {name: said[name] for name in ("src", "seconds", "poster")}
        made = {"video": {**same, "captions": form.captions}}
    services.save_files(page.draft, page.key, made, **common)


def page_of(
    request: HttpRequest, page: TextPage, form: LessonFilesForm, *, status: int = 200
) -> HttpResponse:
    crumbs = [
        outline_crumb(page.draft),
        (reverse("studio_lesson", args=[page.draft.pk, page.key]), page.title),
    ]
    form.ask()
    urls = {file.path: file.url for file in form.held}
    context = {**around(page.draft, *crumbs), "page": page, "form": form, "urls": urls}
    context["pairs"] = [(form[name], form[f"{name}_file"]) for name in form.names]
    return render(request, "courses/studio/media/lesson_files.html", context, status=status)
