"""Invitations, from both ends: what an organisation has sent, and what the person behind the address sees.

A link's token is exchanged for a place in the session at once, so that it stands in no page, no Referer and no
`next=`. (Not taken: the page under the token itself with `no-referrer`; browsers then send `Origin: null` with every
form of that page, and the CSRF check rightly refuses it.)
"""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from courses.selectors.words import said
from lms.accounts.models import User
from lms.accounts.signed_in import SignedInRequest
from lms.lib.refusals import refusals_at

from ..errors import InvitationForSomebodyElse, InvitationGone
from ..models import Invitation
from ..permissions import can_accept, coordinated_organisations
from ..selectors.people import invitations_of, sent_invitation
from ..services.accepting import accept_invitation, find_invitation, usable
from ..services.inviting import resend_invitation, revoke_invitation
from .people import crumbs, language_of_page, load_organisation

PER_PAGE = 25
IN_SESSION = "invitation"

unstored = cache_control(private=True, no_store=True)


# --- The organisation's end -----------------------------------------------------------------------------------------


@require_safe
def sent_invitations(request: SignedInRequest, organisation: str) -> HttpResponse:
    mine = load_organisation(request.user, organisation)
    now = timezone.now()
    page = Paginator(invitations_of(mine), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": mine,
        "page": page,
        "invitations": [sent_invitation(invitation, language_of_page(), at=now) for invitation in page],
        "crumbs": crumbs(mine),
    }
    return render(request, "enrollment/people/invitations.html", context)


def load_sent(user: User, organisation: str, pk: int) -> Invitation:
    sent = Invitation.objects.filter(organisation__in=coordinated_organisations(user))
    return get_object_or_404(
        sent.select_related("organisation", "course"), organisation__slug=organisation, pk=pk
    )


@require_POST
@refusals_at("sent_invitations", "organisation")
def resend(request: SignedInRequest, organisation: str, pk: int) -> HttpResponse:
    invitation = load_sent(request.user, organisation, pk)
    resend_invitation(invitation, by=request.user, at=timezone.now())
    sent = _("A new invitation is on its way to %(address)s. The earlier link no longer works.")
    messages.success(request, sent % {"address": invitation.email})
    return redirect("sent_invitations", organisation)


@require_POST
def withdraw(request: SignedInRequest, organisation: str, pk: int) -> HttpResponse:
    invitation = load_sent(request.user, organisation, pk)
    revoke_invitation(invitation, by=request.user, at=timezone.now())
    messages.success(
        request, _("The invitation to %(address)s is withdrawn.") % {"address": invitation.email}
    )
    return redirect("sent_invitations", organisation)


# --- The other end ----------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
@unstored
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the mail. Opening it uses nothing up: mail scanners open links too."""
    found = find_invitation(token, at=timezone.now())
    if found is None:
        return gone(request)
    request.session[IN_SESSION] = found.pk
    response = redirect("open_invitation")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_safe
@unstored
def open_invitation(request: HttpRequest) -> HttpResponse:
    found = usable(at=timezone.now()).filter(pk=kept_in(request)).first()
    return invitation_page(request, found) if found else gone(request)


def kept_in(request: HttpRequest) -> int:
    """The invitation whose link this browser followed last; 0 where there is none."""
    return int(request.session.get(IN_SESSION, 0))


def invitation_page(request: HttpRequest, found: Invitation, status: int = 200) -> HttpResponse:
    language = language_of_page()
    context = {
        "invitation": found,
        "organisation": found.organisation.name_in(language),
        "course": said(found.course.title, language) if found.course else None,
        "address": masked(found.email),
        "can_accept": can_accept(request.user, found),
        "next": urlencode({"next": reverse("open_invitation")}),
    }
    return render(request, "enrollment/invitations/open.html", context, status=status)


def masked(address: str) -> str:
    """Enough to know one's own address by: a forwarded link tells nobody whose it was."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"


def gone(request: HttpRequest) -> HttpResponse:
    """Used, withdrawn, run out, never sent: all look the same."""
    return render(request, "enrollment/invitations/gone.html", status=404)


@require_POST
@unstored
@refusals_at("open_invitation")
def accept(request: SignedInRequest) -> HttpResponse:
    found = Invitation.objects.select_related("organisation", "course")
    wanted = found.filter(pk=kept_in(request)).first()
    if wanted is None:
        return gone(request)
    try:
        accept_invitation(wanted, by=request.user, at=timezone.now())
    except InvitationGone:
        return gone(request)
    except InvitationForSomebodyElse:
        return invitation_page(request, wanted, status=403)
    messages.success(request, welcome(wanted))
    return redirect("my_learning")


def welcome(accepted: Invitation) -> str:
    language = language_of_page()
    organisation = accepted.organisation.name_in(language)
    if accepted.course is None:
        return _("You now belong to %(organisation)s.") % {"organisation": organisation}
    values = {"organisation": organisation, "course": said(accepted.course.title, language)}
    return _("You are enrolled in “%(course)s” for %(organisation)s.") % values


@login_not_required
@require_POST
@unstored
def change_account(request: HttpRequest) -> HttpResponse:
    """Sign out and in again with the address that was invited, without looking for the mail once more."""
    kept = kept_in(request)
    logout(request)
    if kept:
        request.session[IN_SESSION] = kept
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('open_invitation')})}")
