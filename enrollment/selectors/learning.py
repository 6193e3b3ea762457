"""A learner's course in two queries, whatever its length: pins with their outlines, and progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from courses.models import Edition, Revision
from lms.accounts.models import User
from lms.lib.prepared import Prepared, Slot

from ..models import Enrollment, LessonProgress, Offer, Pin
from ..outline import CourseOutline, Step, build_outline

# What learning shows nowhere of a course, module and revision: with every pin it would be read and converted again.
UNREAD = {
    "enrollment__course": (
        "search",
        "summary",
        "outcomes",
        "audience",
        "hours",
        "created_at",
        "published_at",
        "closed_at",
    ),
    "module": ("subject", "title", "summary", "hours"),
    "core_revision": (
        "meta",
        "outline",
        "change_class",
        "change_note",
        "content_hash",
        "lacks_local_review",
        "version",
        "created_at",
        "submitted_at",
        "published_at",
        "effective_on",
        "withdraw_on",
        "withdrawn_at",
        "withdrawal_reason",
        "successor",
        "retake_by",
    ),
}


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
    def has_offers(self) -> bool:
        """Something newer waits for the learner's answer. What is completed stays as it was."""
        return not self.enrollment.is_complete and any(pin.has_offer for pin in self.pins)

    @property
    def has_withdrawn(self) -> bool:
        """Something that is read here was withdrawn since. What is completed stays as it was."""
        gone = Revision.Status.WITHDRAWN
        read = ((pin.core_revision.status, pin.layer_status) for pin in self.pins)
        return not self.enrollment.is_complete and any(gone in states for states in read)

    @property
    def next_step(self) -> Step | None:
        return self.outline.next_step(self.enrollment.last_module_id, self.enrollment.last_lesson_key)

    def pin_of(self, module_id: int) -> Pin:
        return next(pin for pin in self.pins if pin.module_id == module_id)

    def is_at(self, step: Step) -> bool:
        """The step is the place that the resume card leads to."""
        here = (self.enrollment.last_module_id, self.enrollment.last_lesson_key)
        return here == (step.module_id, step.key)


def open_offers(enrollment: str, country: str) -> QuerySet[Offer]:
    """Those not answered, of the core and of the country learnt for; both said as paths of the outer query."""
    here = Q(country="") | Q(country=OuterRef(country))
    return Offer.objects.filter(here, pin__enrollment=OuterRef(enrollment), answered_at=None)


def as_stored(path: str) -> Cast:
    """JSON as text: whoever knows the text already need not read it again."""
    return Cast(path, TextField())


def pins_with_outlines() -> QuerySet[Pin]:
    """Pins, each with the enrolment, course, core, and the outlines of its translation and its country's layer."""
    # Two joins: as subqueries, one for each value, they took the ORM longer to write than the database to answer.
    translation = Q(
        module__editions__kind=Edition.Kind.TRANSLATION, module__editions__language=F("enrollment__language")
    )
    unread = [f"{path}__{name}" for path, names in UNREAD.items() for name in names]
    joined = (
        Pin.objects.select_related(*UNREAD)
        .defer(*unread)
        .annotate(
            translation=FilteredRelation("module__editions", condition=translation),
            layer=FilteredRelation("layers", condition=Q(layers__country=F("enrollment__country"))),
        )
    )
    beside = {
        "core_meta": as_stored("core_revision__meta"),
        "core_outline": as_stored("core_revision__outline"),
        "translation_outline": as_stored("translation__current__outline"),
        "translation_revision_id": F("translation__current_id"),
        "layer_outline": as_stored("layer__layer_revision__outline"),
        "layer_number": F("layer__layer_revision__number"),
        "layer_revision_id": F("layer__layer_revision_id"),
        "layer_status": F("layer__layer_revision__status"),
        "layer_language": F("layer__layer_revision__meta__source_language"),
        "layer_lacks_local_review": F("layer__layer_revision__lacks_local_review"),
        "has_offer": Exists(open_offers("enrollment", "enrollment__country").filter(pin=OuterRef("pk"))),
    }
    return joined.annotate(**beside)


PROGRESS = Prepared(lambda: LessonProgress.objects.filter(enrollment=Slot("enrollment")))


def progress_of(enrollment: Enrollment) -> list[LessonProgress]:
    return PROGRESS(enrollment=enrollment.pk)


def outline_of(
    enrollment: Enrollment, pins: Iterable[Pin], progress: Iterable[LessonProgress] | None = None
) -> CourseOutline:
    """The course as this enrolment reads it; `progress` where the caller has the rows already."""
    rows = progress_of(enrollment) if progress is None else progress
    return build_outline(pins, rows, language=enrollment.language, country=enrollment.country)


def pins_of_learner(which: Q) -> QuerySet[Pin]:
    """As `Enrollment.objects.visible_to`, said of the pin: with a subquery for it PostgreSQL finds no good plan."""
    mine = pins_with_outlines().filter(which, enrollment__learner=Slot("learner"))
    return mine.order_by("-enrollment__cycle", "position")


IN_COURSE = Prepared(
    lambda: pins_of_learner(Q(enrollment__course__slug=Slot("slug"), enrollment__withdrawn_at=None))
)
IN_ENROLLMENT = Prepared(lambda: pins_of_learner(Q(enrollment=Slot("enrollment"))))


def learner_course(user: User, slug: str) -> LearnerCourse | None:
    """The user's enrolment in a course: the open one, else the newest; None where there is none.

    A course that the learner left is not there until they enrol again. One query.
    """
    return newest(IN_COURSE(learner=user.pk, slug=slug), user)


def own_course(user: User, enrollment_id: int) -> LearnerCourse | None:
    """One enrolment of the user's, whether it is open or was left. One query."""
    return newest(IN_ENROLLMENT(learner=user.pk, enrollment=enrollment_id), user)


def newest(pins: list[Pin], user: User) -> LearnerCourse | None:
    if not pins:
        return None
    enrollment = pins[0].enrollment
    enrollment.learner = user
    return LearnerCourse(enrollment, tuple(pin for pin in pins if pin.enrollment_id == enrollment.pk))
