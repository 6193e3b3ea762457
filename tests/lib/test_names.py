"""A name is checked where it is entered, with the letters of the font that certificates are set in."""

import unicodedata

import pytest
from django.utils import translation
from fontTools.ttLib import TTFont

from lms.lib.fonts import CUTS, font_file
from lms.lib.names import NAME_LIMIT, UnprintableName, check_name, missing_letters, plain_words

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


@pytest.mark.parametrize(
    "name",
    [
        "Åsa Sjöström",
        "Jørgen Ødegård",
        "Guðrún Þórsdóttir",
        "Mārtiņš Kalniņš",
        "Žydrūnas Čiurlionis",
        "Áŋŋel Čáhppes-Ŧeavva",
        "Õnne Ülle",
        "Anne-Marie O’Neill",
        "Νίκος Παπαδόπουλος",
        "Ольга Ёлкина",
    ],
)
def test_names_of_our_countries_are_printed_as_they_are(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Mary-Kate O'Brien",
        "Siobhan O´Connor",
        "Erik “Kirre” Berg, Jr.",
        "Anna (Annie) Berg",
        "Liisa Virtanen / Wirtanen",
        "Karin S:t Clair",
        "Gal·la Puig i Vila",
        "Johan «Jonte» Ek & Dotter",
        "Henry Ford III, 2nd",
    ],
)
def test_signs_that_names_have_are_printed(name):
    assert check_name(name) == name


@pytest.mark.parametrize("character", "<>{}[]\\|^~@#$%*+=_;!?€§")
def test_signs_that_no_name_has_are_refused_and_named(character):
    with pytest.raises(UnprintableName) as refusal:
        check_name(f"Åsa {character}Ek{character}")
    assert f"do not belong in a name: {character}." in str(refusal.value.message)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ødegård", "odegard"),
        ("Ægir Þór Æ", "aegir thor ae"),
        ("Guðrún Sigurðardóttir", "gudrun sigurdardottir"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Đorđe Groß", "dorde gross"),
        ("Čáhppes-Ŧeavva", "cahppes-teavva"),
        ("Müller", "Mu\u0308ller"),
        ("O’Neill", "O'NEILL"),
        ("ØDEGÅRD", "ødegård"),
    ],
)
def test_a_name_is_compared_as_it_may_be_typed(name, typed):
    assert plain_words(name) == plain_words(typed)


def test_other_names_stay_other_names():
    assert plain_words("Berg") != plain_words("Borg")
    assert plain_words("Müller") != plain_words("Mueller")


def test_a_name_is_tidied():
    assert check_name("  A\u030asa \u00a0 Sjo\u0308stro\u0308m\u200b ") == "Åsa Sjöström"
    assert check_name("Anne\u2011Marie") == "Anne-Marie"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Anna \u202enosredna", "U+202E"),
        ("An\x00na", "U+0000"),
        ("Anna \ue000", "U+E000"),
        ("漢字", "漢 (U+6F22)"),
        ("Anna \U0001f600", "\U0001f600 (U+1F600)"),
    ],
)
def test_what_cannot_be_printed_is_named(name, named):
    with pytest.raises(UnprintableName) as refusal:
        check_name(name)
    assert named in str(refusal.value.message)


@pytest.mark.parametrize("name", ["", "   ", "123", "- -", "\u200b"])
def test_a_name_has_letters(name):
    with pytest.raises(UnprintableName):
        check_name(name)


def test_the_limit_is_that_of_the_certificate():
    assert check_name("a" * NAME_LIMIT)
    with pytest.raises(UnprintableName, match="120"):
        check_name("a" * (NAME_LIMIT + 1))


def test_the_refusal_is_in_the_language_of_whoever_reads_it():
    with pytest.raises(UnprintableName) as refusal, translation.override("en"):
        check_name("漢字")
    assert "certificate" in str(refusal.value.message)


# --- Letters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letters", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_our_letters_are_all_there(letters):
    assert missing_letters(letters) == []


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
    assert missing_letters(f"Åsa {character}a {character}") == [character]
    with pytest.raises(UnprintableName) as refusal:
        check_name(f"Åsa {character}Ek")
    assert f"U+{ord(character):04X}" in str(refusal.value.message)


def test_a_direction_mark_is_refused_even_where_the_font_draws_it(monkeypatch):
    monkeypatch.setattr("lms.lib.names.letters", lambda: {0x202E, ord("a")})
    assert missing_letters("a\u202e") == ["\u202e"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (unicodedata.normalize("NFD", "Åsa Sjöström"), "Åsa Sjöström"),
        ("  Åsa \t Sjöström\n", "Åsa Sjöström"),
        ("Åsa\u00a0Sjöström", "Åsa Sjöström"),
        ("Anne\u2011Marie O’Neil", "Anne-Marie O’Neil"),
        ("Å\u00adsa\u200b Ek\ufeff", "Åsa Ek"),
    ],
)
def test_a_name_is_printed_as_meant(typed, printed):
    assert check_name(typed) == printed


def test_a_name_is_measured_as_printed():
    """Composed letters are one character each."""
    assert len(check_name("a\u030a" * NAME_LIMIT)) == NAME_LIMIT
