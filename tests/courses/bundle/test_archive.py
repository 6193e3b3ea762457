"""A stranger's zip: each trick is refused, none is repaired, and nothing reaches the disk."""

import io
import os
import stat
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.bundle import BundleRefused, Limits, read_zip
from courses.bundle.archive import archive_tree
from courses.bundle.problems import Problems

from .samples import good_files, zipped


def refusal(packed, limits=None):
    with pytest.raises(BundleRefused) as refused:
        archive_tree(packed, Problems(), limits or Limits())
    return str(refused.value)


def with_entry(name, data=b"x", **attributes):
    """The good module with one entry more."""
    packed = zipped(good_files())
    with zipfile.ZipFile(packed, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        for attribute, value in attributes.items():
            setattr(info, attribute, value)
        archive.writestr(info, data)
    packed.seek(0)
    return packed


def patched(packed, old, new, count=-1):
    assert old in packed.getvalue()
    return io.BytesIO(packed.getvalue().replace(old, new, count))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../evil.md", "leaves its folder"),
        ("core/../../evil.md", "leaves its folder"),
        ("core/./a.md", "leaves its folder"),
        ("core//a.md", "leaves its folder"),
        ("/etc/evil.md", "root of a disk"),
        ("C:/evil.md", "root of a disk"),
        ("c:evil.md", "root of a disk"),
        ("core\\evil.md", "backslash"),
        ("core/a\nb.md", "control character"),
        (f"core/{'a' * 300}.md", "too long"),
    ],
)
def test_name_is_refused(name, words):
    assert words in refusal(with_entry(name))


def test_name_with_nul_is_refused_and_not_cut():
    packed = patched(with_entry("core/evil.md#x.png"), b"core/evil.md#x.png", b"core/evil.md\0x.png")
    assert "control character" in refusal(packed)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_link_or_device_is_refused(kind):
    assert "link or a device" in refusal(
        with_entry("core/a.md", b"/etc/passwd", external_attr=(kind | 0o777) << 16)
    )


def test_a_folder_packed_by_a_desktop_is_read_like_its_inside():
    packed = {f"My module/{path}": data for path, data in good_files().items()}
    packed |= {"My module/.DS_Store": b"x", "__MACOSX/My module/._module.yaml": b"x"}
    assert read_zip(zipped(packed)) == read_zip(zipped(good_files()))


def test_one_folder_too_many_is_still_refused():
    packed = {f"a/b/{path}": data for path, data in good_files().items()}
    with pytest.raises(BundleRefused):
        read_zip(zipped(packed))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_name_is_refused():
    assert "two files of this name" in refusal(with_entry("module.yaml", b"format: 1"))


def test_file_and_folder_of_one_name_are_refused():
    assert "a folder have this same name" in refusal(with_entry("module.yaml/a.md"))


def test_encrypted_entry_is_refused():
    packed = with_entry("core/a.md")
    data = bytearray(packed.getvalue())
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert "encrypted" in refusal(io.BytesIO(bytes(data)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_uncommon_compression_is_refused(method):
    assert "method" in refusal(with_entry("core/a.md", b"x" * 99, compress_type=method))


def test_zip_within_the_zip_is_refused_whatever_its_name():
    assert "zip within the zip" in refusal(with_entry("assets/a.png", zipped({"a": b"b"}).getvalue()))


def test_too_many_entries_are_refused():
    assert "more than 3 files" in refusal(zipped(good_files()), Limits(entries=3))


def test_too_large_file_is_refused():
    assert "too large" in refusal(with_entry("assets/a.png", os.urandom(5_000)), Limits(file=4_000))


def test_too_large_sum_is_refused():
    packed = zipped({f"assets/{number}.png": os.urandom(1_000) for number in range(5)})
    assert "too large" in refusal(packed, Limits(total=4_500))


def test_bomb_is_refused_by_its_ratio_while_it_is_read():
    packed = zipped({"assets/a.png": b"\0" * 12 * 1024**2})
    assert "200 times its size" in refusal(packed)


def test_small_file_may_pack_well():
    tree = archive_tree(zipped({"assets/a.png": b"\0" * 1024**2}), Problems())
    assert tree["assets/a.png"].size == 1024**2


def test_lie_about_the_size_is_refused():
    packed = zipped({"assets/a.png": b"\0" * 5_000})
    lie = patched(packed, struct.pack("<L", 5_000), struct.pack("<L", 5))
    assert "damaged" in refusal(lie)


def test_wrong_checksum_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("core/a.md", b"the true words")
    assert "damaged" in refusal(patched(packed, b"the true words", b"the fake words"))


def test_name_that_differs_between_header_and_directory_is_refused():
    packed = patched(zipped({"core/a.md": b"x"}), b"core/a.md", b"core/b.md", 1)
    assert "damaged" in refusal(packed)


def test_all_bad_names_are_reported_at_once():
    said = refusal(zipped({"../a": b"", "/b": b"", "c\\d": b""}))
    assert len(said.splitlines()) == 3


def test_nothing_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    read_zip(zipped(good_files()))
    refusal(with_entry("../evil.md"))
    assert list(tmp_path.iterdir()) == []


@given(st.data())
def test_damaged_archive_is_refused_or_read_and_never_crashes(data):
    whole = bytearray(zipped(good_files()).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BundleRefused):
        assert read_zip(io.BytesIO(bytes(whole))).module


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data):
    with pytest.raises(BundleRefused):
        read_zip(io.BytesIO(data))
