"""What a certificate says, frozen: the public part, and apart from it what is personal.

Everything printed comes from these two structures and from nothing else, so a course, partner or person
renamed later changes no certificate. Names of countries, titles and outcomes arrive in the language of the
certificate. The personal part stands under a salted commitment: erasing it leaves a skeleton that whoever
holds the file can still prove to be theirs.
"""

from __future__ import annotations

import hashlib
import json
import re
import types
import typing
import unicodedata
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, Self, cast

COMMITMENT_CONTEXT = b"lms-holder-v1\0"
SALT_BYTES = 32

Kind = Literal["attendance", "passed"]


class SnapshotError(ValueError):
    """The stored form does not describe a certificate, or a value cannot be printed as it is."""


class Frozen:
    """The way of a structure to its stored form and back."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: decimals as strings, instants in UTC, strings in NFC, no floats."""
        return cast(dict[str, Any], _plain(self))

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Raises SnapshotError for a missing, unknown or ill-typed value: nothing is guessed.

        A field that came later has a default, which older certificates take.
        """
        return cast(Self, _typed(cls, stored, cls.__name__))


@dataclass(frozen=True)
class Country(Frozen):
    code: str
    name: str


@dataclass(frozen=True)
class Issuer(Frozen):
    """The awarding body."""

    name: str
    country: Country


@dataclass(frozen=True)
class Partner(Frozen):
    """One of the organisations that stand behind the course, with its lettered mark (one to four letters)."""

    name: str
    mark: str
    colour: str
    country: Country

    def __post_init__(self) -> None:
        # The colour enters a style sheet, so it is a colour and nothing else.
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise SnapshotError(f"{self.name}: a colour looks like #1f4e79, not {self.colour!r}.")
        if not 1 <= len(self.mark) <= 4:
            raise SnapshotError(f"{self.name}: a mark has one to four letters, not {self.mark!r}.")


@dataclass(frozen=True)
class Signatory(Frozen):
    """Who stands behind the document: an office, with the name of a person only where the definition gives one."""

    name: str
    title: str
    organisation: str


@dataclass(frozen=True)
class Module(Frozen):
    """What was covered: the core's number, and the national layer's where the learner's country has one.

    A country without a layer number means "core only, that country not yet adapted".
    """

    title: str
    core: int
    country: Country | None
    layer: int | None
    completed_on: date

    def __post_init__(self) -> None:
        if self.layer is not None and self.country is None:
            raise SnapshotError(f"{self.title}: a national layer belongs to a country.")


@dataclass(frozen=True)
class Printed(Frozen):
    """The public part. `completed_on` is the day of the award and survives every replacement;
    `issued_at` is the instant this very document was reserved; `replaces` the serial of the one it corrects."""

    kind: Kind
    language: str
    template: str
    template_version: int
    programme: str
    title: str
    description: str
    outcomes: tuple[str, ...]
    references: tuple[str, ...]
    hours: Decimal
    level: str
    assessment: str
    participation: str
    quality: str
    modules: tuple[Module, ...]
    completed_on: date
    issued_at: datetime
    issued_on: date
    valid_until: date | None
    issuer: Issuer
    partners: tuple[Partner, ...]
    signatories: tuple[Signatory, ...]
    serial: str
    public_id: str
    verify_url: str
    demonstration: bool
    sealed: bool
    replaces: str = ""

    def __post_init__(self) -> None:
        if self.kind not in typing.get_args(Kind):
            raise SnapshotError(f"A certificate is of attendance or of a passed course, not {self.kind!r}.")
        if not self.hours.is_finite() or self.hours < 0:
            raise SnapshotError(f"Learning hours are a number from zero up, not {self.hours}.")
        if self.issued_at.tzinfo is None:
            raise SnapshotError("The instant of issue needs a time zone.")
        if len(self.partners) > 5:
            raise SnapshotError("At most five partners fit on a certificate.")
        if not self.verify_url.startswith(("https://", "http://")):
            raise SnapshotError(f"The verify page needs a web address, not {self.verify_url!r}.")


@dataclass(frozen=True)
class Holder(Frozen):
    """The personal part: the name as printed. Never a birth date or a national id."""

    name: str


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value: sorted keys, no spaces, UTF-8, NFC strings, no floats."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def commitment(holder: Holder, salt: bytes) -> str:
    """SHA-256 that proves the personal part to whoever holds it, and tells nobody else anything.

    Without the random salt a name could be found by trying names.
    """
    if len(salt) != SALT_BYTES:
        raise SnapshotError(f"The salt has {SALT_BYTES} random bytes, not {len(salt)}.")
    return hashlib.sha256(COMMITMENT_CONTEXT + salt + canonical(holder)).hexdigest()


def holder_json(holder: Holder, salt: bytes) -> bytes:
    """The file attached to the PDF, from which the holder alone can open the commitment."""
    opening = {
        "format": COMMITMENT_CONTEXT.rstrip(b"\0").decode(),
        "holder": holder,
        "salt": salt.hex(),
        "commitment": commitment(holder, salt),
    }
    return canonical(opening)


def texts(value: Any) -> Iterator[str]:
    """Every string within a structure, so that each can be checked before it is printed."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case dict():
            return {_plain(key): _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise SnapshotError(f"{type(value).__name__} has no place in a snapshot: {value!r}")


def _typed(wanted: Any, stored: Any, where: str) -> Any:
    origin = typing.get_origin(wanted)
    if origin is types.UnionType:
        return None if stored is None else _typed(typing.get_args(wanted)[0], stored, where)
    if origin is Literal:
        return _exactly(str, stored, where)
    if origin is tuple:
        member = typing.get_args(wanted)[0]
        return tuple(_typed(member, part, where) for part in _exactly(list, stored, where))
    if is_dataclass(wanted):
        return _structure(cast(type, wanted), _exactly(dict, stored, where), where)
    if wanted in _PARSERS:
        return _parsed(wanted, _exactly(str, stored, where), where)
    return _exactly(wanted, stored, where)


def _structure(wanted: type, stored: dict[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(wanted)
    added = {each.name for each in fields(wanted) if each.default is not MISSING}
    if odd := sorted((hints.keys() ^ stored.keys()) - added):
        raise SnapshotError(f"{where}: missing or unknown {', '.join(odd)}.")
    return wanted(**{name: _typed(hints[name], part, f"{where}.{name}") for name, part in stored.items()})


_PARSERS: dict[type, Any] = {Decimal: Decimal, date: date.fromisoformat, datetime: datetime.fromisoformat}


def _parsed(wanted: type, stored: str, where: str) -> Any:
    try:
        return _PARSERS[wanted](stored)
    except (ValueError, ArithmeticError) as error:
        raise SnapshotError(f"{where}: {stored!r} is no {wanted.__name__}.") from error


def _exactly(wanted: type, stored: Any, where: str) -> Any:
    # `type(...) is` and not isinstance: True would pass for a whole number.
    if type(stored) is not wanted:
        raise SnapshotError(f"{where}: expected {wanted.__name__}, found {type(stored).__name__}.")
    return stored
