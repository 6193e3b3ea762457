"""One revision: its page, and what can be done with it, each act at an address of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError

from ... import permissions, services
from ...forms import FirstSubmitForm, SendBackForm, SubmitForm
from ...models import Revision
from ...selectors.studio.problem_places import problems_on_page
from ...selectors.studio.revisions import RevisionPage, revision_page
from .access import allow, load_revision, studio_only


@require_safe
@studio_only
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, load_revision(request, pk))


def page_of(
    request: HttpRequest,
    revision: Revision,
    *,
    refusal: DomainError | None = None,
    submit_form: SubmitForm | None = None,
    send_back_form: SendBackForm | None = None,
) -> HttpResponse:
    """The revision's page; after a refusal with what is the matter, and with the status that says so."""
    page = revision_page(revision, me(request), language=get_language() or "en", on=timezone.localdate())
    wrong_form = any(form is not None and form.errors for form in (submit_form, send_back_form))
    context = {
        **around(page),
        "refusal": refusal,
        "problems": problems_on_page(revision, getattr(refusal, "problems", ())),
        "submit_form": submit_form or new_submit_form(revision),
        "send_back_form": send_back_form or SendBackForm(),
    }
    status = refusal.status if refusal else 422 if wrong_form else 200
    return render(request, "courses/studio/revision.html", context, status=status)


def around(page: RevisionPage) -> dict[str, Any]:
    module = page.revision.edition.module
    trail = [(reverse("studio"), _("Studio")), (reverse("studio_module", args=[module.key]), page.title)]
    return {"page": page, "revision": page.revision, "module": module, "crumbs": trail}


def new_submit_form(revision: Revision, data: Any = None) -> SubmitForm:
    form = SubmitForm if revision.edition.current_id else FirstSubmitForm
    return form(data)


# --- Acts -----------------------------------------------------------------------------------------------------------


def refusals_on_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What an act refuses is said on the revision's page, as it is now."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except DomainError as refusal:
            return page_of(request, load_revision(request, pk), refusal=refusal)

    return guarded


@require_POST
@studio_only
@refusals_on_page
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    revision = load_revision(request, pk)
    allow(permissions.can_submit(permissions.hats_of(request.user), revision))
    form = new_submit_form(revision, request.POST)
    if not form.is_valid():
        return page_of(request, revision, submit_form=form)
    chosen = form.cleaned_data.get("change_class", Revision.ChangeClass.MAJOR)
    services.submit(
        revision,
        change_class=chosen,
        change_note=note_of(revision, form.cleaned_data["note"]),
        by=me(request),
        at=timezone.now(),
    )
    return done(request, revision, _("Submitted. It now waits for those who approve it."))


@require_POST
@studio_only
@refusals_on_page
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    revision = load_revision(request, pk)
    allow(permissions.can_send_back(permissions.hats_of(request.user), revision))
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return page_of(request, revision, send_back_form=form)
    services.send_back(revision, reason=form.cleaned_data["reason"], by=me(request), at=timezone.now())
    return done(request, revision, _("Sent back to its authors, with your reason."))


@require_POST
@studio_only
@refusals_on_page
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    revision = load_revision(request, pk)
    allow(permissions.can_approve(permissions.hats_of(request.user), revision))
    approval = services.approve(revision, by=me(request), at=timezone.now())
    said = _("Approved for %(organisation)s.") % {"organisation": approval.organisation.short_name}
    return done(request, revision, said)


def note_of(revision: Revision, note: str) -> dict[str, str]:
    """By the language in which the revision is written."""
    edition = revision.edition
    language = (
        edition.language or (revision.meta or {}).get("source_language") or edition.module.source_language
    )
    return {language: note} if note else {}


def done(request: HttpRequest, revision: Revision, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("studio_revision", revision.pk)
