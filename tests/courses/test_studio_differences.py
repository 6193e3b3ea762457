"""What a revision changes, thing by thing: every kind of thing, each as added, removed or changed."""

import pytest

from courses.models import Edition, Revision
from courses.selectors.studio.differences import changed_lines, changed_words, difference
from courses.selectors.studio.thing_lines import right_answer

from .bundle.samples import FACTS, PANEL, QUESTIONS
from .studio_builders import CORE, FINNISH, core_files, draft, files_of, imported


def words(line) -> list[tuple[str, str]]:
    return [(span.kind, span.text) for span in line]


def test_words_within_a_line():
    assert words(changed_words("One core, thin layers.", "One core, thin national layers.")) == [
        ("same", "One core, thin "),
        ("added", "national "),
        ("same", "layers."),
    ]


def test_lines_that_have_little_in_common_stand_side_by_side():
    assert words(changed_words("All of this.", "Something else entirely")) == [
        ("removed", "All of this."),
        ("added", "Something else entirely"),
    ]


def test_what_is_unchanged_is_left_out_but_for_the_neighbours():
    before = [f"Line {number}" for number in range(20)]
    after = [*before[:3], "New", *before[3:15], *before[16:]]
    lines = [words(line) for line in changed_lines(before, after)]
    assert lines == [
        [("same", "Line 2")],
        [("added", "New")],
        [("same", "Line 3")],
        [("gap", "…")],
        [("same", "Line 14")],
        [("removed", "Line 15")],
        [("same", "Line 16")],
    ]


@pytest.fixture
def changed(author, partners, now):
    """`changed(files, kind)`: what those files change against the small module, published as it is."""
    imported(files_of(CORE, FINNISH), by=None, at=now)
    for edition in Edition.objects.all():
        first = edition.revisions.get()
        Revision.objects.filter(pk=first.pk).update(status="published", published_at=now)
        Edition.objects.filter(pk=edition.pk).update(current=first)

    def compare(files) -> list[tuple[str, str]]:
        found = difference(draft(files, by=None, at=now))
        return [(change.kind, change.name) for change in found.changes]

    return compare


def test_a_first_revision_has_nothing_to_differ_from(author, partners, now):
    assert difference(draft(core_files(), by=author, at=now)) is None


def test_lessons_and_questions_that_come_and_go(changed):
    files = core_files()
    files["module.yaml"] = files["module.yaml"].replace(b"  - core/020-clock.md\n", b"  - core/040-end.md\n")
    del files["core/020-clock.md"]
    files["core/040-end.md"] = (
        files["core/010-welcome.md"].replace(b"welcome", b"end").replace(b"Welcome", b"The end")
    )
    quiz = files["core/030-check.quiz.yaml"].decode()
    files["core/030-check.quiz.yaml"] = (
        quiz.replace("key: true-one", "key: true-two").replace("Sixty.", "60.").encode()
    )
    assert changed(files) == [
        ("added", "Lesson: The end"),
        ("added", "Question: check · true-two"),
        ("changed", "Question: check · days"),
        ("removed", "Lesson: The clock"),
        ("removed", "Question: check · true-one"),
        ("removed", "File: clock.en.vtt"),
        ("removed", "File: clock.mp4"),
        ("removed", "File: clock.png"),
    ]


def test_facts_panels_and_country_questions(changed):
    files = files_of(FINNISH)
    facts = FACTS.replace("Act 983/2021", "Act 983/2021, section 4").replace("key: ct.act", "key: ct.new")
    files["countries/FI/facts.yaml"] = facts.encode()
    panel = PANEL.replace("one** committee", "one** national committee").replace(", ct.act", "")
    files["countries/FI/panels/welcome.en.md"] = panel.encode()
    files["countries/FI/questions.yaml"] = QUESTIONS.replace("Who reviews?", "Who decides?").encode()
    assert changed(files) == [
        ("changed", "Panel: welcome · ethics · English"),
        ("changed", "Fact: ct.ethics"),
        ("added", "Fact: ct.new"),
        ("changed", "Question: country-check · fi-ethics"),
        ("removed", "Fact: ct.act"),
    ]


def test_the_description_counts_too(changed):
    files = core_files()
    files["module.yaml"] = files["module.yaml"].replace(b"A small module", b"A very small module")
    assert changed(files) == [("changed", "Title and description")]


@pytest.fixture
def lines(author, partners, now):
    """`lines(name, path, old, new)`: the changed lines of one thing of the layer, as added and removed words."""
    imported(files_of(CORE, FINNISH), by=None, at=now)
    for edition in Edition.objects.all():
        first = edition.revisions.get()
        Revision.objects.filter(pk=first.pk).update(status="published", published_at=now)
        Edition.objects.filter(pk=edition.pk).update(current=first)

    def compare(name, path, old, new):
        files = files_of(FINNISH)
        text = files[path].decode()
        assert old in text
        files[path] = text.replace(old, new, 1).encode()
        (change,) = difference(draft(files, by=None, at=now)).changes
        assert change.name == name
        return [
            "".join(span.text for span in line if span.kind != "removed")
            for line in change.lines
            if any(span.kind in ("added", "removed") for span in line)
        ]

    return compare


def test_a_layer_whose_threshold_alone_has_changed_says_so_in_its_own_words(lines):
    assert lines("The layer as a whole", "countries/FI/layer.yaml", "pass: null", "pass: 80") == [
        "To pass the country questions: 80 percent of the points"
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "name", "said"),
    [
        (
            "facts.yaml",
            "{lang: fi, text: Tukija}",
            "{lang: sv, text: Tukija}",
            "Fact: ct.ethics",
            "Native term in Swedish: Tukija",
        ),
        ("facts.yaml", "status: confirm", "status: disputed", "Fact: ct.act", "Status: Disputed"),
        (
            "facts.yaml",
            "The national committee",
            "The committee",
            "Fact: ct.ethics",
            "Statement in English: The committee Tukija.",
        ),
        (
            "questions.yaml",
            'en: "Who reviews?"',
            'en: "Who decides?"',
            "Question: country-check · fi-ethics",
            "Question in English: Who decides?",
        ),
        (
            "questions.yaml",
            "The agency.",
            "An agency.",
            "Question: country-check · fi-ethics",
            "Feedback to option fimea in English: An agency.",
        ),
        (
            "questions.yaml",
            'title: {en: "Finland: check',
            'title: {en: "Finland, check',
            "The layer as a whole",
            "Title of the country questions in English: Finland, check what you know",
        ),
    ],
)
def test_a_layer_is_compared_in_words(lines, path, old, new, name, said):
    assert lines(name, f"countries/FI/{path}", old, new) == [said]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"options": ["a", "b"], "correct": ["b"]}, "b"),
        ({"correct": True}, "True"),
        ({"correct": False}, "False"),
        ({"answer": "60", "tolerance": "0"}, "60"),
        ({"answer": "60", "tolerance": "2"}, "60 ± 2"),
        ({"options": ["a"], "matches": ["m"], "correct": {"a": "m"}}, "a → m"),
        ({"options": ["a", "b"]}, "a, b"),
        ({"document": {"title": "SOP"}}, ""),
    ],
)
def test_what_is_right_is_said_for_every_kind(rule, said):
    assert right_answer(rule) == said
