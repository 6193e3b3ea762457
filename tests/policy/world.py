"""What the matrix walks through: people by role, things that they ask for, and whose those are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from lms.accounts.models import Organisation, User

from .rules import Ownership, Role

NEVER = 999_999_999  # the primary key of nothing

# On whose behalf the roles act.
ORGANISATION = {
    Role.AUTHOR: "occ",
    Role.PUBLISHER: "occ",
    Role.OTHER_PUBLISHER: "academy",
    Role.COORDINATOR: "academy",
    Role.OTHER_COORDINATOR: "lmi",
}
# Each of the partners that publish shares something with the other.
PARTNERS = {"occ": "academy", "academy": "occ"}
# Which organisation follows which learner, and who for it.
FOLLOWED = {
    Role.LEARNER: ("academy", Role.COORDINATOR),
    Role.OTHER_LEARNER: ("lmi", Role.OTHER_COORDINATOR),
}

DRAFTS = {"occdraft", "occshared", "academyshared"}
STUDIO = DRAFTS | {"academydraft", "author", "writer", "publisher", "otherpublisher"}
READERS = {"occreader", "academyreader"}  # each has suggested a correction to that partner
PEOPLE = {role.replace("_", "") for role in Role} | {"writer"} | READERS

# Whose canaries a role may meet at all, besides its own.
KNOWS: dict[Role, set[str]] = {
    Role.AUTHOR: DRAFTS
    | {"writer", "occreader"},  # the writer's name stands in the history of what is shared
    Role.PUBLISHER: STUDIO | {"occreader"},  # publishers of every partner review, so they read every draft
    Role.OTHER_PUBLISHER: STUDIO | {"academyreader"},
    Role.COORDINATOR: {"learner", "academyguest"},
    Role.OTHER_COORDINATOR: {"otherlearner", "lmiguest"},
    Role.ADMINISTRATOR: PEOPLE,
}


@dataclass(frozen=True)
class Target:
    """Something to ask for: what fills the address, and whose it is."""

    values: Mapping[str, Any]
    person: Role | None = None
    organisation: str = ""
    shared_with: str = ""
    is_public: bool = False
    exists: bool = True

    def ownership(self, role: Role) -> Ownership:
        mine = ORGANISATION.get(role, "nobody's")
        answers = (
            (not self.exists, Ownership.NONE),
            (self.is_public, Ownership.PUBLIC),
            (self.person == role, Ownership.OWN),
            (self.organisation == mine, Ownership.ORGANISATION),
            (self.shared_with == mine, Ownership.SHARED),
        )
        return next((ownership for holds, ownership in answers if holds), Ownership.OTHER)


@dataclass
class World:
    """`studio` and `learning` hold things by name, each a dictionary by the partner or the learner they belong to."""

    at: datetime
    people: dict[Role, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    studio: Any = field(default_factory=SimpleNamespace)
    learning: Any = field(default_factory=SimpleNamespace)
    # Numbers and codes that name a private thing, and whose it is: a list may tell of others without a word.
    marks: dict[str, str] = field(default_factory=dict)

    def user(self, role: Role) -> User:
        return self.people[role]


def plain(owner: str) -> str:
    return owner.replace("_", "")


def canary(owner: str) -> str:
    """A word that stands for its owner and nobody else: `CANARY-otherlearner`."""
    return f"CANARY-{plain(owner)}"


def may_know(role: Role) -> set[str]:
    return KNOWS.get(role, set()) | {plain(role)}
