"""The lines of the table, and what may be asked of many of them at once."""

from collections.abc import Iterable
from itertools import product

from .routes import Endpoint, endpoints
from .rules import OK, Role, Rule
from .table import BACK_ROOM, TABLE
from .walking import Walker, asked_for, walk
from .world import Target, World

EVERYWHERE = endpoints()
HOUSE = [line for line in EVERYWHERE if line.key in TABLE]
OFFICE = [line for line in EVERYWHERE if line.route.startswith(BACK_ROOM)]


def undeclared(lines: Iterable[Endpoint]) -> list[str]:
    return sorted(
        line.key for line in lines if line.key not in TABLE and not line.route.startswith(BACK_ROOM)
    )


def complaints(walker: Walker, lines: Iterable[Endpoint], roles: Iterable[Role], **headers: str) -> list[str]:
    """All that is wrong with the cells of these lines, in words."""
    found = [each for line in lines for each in walk(walker, line, TABLE[line.key], roles, **headers)]
    return [str(violation) for violation in found if violation]


def permitted(line: Endpoint, world: World) -> list[tuple[Role, Target]]:
    """Who may do it, and to what."""
    rule: Rule = TABLE[line.key]
    asked = product(Role, asked_for(line, rule, world).values())
    return [(role, target) for role, target in asked if rule.outcome(role, target.ownership(role)) is OK]
