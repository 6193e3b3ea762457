"""The page of a course, enrolling in it, and leaving it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Course
from courses.selectors.course_page import course_page
from courses.selectors.words import said
from lms.accounts.models import Membership, Organisation, current
from lms.accounts.permissions import Anyone
from lms.lib.errors import DomainError

from .. import services
from ..forms.learning import EnrolForm
from ..models import Enrollment
from .loading import LearnerRequest, load_course


def load_any_course(user: Anyone, slug: str) -> Any:
    """A course that the visitor may see, with what they have in it: their enrolment's id, and when they left."""
    courses = Course.objects.visible_to(user).select_related("owner").defer("search")
    if user.is_authenticated:
        mine = Enrollment.objects.visible_to(user).filter(course=OuterRef("pk")).order_by("-cycle")
        courses = courses.annotate(
            enrollment_id=Subquery(mine.values("pk")[:1]), left_at=Subquery(mine.values("withdrawn_at")[:1])
        )
    return get_object_or_404(courses, slug=slug)


@login_not_required
@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a course, and the visitor's next act in it."""
    found = load_any_course(request.user, slug)
    return show_course(request, found)


def show_course(
    request: HttpRequest, found: Any, *, form: EnrolForm | None = None, status: int = 200
) -> HttpResponse:
    """`certificate` is filled by the app above, which knows what is issued for a course."""
    language = get_language() or "en"
    page = course_page(found, language)
    context: dict[str, Any] = {"course_page": page, "certificate": None, "enrollment": None}
    if request.user.is_authenticated:
        context["left_at"] = found.left_at
        if found.enrollment_id and not found.left_at:
            context["enrollment"] = Enrollment.objects.get(pk=found.enrollment_id)
            context["resume_url"] = reverse("learn", args=[found.slug])
        elif found.status == Course.Status.PUBLISHED or found.left_at:
            languages = [each.code for each in page.languages]
            context["form"] = form or enrol_form(request, languages)
    return render(request, "enrollment/course.html", context, status=status)


def enrol_form(request: HttpRequest, languages: Sequence[str], data: Any = None) -> EnrolForm:
    held = Membership.objects.filter(current(timezone.localdate()), user=request.user.pk)
    own = Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name")
    return EnrolForm(data, user=request.user, languages=languages, organisations=list(own))


@require_POST
def enroll(request: LearnerRequest, slug: str) -> HttpResponse:
    found = load_any_course(request.user, slug)
    page = course_page(found, get_language() or "en")
    form = enrol_form(request, [each.code for each in page.languages], request.POST)
    if not form.is_valid():
        return show_course(request, found, form=form, status=422)
    try:
        services.enroll(
            request.user,
            found,
            country=form.cleaned_data["country"],
            language=form.cleaned_data["language"],
            organisation=form.chosen_organisation,
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("course", slug)
    messages.success(request, _("You are enrolled. Here is your first step."))
    return redirect("learn", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: LearnerRequest, slug: str) -> HttpResponse:
    """Asks first. What was done is kept, and enrolling again brings it back."""
    learning = load_course(request, slug)
    title = said(learning.enrollment.course.title, get_language() or "en")
    if request.method != "POST":
        followed_by = Organisation.objects.filter(
            assignments__enrollment=learning.enrollment, assignments__ended_at=None
        )
        context = {"enrollment": learning.enrollment, "course_title": title, "followed_by": list(followed_by)}
        return render(request, "enrollment/leave.html", context)
    try:
        services.withdraw(learning.enrollment, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("my_learning")
    left = _("You have left “%(course)s”. What you did is kept: enrol again to go on.")
    messages.success(request, left % {"course": title})
    return redirect("my_learning")
