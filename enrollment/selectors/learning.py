"""A learner's course in two queries, whatever its length: pins with their outlines, and progress."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import JSONField, OuterRef, QuerySet, Subquery

from courses.models import Edition
from lms.accounts.models import User

from ..models import Enrollment, LayerPin, LessonProgress, Pin
from ..outline import CourseOutline, build_outline


@dataclass(frozen=True)
class LearnerCourse:
    """An enrolment with its pins and outline. `pins` are ordered as in the course."""

    enrollment: Enrollment
    pins: tuple[Pin, ...]
    outline: CourseOutline

    def pin_of(self, module_id: int) -> Pin:
        return next(pin for pin in self.pins if pin.module_id == module_id)


def pins_with_outlines() -> QuerySet[Pin]:
    """Pins, each with the enrolment, course, core, and the outlines of its translation and its country's layer."""
    translation = Edition.objects.filter(
        module=OuterRef("module"), kind=Edition.Kind.TRANSLATION, language=OuterRef("enrollment__language")
    )
    layer = LayerPin.objects.filter(pin=OuterRef("pk"), country=OuterRef("enrollment__country"))
    return Pin.objects.select_related("enrollment__course", "module", "core_revision").annotate(
        translation_outline=Subquery(translation.values("current__outline")[:1], output_field=JSONField()),
        layer_outline=Subquery(layer.values("layer_revision__outline")[:1], output_field=JSONField()),
        layer_number=Subquery(layer.values("layer_revision__number")[:1]),
        layer_revision_id=Subquery(layer.values("layer_revision")[:1]),
    )


def progress_of(enrollment: Enrollment) -> QuerySet[LessonProgress]:
    return LessonProgress.objects.filter(enrollment=enrollment)


def outline_of(
    enrollment: Enrollment, pins: Iterable[Pin], progress: Iterable[LessonProgress] | None = None
) -> CourseOutline:
    rows = progress_of(enrollment) if progress is None else progress
    return build_outline(pins, rows, language=enrollment.language, country=enrollment.country)


def learner_course(user: User, slug: str) -> LearnerCourse | None:
    """The user's enrolment in a course: the open one, else the newest; None where there is none.

    A course that the learner left is not there until they enrol again.
    """
    pins = list(
        pins_with_outlines()
        .filter(enrollment__in=Enrollment.objects.visible_to(user).open(), enrollment__course__slug=slug)
        .order_by("-enrollment__cycle", "position")
    )
    if not pins:
        return None
    enrollment = pins[0].enrollment
    mine = tuple(pin for pin in pins if pin.enrollment_id == enrollment.pk)
    enrollment.learner = user
    return LearnerCourse(enrollment, mine, outline_of(enrollment, mine))
