"""What a reader gets: chosen and placed, never changed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.composition import (
    COMPARE_PLACE,
    ComposedPanel,
    CoreText,
    FactText,
    Fallback,
    LayerText,
    PanelText,
    TranslatedText,
    compose,
    compose_fact,
    compose_panels,
    place_panels,
    split_at_places,
)
from courses.rendering import country_place

CORE = CoreText("clock", "The clock", "<p>core</p>", "en", "hash-1")
SWEDISH = TranslatedText("Klockan", "<p>kärna</p>", "sv", "hash-1")


def layer(*panels, facts=()):
    return LayerText("FI", "fi", panels, {fact.key: fact for fact in facts})


def panel(language, anchor="", html="", fact_keys=()):
    return PanelText("clock", language, html or f"<p>{language}</p>", anchor, fact_keys)


# --- Text -------------------------------------------------------------------------------------------------------------


def test_reader_of_the_core_language_gets_the_core():
    lesson = compose(CORE, None, [], "en")
    assert (lesson.html, lesson.language, lesson.is_fallback) == ("<p>core</p>", "en", False)


def test_current_translation_is_shown():
    lesson = compose(CORE, SWEDISH, [], "sv")
    assert (lesson.title, lesson.html, lesson.language) == ("Klockan", "<p>kärna</p>", "sv")
    assert (lesson.source_language, lesson.fallback_reason) == ("en", None)


@pytest.mark.parametrize(
    ("translation", "language", "reason"),
    [
        (None, "sv", Fallback.MISSING),
        (SWEDISH, "fi", Fallback.MISSING),
        (TranslatedText("Klockan", "<p>gammal</p>", "sv", "hash-0"), "sv", Fallback.STALE),
        (TranslatedText("Klockan", "<p>utan</p>", "sv", ""), "sv", Fallback.STALE),
    ],
)
def test_core_stands_in_and_says_why(translation, language, reason):
    lesson = compose(CORE, translation, [], language)
    assert (lesson.html, lesson.title, lesson.language) == (CORE.html, CORE.title, "en")
    assert (lesson.is_fallback, lesson.fallback_reason) == (True, reason)


# --- Panels and facts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "reader", "got", "is_fallback"),
    [
        (["en", "fi", "sv"], "sv", "sv", False),
        (["en", "fi"], "sv", "fi", True),
        (["en", "et"], "sv", "en", True),
        (["et", "lv"], "sv", "et", True),
    ],
)
def test_panel_falls_back_to_the_layer_s_language_then_english(languages, reader, got, is_fallback):
    (shown,) = compose_panels(layer(*map(panel, languages)), "clock", reader)
    assert (shown.language, shown.is_fallback) == (got, is_fallback)


def test_each_anchor_falls_back_on_its_own():
    shown = compose_panels(layer(panel("sv", "a"), panel("fi", "a"), panel("fi", "b")), "clock", "sv")
    assert [(item.anchor, item.language) for item in shown] == [("a", "sv"), ("b", "fi")]


def test_panels_of_other_lessons_stay_away():
    assert compose_panels(LayerText("FI", "fi", [PanelText("other", "fi", "x")]), "clock", "fi") == ()


def test_facts_come_in_the_order_of_the_panel_and_missing_ones_make_no_empty_card():
    act = FactText("act", {"fi": "laki", "sv": "lag"}, "verified", checked_on=date(2026, 11, 20))
    ethics = FactText("ethics", {"fi": "toimikunta"}, "confirm")
    (shown,) = compose_panels(
        layer(panel("sv", fact_keys=("ethics", "gone", "act")), facts=(act, ethics)), "clock", "sv"
    )
    assert [(card.fact.key, card.statement, card.language, card.is_fallback) for card in shown.facts] == [
        ("ethics", "toimikunta", "fi", True),
        ("act", "lag", "sv", False),
    ]


def test_fact_without_any_words_is_empty_and_no_error():
    assert compose_fact(FactText("act", {}, "open"), "sv", "fi").statement == ""


def test_several_countries_stand_in_the_order_given():
    norway = LayerText("NO", "nb", [panel("nb")])
    lesson = compose(CORE, None, [norway, layer(panel("fi"))], "en")
    assert [item.country for item in lesson.panels] == ["NO", "FI"]


# --- Places -----------------------------------------------------------------------------------------------------------


def composed(anchor):
    return ComposedPanel("FI", anchor, "fi", False, f"<p>panel {anchor}</p>")


def placed(html, *anchors):
    parts = place_panels(html, [composed(anchor) for anchor in anchors])
    return [(part.html, [panel.anchor for panel in part.panels]) for part in parts]


def test_countries_are_compared_at_their_place():
    html = f"<p>a</p>{COMPARE_PLACE}<p>b</p>{country_place('')}<p>c</p>"
    parts = place_panels(html, [composed(""), composed("gone")])
    assert [(part.html, part.compares, len(part.panels)) for part in parts] == [
        ("<p>a</p>", True, 0),
        ("<p>b</p>", False, 1),
        ("<p>c</p>", False, 1),
    ]


def test_panel_stands_at_its_place():
    html = f"<p>a</p>{country_place('')}<p>b</p>{country_place('ethics')}<p>c</p>"
    assert placed(html, "", "ethics") == [("<p>a</p>", [""]), ("<p>b</p>", ["ethics"]), ("<p>c</p>", [])]


def test_panel_without_a_place_stands_at_the_end():
    assert placed("<p>a</p>", "", "ethics") == [("<p>a</p>", ["", "ethics"])]
    assert placed(f"<p>a</p>{country_place('act')}<p>b</p>", "", "act") == [
        ("<p>a</p>", ["act"]),
        ("<p>b</p>", [""]),
    ]


def test_second_place_of_a_name_is_only_removed():
    html = f"a{country_place('x')}b{country_place('x')}c"
    assert placed(html, "x") == [("a", ["x"]), ("bc", [])]


# --- Whatever the texts are -------------------------------------------------------------------------------------------

LANGUAGES = ["en", "fi", "nb", "sv"]
languages = st.sampled_from(LANGUAGES)
anchors = st.sampled_from(["", "a", "b", "ethics"])
html = st.lists(st.text(max_size=8) | anchors.map(country_place), max_size=6).map("".join)
hashes = st.sampled_from(["", "h1", "h2"])
cores = st.builds(CoreText, st.just("clock"), st.text(max_size=5), html, languages, hashes)
translations = st.none() | st.builds(TranslatedText, st.text(max_size=5), html, languages, hashes)
panels = st.builds(PanelText, st.sampled_from(["clock", "other"]), languages, html, anchors)
layers = st.lists(
    st.builds(LayerText, st.sampled_from(["FI", "NO", "SE"]), languages, st.lists(panels, max_size=5)),
    max_size=3,
)


def without_places(text):
    for anchor in ["", "a", "b", "ethics"]:
        text = text.replace(country_place(anchor), "")
    return text


@given(cores, translations, layers, languages)
def test_a_layer_never_alters_a_byte_of_the_text(core, translation, layers, language):
    lesson = compose(core, translation, layers, language)
    alone = compose(core, translation, [], language)
    assert (lesson.html, lesson.title, lesson.language) == (alone.html, alone.title, alone.language)
    assert "".join(part.html for part in lesson.parts) == without_places(lesson.html)


@given(cores, translations, layers, languages, languages)
def test_switching_language_or_country_changes_no_stored_text(core, translation, layers, language, other):
    texts = {core.html} | ({translation.html} if translation else set())
    assert compose(core, translation, layers, language).html in texts
    assert compose(core, translation, layers[::-1], other).html in texts
    first = compose(core, translation, layers, language)
    compose(core, translation, layers[:1], other)
    assert compose(core, translation, layers, language) == first


@given(cores, translations, languages)
def test_stale_is_said_exactly_when_the_hashes_differ(core, translation, language):
    said = compose(core, translation, [], language).fallback_reason
    asked = translation is not None and language == translation.language != core.language
    assert (said == Fallback.STALE) == (asked and translation.source_hash != core.text_hash)


@given(cores, translations, layers, languages)
def test_every_panel_stands_exactly_once(core, translation, layers, language):
    lesson = compose(core, translation, layers, language)
    standing = [panel for part in lesson.parts for panel in part.panels]
    assert sorted(map(repr, standing)) == sorted(map(repr, lesson.panels))


@given(html)
def test_text_is_whole_however_it_is_cut(text):
    pieces = split_at_places(text)
    assert "".join(piece for piece, _anchor in pieces) == without_places(text)
    assert pieces[-1][1] is None
