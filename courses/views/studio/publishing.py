"""What goes out to learners and what is taken from them: asked once more in numbers, then done; and what is undone."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.signed_in import me

from ... import permissions, services
from ...forms_publishing import PublishForm, WithdrawForm
from ...impact import impact_of
from ...models import Revision
from ...selectors.studio.differences import published_before
from ...selectors.studio.publishing import ready_with, successors, what_follows
from ...selectors.studio.revisions import revision_page
from .access import allow, load_revision, studio_only
from .revisions import around, done, refusals_on_page

Status = Revision.Status


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
@refusals_on_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks once more and says what will happen; POST does it."""
    revision, who = load_revision(request, pk), permissions.hats_of(request.user)
    allow(permissions.can_publish(who, revision))
    ready = {each.pk: each for each in ready_with(revision, who)}
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        revision=revision,
        is_first=not published_before(revision).exists(),
        together=[(each.pk, name_of(each)) for each in ready.values()],
        today=timezone.localdate(),
    )
    if not form.is_valid():
        if revision.status != Status.IN_REVIEW:
            return redirect("studio_revision", revision.pk)
        return asking(request, revision, "publish", form, impact=impact_of(revision))
    published = services.publish(
        revision,
        together=[ready[each] for each in form.chosen],
        by=me(request),
        at=timezone.now(),
        **form.plan,
    )
    if published.edition.upcoming_id != published.pk or published.effective_on is None:
        return done(request, revision, _("Published."))
    day = date_format(published.effective_on)
    return done(request, revision, _("Published. It takes effect on %(day)s.") % {"day": day})


def name_of(revision: Revision) -> str:
    name = _("%(edition)s, revision %(number)s")
    return name % {"edition": revision.edition.name, "number": revision.number}


def asking(
    request: HttpRequest, revision: Revision, act: str, form: forms.Form, **context: Any
) -> HttpResponse:
    page = revision_page(revision, me(request), language=get_language() or "en", on=timezone.localdate())
    context |= {**around(page), "form": form}
    context["crumbs"].append((reverse("studio_revision", args=[revision.pk]), page.name))
    return render(request, f"courses/studio/{act}.html", context, status=422 if form.errors else 200)


@require_POST
@studio_only
@refusals_on_page
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """What was published for a later day never takes effect."""
    revision = load_revision(request, pk)
    allow(permissions.can_withdraw(permissions.hats_of(request.user), revision))
    services.take_back_publication(revision, by=me(request), at=timezone.now())
    return done(request, revision, _("Taken back: it never takes effect. A new revision begins from it."))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
@refusals_on_page
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says in numbers what will happen and asks for the reason; POST does it."""
    revision = load_revision(request, pk)
    allow(permissions.can_withdraw(permissions.hats_of(request.user), revision))
    if revision.status == Status.WITHDRAWN:
        return redirect("studio_revision", revision.pk)
    language = get_language() or "en"
    found = {each.pk: each for each in successors(revision)}
    form = WithdrawForm(
        request.POST if request.method == "POST" else None,
        revision=revision,
        successors=[(each.pk, f"{each.edition.module}: {name_of(each)}") for each in found.values()],
        today=timezone.localdate(),
    )
    if not form.is_valid():
        follows = what_follows(revision, language=language)
        return asking(request, revision, "withdraw", form, impact=impact_of(revision), follows=follows)
    withdrawn = services.withdraw(
        revision,
        reason=form.reason,
        on=form.cleaned_data["on"],
        successor=found.get(form.cleaned_data["successor"]),
        by=me(request),
        at=timezone.now(),
    )
    if withdrawn.status == Status.WITHDRAWN or withdrawn.withdraw_on is None:
        return done(request, revision, _("Withdrawn. Whoever has started can finish."))
    day = date_format(withdrawn.withdraw_on)
    return done(
        request, revision, _("It is withdrawn on %(day)s. Until then you can take that back.") % {"day": day}
    )


@require_POST
@studio_only
@refusals_on_page
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """A withdrawal whose day has not come is taken back."""
    revision = load_revision(request, pk)
    allow(permissions.can_withdraw(permissions.hats_of(request.user), revision))
    services.take_back_withdrawal(revision, by=me(request), at=timezone.now())
    return done(request, revision, _("It stays published."))
