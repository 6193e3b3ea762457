"""Quizzes: intro, questions, result. Which answers are right leaves the server with the result only."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from courses.questions import MalformedAnswer
from courses.selectors.words import said
from lms.accounts.signed_in import SignedInRequest
from lms.lib.fragments import wants_fragment

from .. import services
from ..errors import Unanswered
from ..forms.learning import AnswerSheet, answer_sheet, posted_answers
from ..models import QuizAttempt
from ..outline import Step
from ..selectors import LearnerCourse, attempts_of, next_attempt_at
from ..selectors.lesson_page import place_of, switches
from ..selectors.quiz_result import result_of
from .loading import lesson_url, load_step, refusals_at_lesson


def quiz_page(request: SignedInRequest, course: LearnerCourse, step: Step) -> HttpResponse:
    """The quiz as a lesson of its course: what to expect, and what was tried so far."""
    attempts = list(attempts_of(course.enrollment, step))
    opens_at = next_attempt_at(attempts, step)
    context = {
        **about(course, step),
        "enrollment": course.enrollment,
        "at_place": course.is_at(step),
        "outline": course.outline,
        "switches": switches(course),
        "attempts": attempts[::-1],
        "open_attempt": attempts[-1] if attempts and attempts[-1].submitted_at is None else None,
        "opens_at": opens_at if opens_at and opens_at > timezone.now() else None,
    }
    return render(request, "enrollment/quiz.html", context)


def about(course: LearnerCourse, step: Step) -> dict[str, Any]:
    title = said(course.enrollment.course.title, get_language() or "en")
    return {"course": course, "course_title": title, "step": step, "place": place_of(course.plan, step)}


def load_quiz(request: SignedInRequest, slug: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
    course, step = load_step(request, slug, module, lesson)
    if not step.is_quiz:
        raise Http404
    return course, step


@require_POST
@refusals_at_lesson
def quiz_start(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    course, step = load_quiz(request, slug, module, lesson)
    services.start_attempt(course, step, at=timezone.now())
    return redirect(lesson_url(course, step, "quiz_attempt"))


@require_safe
@never_cache
def quiz_attempt(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    """The open attempt; without one, the page that offers to start it."""
    course, step = load_quiz(request, slug, module, lesson)
    attempt = open_attempt(course, step)
    if attempt is None:
        return redirect(lesson_url(course, step))
    return attempt_page(request, course, step, answer_sheet(attempt))


def open_attempt(course: LearnerCourse, step: Step) -> QuizAttempt | None:
    return attempts_of(course.enrollment, step).filter(submitted_at=None).first()


def attempt_page(
    request: SignedInRequest, course: LearnerCourse, step: Step, sheet: AnswerSheet, status: int = 200
) -> HttpResponse:
    context = {**about(course, step), "sheet": sheet, "attempt": sheet.attempt}
    return render(request, "enrollment/quiz_attempt.html", context, status=status)


@require_POST
@refusals_at_lesson
def quiz_answers(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    """Autosave: one question at its change (`question` says which), or all of them."""
    course, step = load_quiz(request, slug, module, lesson)
    attempt = open_attempt(course, step)
    if attempt is None:
        # Handed in from another window: the whole page goes to the result, not a fragment of it.
        result = lesson_url(course, step, "quiz_result")
        return HttpResponseClientRedirect(result) if wants_fragment(request) else redirect(result)
    saved = services.save_answers(attempt, read_answers(request, attempt))
    if wants_fragment(request):
        return render(request, "enrollment/_saved.html", {"saved_at": timezone.now(), "attempt": saved})
    return redirect(lesson_url(course, step, "quiz_attempt"))


def read_answers(request: SignedInRequest, attempt: QuizAttempt) -> dict[str, list[str]]:
    try:
        return posted_answers(attempt, request.POST)
    except MalformedAnswer as error:
        raise BadRequest(str(error.message)) from error


@require_POST
@refusals_at_lesson
def quiz_submit(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    """Hand in. What is missing or unreadable brings the page back with everything that was chosen."""
    course, step = load_quiz(request, slug, module, lesson)
    try:
        services.submit_attempt(
            course, step, lambda attempt: read_answers(request, attempt), at=timezone.now()
        )
    except (Unanswered, MalformedAnswer):
        attempt = open_attempt(course, step)
        if attempt is None:
            raise
        return attempt_page(request, course, step, answer_sheet(attempt, checked=True), status=422)
    return redirect(lesson_url(course, step, "quiz_result"))


@require_safe
@never_cache
def quiz_result(request: SignedInRequest, slug: str, module: str, lesson: str) -> HttpResponse:
    """The newest attempt that was handed in, question by question."""
    course, step = load_quiz(request, slug, module, lesson)
    handed_in = attempts_of(course.enrollment, step).exclude(submitted_at=None)
    attempt = handed_in.order_by("-number").first()
    if attempt is None:
        return redirect(lesson_url(course, step))
    context = {**about(course, step), "enrollment": course.enrollment, "result": result_of(attempt)}
    return render(request, "enrollment/quiz_result.html", context)
