"""What rests on a source, and what is announced when it is replaced."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.models import Organisation
from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.refusals import refusals_at, refusals_in, refused

from ... import permissions, services
from ...forms import LookForm, ReplacementForm, SourceForm
from ...models import FactStatement, SourceReplacement, SourceTask
from ...selectors.studio.replacements import (
    replacement_page,
    resting_with,
    standing_replacements,
)
from ...selectors.studio.sources import replaced_page, source_page
from .access import allow, studio_only


def reading() -> str:
    return get_language() or "en"


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    register = (reverse("studio_facts"), _("Register of facts"))
    return [(reverse("studio"), _("Studio")), register, *more]


def source_crumb() -> tuple[str, str]:
    return reverse("studio_source"), _("What rests on a source")


@require_safe
@studio_only
def source(request: HttpRequest) -> HttpResponse:
    """`?source=…`, an address or a part of it, or a law by its number, as facts, lessons and questions name it."""
    form = SourceForm(request.GET if "source" in request.GET else None)
    page = None
    if form.is_valid():
        who = permissions.hats_of(request.user)
        page = source_page(form.cleaned_data["source"], who, language=reading())
    context = {
        "form": form,
        "page": page,
        "announced": [] if page else standing_replacements(),
        "today": timezone.localdate(),
        "crumbs": trail(),
    }
    return render(request, "courses/studio/facts/source.html", context, status=422 if form.errors else 200)


# --- Announcing -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
def replace_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The source of this fact, named by its address, is replaced: asked with everything and everybody it concerns."""
    resting = resting_with(pk)
    if not resting:
        raise Http404
    allow(permissions.can_announce(permissions.hats_of(request.user), resting))
    source_url = resting[0].source_url
    standing = SourceReplacement.objects.filter(source_url=source_url, withdrawn_at=None).first()
    if standing is not None and request.method != "POST":
        return redirect("studio_replacement", standing.pk)
    form = ReplacementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_in(form):
            replacement = services.announce_replacement(
                source_url,
                **form.cleaned_data,
                organisation=on_behalf_of(request, resting),
                by=me(request),
                at=timezone.now(),
            )
            messages.success(
                request, _("Announced. Everybody whom it concerns has it among what waits for them.")
            )
            return redirect("studio_replacement", replacement.pk)
    context = {
        "form": form,
        "source_url": source_url,
        "page": replaced_page(source_url, language=reading()),
        "crumbs": trail(source_crumb()),
    }
    return render(request, "courses/studio/facts/replace.html", context, status=422 if form.errors else 200)


def on_behalf_of(request: HttpRequest, resting: list[FactStatement]) -> Organisation:
    """The first of the person's partners that answers for one of these facts."""
    owners = {statement.revision.edition.owner for statement in resting}
    mine = permissions.hats_of(request.user).writes_for
    return min((owner for owner in owners if owner.pk in mine), key=lambda owner: owner.pk)


# --- One announcement -------------------------------------------------------------------------------------------------


@require_safe
@studio_only
def replacement(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, load(pk))


def load(pk: int) -> SourceReplacement:
    return get_object_or_404(SourceReplacement.objects.select_related("organisation", "by"), pk=pk)


def page_of(request: HttpRequest, found: SourceReplacement, form: LookForm | None = None) -> HttpResponse:
    who = permissions.hats_of(request.user)
    page = replacement_page(found, who, language=reading())
    context: dict[str, Any] = {
        "replacement": found,
        "page": page,
        "form": form or LookForm(tasks=page.choices),
        "can_look": bool(page.choices) and found.stands,
        "can_withdraw": permissions.can_withdraw_replacement(who, found),
        "today": timezone.localdate(),
        "crumbs": trail(source_crumb()),
    }
    status = 422 if form is not None else 200
    return render(request, "courses/studio/facts/replacement.html", context, status=status)


@require_POST
@studio_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(pk)
    allow(permissions.can_withdraw_replacement(permissions.hats_of(request.user), found))
    services.withdraw_replacement(found, by=me(request), at=timezone.now())
    messages.success(request, _("Withdrawn. Nobody is told any more that the source is replaced."))
    return redirect("studio_replacement", pk)


@require_POST
@studio_only
@refusals_at("studio_replacement", "pk")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(pk)
    allow(permissions.can_withdraw_replacement(permissions.hats_of(request.user), found))
    services.restore_replacement(found, by=me(request), at=timezone.now())
    messages.success(request, _("It is announced again."))
    return redirect("studio_replacement", pk)


@require_POST
@studio_only
@refusals_at("studio_replacement", "pk")
def unchanged(request: HttpRequest, pk: int) -> HttpResponse:
    """Of what is ticked: the owner has looked, and nothing changes."""
    found = load(pk)
    asked = [int(each) for each in request.POST.getlist("task") if each.isdecimal() and len(each) < 19]
    who = permissions.hats_of(request.user)
    tasks = list(found.tasks.filter(pk__in=asked).select_related("edition"))
    if len(tasks) != len(set(asked)):
        raise Http404
    if not all(permissions.can_settle_source_task(who, task) for task in tasks):
        raise PermissionDenied
    form = LookForm(request.POST, tasks=[(str(task.pk), "") for task in tasks])
    if not form.is_valid():
        return page_of(request, found, again(request, found, who))
    reason = form.cleaned_data["reason"]
    settled = services.look_at_replacement(tasks, reason=reason, by=me(request), at=timezone.now())
    said = ngettext(
        "Nothing changes in %(count)s edition. Its readers are not told any more.",
        "Nothing changes in %(count)s editions. Their readers are not told any more.",
        len(settled),
    )
    messages.success(request, said % {"count": len(settled)})
    return redirect("studio_replacement", pk)


def again(request: HttpRequest, found: SourceReplacement, who: permissions.Hats) -> LookForm:
    """What was typed, with all that could be ticked."""
    return LookForm(request.POST, tasks=replacement_page(found, who, language=reading()).choices)


@require_POST
@studio_only
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(SourceTask.objects.select_related("edition"), pk=pk)
    allow(permissions.can_settle_source_task(permissions.hats_of(request.user), task))
    here = reverse("studio_replacement", args=[task.replacement_id])
    try:
        services.reopen_source_task(task, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, here)
    messages.success(request, _("Taken back: it waits to be looked at again."))
    return redirect(here)
