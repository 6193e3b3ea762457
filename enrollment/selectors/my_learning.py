"""Where a learner stands: the one next step, and all their courses. Three queries for any number of courses."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, QuerySet
from django.utils.translation import get_language

from courses.selectors.words import Words, said
from lms.accounts.models import User
from lms.lib.places import country_name, language_name
from lms.lib.prepared import Prepared, Slot

from ..models import Enrollment
from ..outline import Step
from .learning import LearnerCourse, open_offers, own_course
from .news import is_anything_withdrawn_or_to_retake, reads_withdrawn, retake_by, retake_dates

SOON = timedelta(days=14)


@dataclass(frozen=True)
class CourseCard:
    """A course of the learner's. All figures are the enrolment's counters, which `recount` alone writes."""

    enrollment: Enrollment
    title: Words
    on: date

    @property
    def is_due_soon(self) -> bool:
        due = self.enrollment.due_on
        return due is not None and self.on <= due <= self.on + SOON

    @property
    def is_late(self) -> bool:
        return self.enrollment.due_on is not None and self.enrollment.due_on < self.on

    @property
    def opens_later(self) -> bool:
        return self.enrollment.opens_on is not None and self.enrollment.opens_on > self.on

    @property
    def has_ended(self) -> bool:
        return self.enrollment.access_until is not None and self.enrollment.access_until < self.on

    @property
    def awaits_certificate(self) -> bool:
        """Completed, and no certificate stands for it: one that is reserved or issued locks the enrolment."""
        return self.enrollment.is_complete and self.enrollment.locked_at is None

    @property
    def has_offers(self) -> bool:
        """A newer version of a module waits for the learner's answer."""
        under_way = not self.enrollment.is_complete and self.enrollment.withdrawn_at is None
        return under_way and bool(getattr(self.enrollment, "has_offer", False))

    @property
    def has_withdrawn(self) -> bool:
        """Something of it was withdrawn since the learner began."""
        under_way = not self.enrollment.is_complete and self.enrollment.withdrawn_at is None
        return under_way and bool(getattr(self.enrollment, "has_withdrawn", False))

    @property
    def retake_by(self) -> date | None:
        """The day by which a newer version should be taken, completed or not."""
        return retake_by(vars(self.enrollment))

    @property
    def can_go_on(self) -> bool:
        return not self.opens_later and not self.has_ended


@dataclass(frozen=True)
class Resume:
    """The one card on top: which step is next, in which course, and what is left of it."""

    card: CourseCard
    step: Step
    module: Words
    position: int
    lessons: int
    country: str
    language: str


@dataclass(frozen=True)
class MyLearning:
    resume: Resume | None
    open: tuple[CourseCard, ...]
    completed: tuple[CourseCard, ...]
    left: tuple[CourseCard, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing under way and nothing achieved: a course that was left is neither."""
        return not (self.resume or self.open or self.completed)


def courses_of_learner() -> QuerySet[Enrollment]:
    mine = Enrollment.objects.filter(learner=Slot("learner")).select_related("course").defer("course__search")
    return mine.annotate(has_offer=Exists(open_offers("pk", "country")))


MINE = Prepared(courses_of_learner)
# Three questions more of every course, each over five tables: asked only where they can concern somebody.
MINE_WITH_NEWS = Prepared(
    lambda: courses_of_learner().annotate(
        has_withdrawn=reads_withdrawn("pk", "country"), **retake_dates("pk", "country")
    )
)


def my_learning(user: User, *, on: date) -> MyLearning:
    """The course worked on last comes first, then what is due first. The resumed course is not listed again."""
    language = get_language() or "en"
    mine = MINE_WITH_NEWS if is_anything_withdrawn_or_to_retake() else MINE
    cards = [CourseCard(row, said(row.course.title, language), on) for row in mine(learner=user.pk)]
    current = [card for card in cards if not card.enrollment.withdrawn_at]
    unfinished = sorted((card for card in current if not card.enrollment.is_complete), key=urgency)
    resume = resume_of(user, unfinished)
    return MyLearning(
        resume=resume,
        open=tuple(card for card in unfinished if resume is None or card is not resume.card),
        completed=tuple(card for card in current if card.enrollment.is_complete),
        left=tuple(card for card in cards if card.enrollment.withdrawn_at),
    )


def urgency(card: CourseCard) -> tuple[bool, float, date]:
    """Sorts the course that was worked on last to the front, then by due date."""
    active = card.enrollment.last_active_at
    return active is None, -active.timestamp() if active else 0.0, card.enrollment.due_on or date.max


def resume_of(user: User, unfinished: list[CourseCard]) -> Resume | None:
    """The first course that can be gone on with, at its exact next step. Two queries."""
    card = next((card for card in unfinished if card.can_go_on), None)
    if card is None:
        return None
    course = own_course(user, card.enrollment.pk)
    step = course.next_step if course else None
    return resume_at(card, course, step) if course and step else None


def resume_at(card: CourseCard, course: LearnerCourse, step: Step) -> Resume:
    module = course.outline.module_of(step)
    reading = get_language() or "en"
    return Resume(
        card=card,
        step=step,
        module=Words(module.title, module.language, is_fallback=module.language != reading),
        position=course.outline.position(step),
        lessons=len(module.steps),
        country=country_name(course.enrollment.country),
        language=language_name(course.enrollment.language),
    )
