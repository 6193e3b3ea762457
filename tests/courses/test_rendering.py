"""Markdown becomes the HTML that pages expect, and nothing that harms gets through either guard."""

import re

import pytest
import tinyhtml5
from hypothesis import example, given
from hypothesis import strategies as st

from courses.rendering import COMPARE_PLACE, render_markdown, sanitise, tree_path


def rendered(text, language="en", **others):
    return render_markdown(text, language=language, asset_url=lambda path: f"/files/{path}", **others)


# --- What authors write -----------------------------------------------------------------------------------------------


def test_figure_with_caption():
    assert rendered('![Two *boxes*](../assets/a.svg "One & two"){width=400}') == (
        '<figure class="figure"><img src="/files/assets/a.svg" alt="Two boxes" width="400" loading="lazy">'
        "<figcaption>One &amp; two</figcaption></figure>\n"
    )


def test_picture_within_a_sentence_is_no_figure():
    assert (
        rendered("a ![b](../assets/a.svg) c")
        == '<p>a <img src="/files/assets/a.svg" alt="b" loading="lazy"> c</p>\n'
    )


def test_table_scrolls_in_a_region_that_keyboard_and_ear_can_find():
    html = rendered("| Day | What |\n|--:|---|\n| 1 | x |\n")
    assert html.startswith(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: Day, What"><table>'
    )
    assert '<th class="align-right" scope="col">Day</th>' in html
    assert html.endswith("</table></div>\n")


def test_two_tables_with_equal_heads_have_different_names():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    assert re.findall('aria-label="([^"]*)"', rendered(table * 2)) == ["Table: a, b", "Table: a, b-2"]


def test_headings_have_ids_that_links_find():
    html = rendered("## Två delar\n\n## Två delar\n\n[x](#två-delar)", id_prefix="fi-")
    assert re.findall('id="([^"]*)"', html) == ["fi-två-delar", "fi-två-delar-2"]
    assert 'href="#fi-två-delar"' in html or 'href="#fi-tv%C3%A5-delar"' in html


def test_passage_in_another_language():
    assert '<span lang="fi">Tukija</span>' in rendered("the [Tukija]{lang=fi}")


@pytest.mark.parametrize("name", ["note", "case", "remember"])
def test_box_with_its_own_title(name):
    assert rendered(f":::{name} A <title>\ntext\n:::") == (
        f'<div class="box {name}" role="note"><p class="box-title">A &lt;title&gt;</p>\n<p>text</p>\n</div>\n'
    )


def test_box_without_title_has_our_word():
    assert '<p class="box-title">Remember</p>' in rendered(":::remember\ntext\n:::")


def test_our_word_is_marked_where_the_language_lacks_it():
    html = rendered(":::remember\ntext\n:::", language="lt")
    assert '<p class="box-title"><span lang="en">Remember</span></p>' in html


def test_reveal_folds():
    assert rendered(":::reveal Try it\n**a**\n:::") == (
        '<details class="reveal"><summary>Try it</summary>\n<p><strong>a</strong></p>\n</details>\n'
    )


@pytest.mark.parametrize(("written", "anchor"), [("", ""), (" ethics", "ethics"), (' "><script>', "")])
def test_place_for_panels(written, anchor):
    assert rendered(f":::country{written}\n:::") == f'<div data-country-anchor="{anchor}"></div>'


def test_place_of_the_comparison():
    assert rendered(":::compare\n:::") == COMPARE_PLACE
    assert rendered("::::note\n:::compare\n:::\n::::").count("data-compare-place") == 0
    assert sanitise('<div data-compare-place="x" onclick="y"></div>') == "<div></div>"


def test_place_inside_a_box_is_left_out():
    assert "data-country-anchor" not in rendered("::::note\n:::country\n:::\n::::")


def test_link_to_a_file_of_the_bundle():
    assert 'href="/files/assets/form.pdf"' in rendered("[x](../../assets/form.pdf)")


def test_link_to_elsewhere_tells_it_nothing():
    assert 'rel="noopener noreferrer"' in rendered("[x](https://example.org/)")


def test_footnotes_have_names_of_their_own_on_a_page_of_several_texts():
    html = rendered("a[^1]\n\n[^1]: note", id_prefix="fi-")
    assert re.findall(' id="([^"]*)"', html) == ["fnref-fi-1", "fn-fi-1"]
    assert 'href="#fnref-fi-1" class="footnote-back" aria-label="Back to the text"' in html


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("../assets/a.svg", "assets/a.svg"),
        ("../../../assets/sub/a.svg", "assets/sub/a.svg"),
        ("assets/a.svg", None),
        ("../assets/../core/a.md", None),
        ("../assets/%2e%2e/a", None),
        ("/assets/a.svg", None),
        ("https://example.org/../assets/a.svg", None),
    ],
)
def test_path_of_the_bundle_in_a_link(href, path):
    assert tree_path(href) == path


