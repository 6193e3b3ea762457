"""A name is checked where it is entered, with the letters of the font that certificates are set in."""

import pytest
from django.utils import translation

from lms.lib.names import NAME_LIMIT, UnprintableName, check_name


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
