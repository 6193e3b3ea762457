"""The words of the policy table: who asks, whose the thing is, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    ANONYMOUS = "anonymous"
    LEARNER = "learner"
    OTHER_LEARNER = "other_learner"
    AUTHOR = "author"
    PUBLISHER = "publisher"
    OTHER_PUBLISHER = "other_publisher"
    COORDINATOR = "coordinator"
    OTHER_COORDINATOR = "other_coordinator"
    ADMINISTRATOR = "administrator"
    SUPERUSER = "superuser"


class Ownership(StrEnum):
    """Whose the thing is, seen by whoever asks."""

    OWN = "own"
    ORGANISATION = "own organisation"
    SHARED = "shared with it"  # of another organisation, which lets theirs in
    PUBLIC = "public"
    OTHER = "other organisation"
    NONE = "none"


class Outcome(StrEnum):
    """The classes of answers. OK is 2xx, or the redirect after an act."""

    OK = "ok"
    LOGIN = "login"  # 302 to the page for it; 401 of the API
    FORBIDDEN = "403"
    MISSING = "404"
    NO_METHOD = "405"
    REFUSED = "refused"  # let in and told why not (400, 409, 422): no line of the table expects it
    CRASH = "5xx"


OK, LOGIN = Outcome.OK, Outcome.LOGIN
FORBIDDEN, MISSING, NO_METHOD = Outcome.FORBIDDEN, Outcome.MISSING, Outcome.NO_METHOD


class Things(NamedTuple):
    """The outcome by ownership. What is not said is not there."""

    own: Outcome = MISSING
    organisation: Outcome = MISSING
    shared: Outcome = MISSING
    public: Outcome = MISSING
    other: Outcome = MISSING
    none: Outcome = MISSING

    def of(self, ownership: Ownership) -> Outcome:
        return self[list(Ownership).index(ownership)]


Cell = Outcome | Things


@dataclass(frozen=True)
class Rule:
    """One line of the table. `shows`: whose canaries an answer may carry beyond those that the role may know."""

    everyone: Cell
    but: Mapping[Role, Cell] = field(default_factory=dict)
    shows: frozenset[str] = frozenset()

    def outcome(self, role: Role, ownership: Ownership) -> Outcome:
        cell = self.but.get(role, self.everyone)
        return cell.of(ownership) if isinstance(cell, Things) else cell

    def showing(self, *owners: str) -> "Rule":
        return replace(self, shows=frozenset(owners))

    @property
    def is_method_refused(self) -> bool:
        """Nobody gets as far as the thing, so one thing is enough to ask for."""
        return self.everyone is NO_METHOD


def rule(everyone: Cell, **but: Cell) -> Rule:
    return Rule(everyone, {Role(name): cell for name, cell in but.items()})


def existing(outcome: Outcome) -> Things:
    """The same for all that is there."""
    return Things(outcome, outcome, outcome, outcome, outcome)
