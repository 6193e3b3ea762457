"""Which letters the certificate can print, asked when a name is entered and again before rendering.

The renderer never chooses a substitute font: what a substitute looks like depends on the machine, and a
letter without any glyph would make the file neither archivable nor accessible.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.translation import gettext as _

from lms.lib.fonts import font_file

NAME_LIMIT = 120

# Controls, direction marks and overrides, surrogates, private use, unassigned: nothing that could reorder,
# hide or replace what a reader sees.
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


# What editors and phones put in without being asked, and what it stands for.
_INVISIBLE = str.maketrans({"\u00ad": None, "\u200b": None, "\u2060": None, "\ufeff": None})
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})


class UnprintableText(ValueError):
    """Something printed on the certificate holds a character that its font lacks."""


class UnprintableName(UnprintableText):
    """The name cannot be printed as given. `message` says in the reader's language what to change."""

    def __init__(self, message: str, *, characters: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.characters = characters


def check_name(name: str) -> str:
    """The name as it will be printed: NFC, single spaces. Raises UnprintableName, whose message is shown."""
    printed = tidy(name)
    if not any(character.isalpha() for character in printed):
        raise UnprintableName(_("Write your name as it should stand on the certificate."))
    if len(printed) > NAME_LIMIT:
        raise UnprintableName(
            _("A name on a certificate has at most %(limit)d characters.") % {"limit": NAME_LIMIT}
        )
    if missing := missing_glyphs(printed):
        raise UnprintableName(
            _(
                "These characters cannot be printed on a certificate: %(characters)s. "
                "Please write your name in Latin, Greek or Cyrillic letters."
            )
            % {"characters": ", ".join(map(describe, missing))},
            characters=tuple(missing),
        )
    return printed


def tidy(text: str) -> str:
    """The text in NFC with single spaces, plain hyphens and without soft hyphens and other invisible helpers."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_INVISIBLE).translate(_HYPHENS).split()))


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that cannot be printed, each once, in order of appearance."""
    printable = _advances()
    seen = dict.fromkeys(unicodedata.normalize("NFC", text))
    return [c for c in seen if unicodedata.category(c) in _REFUSED or ord(c) not in printable]


def missing_in(texts: Iterable[str]) -> list[str]:
    """As `missing_glyphs`, over many texts."""
    return missing_glyphs("".join(texts))


def width(text: str) -> float:
    """How wide the text runs in the semibold cut, in multiples of the type size. Kerning is not counted."""
    advances = _advances()
    return sum(advances.get(ord(character), 1.0) for character in text)


def describe(character: str) -> str:
    """A character that can be pointed at even when it is invisible: `漢 (U+6F22)`, `U+202E`."""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character) in _REFUSED else f"{character} ({code})"


@cache
def _advances() -> Mapping[int, float]:
    """Advance width by code point, read once. The cuts we print share one character set; a test says so."""
    # Imported here: most processes never print and need neither the time nor the memory.
    from fontTools.ttLib import TTFont

    with TTFont(font_file("Semibold"), lazy=True) as font:
        metrics, em = font["hmtx"], font["head"].unitsPerEm
        return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
