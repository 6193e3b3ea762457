"""The template tags draw what they say, in words too, and nothing an organisation's record holds can break a page."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from lms.lib.templatetags import ui
from lms.lib.templatetags.icons import PATHS

ENGINE = Engine(libraries={"ui": "lms.lib.templatetags.ui"})
TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = [path for path in TEMPLATES.rglob("*.html") if not {"pdf", "emails"} & set(path.parts)]
NUMBERS = re.compile(r' (?:width|height|x|y|cx|cy|r|stroke-dasharray|font-size)="([^"]*)"')


def draw(source: str, **context: object) -> str:
    return ENGINE.from_string("{% load ui %}" + source).render(Context(context))


def organisation(*, letters: str = "Lif", colour: str | None = "#b5392f", **names: str) -> SimpleNamespace:
    return SimpleNamespace(
        letters=letters, colour=colour, name_in=lambda language: names.get(language, "Lif")
    )


# --- Progress -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "total", "expected"),
    [(0, 5, 0), (2, 5, 40), (5, 5, 100), (7, 5, 100), (1, 1000, 1), (999, 1000, 99), (0, 0, 0), (-1, 5, 0)],
)
def test_percent_is_full_only_when_finished_and_nothing_only_when_untouched(done, total, expected):
    assert ui.percent(done, total) == expected


@pytest.mark.parametrize(
    ("done", "total", "expected"),
    [
        (0, 5, "none"),
        (2, 5, "part"),
        (5, 5, "done"),
        (0, 0, "unknown"),
        (None, None, "unknown"),
        (None, 5, "unknown"),
    ],
)
def test_state_names_the_four_cases(done, total, expected):
    assert ui.state_of(done, total) == expected


@pytest.mark.parametrize("tag", ["ring", "bar"])
def test_progress_stands_in_words_beside_a_hidden_drawing(tag):
    html = draw("{% " + tag + ' 2 5 "Lessons done" %}')
    assert '<span class="words"><b>2 of 5</b> <span>Lessons done</span></span>' in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize("tag", ["ring", "bar"])
def test_progress_says_when_there_is_nothing_to_count(tag):
    html = draw("{% " + tag + " 0 0 %}")
    assert 'data-state="unknown"' in html
    assert "Not counted yet" in html


def test_ring_draws_no_dot_at_nothing_and_a_tick_when_done():
    assert 'class="value"' not in draw("{% ring 0 5 %}")
    assert 'class="tick"' in draw("{% ring 5 5 %}")


@pytest.mark.parametrize("language", ["en", "nb", "sv", "fi"])
def test_numbers_for_machines_are_whole_in_every_language(language):
    source = '{% ring 1 3 "x" %}{% bar 1 3 "x" %}{% bars rows "x" %}{% mark organisation %}'
    with translation.override(language):
        html = draw(source, rows=[("Sweden", 12345), ("Norway", 1)], organisation=organisation())
    values = NUMBERS.findall(html)
    assert len(values) > 10
    assert [value for value in values if not re.fullmatch(r"\d+( \d+)?", value)] == []


def test_bars_are_a_table_whose_longest_bar_is_the_largest_number():
    html = draw('{% bars rows "Learners" %}', rows=[("Sweden", 40), ("Norway", 10), ("Latvia", 0)])
    assert "<caption>Learners</caption>" in html
    assert re.findall(r'rect width="(\d+)"', html) == ["600", "150", "0"]
    assert '<th scope="row">Latvia</th>' in html


@pytest.mark.parametrize("rows", [[], [("Sweden", 0)]])
def test_bars_without_numbers_divide_by_nothing(rows):
    assert "<caption>x</caption>" in draw('{% bars rows "x" %}', rows=rows)


def test_bars_escape_their_labels():
    assert "<script>" not in draw('{% bars rows "x" %}', rows=[("<script>", 1)])


def test_no_tag_writes_a_style_attribute():
    html = draw(
        '{% ring 1 3 %}{% bar 1 3 %}{% bars rows "x" %}{% mark organisation %}{% badge "ok" "x" %}{% horizon %}',
        rows=[("a", 1)],
        organisation=organisation(),
    )
    assert " style" not in html


# --- Icons, badges, marks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PATHS)
def test_icons_are_hidden_and_drawn_from_plain_path_commands(name):
    assert 'aria-hidden="true"' in ui.icon(name)
    assert re.fullmatch(r"[MmLlHhVvCcAaSsZz0-9 .,-]+", PATHS[name])


def test_icon_with_an_unknown_name_is_an_error_not_a_gap():
    with pytest.raises((KeyError, TemplateSyntaxError)):
        draw('{% icon "unicorn" %}')


@pytest.mark.parametrize("kind", ui.BADGE_ICONS)
def test_badge_says_its_state_in_icon_and_word(kind):
    html = draw("{% badge kind words %}", kind=kind, words="Due <soon>")
    assert f'data-kind="{kind}"' in html
    assert "<svg" in html
    assert "Due &lt;soon&gt;" in html


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#777777", "#757575", "#e0a520", "#00ff00", "#ff0000", "#0b5d57"]
)
def test_letters_of_a_mark_are_readable_on_any_colour(colour):
    assert ui.contrast(ui.letters_on(colour), colour) >= 4.5


@pytest.mark.parametrize("colour", ["", None, "red", "#fff", '#ffffff" onload="x', "url(x)", "#gggggg"])
def test_colour_that_is_no_colour_becomes_the_neutral_one(colour):
    assert f'fill="{ui.FALLBACK_COLOUR}"' in ui.mark(organisation(colour=colour))


def test_mark_has_a_name_unless_it_is_decoration():
    assert 'role="img" aria-label="Lif"' in ui.mark(organisation())
    assert 'aria-hidden="true"' in ui.mark(organisation(), decorative=True)


@pytest.mark.parametrize(("language", "name"), [("en", "Lif"), ("fi", "Lääketeollisuus"), (None, "Lif")])
def test_mark_is_named_in_the_readers_language(language, name):
    with translation.override(language):
        assert f'aria-label="{name}"' in ui.mark(organisation(fi="Lääketeollisuus"))


@pytest.mark.parametrize("letters", ["", "Å", "LA", "PIC", "OCCI", "TOOLONG"])
def test_mark_takes_up_to_four_letters(letters):
    assert f">{letters[:4]}</text>" in ui.mark(organisation(letters=letters))


def test_mark_escapes_what_an_organisation_calls_itself():
    html = ui.mark(organisation(en='"><script>', letters="<b>"))
    assert "<script>" not in html
    assert "<b>" not in html


# --- Navigation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "url", "expected"),
    [
        ("/courses/", "/courses/", "page"),
        ("/courses/trials/", "/courses/", "true"),
        ("/learn/", "/courses/", ""),
        ("/", "/", "page"),
        ("/courses/", "/", ""),
    ],
)
def test_current_entry_of_a_menu(path, url, expected):
    assert ui.is_current(path, url) == expected


def test_menu_entry_is_marked_on_its_page():
    request = RequestFactory().get("/accounts/login/")
    html = draw('{% nav_link "account_login" label "person" %}', request=request, label="Log <in>")
    assert html.startswith('<li><a href="/accounts/login/" aria-current="page"><svg')
    assert "Log &lt;in&gt;" in html


def test_menu_entry_without_a_request_is_just_a_link():
    assert draw('{% nav_link "account_login" "Log in" %}') == '<li><a href="/accounts/login/">Log in</a></li>'


# --- Templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_carries_what_the_content_policy_refuses(path):
    source = path.read_text()
    assert re.findall(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style", source) == []
    assert re.findall(r"<script(?![^>]*(?:\bsrc=|application/json))", source) == []


def test_page_of_last_resort_needs_no_context():
    html = (TEMPLATES / "500.html").read_text()
    assert "extends" not in html
    assert "url " not in html
