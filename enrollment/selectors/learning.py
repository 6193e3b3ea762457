"""A learner's course in two queries, whatever its length: pins with their outlines, and progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import JSONField, OuterRef, QuerySet, Subquery

from courses.models import Edition
from lms.accounts.models import User

from ..models import Enrollment, LayerPin, LessonProgress, Pin
from ..outline import CourseOutline, Step, build_outline

# What no learner's page shows of a course, module or revision, and what would only be carried along.
UNREAD = (
    "enrollment__course__search",
    "enrollment__course__summary",
    "enrollment__course__outcomes",
    "enrollment__course__audience",
    "module__summary",
    "core_revision__change_note",
)


@dataclass(frozen=True)
class LearnerCourse:
    """An enrolment with its pins, ordered as in the course. Progress is read when the outline is first asked for."""

    enrollment: Enrollment
    pins: tuple[Pin, ...]

    @cached_property
    def plan(self) -> CourseOutline:
        """What there is to do, without asking what is done: acts read progress under their own lock."""
        return outline_of(self.enrollment, self.pins, ())

    @cached_property
    def outline(self) -> CourseOutline:
        return outline_of(self.enrollment, self.pins)

    @property
    def next_step(self) -> Step | None:
        return self.outline.next_step(self.enrollment.last_module_id, self.enrollment.last_lesson_key)

    def pin_of(self, module_id: int) -> Pin:
        return next(pin for pin in self.pins if pin.module_id == module_id)

    def is_at(self, step: Step) -> bool:
        """The step is the place that the resume card leads to."""
        here = (self.enrollment.last_module_id, self.enrollment.last_lesson_key)
        return here == (step.module_id, step.key)


def pins_with_outlines() -> QuerySet[Pin]:
    """Pins, each with the enrolment, course, core, and the outlines of its translation and its country's layer."""
    translation = Edition.objects.filter(
        module=OuterRef("module"), kind=Edition.Kind.TRANSLATION, language=OuterRef("enrollment__language")
    ).order_by()
    layer = LayerPin.objects.filter(pin=OuterRef("pk"), country=OuterRef("enrollment__country"))
    pins = Pin.objects.select_related("enrollment__course", "module", "core_revision").defer(*UNREAD)
    beside = {
        "translation_outline": Subquery(translation.values("current__outline")[:1], output_field=JSONField()),
        "translation_revision_id": Subquery(translation.values("current")[:1]),
        "layer_outline": Subquery(layer.values("layer_revision__outline")[:1], output_field=JSONField()),
        "layer_number": Subquery(layer.values("layer_revision__number")[:1]),
        "layer_revision_id": Subquery(layer.values("layer_revision")[:1]),
        "layer_language": Subquery(layer.values("layer_revision__meta__source_language")[:1]),
    }
    return pins.annotate(**beside)


def progress_of(enrollment: Enrollment) -> QuerySet[LessonProgress]:
    return LessonProgress.objects.filter(enrollment=enrollment)


def outline_of(
    enrollment: Enrollment, pins: Iterable[Pin], progress: Iterable[LessonProgress] | None = None
) -> CourseOutline:
    """The course as this enrolment reads it; `progress` where the caller has the rows already."""
    rows = progress_of(enrollment) if progress is None else progress
    return build_outline(pins, rows, language=enrollment.language, country=enrollment.country)


def learner_course(user: User, slug: str) -> LearnerCourse | None:
    """The user's enrolment in a course: the open one, else the newest; None where there is none.

    A course that the learner left is not there until they enrol again. One query.
    """
    return newest_of(user, Enrollment.objects.visible_to(user).open().filter(course__slug=slug))


def own_course(user: User, enrollment_id: int) -> LearnerCourse | None:
    """One enrolment of the user's, whether it is open or was left. One query."""
    return newest_of(user, Enrollment.objects.visible_to(user).filter(pk=enrollment_id))


def newest_of(user: User, enrollments: QuerySet[Enrollment]) -> LearnerCourse | None:
    pins = list(
        pins_with_outlines().filter(enrollment__in=enrollments).order_by("-enrollment__cycle", "position")
    )
    if not pins:
        return None
    enrollment = pins[0].enrollment
    enrollment.learner = user
    return LearnerCourse(enrollment, tuple(pin for pin in pins if pin.enrollment_id == enrollment.pk))
