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
    assert read_zip(BytesIO(b"".join(answer.streaming_content))).core == bundle(core_files()).core


def test_the_newest_draft_is_what_is_taken_home(signed_in, core, author, publisher, other_publisher, now):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = signed_in(author).get(URL)
    assert (
        "thin national layers" in read_zip(BytesIO(b"".join(answer.streaming_content))).core.lessons[0].body
    )


def test_who_adapts_it_gets_the_published_core_not_its_draft(
    signed_in, core, author, publisher, other_publisher, pharma_centre, now
):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    draft(files_of(FINNISH), by=None, at=now)
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = signed_in(with_role("adapter", Role.AUTHOR, pharma_centre)).get(URL)
    taken = read_zip(BytesIO(b"".join(answer.streaming_content)))
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


# --- One edition ------------------------------------------------------------------------------------------------------


def taken(client, revision, api=False):
    return client.get(f"{'/api/v1' if api else '/studio'}/revisions/{revision.pk}/export/")


@pytest.fixture
def adapter(pharma_centre):
    return with_role("adapter", Role.AUTHOR, pharma_centre)


@pytest.fixture
def layer(core, author, publisher, other_publisher, now):
    """A Finnish draft beside a published core."""
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    return draft(files_of(FINNISH), by=None, at=now)


@pytest.mark.parametrize("api", [False, True])
def test_an_edition_travels_alone(signed_in, layer, adapter, api):
    answer = taken(signed_in(adapter), layer, api)
    assert answer["Content-Disposition"] == 'attachment; filename="small-module.fi.mod.zip"'
    alone = read_zip(BytesIO(b"".join(answer.streaming_content)))
    assert (alone.core, list(alone.translations), list(alone.layers)) == (None, [], ["FI"])
    assert not import_bundle(alone, by=None, at=layer.created_at).changed


@pytest.mark.parametrize("api", [False, True])
def test_a_draft_of_others_is_not_there_though_one_owns_the_module(signed_in, layer, author, publisher, api):
    """They see it on its page, where it is reviewed."""
    for person in (author, publisher):
        assert signed_in(person).get(f"/studio/revisions/{layer.pk}/").status_code == 200
        assert taken(signed_in(person), layer, api).status_code == 404


def test_nor_does_it_come_with_the_module(signed_in, layer, author, adapter):
    def layers(person):
        packed = b"".join(signed_in(person).get(URL).streaming_content)
        return list(read_zip(BytesIO(packed)).layers)

    assert (layers(author), layers(adapter)) == ([], ["FI"])


@pytest.mark.parametrize("api", [False, True])
def test_an_edition_is_for_those_who_work_on_the_module(
    signed_in, client, core, learner, lif, finnish_publisher, api
):
    assert taken(client, core, api).status_code == (401 if api else 302)
    assert taken(signed_in(learner), core, api).status_code == 403
    assert taken(signed_in(finnish_publisher), core, api).status_code == 403
    assert taken(signed_in(with_role("stranger", Role.AUTHOR, lif)), core, api).status_code == 404


def test_an_edition_of_a_module_whose_core_one_does_not_see_is_not_there(signed_in, core, adapter, now):
    assert taken(signed_in(adapter), draft(files_of(FINNISH), by=None, at=now)).status_code == 404


def test_its_page_offers_it_to_those_who_write_it(signed_in, layer, author, adapter):
    page = f"/studio/revisions/{layer.pk}/"
    assert f"{page}export/" in signed_in(adapter).get(page).text
    assert f"{page}export/" not in signed_in(author).get(page).text


def test_the_module_over_the_api(signed_in, core, author, finnish_publisher):
    answer = signed_in(author).get("/api/v1/modules/small-module/export/")
    assert read_zip(BytesIO(b"".join(answer.streaming_content))).core == bundle(core_files()).core
    assert signed_in(finnish_publisher).get("/api/v1/modules/small-module/export/").status_code == 403


@pytest.mark.parametrize(("name", "places"), [("core", "core"), ("countries/FI", "countries/FI")])
def test_command_writes_one_edition(layer, tmp_path, name, places):
    call_command("module_export", "small-module", tmp_path / "out", edition=name, stdout=StringIO())
    folders = {path.relative_to(tmp_path / "out").parts[0] for path in (tmp_path / "out").rglob("*.*")}
    assert folders - {"module.yaml", "manifest.lock", "assets"} == {places.split("/")[0]}


def test_command_names_the_editions_that_there_are(layer, tmp_path):
    with pytest.raises(CommandError, match="There is: core, countries/FI"):
        call_command("module_export", "small-module", tmp_path / "out", edition="sv", stdout=StringIO())


def test_command_leaves_drafts_out(layer, tmp_path):
    call_command("module_export", "small-module", tmp_path / "out", published=True, stdout=StringIO())
    assert list(read_folder(tmp_path / "out").layers) == []


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
