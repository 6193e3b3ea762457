"""Each rule of the format, broken by hand in a bundle and sent through page, API and command.

Every door tells file and line, and nothing has changed. The rules and their places are the tables of the reader's own
tests, so that a rule added there is tried here.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certificates.models import CertificateDefinition
from courses.models import Asset, Edition, Fact, Module, Revision
from lms.accounts.models import Role
from lms.records.models import AuditEvent

from .bundle.samples import changed, edited, good_files, write_files
from .bundle.test_kinds import FAULTS as FAULTS_OF_KINDS
from .bundle.test_kinds import PATH, QUIZ
from .bundle.test_kinds import files as files_with
from .bundle.test_reader import FAULTS, STRAYS
from .studio_builders import imported, upload

pytestmark = pytest.mark.slow

IMPORT, API = "/studio/import/", "/api/v1/modules/import/"


# Shapes, texts and drawings, which have tables of their own where they are read.
MORE = [
    (
        "module.yaml",
        "references: [",
        "references: text #",
        "module.yaml, line 15",
        "“references” must be a list",
    ),
    (
        "module.yaml",
        'references: ["',
        'references: [[a], "',
        "module.yaml, line 15",
        "Every item of “references”",
    ),
    (
        "module.yaml",
        '  - {en: "Tell a core',
        '  - a\n  - {en: "Tell a core',
        "module.yaml, line 10",
        "Every item of",
    ),
    ("module.yaml", "title: {en", "title: text # {en", "module.yaml, line 8", "must have keys and values"),
    (
        "module.yaml",
        "- core/020-clock.md",
        "- translations/sv/010-welcome.md",
        "module.yaml, line 19",
        "is no lesson",
    ),
    ("module.yaml", "format: 1", "format: 1\nformat: 1", "module.yaml, line 2", "stands here twice"),
    ("module.yaml", "key: small", "key: !x small", "module.yaml, line 2", "tags (!) are not accepted"),
    ("module.yaml", "key: small", "key: &a small", "module.yaml, line 2", "anchors and aliases"),
    (
        "core/010-welcome.md",
        "## Two parts",
        "# Two parts",
        "core/010-welcome.md, line 11",
        "Begin headings with",
    ),
    ("core/010-welcome.md", ":::note", ":::quote", "core/010-welcome.md, line 18", "“:::quote” is not known"),
    ("core/010-welcome.md", "form.pdf", "gone.pdf", "core/010-welcome.md, line 19", "leads to no file"),
    (
        "core/010-welcome.md",
        "![Two boxes side by side]",
        "![]",
        "core/010-welcome.md, line 13",
        "no alternative text",
    ),
    (
        "core/010-welcome.md",
        "{lang=fi}",
        "{lang=xx}",
        "core/010-welcome.md, line 9",
        "not a language we know",
    ),
    (
        "core/010-welcome.md",
        ":::country ethics",
        ":::compare\n:::\n\n:::compare",
        "core/010-welcome.md, line 18",
        "already",
    ),
    (
        "countries/FI/panels/welcome.en.md",
        "In Finland",
        ":::country\n:::\n\nIn",
        "countries/FI/panels/welcome.en.md, line 7",
        "no place",
    ),
    ("assets/parts.svg", "<rect", "<script/><rect", "assets/parts.svg, line 1", "<script> is not accepted"),
    ("assets/parts.svg", "<svg", "<!DOCTYPE svg><svg", "assets/parts.svg, line 1", "It has a DOCTYPE"),
    ("assets/parts.svg", 'fill="#', 'onload="x" fill="#', "assets/parts.svg, line 1", "would run a script"),
    ("assets/clock.en.vtt", "-->", "->", "assets/clock.en.vtt, line 4", "is no line of times"),
    (
        "assets/clock.en.vtt",
        "00:00:02.000",
        "00:00:00.000",
        "assets/clock.en.vtt, line 3",
        "before it begins",
    ),
]


def broken() -> list:
    edits = [(edited(path, old, new), place, words) for path, old, new, place, words in (*FAULTS, *MORE)]
    strays = [(changed(changes), place, words) for changes, place, words in STRAYS]
    kinds = [
        (files_with(QUIZ.replace(old, new, 1)), f"{PATH}, line {line}", words)
        for old, new, line, words in FAULTS_OF_KINDS
    ]
    rows = (*edits, *strays, *kinds)
    return [pytest.param(*row, id=f"{number} {row[1]}"[:60]) for number, row in enumerate(rows)]


@pytest.fixture
def writer(author, pharma_centre, now):
    """Writes for all whom the good module names, so that nothing but its faults stands in the way."""
    author.memberships.create(organisation=pharma_centre, role=Role.AUTHOR, starts_on=now.date())
    return author


@pytest.fixture
def everything(settings, partners, now):
    """All rows and files, as they are when asked; the good module is here already."""
    imported(good_files(), by=None, at=now)
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    models = (Module, Edition, Revision, Asset, Fact, AuditEvent, CertificateDefinition)

    def state():
        rows = {model: sorted(model.objects.values_list()) for model in models[:4]}
        counts = [model.objects.count() for model in models]
        return rows, counts, sorted(path for path in root.rglob("*") if path.is_file())

    return state


@pytest.mark.parametrize(("files", "place", "words"), broken())
def test_a_broken_rule_is_told_at_every_door_and_nothing_changes(
    signed_in, writer, everything, tmp_path, files, place, words
):
    before = everything()
    client = signed_in(writer)
    for told in (by_page(client, files), by_api(client, files), by_command(files, tmp_path)):
        assert any(line.startswith(f"{place}: ") and words in line for line in told), told
    assert everything() == before


def by_page(client, files):
    page = client.post(IMPORT, {"bundle": upload(files)})
    assert page.status_code == 422
    problems = [problem for _file, found in page.context["errors"] for problem in found]
    assert all(problem.file in page.text for problem in problems)
    return [str(problem) for problem in problems]


def by_api(client, files):
    answer = client.post(API, {"bundle": upload(files)})
    assert (answer.status_code, answer.json()["code"]) == (422, "bundle-refused")
    return [
        f"{found['file']}, line {found['line']}: {found['message']}"
        if found["line"]
        else f"{found['file']}: {found['message']}"
        for found in answer.json()["problems"]
        if found["level"] == "error"
    ]


def by_command(files, tmp_path):
    folder = write_files(tmp_path / "module", files)
    with pytest.raises(CommandError) as refused:
        call_command("module_import", folder, stdout=StringIO())
    return str(refused.value).splitlines()


def test_the_good_module_comes_in_at_every_door(signed_in, writer, everything, tmp_path):
    """What the table breaks is whole before."""
    client = signed_in(writer)
    assert client.post(IMPORT, {"bundle": upload(good_files())}).status_code == 200
    assert client.post(API, {"bundle": upload(good_files())}).status_code == 200
    call_command("module_import", write_files(tmp_path / "module", good_files()), stdout=StringIO())
