"""The page of a course, enrolling in it, and leaving it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Course
from courses.selectors.course_page import CoursePage, course_page
from courses.selectors.words import said
from lms.accounts.models import Membership, Organisation, User, current
from lms.accounts.permissions import Anyone
from lms.accounts.signed_in import SignedInRequest
from lms.lib.prepared import Prepared, Slot
from lms.lib.refusals import refusals_at

from .. import services
from ..forms.learning import EnrolForm
from ..models import Enrollment
from ..selectors.news import retake_by, retake_dates
from .loading import load_course

# What the page of a course says of the visitor's own enrolment.
STANDING = ("id", "lessons_done", "lessons_required", "minutes_left", "completed_at")
RETAKE = ("retake_core", "retake_layer")


def load_any_course(user: Anyone, slug: str) -> Any:
    """A course that the visitor may see, with what they have in it. One query.

    `mine`: how far they are (None without an enrolment); `left_at`: when they left; `is_member`: of any organisation.
    """
    if not user.is_authenticated:
        return get_object_or_404(with_owner(Course.objects.visible_to(user)), slug=slug)
    today = timezone.localdate()
    if user.works_in_studio:
        seen = with_owner(Course.objects.visible_to(user))
        return get_object_or_404(with_standing(seen, learner=user.pk, on=today), slug=slug)
    found = OF_LEARNER(slug=slug, learner=user.pk, today=today.isoformat())
    if not found:
        raise Http404
    return found[0]


def with_owner(courses: QuerySet[Course]) -> QuerySet[Course]:
    return courses.select_related("owner").defer("search")


def with_standing(courses: QuerySet[Course], *, learner: Any, on: Any) -> QuerySet[Course]:
    mine = Enrollment.objects.filter(learner=learner, course=OuterRef("pk")).order_by("-cycle")
    mine = mine.annotate(**retake_dates("pk", "country"))
    standing = JSONObject(**{name: name for name in (*STANDING, *RETAKE)})
    return courses.annotate(
        mine=Subquery(mine.values(standing=standing)[:1]),
        left_at=Subquery(mine.values("withdrawn_at")[:1]),
        is_member=Exists(Membership.objects.filter(current(on), user=learner)),
    )


# A learner sees what is public; the day is asked for as the databases write it.
OF_LEARNER = Prepared(
    lambda: with_standing(
        with_owner(Course.objects.public()).filter(slug=Slot("slug")),
        learner=Slot("learner"),
        on=Slot("today"),
    )
)


@login_not_required
@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a course, and the visitor's next act in it. Not rendered yet: certificates are added above."""
    found = load_any_course(request.user, slug)
    page = course_page(found, get_language() or "en")
    context: dict[str, Any] = {"course_page": page, "certificate": None, "enrollment": None}
    if request.user.is_authenticated:
        context |= next_act(request.user, found, page)
    return TemplateResponse(request, "enrollment/course.html", context)


def next_act(user: User, found: Any, page: CoursePage) -> dict[str, Any]:
    """To go on, or to enrol: with two choices at once, for members with a way to choose on whose behalf."""
    if found.mine and not found.left_at:
        standing = {name: found.mine[name] for name in STANDING}
        return {
            "enrollment": Enrollment(**standing),
            "resume_url": reverse("learn", args=[found.slug]),
            "retake_by": retake_by(found.mine),
        }
    if not page.takes_learners and not found.left_at:
        return {}
    form = EnrolForm(user=user, languages=languages_of(page))
    return {"form": form, "left_at": found.left_at, "is_member": found.is_member}


def languages_of(page: CoursePage) -> list[str]:
    return [language.code for language in page.languages]


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_at("course", "slug")
def enroll(request: SignedInRequest, slug: str) -> HttpResponse:
    """The whole form, with on whose behalf. The page of the course sends its short one here too."""
    found = load_any_course(request.user, slug)
    page = course_page(found, get_language() or "en")
    form = EnrolForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        languages=languages_of(page),
        organisations=list(Organisation.objects.where(request.user)),
    )
    if not form.is_valid():
        context = {"course_page": page, "form": form, "left_at": found.left_at}
        status = 422 if request.method == "POST" else 200
        return render(request, "enrollment/enroll.html", context, status=status)
    services.enroll(
        request.user,
        found,
        country=form.cleaned_data["country"],
        language=form.cleaned_data["language"],
        organisation=form.chosen_organisation,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("You are enrolled. Here is your first step."))
    return redirect("learn", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_at("my_learning")
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks first. What was done is kept, and enrolling again brings it back."""
    learning = load_course(request, slug)
    title = said(learning.enrollment.course.title, get_language() or "en")
    if request.method != "POST":
        followed = learning.enrollment.assignments.in_view(on=timezone.localdate())
        followed_by = Organisation.objects.filter(pk__in=followed.values("organisation"))
        context = {"enrollment": learning.enrollment, "course_title": title, "followed_by": list(followed_by)}
        return render(request, "enrollment/leave.html", context)
    services.withdraw(learning.enrollment, by=request.user, at=timezone.now())
    left = _("You have left “%(course)s”. What you did is kept: enrol again to go on.")
    messages.success(request, left % {"course": title})
    return redirect("my_learning")
