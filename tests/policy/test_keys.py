"""What the API says of anything: the keys of every answer, written down. A key that nobody declared is red."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lms.lib.places import CONTENT_LANGUAGES

from .keys import KEYS
from .lines import HOUSE
from .rules import OK, Role
from .targets import targets_of
from .walking import Walker

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

READS = [line for line in HOUSE if line.is_api and line.method == "GET"]
ASKING = (
    Role.LEARNER,
    Role.AUTHOR,
    Role.PUBLISHER,
    Role.ADMINISTRATOR,
)  # between them they may see everything
BY_LANGUAGE = set(CONTENT_LANGUAGES)


def keys_in(value: Any, path: str = "") -> Iterator[str]:
    """`results.title.*`: through lists, and with one word for all languages."""
    if isinstance(value, list):
        for each in value:
            yield from keys_in(each, path)
    elif isinstance(value, dict):
        for name, each in value.items():
            here = f"{path}.{'*' if name in BY_LANGUAGE else name}".lstrip(".")
            yield here
            yield from keys_in(each, here)


def said(walker: Walker, line: Any, role: Role) -> set[str]:
    answers = (walker.ask(line, role, target) for target in targets_of(line.route, walker.world).values())
    shown = [each for each in answers if each.outcome is OK and "json" in each.headers["Content-Type"]]
    return {key for each in shown for key in keys_in(json.loads(each.text))}


@pytest.mark.parametrize("line", READS, ids=lambda line: line.key)
def test_an_answer_has_the_keys_that_are_declared(world, line):
    walker = Walker(world)
    found = set().union(*(said(walker, line, role) for role in ASKING))
    assert found == set(KEYS.get(line.key, "").split())


def test_nothing_is_declared_that_is_not_there():
    assert set(KEYS) <= {line.key for line in READS}
