"""Finding a learner's own course and lesson."""

from django.http import Http404
from django.urls import reverse

from lms.accounts.signed_in import SignedInRequest
from lms.lib.refusals import refusals_at

from ..outline import CourseOutline, Step
from ..selectors import LearnerCourse, learner_course


def load_course(request: SignedInRequest, slug: str) -> LearnerCourse:
    """The learner's own enrolment. A course they are not in is not there (404)."""
    course = learner_course(request.user, slug)
    if course is None:
        raise Http404
    return course


def load_step(request: SignedInRequest, slug: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
    course = load_course(request, slug)
    return course, step_in(course.plan, module, lesson)


def step_in(outline: CourseOutline, module: str, lesson: str) -> Step:
    """A lesson of the course. One that it does not have is not there (404)."""
    step = outline.find(module, lesson)
    if step is None:
        raise Http404
    return step


def lesson_url(course: LearnerCourse, step: Step, name: str = "lesson") -> str:
    return reverse(name, args=[course.enrollment.course.slug, step.module_key, step.key])


# For acts on a lesson.
refusals_at_lesson = refusals_at("lesson", "slug", "module", "lesson")
