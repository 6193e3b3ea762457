"""YAML is data here: what makes it more than that is refused with its line, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.bundle.documents import to_yaml
from courses.bundle.problems import Problems
from courses.bundle.syntax import plain, read_document, read_text, read_yaml

from .strategies import extras


def read(text, first_line=1):
    problems = Problems()
    node = read_yaml("a.yaml", text, problems, first_line)
    return (plain(node) if node else None), [(item.line, item.level, item.message) for item in problems.all]


def test_plain_yaml():
    assert read('a: 1\nb: [x, y, true, null, ~, "2"]\nc:\n  d: |\n    two\n    lines\n') == (
        {"a": 1, "b": ["x", "y", True, None, None, "2"], "c": {"d": "two\nlines"}},
        [],
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: !!python/object:os.system x", 2, "tags"),
        ("a: !!str x", 1, "tags"),
        ("a: ! x", 1, "tags"),
        ("a: &x 1\nb: *x", 1, "anchors"),
        ("a: 1\nb: *x", 2, "anchors"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", 1, "anchors"),
        ("a: 1\na: 2", 2, "stands here twice"),
        ("a: {b: 1, b: 2}", 1, "stands here twice"),
        ("a: [1", 1, "not the YAML"),
        ("a: b: c", 1, "not the YAML"),
        ("\tx: 1", 1, "not the YAML"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("- a", 1, "Keys and values"),
        ("", 1, "Keys and values"),
        ("just text", 1, "Keys and values"),
        ("? [a]\n: b", 1, "plain word"),
        ("a: " + "[" * 50 + "]" * 50, 1, "nested too deeply"),
        ('a: "\\0"', 1, "control character"),
        ('a: "\\ud800"', 1, "control character"),
        ('a: "\\u2028"', 1, "control character"),
        ("a: \x07", 1, "control character"),
        ('a: "\\UFFFFFFFF"', 1, "control character"),
        ('a: "\\U00110000"', 1, "control character"),
    ],
)
def test_more_than_data_is_refused(text, line, words):
    value, problems = read(text)
    assert value is None
    assert [(place, level) for place, level, _message in problems] == [(line, "error")]
    assert words in problems[0][2]


MISREAD = ["NO", "no", "Yes", "off", "2026-11-20", "2.5", "0x1F", "010", "12:30", "1_000", "<<", "="]


@pytest.mark.parametrize("word", MISREAD)
def test_what_others_misread_stays_text_and_is_reported(word):
    value, problems = read(f"a: {word}")
    message = f"“{word}” should stand in quotes: other programs read it as something else."
    assert (value, problems) == ({"a": word}, [(1, "warning", message)])


def test_merge_key_merges_nothing():
    assert read("a: {<<: {b: 1}}")[0] == {"a": {"<<": {"b": 1}}}


def test_lines_are_those_of_the_file():
    assert read("a: 1\na: 2", first_line=10)[1][0][0] == 11


@given(extras)
def test_what_is_written_reads_back(values):
    assert read(to_yaml({"key": "x", **values})) == ({"key": "x", **values}, [])


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    value, problems = read(text)
    assert value is not None or problems


# --- Front matter -----------------------------------------------------------------------------------------------------


def document(text):
    problems = Problems()
    return read_document("a.md", text, problems), [(item.line, item.message) for item in problems.all]


def test_body_and_its_line():
    found, problems = document("---\nkey: a\n---\n\n  indented\n\ntext  \n\n")
    assert (found.body, found.body_line, problems) == ("  indented\n\ntext", 5, [])


def test_rule_in_a_body_ends_nothing():
    found, _problems = document("---\nkey: a\n---\nabove\n\n---\n\nbelow")
    assert found.body == "above\n\n---\n\nbelow"


@pytest.mark.parametrize("text", ["", "text", "---\nkey: a\ntext", "\n---\nkey: a\n---\n"])
def test_file_without_front_matter_is_refused(text):
    found, problems = document(text)
    assert found is None
    assert problems == [(1, "The file must begin with “---”, its keys, and “---” on a line of its own.")]


@pytest.mark.parametrize(("data", "line"), [(b"a\nb\xff", 2), (b"a\nb\nc\x00", 3), ("a\x85".encode(), 1)])
def test_text_that_cannot_be_stored_is_refused(data, line):
    problems = Problems()
    assert read_text("a.md", data, problems) is None
    assert [item.line for item in problems.all] == [line]
