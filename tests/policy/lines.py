"""The lines of the table, and what may be asked of many of them at once."""

from collections.abc import Iterable
from itertools import product

from .routes import Endpoint, endpoints
from .rules import OK, Role, Rule
from .table import BACK_ROOM, TABLE
from .walking import Walker, asked_for, walk
from .world import Target, World

HOUSE = [endpoint for endpoint in endpoints() if not endpoint.route.startswith(BACK_ROOM)]
OFFICE = [endpoint for endpoint in endpoints() if endpoint.route.startswith(BACK_ROOM)]


def undeclared(urlconf: str | None = None) -> list[str]:
    there = {each.key for each in endpoints(urlconf) if not each.route.startswith(BACK_ROOM)}
    return sorted(there - set(TABLE))


def complaints(walker: Walker, lines: Iterable[Endpoint], roles: Iterable[Role], **headers: str) -> list[str]:
    """All that is wrong with the cells of these lines, in words."""
    found = [each for line in lines for each in walk(walker, line, TABLE[line.key], roles, **headers)]
    return [str(violation) for violation in found if violation]


def permitted(line: Endpoint, world: World) -> list[tuple[Role, Target]]:
    """Who may do it, and to what."""
    rule: Rule = TABLE[line.key]
    asked = product(Role, asked_for(line, rule, world).values())
    return [(role, target) for role, target in asked if rule.outcome(role, target.ownership(role)) is OK]
