"""Learners whom the Academy has no basis to follow, however near they once were, in two sets of personal values.

Whatever an answer says of them, in a name, a number, a count or an order, differs between the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from enrollment.models import Assignment, Enrollment, QuizAttempt
from enrollment.services import complete_lesson, withdraw
from enrollment.services.following import end_assignment
from lms.accounts.models import Membership, User
from tests.conftest import person
from tests.enrollment.builders import opened, start, step_of, take
from tests.enrollment.people_builders import follow

from .rules import Role
from .world import Target, World

KINDS = ("alone", "left", "ended", "withdrew")
MARK = "without-basis"


@dataclass(frozen=True)
class Values:
    """One set. Everything that is kept of a person and of how far they are."""

    name: str
    country: str
    language: str
    number: int
    score: float
    day: date

    @property
    def moment(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


BEFORE = Values(f"{MARK} Aaaa", "IS", "sv", 1, 61.73, date(1987, 3, 17))
AFTER = Values(f"{MARK} Zzzz", "LV", "fi", 31_337, 93.41, date(2031, 10, 2))


def add_strangers(world: World) -> dict[str, Enrollment]:
    """By kind: taken alone; left the Academy by a date; no longer followed; left the course."""
    return {kind: add_stranger(world, kind) for kind in KINDS}


def add_stranger(world: World, kind: str) -> Enrollment:
    user = person(f"{MARK}-{kind}", country=BEFORE.country)
    course, academy = world.learning.courses[Role.LEARNER], world.organisations["academy"]
    coordinator = world.user(Role.COORDINATOR)
    if kind == "alone":
        enrollment = start(user, course).enrollment
    else:
        assignment = follow(user, course, academy, by=coordinator, at=world.at)
        enrollment = assignment.enrollment
    learning = opened(user, course)
    complete_lesson(learning, step_of(learning, "one"), at=world.at)
    take(learning, passing=False, at=world.at)
    if kind == "left":
        yesterday = world.at.date() - timedelta(days=1)
        Membership.objects.filter(user=user).update(ends_on=yesterday)
    if kind == "ended":
        end_assignment(assignment, by=coordinator, at=world.at)
    if kind == "withdrew":
        withdraw(enrollment, by=user, at=world.at)
    return enrollment


def give(strangers: dict[str, Enrollment], values: Values) -> None:
    """Put these values wherever something personal is kept."""
    for kind, enrollment in strangers.items():
        who = {"enrollment": enrollment.pk}
        User.objects.filter(pk=enrollment.learner_id).update(
            full_name=f"{values.name} {kind}",
            email=f"{values.name.split()[-1].lower()}-{MARK}-{kind}@example.org",
            name_confirmed_on=values.day,
            country=values.country,
            language=values.language,
            sector=values.name,
            occupation=values.name,
            date_joined=values.moment,
        )
        Enrollment.objects.filter(pk=enrollment.pk).update(
            country=values.country,
            language=values.language,
            enrolled_at=values.moment,
            due_on=values.day,
            lessons_done=values.number,
            minutes_left=values.number,
            last_active_at=values.moment,
            last_lesson_key=values.name,
        )
        Assignment.objects.filter(**who).update(due_on=values.day, created_at=values.moment)
        QuizAttempt.objects.filter(**who).update(answers={"typed": values.name}, started_at=values.moment)
        enrollment.progress.update(score=values.score, completed_at=values.moment)


def targets(strangers: dict[str, Enrollment], names: tuple[str, ...]) -> Iterator[tuple[str, Target]]:
    """The strangers' own things, asked for by whoever guesses their numbers."""
    for kind, enrollment in strangers.items():
        place: dict[str, Any] = {"organisation": "lakemedelsakademin", "enrollment": enrollment.pk}
        known = {"organisation", "enrollment"} if "enrollment" in names else {"pk"}
        if set(names) == known:
            yield kind, Target(place if "enrollment" in names else {"pk": enrollment.pk})
