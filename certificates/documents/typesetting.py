"""How large a line can be set, and where it should break: CSS knows neither "fit" nor "balance" in print."""

from __future__ import annotations

from .glyphs import width

SMALLEST = 9.0
STEP = 0.5
# Kerning is not counted in `width`, and a line that just fits should not be broken by a rounding.
SLACK = 1.02


def fit(text: str, *, largest: float, lines: int, room: float) -> str:
    """CSS for the largest size, in points, at which the text keeps to its lines; these are of even length.

    A text too long even at the smallest size is set in that size and takes the lines it needs.
    """
    words = [width(word) * SLACK for word in text.split()]
    size = largest
    while size > SMALLEST and line_count(words, room / size) > lines:
        size -= STEP
    return f"font-size: {size:.1f}pt; max-width: {balanced(words, room / size) * size:.1f}pt"


def line_count(words: list[float], room: float) -> int:
    """Lines that words of these widths fill; a word wider than a line is broken anywhere, as in the style sheet."""
    space = width(" ")
    lines, used = 1, 0.0
    for word in words:
        if used and used + space + word > room:
            lines, used = lines + 1, 0.0
        used += (space if used else 0.0) + word
        overflowing = int(used // room) if used > room else 0
        lines, used = lines + overflowing, used - overflowing * room
    return lines


def balanced(words: list[float], room: float) -> float:
    """The narrowest room that needs no more lines than the whole room does."""
    lines = line_count(words, room)
    low, high = room / 2, room
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if line_count(words, middle) <= lines else (middle, high)
    return high if lines > 1 else room
