"""The letters of the certificate: which of them cannot be printed, and how wide a line of them runs.

What a name may be is checked where it is entered (`lms.lib.names`); everything else that is printed is checked here,
before rendering. The renderer never chooses a substitute font: what a substitute looks like depends on the machine,
and a letter without any glyph would make the file neither archivable nor accessible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from lms.lib.fonts import font_file
from lms.lib.names import missing_letters


class UnprintableText(ValueError):
    """Something printed on the certificate holds a character that its font lacks."""


def missing_in(texts: Iterable[str]) -> list[str]:
    """The characters of these texts that cannot be printed, each once, in order of appearance."""
    return missing_letters("".join(texts))


def width(text: str) -> float:
    """How wide the text runs in the semibold cut, in multiples of the type size. Kerning is not counted."""
    advances = _advances()
    return sum(advances.get(ord(character), 1.0) for character in text)


@cache
def _advances() -> Mapping[int, float]:
    """Advance width by code point, read once."""
    # Imported here: most processes never print and need neither the time nor the memory.
    from fontTools.ttLib import TTFont

    with TTFont(font_file("Semibold"), lazy=True) as font:
        metrics, em = font["hmtx"], font["head"].unitsPerEm
        return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
