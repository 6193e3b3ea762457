"""What is newer than what a learner reads: what would change, and their answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.selectors.words import said
from lms.accounts.signed_in import SignedInRequest
from lms.lib.refusals import refusals_at

from .. import services
from ..models import Offer
from ..selectors.news import retakes_in, withdrawn_in
from ..selectors.offers import offers_on_page
from .loading import load_course


@require_safe
def offers(request: SignedInRequest, slug: str) -> HttpResponse:
    course = load_course(request, slug)
    reading = get_language() or "en"
    context = {
        "course": course,
        "enrollment": course.enrollment,
        "course_title": said(course.enrollment.course.title, reading),
        "offers": offers_on_page(course, reading=reading),
        "withdrawn": withdrawn_in(course, reading=reading),
        "retakes": retakes_in(course, reading=reading),
    }
    return render(request, "enrollment/offers.html", context)


def load_offer(request: SignedInRequest, slug: str, pk: int) -> Offer:
    """One of the learner's own. Of others it is not there (404)."""
    enrollment = load_course(request, slug).enrollment
    return get_object_or_404(Offer, pk=pk, pin__enrollment=enrollment)


@require_POST
@refusals_at("course_offers", "slug")
def take(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    offer = load_offer(request, slug, pk)
    again = request.POST.getlist("again")
    services.take_offer(offer, again=again, by=request.user, at=timezone.now())
    messages.success(request, _("You read the newer version from now on."))
    return redirect("learn", slug)


@require_POST
@refusals_at("course_offers", "slug")
def keep(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    services.keep_revision(load_offer(request, slug, pk), by=request.user, at=timezone.now())
    messages.success(request, _("You stay with the version you started with."))
    return redirect("learn", slug)
