"""One content, one form: what is written reads back equal, and writing it again gives the same bytes."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from courses.bundle import (
    BundleRefused,
    edition_hashes,
    read_folder,
    read_zip,
    translation_sources,
    write_folder,
    write_zip,
)
from courses.content import AssetChanged

from .samples import edited, good_files, said, write_files, zipped
from .strategies import bundles

LIBRARY = Path(__file__).parents[3] / "courses" / "library"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def bundle():
    return read_zip(zipped(good_files()))


def reread(bundle):
    return read_zip(io.BytesIO(write_zip(bundle)))


def tree(root):
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(bundles())
def test_any_bundle_reads_back_as_it_was_written(bundle):
    packed = write_zip(bundle)
    back = read_zip(io.BytesIO(packed))
    assert back == bundle
    assert write_zip(back) == packed
    assert edition_hashes(back) == edition_hashes(bundle)


def test_folder_and_zip_hold_the_same_files(bundle, tmp_path):
    write_folder(bundle, tmp_path / "out")
    with zipfile.ZipFile(io.BytesIO(write_zip(bundle))) as archive:
        assert tree(tmp_path / "out") == {name: archive.read(name) for name in archive.namelist()}
    assert read_folder(tmp_path / "out") == bundle


def test_hand_written_folder_and_its_export_are_the_same_editions(bundle):
    assert edition_hashes(reread(bundle)) == edition_hashes(bundle)


def test_zip_is_the_same_on_every_day_and_in_byte_order(bundle):
    packed = write_zip(bundle)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert write_zip(bundle) == packed


def test_export_writes_no_less_than_was_read(bundle):
    with zipfile.ZipFile(io.BytesIO(write_zip(bundle))) as archive:
        assert archive.read("countries/FI/layer.yaml").decode() == (
            'country: "FI"\nowner: laaketietokeskus\nsource_language: en\nlanguages:\n- en\n- sv\n'
        )
        assert set(archive.namelist()) == {
            "module.yaml",
            "manifest.lock",
            "core/010-welcome.md",
            "core/020-clock.md",
            "core/030-check.quiz.yaml",
            "translations/sv/welcome.md",
            "translations/sv/check.quiz.yaml",
            "countries/FI/layer.yaml",
            "countries/FI/facts.yaml",
            "countries/FI/questions.yaml",
            "countries/FI/panels/welcome--ethics.en.md",
            *(path for path in good_files() if path.startswith("assets/")),
        }


def test_unknown_keys_survive_at_every_depth():
    files = good_files()
    for path, old, new in [
        ("module.yaml", "format: 1", "format: 1\nmood: calm"),
        ("core/030-check.quiz.yaml", "{key: site,", "{mood: calm, key: site,"),
        ("core/030-check.quiz.yaml", "    kind: single", "    kind: single\n    mood: calm"),
        ("translations/sv/030-check.quiz.yaml", "  part-two:", "  part-two:\n    mood: calm"),
        ("countries/FI/facts.yaml", "facts:", "mood: calm\nfacts:"),
        ("countries/FI/facts.yaml", "{lang: fi,", "{mood: calm, lang: fi,"),
        ("countries/FI/panels/welcome.en.md", "language: en", "language: en\nmood: calm"),
    ]:
        files[path] = files[path].replace(old.encode(), new.encode(), 1)
    assert sum("“mood”" in line for line in said(files)) == 7
    bundle = read_zip(zipped(files))
    assert reread(bundle) == bundle
    packed = zipfile.ZipFile(io.BytesIO(write_zip(bundle)))
    assert (
        sum(
            packed.read(name).decode().count("mood: calm")
            for name in packed.namelist()
            if "assets" not in name
        )
        == 7
    )


def test_unknown_keys_have_one_order_however_the_database_gives_them_back(bundle):
    def with_extra(extra):
        return write_zip(replace(bundle, module=replace(bundle.module, extra=extra)))

    there, back = {"mood": {"b": [{"y": 1, "x": 2}], "a": 1}}, {"mood": {"a": 1, "b": [{"x": 2, "y": 1}]}}
    assert with_extra(there) == with_extra(back)


# --- The manifest -----------------------------------------------------------------------------------------------------


def exported(bundle):
    with zipfile.ZipFile(io.BytesIO(write_zip(bundle))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_manifest_lists_every_file_in_order(bundle):
    files = exported(bundle)
    paths = [line.split("  ")[2] for line in files["manifest.lock"].decode().splitlines()]
    assert paths == sorted(set(files) - {"manifest.lock"})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"assets/form.pdf": b"%PDF-1.7\nother"}, "assets/form.pdf: The file was changed"),
        ({"translations/sv/welcome.md": None}, "translations/sv/welcome.md: The file was there"),
        (
            {"assets/new.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>'},
            "assets/new.svg: The file was added",
        ),
    ],
)
def test_manifest_tells_what_was_changed(bundle, changes, told):
    """As a warning for whoever edits by hand, as an error where the bundle must be as it was exported."""
    files = exported(bundle)
    for path, data in changes.items():
        files.pop(path) if data is None else files.__setitem__(path, data)
    assert [told in line for line in said(files)].count(True) == 1
    with pytest.raises(BundleRefused) as refused:
        read_zip(zipped(files), strict=True)
    assert told in str(refused.value)


def test_an_export_is_as_it_was_exported(bundle):
    assert not any("exported" in line for line in said(exported(bundle)))
    assert read_zip(zipped(exported(bundle)), strict=True).core == bundle.core


# --- Identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "moved"),
    [
        ("core/010-welcome.md", "One core", "One single core", {"core"}),
        ("core/010-welcome.md", "minutes: 5", "minutes: 6", {"core"}),
        ("module.yaml", "A small module", "A tiny module", {"core"}),
        ("translations/sv/010-welcome.md", "En kärna", "En enda kärna", {"translations/sv"}),
        ("countries/FI/facts.yaml", "2027-05-20", "2027-05-21", {"countries/FI"}),
        ("assets/parts.svg", "#123456", "#654321", {"core"}),
        ("assets/clock.en.vtt", "Hello", "Good day", {"core"}),
    ],
)
def test_a_change_moves_the_hash_of_its_edition_and_no_other(bundle, path, old, new, moved):
    before, after = edition_hashes(bundle), edition_hashes(read_zip(zipped(edited(path, old, new))))
    assert {place for place in before if before[place] != after[place]} == moved


def test_a_lesson_put_in_the_middle_changes_no_translation(bundle):
    new = "---\nkey: new\nkind: text\ntitle: New\nminutes: 1\n---\nText.\n"
    files = edited("module.yaml", "  - core/020-clock.md", "  - core/015-new.md\n  - core/020-clock.md")
    after = edition_hashes(read_zip(zipped(files | {"core/015-new.md": new.encode()})))
    assert after["translations/sv"] == edition_hashes(bundle)["translations/sv"]
    assert after["core"] != edition_hashes(bundle)["core"]


def test_renamed_file_is_the_same_edition(bundle):
    files = edited("module.yaml", "core/010-welcome.md", "core/001-hello.md")
    files["core/001-hello.md"] = files.pop("core/010-welcome.md")
    assert edition_hashes(read_zip(zipped(files))) == edition_hashes(bundle)


@pytest.mark.parametrize(
    ("path", "old", "new", "changes"),
    [
        ("core/010-welcome.md", "One core", "One single core", {"welcome"}),
        ("core/010-welcome.md", "title: Welcome", "title: Hello", {"welcome"}),
        ("core/010-welcome.md", "minutes: 5", "minutes: 6", set()),
        ("core/030-check.quiz.yaml", "pass: 80", "pass: 90", set()),
        ("core/030-check.quiz.yaml", "    kind: single", "    kind: single\n    mood: calm", set()),
        ("core/030-check.quiz.yaml", 'answer: "60"', 'answer: "61"', {"check"}),
        ("core/030-check.quiz.yaml", "The brochure", "A brochure", {"check"}),
    ],
)
def test_text_hash_changes_with_the_words_and_not_with_their_frame(bundle, path, old, new, changes):
    before, after = translation_sources(bundle), translation_sources(read_zip(zipped(edited(path, old, new))))
    assert {key for key in before if before[key] != after[key]} == changes


def test_translation_with_the_current_source_is_not_reported(bundle):
    source = translation_sources(bundle)["welcome"]
    files = edited("translations/sv/010-welcome.md", "title:", f"source: {source}\ntitle:")
    assert not any("translations/sv/010" in line for line in said(files))
    stale = edited("translations/sv/010-welcome.md", "title:", f"source: {'0' * 64}\ntitle:")
    assert any("has changed since this was translated" in line for line in said(stale))


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_folder_with_something_in_it_is_not_written_to(bundle, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write_folder(bundle, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_file_changed_after_it_was_checked_is_not_exported(tmp_path):
    bundle = read_folder(write_files(tmp_path, good_files()))
    (tmp_path / "assets" / "form.pdf").write_bytes(b"%PDF-1.7\nother")
    with pytest.raises(AssetChanged):
        write_zip(bundle)


def test_bundle_without_core_keeps_the_lessons_it_lists():
    only = {path: data for path, data in good_files().items() if path.startswith(("module", "translations"))}
    bundle = read_zip(zipped(only))
    assert reread(bundle) == bundle
    assert translation_sources(bundle) == {}
    assert replace(bundle, translations={}).module.lessons[0] == "core/010-welcome.md"


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in LIBRARY.iterdir() if (path / "module.yaml").exists())
)
def test_module_of_the_library_is_whole_and_round(folder):
    try:
        bundle = read_folder(LIBRARY / folder)
    except BundleRefused as refused:
        pytest.fail(str(refused))
    packed = write_zip(bundle)
    assert read_zip(io.BytesIO(packed)) == bundle
    assert write_zip(reread(bundle)) == packed
