"""The matrix sees what it should: with a fault planted, or a filter switched off, it is red."""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from certificates.models.certificates import CertificateQuerySet
from courses.models.courses import CourseQuerySet
from courses.models.modules import ModuleQuerySet, RevisionQuerySet
from enrollment.models.enrolments import EnrollmentQuerySet
from enrollment.selectors import pins_with_outlines
from lms.accounts.models import MembershipQuerySet, User

from .lines import HOUSE, undeclared
from .routes import Endpoint, endpoints
from .rules import OK, Role, Things, rule
from .table import TABLE
from .targets import targets_of
from .walking import Violation, Walker, walk

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

ASKING = (Role.LEARNER, Role.AUTHOR, Role.COORDINATOR)
# With all filters off, at least so many cells of one learner are red.
LEAST = 100


# --- Planted faults ---------------------------------------------------------------------------------------------------


@pytest.fixture
def planted(settings) -> str:
    settings.ROOT_URLCONF = "tests.policy.planted"
    return settings.ROOT_URLCONF


def kinds(walker: Walker, route: str, expected: Any = OK) -> set[str]:
    found = walk(walker, Endpoint("GET", route), rule(expected), [Role.LEARNER])
    return {violation.kind for violation in found if violation}


def test_an_address_without_a_line_is_red(planted):
    routes = {key.split(" ", 1)[1] for key in undeclared(endpoints(planted))}
    assert routes == {
        "people/<slug:organisation>/planted/",
        "planted/act/",
        "planted/crash/",
        "planted/people/",
        "planted/visits/",
    }


def test_a_parameter_that_nothing_fills_is_red(world):
    with pytest.raises(LookupError, match="nothing here fills"):
        targets_of("planted/<int:strange>/", world)


def test_a_converter_that_nobody_knows_is_red():
    with pytest.raises(LookupError, match="unknown converter odd"):
        Endpoint("GET", "planted/<odd:pk>/").path({"pk": 1})


def test_a_value_that_is_missing_is_red():
    with pytest.raises(KeyError):
        Endpoint("GET", "planted/<int:pk>/").path({})


def test_a_page_that_writes_is_red(walker, planted):
    assert kinds(walker, "planted/visits/") == {"write"}


def test_a_page_that_tells_of_others_is_red(walker, planted):
    assert kinds(walker, "planted/people/") == {"leak"}


def test_a_page_that_falls_over_is_red(walker, planted):
    assert kinds(walker, "planted/crash/") == {"outcome"}


def test_a_refusal_that_tells_what_is_there_is_red(walker, planted):
    assert kinds(walker, "people/<slug:organisation>/planted/", Things()) == {"oracle"}


# --- Filters switched off ---------------------------------------------------------------------------------------------


def everything(rows: Any, *_user: Any) -> Any:
    return rows


def everybody(*_who: Any) -> bool:
    return True


ASKED = {"slug": "enrollment__course__slug", "enrollment": "enrollment"}


def pins_of_anybody(*, learner: int, **which: Any) -> Any:
    asked = {ASKED[name]: value for name, value in which.items()}
    return list(pins_with_outlines().filter(**asked).order_by("position"))


# What is switched off, what stands there instead, and the addresses behind it.
GUARDS: dict[str, tuple[list[tuple[Any, str]], Any, str]] = {
    "courses": ([(CourseQuerySet, "visible_to")], everything, r"(api/v1/)?courses/<(slug:)?slug>/$"),
    "modules": ([(ModuleQuerySet, "visible_to")], everything, r"api/v1/modules/<key>/"),
    "revisions": ([(RevisionQuerySet, "visible_to")], everything, r"studio/(modules|revisions)/<|files/"),
    "enrollments": ([(EnrollmentQuerySet, "visible_to")], everything, r"api/v1/enrollments/$"),
    "learning": (
        [("enrollment.selectors.learning", "IN_COURSE"), ("enrollment.selectors.learning", "IN_ENROLLMENT")],
        pins_of_anybody,
        r"learn/<|api/v1/enrollments/<",
    ),
    "certificates": ([(CertificateQuerySet, "visible_to")], everything, r"(api/v1/)?certificates/<"),
    "memberships": ([(MembershipQuerySet, "held_by")], everything, r"people/<"),
    "administrators": (
        [
            ("lms.accounts.signed_in", "can_administer"),
            ("certificates.permissions", "can_administer"),
        ],
        everybody,
        r"administration/|api/v1/(jobs|certificates)/",
    ),
    "studio": (
        [(User, "works_in_studio")],
        property(everybody),
        r"studio/$|studio/import/|api/v1/modules/import/",
    ),
}


def switch_off(monkeypatch: pytest.MonkeyPatch, guard: str) -> str:
    places, instead, routes = GUARDS[guard]
    for owner, name in places:
        where = (f"{owner}.{name}",) if isinstance(owner, str) else (owner, name)
        monkeypatch.setattr(*where, instead)
    return routes


def red_cells(walker: Walker, routes: Iterable[str], roles: Iterable[Role]) -> Iterator[Violation]:
    for line in HOUSE:
        if line.method == "GET" and any(re.match(shape, line.route) for shape in routes):
            yield from filter(None, walk(walker, line, TABLE[line.key], roles))


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_is_missed(walker, monkeypatch, guard):
    assert any(red_cells(walker, [switch_off(monkeypatch, guard)], ASKING))


def test_without_any_filter_much_is_red(walker, monkeypatch, capsys):
    routes = [switch_off(monkeypatch, guard) for guard in GUARDS]
    found = list(red_cells(walker, routes, [Role.LEARNER]))
    with capsys.disabled():
        sys.stdout.write(f"\n{len(found)} red cells of a learner with all filters off\n")
    assert len(found) >= LEAST
