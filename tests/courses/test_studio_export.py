"""What was imported comes out again, to the byte; and only for those who write it."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.bundle import read_folder, read_zip, write_folder, write_zip
from courses.models import Revision
from courses.selectors.bundles import bundle_of, newest_revisions
from courses.services import import_bundle
from lms.accounts.models import Role
from tests.conftest import with_role

from .bundle.samples import edited, good_files
from .studio_builders import (
    CORE,
    FINNISH,
    bundle,
    changed_core,
    core_files,
    draft,
    files_of,
    imported,
    published,
)

LIBRARY = Path(__file__).parents[2] / "courses" / "library"
URL = "/studio/modules/small-module/export/"


def exported(module):
    return bundle_of(module, newest_revisions(Revision.objects.all(), module))


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in LIBRARY.glob("*/module.yaml")))
def test_every_module_of_the_library_comes_out_as_it_went_in(folder, partners, now):
    original = read_folder(LIBRARY / folder)
    module = import_bundle(original, by=None, at=now).module
    assert write_zip(exported(module)) == write_zip(original)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("module.yaml", "format: 1", "format: 1\ncolour: red"),
        ("core/010-welcome.md", "kind: text", "kind: text\nmood: calm"),
        ("core/030-check.quiz.yaml", "    kind: single", "    kind: single\n    level: 2"),
        ("core/030-check.quiz.yaml", "- {key: brochure,", "- {key: brochure, weight: 1,"),
        ("translations/sv/010-welcome.md", "key: welcome", "key: welcome\ntranslator: somebody"),
        ("translations/sv/030-check.quiz.yaml", "true-one: {", "true-one: {by: somebody, "),
        ("countries/FI/layer.yaml", "pass: null", "pass: 75\nreviewed: yes"),
        ("countries/FI/facts.yaml", "    status: verified", "    status: verified\n    seen_by: somebody"),
        ("countries/FI/facts.yaml", "lang: fi, text: Tukija", "lang: fi, text: Tukija, gender: none"),
        ("countries/FI/facts.yaml", '    review_due: "2027-05-20"\n', ""),
        ("countries/FI/facts.yaml", '"2027-05-20"', '"2027-01-31"'),
        ("countries/FI/questions.yaml", "minutes: 5", "minutes: 5\nmood: calm"),
        ("countries/FI/questions.yaml", "    kind: single", "    kind: single\n    level: 2"),
        ("countries/FI/panels/welcome.en.md", "anchor: ethics", "anchor: ethics\nmood: calm"),
    ],
)
def test_what_this_version_does_not_know_comes_out_too(path, old, new, partners, now):
    original = bundle(edited(path, old, new))
    module = import_bundle(original, by=None, at=now).module
    assert write_zip(exported(module)) == write_zip(original)


def test_importing_an_export_changes_nothing(partners, now):
    module = imported(good_files(), by=None, at=now).module
    again = import_bundle(read_zip(BytesIO(write_zip(exported(module)))), by=None, at=now)
    assert not again.changed


def test_an_export_edited_by_hand_comes_back_as_a_draft_with_a_word(partners, now, tmp_path):
    """And is refused where it was to arrive as it was sent."""
    module = imported(core_files(), by=None, at=now).module
    folder = tmp_path / "small-module"
    write_folder(exported(module), folder)
    lesson = folder / "core" / "010-welcome.md"
    lesson.write_text(lesson.read_text().replace("One core", "One single core"))
    with pytest.raises(CommandError, match=r"core/010-welcome\.md: The file was changed"):
        call_command("module_import", folder, strict=True)
    said = StringIO()
    call_command("module_import", folder, stdout=said)
    assert "core/010-welcome.md: The file was changed after the module was exported." in said.getvalue()
    assert Revision.objects.get().lessons.filter(body__contains="One single core").count() == 1


# --- Over the web -----------------------------------------------------------------------------------------------------


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


def test_author_takes_the_module_home(signed_in, core, author):
    answer = signed_in(author).get(URL)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="small-module.mod.zip"'
    assert read_zip(BytesIO(answer.content)).core == bundle(core_files()).core


def test_the_newest_draft_is_what_is_taken_home(signed_in, core, author, publisher, other_publisher, now):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = signed_in(author).get(URL)
    assert "thin national layers" in read_zip(BytesIO(answer.content)).core.lessons[0].body


def test_who_adapts_it_gets_the_published_core_not_its_draft(
    signed_in, core, author, publisher, other_publisher, pharma_centre, now
):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    draft(files_of(FINNISH), by=None, at=now)
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = signed_in(with_role("adapter", Role.AUTHOR, pharma_centre)).get(URL)
    taken = read_zip(BytesIO(answer.content))
    assert "One core, thin layers." in taken.core.lessons[0].body
    assert list(taken.layers) == ["FI"]


def test_who_adapts_a_module_that_is_not_published_gets_nothing_yet(signed_in, pharma_centre, partners, now):
    imported(files_of(CORE, FINNISH), by=None, at=now)
    assert signed_in(with_role("adapter", Role.AUTHOR, pharma_centre)).get(URL).status_code == 404


def test_a_publisher_abroad_reviews_it_but_does_not_take_it_home(signed_in, core, finnish_publisher):
    assert signed_in(finnish_publisher).get(URL).status_code == 403


def test_learners_never_get_the_answers(signed_in, core, learner, client):
    assert signed_in(learner).get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_another_partners_author_finds_nothing(signed_in, core, lif):
    assert signed_in(with_role("stranger", Role.AUTHOR, lif)).get(URL).status_code == 404


def test_an_export_is_only_read(signed_in, core, author):
    assert signed_in(author).post(URL).status_code == 405


# --- From the command line --------------------------------------------------------------------------------------------


def test_command_writes_a_folder_or_a_zip(core, tmp_path):
    call_command("module_export", "small-module", str(tmp_path / "out"), stdout=StringIO())
    call_command("module_export", "small-module", str(tmp_path / "out.mod.zip"), stdout=StringIO())
    with (tmp_path / "out.mod.zip").open("rb") as packed:
        assert read_zip(packed) == read_folder(tmp_path / "out")


@pytest.mark.parametrize(("key", "name"), [("nothing", "new"), ("small-module", "")])
def test_command_says_what_is_wrong(core, tmp_path, key, name):
    with pytest.raises(CommandError, match=r"no module|exists already"):
        call_command("module_export", key, str(tmp_path / name), stdout=StringIO())
