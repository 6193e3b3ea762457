"""Finding a learner's own course and lesson, and answering what a service refuses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from lms.accounts.models import User
from lms.lib.errors import DomainError

from ..outline import Step
from ..selectors import LearnerCourse, learner_course


class LearnerRequest(HttpRequest):
    """A request of somebody signed in: the middleware lets nobody else this far."""

    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponse]


def load_course(request: LearnerRequest, slug: str) -> LearnerCourse:
    """The learner's own enrolment. A course they are not in is not there (404)."""
    course = learner_course(request.user, slug)
    if course is None:
        raise Http404
    return course


def load_step(request: LearnerRequest, slug: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
    course = load_course(request, slug)
    step = course.plan.find(module, lesson)
    if step is None:
        raise Http404
    return course, step


def lesson_url(course: LearnerCourse, step: Step, name: str = "lesson") -> str:
    return reverse(name, args=[course.enrollment.course.slug, step.module_key, step.key])


def wants_fragment(request: LearnerRequest) -> bool:
    """htmx asks for a part; going back in history with htmx needs the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def back_with(refusal: DomainError) -> Callable[[LearnerRequest, str], HttpResponse]:
    """The answer to an act that was refused: the reason, on the page the learner came from."""

    def answer(request: LearnerRequest, url: str) -> HttpResponse:
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
    def guarded(request: LearnerRequest, slug: str, module: str, lesson: str, **more: Any) -> HttpResponse:
        try:
            return view(request, slug, module, lesson, **more)
        except DomainError as refusal:
            return back_with(refusal)(request, reverse("lesson", args=[slug, module, lesson]))

    return guarded
