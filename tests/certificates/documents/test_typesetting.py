from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.documents.glyphs import width
from certificates.documents.page import contrast, readable_on
from certificates.documents.typesetting import SLACK, balanced, fit, line_count
from lms.settings import BASE

ROOM = 459.0


def size_and_room(css: str) -> tuple[float, float]:
    return tuple(float(value) for value in re.findall(r"[\d.]+(?=pt)", css))


def test_a_short_name_takes_the_largest_size_and_the_whole_room():
    assert fit("Åsa Ek", largest=30, lines=2, room=ROOM) == "font-size: 30.0pt; max-width: 459.0pt"


def test_a_title_over_two_lines_breaks_in_its_middle():
    title = "Clinical trials and medical devices in the Nordic countries"
    size, room = size_and_room(fit(title, largest=20, lines=3, room=425))
    assert size == 20
    assert 0.5 * 425 <= room < 0.75 * 425


@given(st.lists(st.text("abcdefgh WÅ", min_size=1, max_size=18), min_size=1, max_size=9))
def test_what_fits_keeps_to_its_lines(words):
    text = " ".join(" ".join(words).split())[:120]
    size, room = size_and_room(fit(text, largest=30, lines=2, room=ROOM))
    widths = [width(word) * SLACK for word in text.split()]
    assert room <= ROOM
    if size > 9:
        # Rounded to a tenth of a point in the style.
        assert line_count(widths, (room + 0.1) / size) <= 2


def test_a_word_wider_than_the_line_is_counted_as_broken():
    assert line_count([25.0], 10.0) == 3
    assert line_count([4.0, 4.0, 4.0], 10.0) == 2
    assert line_count([], 10.0) == 1


def test_balancing_never_costs_a_line():
    widths = [3.0, 4.0, 2.0, 6.0, 3.0, 2.0]
    for room in (8.0, 10.0, 13.0):
        assert line_count(widths, balanced(widths, room)) == line_count(widths, room)


@given(st.integers(0, 0xFFFFFF))
def test_letters_on_any_partner_colour_can_be_read(colour):
    colour = f"#{colour:06x}"
    assert contrast(readable_on(colour), colour) >= 4.5


STYLE = (BASE / "templates/certificates/pdf/nordic/1/style.css").read_text()
WATERMARK = "#f7dcd5"


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        ("#ffffff", "#0b3b36"),
        ("#bfe3d6", "#0b3b36"),
        ("#1d3a52", "#e9f0f5"),
        ("#34566f", "#e9f0f5"),
        ("#ffffff", "#b3321c"),
        *[
            (ink, paper)
            for ink in ("#10211f", "#50625f", "#0b5d52", "#2a5675", "#2c403d")
            for paper in ("#ffffff", WATERMARK)
        ],
    ],
)
def test_the_palette_has_contrast_even_over_the_watermark(letters, ground):
    assert letters in STYLE
    assert contrast(letters, ground) >= 4.5
