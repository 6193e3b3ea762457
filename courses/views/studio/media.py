"""The files of a draft: upload, replace, remove; and figures for its texts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.fragments import wants_fragment
from lms.lib.refusals import refused

from ... import services
from ...errors import NotADraft
from ...errors_media import FileRefused
from ...forms_media import FigureForm, ReplaceForm, UploadForm
from ...models import Revision
from ...selectors.studio.media import figure as figure_markdown
from ...selectors.studio.media import library
from .access import load_to_write, studio_only
from .editor import around, must_be_draft, outline_crumb, state_before_removal

ALL = ["GET", "HEAD", "POST"]


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is no draft any more is shown on its own page; what is refused is said beside the files."""

    @wraps(view)
    def guarded(request: Any, pk: int, *args: Any, **values: Any) -> HttpResponse:
        try:
            return view(request, pk, *args, **values)
        except NotADraft as refusal:
            return refused(request, refusal, reverse("studio_revision", args=[pk]))
        except DomainError as refusal:
            return refused(request, refusal, reverse("studio_media", args=[pk]))

    return guarded


@require_http_methods(ALL)
@studio_only
@on_draft
def media(request: HttpRequest, pk: int) -> HttpResponse:
    """All files of the draft. POST takes a new one."""
    draft = load_to_write(request, pk)
    must_be_draft(draft)
    if request.method != "POST":
        return library_page(request, draft)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            use = services.add_file(draft, file.name, file, by=me(request), at=timezone.now())
        except NotADraft:
            raise
        except DomainError as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("“%(name)s” is here.") % {"name": services.name_of(use.path)})
            return redirect("studio_media", pk)
    return library_page(request, draft, form=form)


@require_POST
@studio_only
@on_draft
def replace(request: HttpRequest, pk: int, path: str) -> HttpResponse:
    draft = load_to_write(request, pk)
    form = ReplaceForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.replace_file(
                draft, path, said["file"], base=said["base"], by=me(request), at=timezone.now()
            )
        except FileRefused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("“%(name)s” is replaced.") % {"name": services.name_of(path)})
            return redirect("studio_media", pk)
    must_be_draft(draft)
    return library_page(request, draft, form=form, path=path)


@require_POST
@studio_only
@on_draft
def remove(request: HttpRequest, pk: int, path: str) -> HttpResponse:
    draft = load_to_write(request, pk)
    state = services.remove_file(draft, path, by=me(request), at=timezone.now())
    return redirect(f"{reverse('studio_media', args=[pk])}?removed={state.pk}")


@require_http_methods(ALL)
@studio_only
@vary_on_headers("HX-Request")
@on_draft
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture for a text, chosen or uploaded, and said in words. The answer is its Markdown for the editor."""
    draft = load_to_write(request, pk)
    must_be_draft(draft)
    held = library(draft)
    form = FigureForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        pictures=[(file.path, file.name) for file in held.pictures],
    )
    context = {**around(draft, outline_crumb(draft)), "form": form, "library": held}
    if request.method == "POST" and form.is_valid():
        try:
            context["markdown"] = figure_of(request, draft, form)
        except NotADraft:
            raise
        except DomainError as refusal:
            say(form, refusal)
    template = "_figure.html" if wants_fragment(request) else "figure.html"  # type: ignore[arg-type]
    status = 422 if form.errors else 200
    return render(request, f"courses/studio/media/{template}", context, status=status)


def figure_of(request: HttpRequest, draft: Revision, form: FigureForm) -> str:
    said: dict[str, Any] = {**form.cleaned_data}
    common: dict[str, Any] = {"by": me(request), "at": timezone.now()}
    file = said["file"]
    use = (
        services.add_file(draft, file.name, file, **common)
        if file
        else services.take_from_original(draft, said["path"], **common)
    )
    return figure_markdown(draft.edition, use.path, alt=said["alt"], caption=said["caption"])


def say(form: Form, refusal: DomainError, *, at: str = "file") -> None:
    """At the field, each fault with its line where it has one."""
    problems = refusal.problems if isinstance(refusal, FileRefused) else ()
    for problem in problems:
        line = _("Line %(line)s: ") % {"line": problem.line} if problem.line else ""
        form.add_error(at, f"{line}{problem.message}")
    if not problems:
        form.add_error(at, str(refusal.message))


def library_page(
    request: HttpRequest, draft: Revision, *, form: Form | None = None, path: str = ""
) -> HttpResponse:
    """After a refusal with what is the matter, at the upload or at the file of that path."""
    held = library(draft)
    if path and path not in {file.path for file in held.files}:
        raise Http404
    context = {
        **around(draft, outline_crumb(draft)),
        "library": held,
        "form": form if form and not path else UploadForm(),
        "wrong": form if path else None,
        "wrong_path": path,
        "undo": state_before_removal(request, draft),
    }
    return render(request, "courses/studio/media/library.html", context, status=422 if form else 200)
