"""My learning and the lesson player."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from courses.selectors.keeping import kept
from courses.selectors.words import said
from lms.accounts.signed_in import SignedInRequest
from lms.lib.errors import DomainError
from lms.lib.fragments import wants_fragment
from lms.lib.refusals import refused

from .. import services
from ..outline import CourseOutline, Step
from ..selectors import LearnerCourse
from ..selectors.comparison import compare as compare_countries
from ..selectors.lesson_page import lesson_page, place_of, switches, versions_read
from ..selectors.my_learning import my_learning as learning_of
from .loading import (
    lesson_url,
    load_course,
    load_step,
    refusals_at_lesson,
    step_in,
)
from .quizzes import quiz_page


@require_safe
def my_learning(request: SignedInRequest) -> HttpResponse:
    """Not rendered yet: the app above, which knows the certificates, adds them."""
    learning = learning_of(request.user, on=timezone.localdate())
    return TemplateResponse(request, "enrollment/my_learning.html", {"learning": learning})


@require_safe
def learn(request: SignedInRequest, slug: str) -> HttpResponse:
    """To the exact next step; in a completed course to its first lesson; where there is none, to what the course is."""
    course = load_course(request, slug)
    step = course.next_step or next(iter(course.plan.steps), None)
    return redirect(lesson_url(course, step)) if step else redirect("course", slug)


# --- The lesson -----------------------------------------------------------------------------------------------------


@require_safe
def lesson(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    course = load_course(request, slug)
    step = step_in(course.outline, module, lesson)
    if step.is_quiz:
        return quiz_page(request, course, step)
    today = timezone.localdate()
    text = kept(versions_read(course, step, on=today), lambda: lesson_text(course, step, on=today))
    return render(request, "enrollment/lesson.html", {**around(course, step, course.outline), "text": text})


def lesson_text(course: LearnerCourse, step: Step, *, on: date) -> SafeString:
    """Head and text of a lesson, the same for all who read these versions."""
    page = lesson_page(course, step, on=on)
    # Of the enrolment only what many share, since this is kept for all of them.
    shared = {"language": course.enrollment.language, "course": {"slug": course.enrollment.course.slug}}
    context = {
        "page": page,
        "step": step,
        "enrollment": shared,
        "place": place_of(course.plan, step),
        "switches": switches(course, spoken=page.spoken),
    }
    return render_to_string("enrollment/_lesson_text.html", context)


def around(course: LearnerCourse, step: Step, outline: CourseOutline) -> dict[str, Any]:
    """What stands around every lesson: the outline, the way on, and the course's name."""
    return {
        "course": course,
        "enrollment": course.enrollment,
        "course_title": said(course.enrollment.course.title, get_language() or "en"),
        "outline": outline,
        "step": step,
        "place": place_of(outline, step),
        "at_place": course.is_at(step),
    }


@require_POST
@refusals_at_lesson
def lesson_done(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    course, step = load_step(request, slug, module, lesson)
    outline = services.complete_lesson(course, step, at=timezone.now())
    return progress_answer(request, course, step, outline)


@require_POST
@refusals_at_lesson
def lesson_undo(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    course, step = load_step(request, slug, module, lesson)
    outline = services.undo_lesson(course, step, at=timezone.now())
    return progress_answer(request, course, step, outline)


def progress_answer(
    request: SignedInRequest, course: LearnerCourse, step: Step, outline: CourseOutline
) -> HttpResponse:
    """The parts of the page that tell progress, or the page again."""
    if not wants_fragment(request):
        return redirect(f"{lesson_url(course, step)}#lesson-bar")
    now = next(each for each in outline.steps if each.progress_key == step.progress_key)
    context = {**around(course, now, outline), "acted": True}
    return render(request, "enrollment/_progress.html", context)


@require_POST
def lesson_visit(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    """Sent by the page a moment after it is opened, so that reading itself writes nothing."""
    course, step = load_step(request, slug, module, lesson)
    services.visit_lesson(course, step, at=timezone.now())
    return HttpResponse(status=204)


@require_safe
@vary_on_headers("HX-Request")
def compare(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    course, step = load_step(request, slug, module, lesson)
    other = request.GET.get("with", "")
    context = {
        "course": course,
        "enrollment": course.enrollment,
        "step": step,
        "place": place_of(course.plan, step),
        "comparison": compare_countries(course, step, other=other, on=timezone.localdate()),
        "in_lesson": request.GET.get("in") == "lesson",
    }
    template = "_compare.html" if wants_fragment(request) else "compare.html"
    return render(request, f"enrollment/{template}", context)


# --- Language and country --------------------------------------------------------------------------------------------


@require_POST
def set_language(request: SignedInRequest, slug: str) -> HttpResponse:
    course = load_course(request, slug)
    try:
        services.set_language(course.enrollment, request.POST.get("language", ""), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, where(request, course))
    return redirect(where(request, course))


@require_POST
def set_country(request: SignedInRequest, slug: str) -> HttpResponse:
    course = load_course(request, slug)
    try:
        services.set_country(course.enrollment, request.POST.get("country", ""), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, where(request, course))
    return redirect(where(request, load_course(request, slug)))


def where(request: SignedInRequest, course: LearnerCourse) -> str:
    """The lesson that the form came from; the next step where the other country has no such lesson."""
    step = step_at(course, request.POST.get("next", ""))
    return lesson_url(course, step) if step else reverse("learn", args=[course.enrollment.course.slug])


def step_at(course: LearnerCourse, address: str) -> Step | None:
    """The step of this course whose page has that address, or which that page belongs to (a quiz being answered)."""
    try:
        place = resolve(urlsplit(address).path).kwargs
    except (Resolver404, ValueError):
        return None
    if place.get("slug") != course.enrollment.course.slug:
        return None
    return course.plan.find(place.get("module", ""), place.get("lesson", ""))
