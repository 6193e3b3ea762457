"""Comments at a place of a revision, each act at an address of its own."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.refusals import refused

from ... import permissions, services
from ...forms_comments import LONGEST_QUOTE, AnswerForm, CommentForm
from ...models import Comment, CommentThread, Revision
from ...permissions import Hats
from ...selectors.studio.comments import threads_at
from ...selectors.studio.differences import Row
from ...selectors.studio.editions import edition_name
from ...selectors.studio.places import place_at, place_of_row
from ...selectors.studio.suggestions import suggestions_at
from .access import allow, load_revision, studio_only
from .ways import way_to

ALL = ["GET", "HEAD", "POST"]


def load_discussed(request: HttpRequest, pk: int) -> tuple[Revision, Hats]:
    """A revision whose drafts the person may see: what is said of them is told to nobody else."""
    revision = load_revision(request, pk)
    who = permissions.hats_of(request.user)
    if not permissions.can_discuss(who, revision.edition):
        raise Http404
    return revision, who


def load_thread(revision: Revision, pk: int) -> CommentThread:
    return get_object_or_404(revision.edition.threads.all(), pk=pk)


def load_own_comment(request: HttpRequest, revision: Revision, pk: int) -> Comment:
    said = Comment.objects.filter(thread__edition=revision.edition_id).select_related("thread")
    comment = get_object_or_404(said, pk=pk)
    allow(comment.by_id == me(request).pk)
    return comment


def where(revision: Revision, place: str, thread: int | None = None) -> str:
    address = f"{reverse('studio_comments', args=[revision.pk])}?{urlencode({'place': place})}"
    return f"{address}#c-{thread}" if thread else address


# --- One place --------------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """`?place=lesson/welcome`: what stands there, what was said about it, and a form to say more."""
    revision, who = load_discussed(request, pk)
    code = request.GET.get("place") or request.POST.get("place", "")
    if not code.isprintable():  # names no place, and PostgreSQL would refuse to look for some of it
        raise Http404
    if not code:
        return redirect(f"{reverse('studio_revision', args=[revision.pk])}#comments")
    if request.method != "POST":
        form = CommentForm(initial={"quote": request.GET.get("quote", "")[:LONGEST_QUOTE]})
        return place_page(request, revision, who, code, form=form)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return place_page(request, revision, who, code, form=form, status=422)
    try:
        thread = services.begin_comment(
            revision, place=code, **form.cleaned_data, by=me(request), at=timezone.now()
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return place_page(request, revision, who, code, form=form, status=refusal.status)
    messages.success(request, _("Your comment is there for the authors and those who review."))
    return redirect(where(revision, code, thread.pk))


def place_page(
    request: HttpRequest,
    revision: Revision,
    who: Hats,
    code: str,
    *,
    form: CommentForm | None = None,
    answered: Mapping[int, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """404 where the revision has no such place and nothing was ever said there. `answered`: forms, by thread."""
    place = place_at(revision, code)
    threads = threads_at(revision, who.user_id, place, code)
    if place is None and not threads:
        raise Http404
    forms = {thread.pk: new_answer(thread.pk) for thread in threads} | dict(answered or {})
    context = {
        **around(revision),
        "place": place,
        "language": language_of(revision, code),
        "editor": editor_at(revision, who, code) if place else "",
        "name": place.name if place else code,
        "rows": [(thread, forms[thread.pk]) for thread in threads],
        "form": (form or CommentForm()) if revision.is_open and place else None,
    }
    return render(request, "courses/studio/comments/place.html", context, status=status)


def language_of(revision: Revision, code: str) -> str:
    """In which the words of the place are written; empty where they are in several."""
    kind, *keys = code.split("/")
    edition = revision.edition
    if kind == "panel":
        return keys[-1]
    return edition.language or edition.module.source_language if kind == "lesson" else ""


def editor_at(revision: Revision, who: Hats, code: str) -> str:
    """Where it is written, for whoever may write it now."""
    if not revision.is_draft or not permissions.can_write(who, revision.edition):
        return ""
    return way_to(revision, code)


def new_answer(thread: int, data: Any = None) -> AnswerForm:
    """Its fields are named by the thread, since a page has several."""
    return AnswerForm(data, auto_id=f"id_answer_{thread}_%s")


def around(revision: Revision) -> dict[str, Any]:
    module = revision.edition.module
    trail = [
        (reverse("studio"), _("Studio")),
        (reverse("studio_module", args=[module.key]), str(module)),
        (reverse("studio_revision", args=[revision.pk]), edition_name(revision.edition)),
    ]
    return {
        "revision": revision,
        "module": module,
        "crumbs": trail,
        "page_name": edition_name(revision.edition),
    }


def beside(
    request: HttpRequest, draft: Revision, code: str, row: Row | None, *, read_at: str = ""
) -> dict[str, Any]:
    """What is open at a place, for the page on which it is written: comments, and what readers suggest. Two queries.

    `row` is what the draft has there; `read_at` is where readers find it, if that is called otherwise.
    """
    found = threads_at(draft, me(request).pk, place_of_row(row) if row else None, code)
    return {
        "threads": [thread for thread in found if thread.is_open],
        "suggestions": suggestions_at(draft, read_at or code),
    }


# --- A thread ---------------------------------------------------------------------------------------------------------


@require_POST
@studio_only
def answer(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    revision, who = load_discussed(request, pk)
    found = load_thread(revision, thread)
    form = new_answer(found.pk, request.POST)
    status = 422
    if form.is_valid():
        try:
            services.answer_comment(found, **form.cleaned_data, by=me(request), at=timezone.now())
            return redirect(where(revision, found.place, found.pk))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
    return place_page(request, revision, who, found.place, answered={found.pk: form}, status=status)


@require_POST
@studio_only
def resolve(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    """`seen`: how many comments of the thread stood on the page with the button."""
    revision, _who = load_discussed(request, pk)
    found = load_thread(revision, thread)
    here = where(revision, found.place, found.pk)
    try:
        services.resolve_comment(found, seen=seen(request), by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, here)
    messages.success(request, _("Resolved. It stays with the history, and can be reopened."))
    return redirect(here)


def seen(request: HttpRequest) -> int:
    number = request.POST.get("seen", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


@require_POST
@studio_only
def reopen(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    revision, _who = load_discussed(request, pk)
    found = load_thread(revision, thread)
    here = where(revision, found.place, found.pk)
    try:
        services.reopen_comment(found, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, here)
    return redirect(here)


# --- One's own words --------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
def change(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    revision, _who = load_discussed(request, pk)
    said = load_own_comment(request, revision, comment)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"words": said.words})
    form.fields["words"].label = pgettext("what is said", "Comment")
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            services.change_comment(said, **form.cleaned_data, by=me(request), at=timezone.now())
            return redirect(where(revision, said.thread.place, said.thread_id))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
    context = {**own_words(revision, said), "form": form}
    return render(request, "courses/studio/comments/change.html", context, status=status)


@require_http_methods(ALL)
@studio_only
def delete(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """GET asks once more; POST does it."""
    revision, _who = load_discussed(request, pk)
    said = load_own_comment(request, revision, comment)
    if request.method != "POST":
        return render(request, "courses/studio/comments/delete.html", own_words(revision, said))
    try:
        services.delete_comment(said, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, where(revision, said.thread.place))
    messages.success(request, _("Your comment is deleted."))
    return redirect(f"{reverse('studio_revision', args=[revision.pk])}#comments")


def own_words(revision: Revision, said: Comment) -> dict[str, Any]:
    context = around(revision)
    context["crumbs"].append((where(revision, said.thread.place), _("Comments")))
    return {**context, "comment": said, "here": where(revision, said.thread.place, said.thread_id)}
