"""Lists answer what they offer to be asked, and nothing else: no oracle through a filter, an order or an expansion."""

import re
from collections.abc import Iterator
from dataclasses import replace

import django_filters
import pytest

from enrollment.api.filters import EnrollmentFilter
from enrollment.models import Enrollment
from lms.accounts.models import User

from .lines import HOUSE
from .routes import Endpoint
from .rules import Outcome, Role
from .targets import targets_of
from .walking import Walker
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

LISTS = [
    line
    for line in HOUSE
    if line.method == "GET"
    and (line.route.startswith(("people/<slug:organisation>/", "courses/", "studio/")) or line.is_api)
    and set(line.names) <= {"organisation", "key"}
]
ASKING = {
    "people/": Role.COORDINATOR,
    "studio/": Role.AUTHOR,
    "api/v1/": Role.LEARNER,
    "courses/": Role.ANONYMOUS,
}
PATHS = (
    "",
    "learner__",
    "enrollment__learner__",
    "assignments__organisation__",
    "owner__memberships__user__",
)
EXPANSIONS = "include=learner&expand=learner&fields=*&embed=learner&depth=9"


def probes() -> Iterator[str]:
    """Every field of a person and an enrolment by every way that a model could be reached, as filter and as order."""
    fields = [field.name for model in (User, Enrollment) for field in model._meta.concrete_fields]
    offered = {"course", "country", "language"}  # filters of lists of courses and of one's own
    for path in PATHS:
        names = [f"{path}{field}" for field in dict.fromkeys(fields) if path or field not in offered]
        yield "&".join(f"{name}=1" for name in names)
        yield "&".join(f"{name}__startswith=c" for name in names)
    yield EXPANSIONS


def orders() -> Iterator[str]:
    return (
        f"ordering={path}{field}" for path in PATHS for field in ("password", "email", "-last_login", "score")
    )


def oracles(world: World, line: Endpoint) -> list[str]:
    """The queries that an answer depends on, and does not refuse."""
    walker = Walker(world)
    role = next(role for start, role in ASKING.items() if line.route.startswith(start))
    target = next(iter(targets_of(line.route, world).values()))
    plain = rows_of(walker.ask(line, role, target).text)
    found = []
    for query in [*probes(), *orders()]:
        answer = walker.ask(replace(line, route=f"{line.route}?{query}"), role, target)
        if answer.outcome is not Outcome.REFUSED and rows_of(answer.text) != plain:
            found.append(query[:80])
    return found


@pytest.mark.parametrize("line", LISTS, ids=lambda line: line.key)
def test_what_is_not_offered_changes_nothing_or_is_refused(world, line):
    assert oracles(world, line) == []


def test_a_filter_by_a_learners_address_would_be_seen(world, monkeypatch):
    planted = django_filters.CharFilter(field_name="learner__email")
    monkeypatch.setitem(EnrollmentFilter.base_filters, "learner__email", planted)
    assert oracles(world, Endpoint("GET", "api/v1/enrollments/")) != []


def rows_of(text: str) -> list[str]:
    """Which people and things an answer names, in their order. Its links repeat what was asked, so not all of it."""
    return re.findall(r"canary-\w+|\"id\": ?\d+|/(?:people|studio|courses)/[\w/-]+", text.casefold())