def test_html_is_shown_as_it_is_typed():
    assert rendered("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"


def test_authors_set_languages_and_widths_and_nothing_else():
    assert rendered('[x]{lang=fi #s-x .note title="y"}') == '<p><span lang="fi">x</span></p>\n'


# --- What attackers write ---------------------------------------------------------------------------------------------

HOSTILE_HTML = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="/a.png" srcset="https://example.org/a.png 2x">',
    '<img src="https://example.org/track.png">',
    '<img src="//example.org/track.png">',
    '<img src="/\\example.org/track.png">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa&#x09;Script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x" target="_top" ping="https://example.org">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<object data="x"></object><embed src="x">',
    '<form action="https://example.org"><input name="csrfmiddlewaretoken"><button>x</button></form>',
    '<p style="position:fixed;inset:0;background:url(https://example.org)">x</p>',
    "<style>body{display:none}</style>",
    '<link rel="stylesheet" href="https://example.org"><meta http-equiv="refresh" content="0;url=x"><base href="//x">',
    '<p hx-get="/admin/" hx-trigger="load" data-hx-post="/logout/" hx-on::load="alert(1)">x</p>',
    '<p class="demonstration-banner hidden" id="csrf">x</p>',
    '<p id="messages" name="cookie">x</p>',
    '<div role="alert" tabindex="99" aria-hidden="true" contenteditable>x</div>',
    '<div data-country-anchor="&quot;><script>alert(1)</script>"></div>',
    '<div data-compare-place="&quot;><script>alert(1)</script>"></div>',
    "<math><mtext></p><style><img src onerror=alert(1)></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    '<video src="https://example.org/a.mp4" autoplay></video><audio src=x>',
    "<template><script>alert(1)</script></template><textarea><script>alert(1)</script></textarea>",
    "<!--[if IE]><script>alert(1)</script><![endif]--><!-- x -->",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<custom-element is=x>x</custom-element>",
    '<table background="https://example.org"><td colspan=100000000 rowspan="x">x</table>',
    "\0<script\0>alert(1)</script>",
]
_ELEMENTS = """
    html head body a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4
    h5 h6 hr i img ins kbd li ol p pre q s section small span strong sub summary sup table tbody td tfoot th thead time
    tr u ul var
"""
_ATTRIBUTES = """
    alt aria-label class colspan data-compare-place data-country-anchor href id lang loading rel role rowspan scope src
    start tabindex width
"""
_CLASSES = """
    align-center align-left align-right box box-title case figure footnote-back footnote-item footnote-ref footnotes
    note remember reveal table-scroll
"""
ELEMENTS, ATTRIBUTES, CLASSES = (set(words.split()) for words in (_ELEMENTS, _ATTRIBUTES, _CLASSES))


def harms(html):
    """What a browser would find in the HTML that no page of ours may have; read by a parser of WeasyPrint's."""
    found = []
    for element in tinyhtml5.parse(html).iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag not in ELEMENTS:
            found.append(tag)
        for name, value in element.attrib.items():
            strange = (
                set(value.split()) - CLASSES
                if name == "class"
                else not VALUES.get(name, ANYTHING).fullmatch(value)
            )
            if name not in ATTRIBUTES or strange:
                found.append((tag, name, value))
    return found


ANYTHING = re.compile(".*", re.DOTALL)
VALUES = {
    "data-compare-place": re.compile(""),
    "data-country-anchor": re.compile(r"[a-z0-9._-]*"),
    "href": re.compile(r"#[^\s]*|/[^/].*|(?:https?|mailto):.*", re.DOTALL),
    "id": re.compile(r"\S+-\S*"),
    "role": re.compile("region|note"),
    "src": re.compile(r"/[^/\\].*"),
    "tabindex": re.compile("0"),
    "colspan": re.compile("[0-9]{1,2}"),
}


@pytest.mark.parametrize("html", HOSTILE_HTML)
def test_sanitiser_lets_no_harm_through(html):
    assert harms(sanitise(html)) == []


@pytest.mark.parametrize("html", HOSTILE_HTML)
def test_html_in_markdown_is_only_text(html):
    assert harms(rendered(f"before\n\n{html}\n\nafter {html}")) == []


HOSTILE_MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://example.org/a.png)",
    '![x](../assets/a.svg){onerror="alert(1)" style="x" width="1 onerror=alert(1)"}',
    '[x]{lang="fi\\" onmouseover=alert(1)" onclick=alert(1) hx-get=/x class=hidden id=messages}',
    '![" onerror="alert(1)](../assets/a.svg "\\" onload=\\"alert(1)")',
    ':::note "><script>alert(1)</script>\nx\n:::',
    ":::reveal </summary><script>alert(1)</script>\nx\n:::",
    '| <script>alert(1)</script> | " onfocus=alert(1) x=" |\n|---|---|\n| a | b |',
    "## <img src=x onerror=alert(1)>",
    'x[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: y',
    "```html\n<script>alert(1)</script>\n```",
    '```" onload=alert(1)\nx\n```',
]


@pytest.mark.parametrize("text", HOSTILE_MARKDOWN)
def test_hostile_markdown_does_nothing(text):
    assert harms(rendered(text)) == []


def test_class_is_kept_only_where_we_use_it():
    assert sanitise('<p class="box-title hidden">x</p><div class="box-title box note">y</div>') == (
        '<p class="box-title">x</p><div class="box note">y</div>'
    )


def test_id_that_could_hide_a_property_of_the_page_is_dropped():
    assert (
        sanitise('<h2 id="location">x</h2><h2 id="s-location">y</h2>')
        == '<h2>x</h2><h2 id="s-location">y</h2>'
    )


def test_what_the_renderer_makes_passes_the_sanitiser_unchanged():
    text = """\
## a

![b](../assets/a.svg "c")

| a |
|--:|
| 1 |

:::note
x[^1]
:::

[^1]: y

:::country a.b
:::
"""
    html = rendered(text)
    assert sanitise(html) == html
    assert html.count("class=") == 10


fragments = [*HOSTILE_HTML, *HOSTILE_MARKDOWN, "\n\n", " ", ">", '"', "`", "|", "*", "]", "{", ":::"]
snippets = st.lists(st.sampled_from(fragments), max_size=8).map("".join)


@given(st.one_of(snippets, st.text(max_size=60)))
@example("<a <b>>")
def test_any_mixture_is_harmless_and_stays_as_it_is_when_cleaned_again(text):
    for clean in (sanitise(text), rendered(text)):
        assert harms(clean) == []
        assert sanitise(clean) == clean
