from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from fontTools.ttLib import TTFont

from certificates.documents.glyphs import NAME_LIMIT, UnprintableName, check_name, missing_glyphs, width
from lms.lib.fonts import CUTS, font_file
from tests.certificates.documents.samples import LONGEST_NAME

ALPHABETS = {
    "nb da": "ÆØÅæøåÉéÒòÔô",
    "sv fi": "ÅÄÖåäöŠšŽžÉé",
    "is": "ÁÐÉÍÓÚÝÞÆÖáðéíóúýþæö",
    "et": "ÄÖÕÜŠŽäöõüšž",
    "lv": "ĀČĒĢĪĶĻŅŠŪŽāčēģīķļņšūž",
    "lt": "ĄČĘĖĮŠŲŪŽąčęėįšųūž",
    "Northern Sámi": "ÁČĐŊŠŦŽáčđŋšŧž",
    "pl tr ro vi": "ĄĆĘŁŃÓŚŹŻąćęłńóśźżĞİŞğışȚȘțșƠƯơưĐđẠạẾếỮữ",
    "Greek and Cyrillic": "ΑΩαωάώЖЯжяЁёЇїҐґ",
    "signs of names": "'’-–. ·",
}


@pytest.mark.parametrize("letters", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_our_letters_are_all_there(letters):
    assert missing_glyphs(letters) == []


def test_all_cuts_share_one_set_of_letters():
    """The guard reads one cut and speaks for all that are printed."""
    sets = set()
    for cut in CUTS:
        with TTFont(font_file(cut), lazy=True) as font:
            sets.add(frozenset(font.getBestCmap()))
    assert len(sets) == 1


@pytest.mark.parametrize(
    "character",
    ["漢", "م", "😀", "\u202e", "\u2066", "\u200d", "\ue000", "\x07", "\ud800", "\U0010ffff"],
    ids=lambda c: f"U+{ord(c):04X}",
)
def test_what_reorders_hides_or_lacks_a_glyph_is_refused(character):
    assert missing_glyphs(f"Åsa {character}a {character}") == [character]
    with pytest.raises(UnprintableName) as refusal:
        check_name(f"Åsa {character}Ek")
    assert f"U+{ord(character):04X}" in refusal.value.message
    assert refusal.value.characters == (character,)


def test_a_direction_mark_is_refused_even_where_the_font_draws_it(monkeypatch):
    monkeypatch.setattr("certificates.documents.glyphs._advances", lambda: {0x202E: 0.5, ord("a"): 0.5})
    assert missing_glyphs("a\u202e") == ["\u202e"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (unicodedata.normalize("NFD", "Åsa Sjöström"), "Åsa Sjöström"),
        ("  Åsa \t Sjöström\n", "Åsa Sjöström"),
        ("Åsa\u00a0Sjöström", "Åsa Sjöström"),
        ("Anne\u2011Marie O’Neil", "Anne-Marie O’Neil"),
        ("Å\u00adsa\u200b Ek\ufeff", "Åsa Ek"),
        ("<b>Åsa</b>", "<b>Åsa</b>"),
        (LONGEST_NAME, LONGEST_NAME),
    ],
)
def test_a_name_is_printed_as_meant(typed, printed):
    assert check_name(typed) == printed


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "123", "- -"])
def test_no_name_is_refused(typed):
    with pytest.raises(UnprintableName, match="Write your name"):
        check_name(typed)


def test_a_name_has_at_most_120_characters():
    assert check_name("å" * NAME_LIMIT) == "å" * NAME_LIMIT
    # Counted as printed: composed letters are one character each.
    assert len(check_name("a\u030a" * NAME_LIMIT)) == NAME_LIMIT
    with pytest.raises(UnprintableName, match="120"):
        check_name("å" * (NAME_LIMIT + 1))


def test_wide_letters_are_wider():
    assert width("WWW") > width("iii")
    assert width("ab") == pytest.approx(width("a") + width("b"))


def test_nobody_loads_the_font_who_never_prints():
    """The web process of a small installation has no memory to spare for it."""
    code = (
        "import sys; import certificates.documents; import certificates.documents.glyphs; "
        "sys.exit(any(name.startswith(('fontTools', 'weasyprint')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
