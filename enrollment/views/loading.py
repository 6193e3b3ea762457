"""Finding a learner's own course and lesson, and answering what a service refuses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lms.accounts.signed_in import SignedInRequest
from lms.lib.errors import DomainError
from lms.lib.fragments import wants_fragment

from ..outline import Step
from ..selectors import LearnerCourse, learner_course

View = Callable[..., HttpResponse]


def load_course(request: SignedInRequest, slug: str) -> LearnerCourse:
    """The learner's own enrolment. A course they are not in is not there (404)."""
    course = learner_course(request.user, slug)
    if course is None:
        raise Http404
    return course


def load_step(request: SignedInRequest, slug: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
    course = load_course(request, slug)
    step = course.plan.find(module, lesson)
    if step is None:
        raise Http404
    return course, step


def lesson_url(course: LearnerCourse, step: Step, name: str = "lesson") -> str:
    return reverse(name, args=[course.enrollment.course.slug, step.module_key, step.key])


def back_with(refusal: DomainError) -> Callable[[SignedInRequest, str], HttpResponse]:
    """The answer to an act that was refused: the reason, on the page the learner came from."""

    def answer(request: SignedInRequest, url: str) -> HttpResponse:
        messages.error(request, str(refusal.message))
        if not wants_fragment(request):
            return redirect(url)
        response = render(request, "_messages.html", {"oob": True})
        response["HX-Reswap"] = "none"
        return response

    return answer


def refusals_at_lesson(view: View) -> View:
    """For acts on a lesson: what the service refuses is said on that lesson's page."""

    @wraps(view)
    def guarded(request: SignedInRequest, slug: str, module: str, lesson: str, **more: Any) -> HttpResponse:
        try:
            return view(request, slug, module, lesson, **more)
        except DomainError as refusal:
            return back_with(refusal)(request, reverse("lesson", args=[slug, module, lesson]))

    return guarded
