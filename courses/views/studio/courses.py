"""Courses in the studio: composed of modules of any partner, opened to learners by a publisher of their owner."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.signed_in import me
from lms.lib.refusals import refusals_at, refusals_in

from ... import permissions, services
from ...course_forms import CompositionForm, CourseForm, NewCourseForm
from ...models import Course
from ...selectors.studio import courses as selectors
from ...selectors.words import said
from .access import studio_only

Predicate = Callable[[permissions.Hats, Course], bool]


def load(request: HttpRequest, slug: str, allow: Predicate) -> tuple[Course, permissions.Hats]:
    """What may not be seen looks like what is not there (404); seen but not allowed says so (403)."""
    found = get_object_or_404(selectors.courses_in_studio(request.user), slug=slug)
    who = permissions.hats_of(request.user)
    if not allow(who, found):
        raise PermissionDenied
    return found, who


def reading() -> str:
    return get_language() or "en"


def trail(course: Course | None = None) -> list[tuple[str, str]]:
    start = [(reverse("studio"), _("Studio"))]
    if course is None:
        return start
    return [*start, (reverse("studio_course", args=[course.slug]), str(said(course.title, reading())))]


@require_safe
@studio_only
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Not rendered yet: the app above, which knows the certificates, adds the course's own."""
    found, who = load(request, slug, permissions.can_work_on_course)
    page = selectors.studio_course(found, who, language=reading())
    context = {"page": page, "course": found, "crumbs": trail(), "certificate": None}
    return TemplateResponse(request, "courses/studio/courses/course.html", context)


# --- Writing ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
def new(request: HttpRequest) -> HttpResponse:
    owners = list(permissions.studio_organisations(request.user))
    if request.method != "POST":
        return writing(request, NewCourseForm(owners=owners), composition_of(request))
    form, composed = NewCourseForm(request.POST, owners=owners), composition_of(request)
    if not sound(request, form, composed):
        return writing(request, form, composed)
    with refusals_in(form):
        services.create_course(
            form.cleaned_data["slug"],
            owner=form.chosen_owner,
            items=composed.items,
            by=me(request),
            at=timezone.now(),
            **words_of(form, composed),
        )
    if form.errors:
        return writing(request, form, composed)
    messages.success(request, _("Saved as a draft, which only your organisation sees."))
    return redirect("studio_course", form.cleaned_data["slug"])


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What is being composed stands in the form, and is saved at once: nobody starts a course that is half changed."""
    found, _who = load(request, slug, permissions.can_edit_course)
    composed = composition_of(request, found)
    if request.method != "POST":
        return writing(request, CourseForm(course=found), composed, found)
    form = CourseForm(request.POST)
    if not sound(request, form, composed):
        return writing(request, form, composed, found)
    with refusals_in(form):
        services.update_course(
            found,
            items=composed.items,
            based_on=request.POST.get("based_on", ""),
            by=me(request),
            at=timezone.now(),
            **words_of(form, composed),
        )
    if form.errors:
        return writing(request, form, composed, found)
    messages.success(request, _("Saved."))
    return redirect("studio_course", slug)


def composition_of(request: HttpRequest, course: Course | None = None) -> CompositionForm:
    known = selectors.modules_to_compose(request.user, course)
    if request.method == "POST":
        return CompositionForm(known, data=request.POST)
    return CompositionForm(known, items=selectors.items_of(course) if course else [])


def words_of(form: CourseForm, composed: CompositionForm) -> dict[str, Any]:
    """Where the form says no outcomes or no audience, the course has those of its modules, as from a file."""
    outcomes, audience = selectors.words_of_modules(module for module, _lessons in composed.items)
    said = form.texts
    return {
        **said,
        "outcomes": said["outcomes"] or outcomes,
        "audience": said["audience"] or audience,
    }


def sound(request: HttpRequest, form: CourseForm, composed: CompositionForm) -> bool:
    """A button that moves a module saves nothing and finds no fault."""
    if "move" in request.POST:
        form.only_shown()
        return False
    outlines = selectors.outlines_of(module for module, _lessons in composed.items)
    return all([form.is_valid(), composed.is_valid(outlines)])


def writing(
    request: HttpRequest, form: CourseForm, composed: CompositionForm, course: Course | None = None
) -> HttpResponse:
    """The form. After a refusal with the course's state of now, so that saving again means it."""
    based_on = request.POST.get("based_on", "")
    if course and request.method != "POST":
        based_on = selectors.state_of(course, composed.items)
    elif course and form.non_field_errors():
        course.refresh_from_db()
        based_on = selectors.state_of(course, selectors.items_of(course))
    context = {
        "form": form,
        "course": course,
        "composed": composed,
        "composition": selectors.composition(composed.items, composed.known, language=reading()),
        "based_on": based_on,
        "crumbs": trail(course),
    }
    status = 422 if form.is_bound and (form.errors or composed.errors) else 200
    return render(request, "courses/studio/courses/edit.html", context, status=status)


# --- Opening and closing ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
@refusals_at("studio_course", "slug")
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks once more; POST opens the course to learners."""
    found, who = load(request, slug, permissions.can_publish_course)
    if request.method != "POST":
        return asking(request, found, who, "publish")
    services.publish_course(found, by=me(request), at=timezone.now())
    messages.success(request, _("Published. Learners can enrol from now on."))
    return redirect("studio_course", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_only
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks once more; POST takes no new learners."""
    found, who = load(request, slug, permissions.can_publish_course)
    if request.method != "POST":
        return asking(request, found, who, "close")
    services.close_course(found, by=me(request), at=timezone.now())
    messages.success(request, _("Closed. Those who have started can finish."))
    return redirect("studio_course", slug)


def asking(request: HttpRequest, course: Course, who: permissions.Hats, act: str) -> HttpResponse:
    page = selectors.studio_course(course, who, language=reading())
    if not getattr(page.acts, act):
        return redirect("studio_course", course.slug)
    context = {"page": page, "course": course, "act": act, "crumbs": trail(course)}
    return render(request, "courses/studio/courses/asking.html", context)
