"""The two names of a certificate: a secret one for links and a human one for paper.

`public_id` is the only id that appears in addresses: 130 random bits, derived from nothing.
`serial` is what people read aloud and type; its last character catches their slips before any look-up.
"""

from __future__ import annotations

import re
import secrets

# Crockford's base 32: no I, L, O or U, so nothing looks like a digit and nothing spells a word.
PUBLIC_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_ID_LENGTH = 26

_PUBLIC_ID = re.compile(f"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_GROUPS = (5, 5, 6, 5, 5)

_CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}")
_SERIAL = re.compile(r"([A-Z][A-Z0-9]{1,5})-([0-9]{4})-([0-9]{6,9})-([0-9A-Z])")
# Without its hyphens, the year of this century tells where the prefix ends.
_RUN_TOGETHER = re.compile(r"([A-Z][A-Z0-9]{1,5}?)(20[0-9]{2})([0-9]{6,9})([0-9A-Z])")
# Word processors and phones replace the plain hyphen by any of these.
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")


def new_public_id() -> str:
    """26 random characters, 130 bits. Uniqueness is the database constraint's business."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def normalise_public_id(typed: str) -> str | None:
    """The id meant by what a person typed, or None when it cannot be one.

    Accepts lower case, spaces and dashes; reads the letter o as 0 and the letters i and l as 1.
    """
    bare = bare_public_id(typed)
    # Upper-casing would turn "ı" and "ſ" into I and S, which nobody typed.
    if not bare.isascii():
        return None
    candidate = bare.upper().translate(_LOOKALIKES)
    return candidate if _PUBLIC_ID.fullmatch(candidate) else None


def bare_public_id(typed: str) -> str:
    """What was typed without spaces and dashes: its length is what a reader counts."""
    return _SEPARATORS.sub("", typed)


def grouped_public_id(public_id: str) -> str:
    """The id as printed: groups that the eye can keep while typing, e.g. `7Q4K9-M2XD1-…`."""
    groups, start = [], 0
    for length in _GROUPS:
        groups.append(public_id[start : start + length])
        start += length
    return "-".join(groups)


def format_serial(prefix: str, year: int, number: int) -> str:
    """`PREFIX-YEAR-NNNNNN-C`, e.g. `NLS-2026-000123-7`; the number grows past six digits when it must.

    Raises ValueError for a prefix other than two to six capitals and digits, or a number below 1.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A serial prefix is two to six capital letters or digits, not {prefix!r}.")
    if not 1000 <= year <= 9999 or not 1 <= number <= 999_999_999:
        raise ValueError(f"No serial for year {year}, number {number}.")
    body = f"{prefix}-{year}-{number:06d}"
    return f"{body}-{check_character(body)}"


def normalise_serial(typed: str) -> str:
    """A typed serial in the form it is stored in, whatever its case, spaces, hyphens or the lack of them."""
    usual = _DASHES.sub("-", typed.strip()).upper()
    if _SERIAL.fullmatch(usual):
        return usual
    parts = _RUN_TOGETHER.fullmatch(_SEPARATORS.sub("", typed).upper())
    return "-".join(parts.groups()) if parts else usual


def serial_is_wellformed(serial: str) -> bool:
    """False means mistyped: say so at once, without asking the database."""
    match = _SERIAL.fullmatch(serial)
    return match is not None and check_character(serial[:-2]) == match[4]


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 over the letters and digits of `body`; dashes do not count."""
    product = 36
    for character in body.replace("-", ""):
        product = (product + _CHECK_ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return _CHECK_ALPHABET[(1 - product) % 36]
