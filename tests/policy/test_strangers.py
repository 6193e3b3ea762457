"""The field matrix: no answer depends on anything personal of a learner whom the asker has no basis to follow.

Every address is asked twice, with one set of values and with another; the two answers are the same to the letter. So a
name is found, but also a country, a score, a date, a count, a place in an order.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from enrollment.models import Enrollment
from enrollment.models.enrolments import AssignmentQuerySet

from .database import rolled_back
from .lines import HOUSE
from .routes import Endpoint
from .rules import Role
from .strangers import AFTER, BEFORE, MARK, add_strangers, give, targets
from .targets import targets_of
from .walking import Answer, Walker
from .world import Target

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

# Never twice the same: when it expires, and secrets drawn anew on pages that tell of nobody but oneself.
RANDOM = (".well-known/security.txt", "accounts/")
READS = [line for line in HOUSE if line.method == "GET" and not line.route.startswith(RANDOM)]
Strangers = dict[str, Enrollment]
# Administrators answer for everybody. One of each other kind, and both coordinators.
ASKING = (
    Role.ANONYMOUS,
    Role.OTHER_LEARNER,
    Role.AUTHOR,
    Role.OTHER_PUBLISHER,
    Role.COORDINATOR,
    Role.OTHER_COORDINATOR,
)
# What the house had when this was written.
CELLS = 280


@pytest.fixture
def strangers(world) -> Iterator[Strangers]:
    with rolled_back():
        yield add_strangers(world)


Cell = tuple[Endpoint, str, Target]


@pytest.fixture(autouse=True)
def one_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try-out draws and shuffles anew each time, which says nothing of anybody."""
    monkeypatch.setattr("courses.views.studio.questions.SEEDS", 1)


def cells(walker: Walker, strangers: Strangers) -> list[Cell]:
    return [
        (line, label, target)
        for line in READS
        for label, target in {
            **targets_of(line.route, walker.world),
            **dict(targets(strangers, line.names)),
        }.items()
    ]


def answers(walker: Walker, role: Role, asked: list[Cell]) -> Iterator[Answer]:
    for line, _label, target in asked:
        cache.clear()  # or the rate limits would answer
        yield walker.ask(line, role, target)


def dependent(walker: Walker, role: Role, strangers: Strangers) -> list[tuple[str, str]]:
    """The cells whose answers say something of the strangers."""
    asked = cells(walker, strangers)
    assert len(asked) >= CELLS
    give(strangers, BEFORE)
    before = list(answers(walker, role, asked))
    give(strangers, AFTER)
    after = list(answers(walker, role, asked))
    return [
        (line.key, label)
        for (line, label, _target), old, new in zip(asked, before, after, strict=True)
        if said(old) != said(new) or MARK in new.text
    ]


def said(answer: Answer) -> object:
    return answer.for_a_stranger(Target({}))


@pytest.mark.parametrize("role", ASKING)
def test_nothing_personal_reaches_whoever_has_no_basis(walker, strangers, role):
    assert dependent(walker, role, strangers) == []


@pytest.mark.parametrize(
    "seeing",
    [
        lambda rows, on: rows.filter(ended_at=None, enrollment__withdrawn_at=None),
        lambda rows, on: rows,
    ],
    ids=["who left the organisation", "whoever was ever followed"],
)
def test_without_the_view_by_dates_it_would(walker, strangers, monkeypatch, seeing):
    monkeypatch.setattr(AssignmentQuerySet, "in_view", seeing)
    keys = {key for key, _label in dependent(walker, Role.COORDINATOR, strangers)}
    listed = "GET people/<slug:organisation>/"
    assert {listed, f"{listed}learners.csv", f"{listed}<int:enrollment>/"} <= keys
