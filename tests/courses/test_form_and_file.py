"""A module edited in the Studio and a module edited as files are the same thing: the same edit gives the same bytes."""

import pytest

from courses.bundle import write_zip
from courses.models import Module, Revision
from courses.selectors.bundles import bundle_of, newest_revisions
from lms.accounts.models import Role

from .bundle.samples import WELCOME, good_files
from .studio_builders import bundle, imported

# What no form shows: unknown keys at every place, and writing that a form would tidy up.
SPICE = [
    ("module.yaml", "format: 1", "format: 1\ncolour: {b: red, a: [1, null]}"),
    ("module.yaml", "licence: BSD-3-Clause", 'licence: "BSD-3-Clause  (new)"'),
    ("module.yaml", 'hours: "0.5"', 'hours: "0.50"'),
    ("module.yaml", 'references: ["Regulation', 'references: ["Art. 5,  first part", "Regulation'),
    ("core/010-welcome.md", "title: Welcome", 'title: "Welcome  all"\nmood: calm'),
    ("core/030-check.quiz.yaml", "draw: null", "level: 2"),
    (
        "core/030-check.quiz.yaml",
        "questions:",
        "pools: [{key: terms, draw: 1, questions: [days], weight: 3}]\nquestions:",
    ),
    ("core/030-check.quiz.yaml", "- {key: brochure,", "- {key: brochure, weight: 1,"),
    ("core/030-check.quiz.yaml", "kind: truefalse,", "kind: truefalse, options: [unknown here],"),
    ("translations/sv/010-welcome.md", "key: welcome", "key: welcome\ntranslator: somebody"),
    ("translations/sv/030-check.quiz.yaml", 'true-one: {prompt: "Är det så?"}', "true-one: {by: somebody}"),
    ("translations/sv/030-check.quiz.yaml", 'brochure: "Det är del I."', 'brochure: "Del I.", site: "Ja."'),
    ("countries/FI/layer.yaml", "pass: null", "pass: 75\nreviewed: often"),
    ("countries/FI/questions.yaml", "minutes: 5", "minutes: 5\nmood: calm"),
    ("countries/FI/questions.yaml", "    kind: single", "    kind: single\n    level: 2"),
]


def spiced(*edits):
    files = good_files()
    for path, old, new in (*SPICE, *edits):
        text = files[path].decode()
        assert old in text, old
        files[path] = text.replace(old, new, 1).encode()
    return files


@pytest.fixture
def module(partners, author, pharma_centre, now):
    author.memberships.create(organisation=pharma_centre, role=Role.AUTHOR, starts_on=now.date())
    imported(spiced(), by=None, at=now)
    return Module.objects.get()


def draft(kind):
    return Revision.objects.get(edition__kind=kind)


def fill_in(client, url, **changes):
    """The form of a page as a browser sends it back, with some fields changed."""
    form = client.get(url).context["form"]
    shown = {field.html_name: field.value() for field in form}
    said = {name: value for name, value in shown.items() if value not in (None, False)}
    answer = client.post(url if "action" not in changes else changes.pop("action"), {**said, **changes})
    assert answer.status_code == 302, answer.context["form"].errors


NEW_WORDS = """New words,
on two lines.

![Two boxes](../assets/parts.svg)

[form](../assets/form.pdf)

:::country ethics
:::
"""
EDITS = {
    "a text": (
        "core",
        "lessons/welcome/",
        {"body": NEW_WORDS.replace("\n", "\r\n")},
        ("core/010-welcome.md", WELCOME.split("---\n", 2)[2], NEW_WORDS),
    ),
    "minutes": (
        "core",
        "lessons/welcome/",
        {"minutes": "7"},
        ("core/010-welcome.md", "minutes: 5", "minutes: 7"),
    ),
    "a summary": (
        "core",
        "about/",
        {"summary": "One.\r\nTwo."},
        ("module.yaml", '{en: "Two sentences. No more."}', '{en: "One.\\nTwo."}'),
    ),
    "a question": (
        "core",
        "quizzes/check/questions/part-two/",
        {"prompt": "Which one\r\nbelongs there?", "points": "2"},
        (
            "core/030-check.quiz.yaml",
            "prompt: Which document belongs in Part II?",
            'prompt: "Which one\\nbelongs there?"\n    points: 2',
        ),
    ),
    "another kind of question": (
        "core",
        "quizzes/check/questions/true-one/",
        {"explanation": "It is."},
        ("core/030-check.quiz.yaml", 'explanation: "Yes."', 'explanation: "It is."'),
    ),
    "a quiz": (
        "core",
        "quizzes/check/settings/",
        {"pass_percent": "90"},
        ("core/030-check.quiz.yaml", "pass: 80", "pass: 90"),
    ),
    "a translated text": (
        "translation",
        "lessons/welcome/",
        {"title": "Välkomna", "source": ""},
        ("translations/sv/010-welcome.md", "title: Välkommen", "title: Välkomna"),
    ),
    "a translated quiz": (
        "translation",
        "lessons/check/",
        {"both|prompt": "Vilka två\r\ngäller?", "source": ""},
        ("translations/sv/030-check.quiz.yaml", "Vilka gäller?", "Vilka två\\ngäller?"),
    ),
    "a country question": (
        "layer",
        "quizzes/country-check/questions/fi-ethics/",
        {"prompt": "Who looks at it?"},
        ("countries/FI/questions.yaml", "Who reviews?", "Who looks at it?"),
    ),
    "a country check": (
        "layer",
        "quizzes/country-check/settings/",
        {"minutes": "6"},
        ("countries/FI/questions.yaml", "minutes: 5", "minutes: 6"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_same_edit_gives_the_same_bytes(signed_in, author, module, name):
    kind, place, changes, edit = EDITS[name]
    url = f"/studio/revisions/{draft(kind).pk}/{place}"
    if place.endswith("settings/"):
        changes, url = {**changes, "action": url}, url.removesuffix("settings/")
    fill_in(signed_in(author), url, **changes)
    revisions = newest_revisions(Revision.objects.all(), module)
    assert write_zip(bundle_of(module, revisions)) == write_zip(bundle(spiced(edit)))


def test_a_lesson_moved_is_a_line_moved(signed_in, author, module):
    signed_in(author).post(f"/studio/revisions/{draft('core').pk}/lessons/clock/move/", {"steps": "-1"})
    welcome, clock = "  - core/010-welcome.md\n", "  - core/020-clock.md\n"
    moved = spiced(("module.yaml", welcome + clock, clock + welcome))
    revisions = newest_revisions(Revision.objects.all(), module)
    assert write_zip(bundle_of(module, revisions)) == write_zip(bundle(moved))


def test_a_lesson_of_a_removed_ones_name_has_nothing_of_it(signed_in, author, module):
    client, pk = signed_in(author), draft("core").pk
    client.post(f"/studio/revisions/{pk}/lessons/check/remove/")
    assert not any(name.startswith("check ") for name in draft("core").meta["extras"].get("questions", {}))
