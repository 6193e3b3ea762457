"""A person's full name as it can be printed: checked where it is entered, so that no certificate waits for it later.

The letters are those of the font that certificates are set in. No substitute font is ever chosen: what that would
look like depends on the machine.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError
from lms.lib.fonts import font_file

NAME_LIMIT = 120

# Controls, direction marks and overrides, surrogates, private use, unassigned: whatever could reorder, hide or
# replace what a reader sees.
REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# What stands in names beside letters, their marks and digits: quotation marks around a nickname, the colon of "S:t",
# and the two accents that Nordic keyboards offer for an apostrophe. Anything else was pasted from somewhere.
PUNCTUATION = frozenset(" '’‘´`-–.,:·/()&\"“”„«»")

# What editors and phones put in without being asked, and what it stands for.
INVISIBLE = str.maketrans({"\u00ad": None, "\u200b": None, "\u2060": None, "\ufeff": None})
# Letters that are no plain letter with a mark, and how they are typed where the keyboard lacks them.
TYPED_AS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "đ": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
    }
    | dict.fromkeys("’‘´`ʼ", "'")
)
HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})


class UnprintableName(DomainError):
    """The name cannot be printed as given; `message` says what to change."""

    code = "unprintable_name"
    status = 400


def check_name(name: str) -> str:
    """The name as it will be printed: NFC, single spaces, plain hyphens. Raises UnprintableName."""
    printed = tidy(name)
    if not any(character.isalpha() for character in printed):
        raise UnprintableName(_("Write your name as it should appear on the certificate."))
    if len(printed) > NAME_LIMIT:
        raise UnprintableName(
            _("A name on a certificate has at most %(limit)d characters."), limit=NAME_LIMIT
        )
    if missing := missing_letters(printed):
        raise UnprintableName(
            _(
                "These characters cannot be printed on a certificate: %(characters)s. "
                "Please write your name in Latin, Greek or Cyrillic letters."
            ),
            characters=", ".join(map(describe, missing)),
        )
    if strange := [each for each in dict.fromkeys(printed) if not belongs_in_a_name(each)]:
        raise UnprintableName(
            _(
                "These characters do not belong in a name: %(characters)s. "
                "Please write it as it should appear on the certificate."
            ),
            characters=" ".join(strange),
        )
    return printed


def belongs_in_a_name(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def tidy(text: str) -> str:
    """The text in NFC with single spaces, plain hyphens and without soft hyphens and other invisible helpers."""
    return unicodedata.normalize("NFC", " ".join(text.translate(INVISIBLE).translate(HYPHENS).split()))


def plain_words(text: str) -> list[str]:
    """The words of a name as somebody without its letters would type them, so that names can be compared.

    Small letters, no accents: "Odegard" is "Ødegård", and every apostrophe is the same one.
    """
    bare = unicodedata.normalize(
        "NFKD", text.translate(INVISIBLE).translate(HYPHENS).casefold().translate(TYPED_AS)
    )
    return "".join(each for each in bare if not unicodedata.combining(each)).split()


def missing_letters(text: str) -> list[str]:
    """The characters of `text` that cannot be printed, each once, in order of appearance."""
    seen = dict.fromkeys(unicodedata.normalize("NFC", text))
    return [each for each in seen if unicodedata.category(each) in REFUSED or ord(each) not in letters()]


def describe(character: str) -> str:
    """A character that can be pointed at even when it is invisible: `漢 (U+6F22)`, `U+202E`."""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character) in REFUSED else f"{character} ({code})"


@cache
def letters() -> frozenset[int]:
    """The code points that the certificate font covers, read once. Its cuts share one set; a test says so."""
    # Imported here: most processes never check a name and need neither the time nor the memory.
    from fontTools.ttLib import TTFont

    with TTFont(font_file("Semibold"), lazy=True) as font:
        return frozenset(font.getBestCmap())
