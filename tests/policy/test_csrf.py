"""No act of a signed-in browser without its CSRF token, whatever the act."""

import pytest

from .lines import HOUSE, OFFICE, permitted
from .routes import Endpoint
from .rules import Role
from .table import TABLE, WITHOUT_CSRF
from .targets import targets_of
from .walking import Walker

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

ACTS = [line for line in HOUSE if line.method != "GET" and not TABLE[line.key].is_method_refused]


@pytest.fixture
def strict(world) -> Walker:
    return Walker(world, csrf=True)


def is_guarded(strict: Walker, line: Endpoint, role: Role | None = None) -> bool:
    """Refused with 403 and nothing written, to somebody signed in who otherwise may do it, where there is anybody."""
    first = next(iter(targets_of(line.route, strict.world).values()))
    able = permitted(line, strict.world) if role is None else []
    asking, target = able[-1] if able else (role or Role.LEARNER, first)
    answer = strict.ask(line, asking, target)
    return (answer.status, answer.writes) == (403, ())


def test_every_act_needs_its_token(strict):
    assert {line.key for line in ACTS if not is_guarded(strict, line)} == set(WITHOUT_CSRF)


def test_acts_of_the_back_room_need_it_too(strict):
    acts = [line for line in OFFICE if line.method != "GET"]
    assert [line.key for line in acts if not is_guarded(strict, line, Role.SUPERUSER)] == []


def test_an_act_without_the_guard_is_seen(strict, settings):
    settings.ROOT_URLCONF = "tests.policy.planted"
    assert not is_guarded(strict, Endpoint("POST", "planted/act/"), Role.LEARNER)
