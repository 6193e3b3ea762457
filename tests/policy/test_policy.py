"""Who gets what, asked of every address with every method, as everybody, for everybody's things.

The table says what is expected, the resolver what there is; the world holds the things that are asked for.
"""

import sys

import pytest

from .database import fingerprint
from .lines import EVERYWHERE, HOUSE, OFFICE, complaints, permitted, undeclared
from .routes import Endpoint, patterns
from .rules import FORBIDDEN, LOGIN, MISSING, OK, Outcome, Role
from .table import LEAVES_NOTHING, TABLE, WITHOUT_CSRF, WRITES_ON_GET
from .targets import targets_of
from .walking import Walker, asked_for

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

# What the house had when this was written: a walk that suddenly finds less has lost its way.
PATTERNS, ENDPOINTS, CELLS = 185, 361, 5_210

API = [line for line in HOUSE if line.is_api]
PAGES = [line for line in HOUSE if line.method == "GET" and not line.route.startswith(("api/", "accounts/"))]


# --- The table is whole -----------------------------------------------------------------------------------------------


def test_every_address_has_a_line():
    assert undeclared(EVERYWHERE) == []


def test_no_line_is_left_over():
    there = {line.key for line in EVERYWHERE}
    assert [set(lines) - there for lines in (TABLE, WITHOUT_CSRF, WRITES_ON_GET, LEAVES_NOTHING)] == [
        set()
    ] * 4


def test_the_walk_is_as_long_as_it_was(world, capsys):
    cells = sum(len(asked_for(line, TABLE[line.key], world)) * len(Role) for line in HOUSE)
    counted = len(patterns()), len(EVERYWHERE), cells
    with capsys.disabled():
        sys.stdout.write("\n{} patterns, {} endpoints, {} cells\n".format(*counted))
    assert all(count >= floor for count, floor in zip(counted, (PATTERNS, ENDPOINTS, CELLS), strict=True))


# --- The table holds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_everybody_gets_what_the_table_says(walker, role):
    assert complaints(walker, HOUSE, [role]) == []


@pytest.mark.parametrize("role", Role)
def test_a_token_opens_what_a_session_opens(world, role):
    """And needs no CSRF token, because no browser sends it by itself."""
    assert complaints(Walker(world, token=True, csrf=True), API, [role]) == []


@pytest.mark.parametrize("role", [Role.LEARNER, Role.OTHER_COORDINATOR])
def test_a_fragment_opens_what_the_page_opens(walker, role):
    assert complaints(walker, PAGES, [role], HTTP_HX_REQUEST="true") == []


def test_head_opens_what_get_opens(walker):
    for line in [*PAGES, *(line for line in API if line.method == "GET")]:
        for label, target in targets_of(line.route, walker.world).items():
            full = walker.ask(line, Role.LEARNER, target)
            head = walker.ask(Endpoint("HEAD", line.route), Role.LEARNER, target)
            assert (line.key, label, head.status) == (line.key, label, full.status)
            assert (head.text, head.writes) == ("", ())


def test_options_tell_nothing(walker):
    for route in dict.fromkeys(line.route for line in HOUSE):
        target = next(iter(targets_of(route, walker.world).values()))
        answer = walker.ask(Endpoint("OPTIONS", route), Role.OTHER_LEARNER, target)
        assert answer.outcome is not Outcome.CRASH, route
        assert answer.owners <= {"otherlearner"}, route
        assert answer.writes == (), route


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.LEARNER, Role.ADMINISTRATOR])
def test_the_back_room_is_closed(walker, role):
    """Django's admin is the superuser's alone. Leaving it leads to its front page, which is closed too."""
    for line in (line for line in OFFICE if line.route != "admin/logout/" or role is Role.ANONYMOUS):
        for target in targets_of(line.route, walker.world).values():
            answer = walker.ask(line, role, target)
            assert (line.key, answer.outcome) in [
                (line.key, closed) for closed in (LOGIN, FORBIDDEN, MISSING)
            ]
            assert answer.writes == ()


def test_the_back_room_is_open_to_the_superuser(walker):
    row = targets_of("admin/account/emailaddress/<path:object_id>/change/", walker.world)["learner"]
    outcomes = {
        line.key: walker.ask(line, Role.SUPERUSER, row).outcome for line in OFFICE if line.method == "GET"
    }
    assert Outcome.CRASH not in outcomes.values()
    assert outcomes["GET admin/"] is OK
    assert outcomes["GET admin/account/emailaddress/<path:object_id>/change/"] is OK


# --- The acts are acts ------------------------------------------------------------------------------------------------


def test_every_act_leaves_something(walker):
    """So that OK means done, and is no redirect that says why not."""
    acts = [line for line in HOUSE if line.method != "GET" and permitted(line, walker.world)]
    idle = {line.key for line in acts if not leaves_something(walker, line)}
    assert idle == set(LEAVES_NOTHING)


def leaves_something(walker: Walker, line: Endpoint) -> bool:
    return any(walker.ask(line, role, target).writes for role, target in permitted(line, walker.world))


def test_the_world_is_as_it_was(walker):
    """Everything is taken back: nothing that one cell did is seen by the next."""
    before = fingerprint()
    complaints(walker, HOUSE[::9], [Role.LEARNER, Role.ADMINISTRATOR])
    assert fingerprint() == before
