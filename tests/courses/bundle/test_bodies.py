"""What is wrong with a Markdown body is found before anyone sees it, with its line."""

import pytest

from courses.bundle.bodies import Body, anchors_of, assets_of, check_body
from courses.bundle.problems import Problems

PATHS = frozenset({"assets/parts.svg", "assets/form.pdf"})


def found(text, *, file="core/010-a.md", places=True):
    problems = Problems()
    check_body(Body(file, text, 10, PATHS), problems, places=places)
    return [(problem.line, problem.level, problem.message) for problem in problems.all]


GOOD = """\
Text with a [link](https://example.org), a [file](../assets/form.pdf) and [a heading](#two-parts).

## Two parts

![Two boxes](../assets/parts.svg "Caption"){width=400}

- item
- [Tukija]{lang=fi}

::::case A case
:::reveal Answer
Yes.
:::
::::

:::country
:::

:::country ethics
:::

:::compare
:::

| a | b |
|---|---|
| 1 | 2 < 3 |

```
<code> :::note
```
"""


def test_good_body_has_nothing_to_report():
    assert found(GOOD) == []


FAULTS = [
    (":::compare\ntext\n:::", 10, "holds no text"),
    (":::compare ethics\n:::", 10, "has no name"),
    ("::::note\n:::compare\n:::\n::::", 11, "inside a box or list"),
    (":::compare\n:::\n\n:::compare\n:::", 13, "compared here already"),
    ("![](../assets/parts.svg)", 10, "no alternative text"),
    ("x\n\n![a](../assets/gone.svg)", 12, "leads to no file"),
    ("a\nb [c](../assets/gone.pdf)", 11, "leads to no file"),
    ("![a](../../etc/passwd)", 10, "leaves the bundle"),
    ("![a](/etc/passwd)", 10, "leaves the bundle"),
    ("[a](../assets/%2e%2e/%2e%2e/%2e%2e/x.pdf)", 10, "leaves the bundle"),
    ("[a](020-b.md)", 10, "does not lead to assets/. From this file such a link begins with “../assets/”"),
    ("![a](https://example.org/a.png)", 10, "Pictures come with the bundle"),
    ("![a](//example.org/a.png)", 10, "Pictures come with the bundle"),
    ("[a](ftp://example.org/)", 10, "no address that a link may have"),
    ("[a](//example.org/)", 10, "no address that a link may have"),
    ("[a](#nowhere)", 10, "No heading here"),
    ("# Title", 10, "Begin headings with “##”"),
    ("a\n\nTitle\n=====", 12, "Begin headings with “##”"),
    ("[x]{lang=tlh}", 10, "not a language we know"),
    (":::warning\nx\n:::", 10, "“:::warning” is not known"),
    ("a\n\n:::note\nx", 12, "“:::note” is not closed"),
    (":::case\n:::reveal\nx\n:::\n:::", 14, "closes nothing"),
    (":::country\ntext\n:::", 10, "holds no text"),
    (":::country Ethics!\n:::", 10, "no name of a place"),
    (":::country\n:::\n\n:::country\n:::", 13, "here already"),
    ("::::note\n:::country\n:::\n::::", 11, "inside a box or list"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_fault_is_an_error_on_its_line(text, line, words):
    problems = found(text)
    assert any(
        place == line and level == "error" and words in message for place, level, message in problems
    ), problems


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("## a\n\n#### b", 12, "skips a level: use “###”"),
        ("x <b>bold</b>", 10, "HTML is not used here"),
        ("x\n\n<script>alert(1)</script>", 12, "HTML is not used here"),
    ],
)
def test_doubtful_body_is_a_warning(text, line, words):
    assert [(place, level, words in message) for place, level, message in found(text)] == [
        (line, "warning", True)
    ]


def test_panel_has_no_place_for_panels():
    assert "A panel has no place" in found(":::country\n:::", places=False)[0][2]
    assert "speaks of one country" in found(":::compare\n:::", places=False)[0][2]


def test_link_from_a_deeper_folder_says_how_to_write_it():
    problems = found("![a](../assets/parts.svg)", file="translations/sv/010-a.md")
    assert "begins with “../../assets/”" in problems[0][2]


def test_anchors_and_assets_of_a_body():
    assert anchors_of(GOOD) == {"", "ethics"}
    assert assets_of(GOOD, "core/010-a.md") == PATHS
