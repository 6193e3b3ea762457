"""One file of assets/: the same words whether it comes in a bundle or by itself."""

import io

import pytest

from courses.bundle import BundleRefused, Limits, path_for, read_asset
from courses.bundle.tree import MOST

from .samples import MP4, PDF, PNG, SVG, VTT, png

JPG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc0\0\x0b\x08\0\x09\0\x10\x01\x01\x11\0\xff\xd9"
WEBP = b"RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0/\x0f\0\x02\0\0\0\0\0\0"
MP3, OGG, M4A = b"ID3\x04" + b"\0" * 40, b"OggS" + b"\0" * 40, b"\0\0\0\x18ftypM4A " + b"\0" * 40
GOOD = {
    "a.png": PNG,
    "a.jpg": JPG,
    "a.webp": WEBP,
    "a.svg": SVG,
    "a.mp4": MP4,
    "a.mp3": MP3,
    "b.mp3": b"\xff\xfb\x90\0" + b"\0" * 40,
    "a.m4a": M4A,
    "a.ogg": OGG,
    "a.pdf": PDF,
    "a.vtt": VTT.encode(),
}


def read(name, data, **values):
    return read_asset(f"assets/{name}", lambda: io.BytesIO(data), **values)


def said(name, data, **values):
    with pytest.raises(BundleRefused) as refused:
        read(name, data, **values)
    return [problem.message for problem in refused.value.problems]


@pytest.mark.parametrize("name", GOOD)
def test_what_is_accepted(name):
    asset = read(name, GOOD[name])
    assert (asset.path, asset.size) == (f"assets/{name}", len(GOOD[name]))
    assert asset.read() == GOOD[name]


DAMAGED = "The picture is damaged or has something behind its end. Save it again."
FOREIGN = "There is a page or a program inside the picture. Save it again as a picture."
PIXELS = "At most 10000 a side and 40 million are taken."


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", b"", "The file is empty. Choose another."),
        ("a.png", JPG, "Its content is not what “.png” says. Save it in that format, or rename it."),
        ("a.mp4", b"<!doctype html>", "Its content is not what “.mp4” says."),
        ("a.mp3", MP4, "Its content is not what “.mp3” says."),
        ("a.exe", b"MZ", "Files of this type are not accepted. Accepted are .jpg, .m4a"),
        ("a", b"MZ", "Files of this type are not accepted."),
        ("a.md", b"# Words", "It is in the wrong folder"),
        ("a.png", PNG[:20], DAMAGED),
        ("a.png", PNG[:-4], DAMAGED),
        ("a.png", PNG + b"<html>", DAMAGED),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 16, DAMAGED),
        ("a.png", png(more=b"<script>alert(1)</script>"), FOREIGN),
        ("a.jpg", JPG + b"<SCRIPT src=x>", FOREIGN),
        ("a.jpg", JPG + b"<?php", FOREIGN),
        ("a.jpg", b"\xff\xd8\xff\xe0\xff\xff", DAMAGED),
        ("a.webp", WEBP + b"x", DAMAGED),
        ("a.webp", b"RIFF\x0c\0\0\0WEBPabcd\0\0\0\0", DAMAGED),
        ("a.png", png(10_001, 1), f"The picture has 10001 × 1 pixels. {PIXELS}"),
        ("a.png", png(8_000, 50_000), f"The picture has 8000 × 50000 pixels. {PIXELS}"),
        ("a.png", png(0, 9), f"The picture has 0 × 9 pixels. {PIXELS}"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "“onload” would run a script."),
        ("a.svg", SVG + b" " * 1024**2, "A text file may have 1 MB."),
        ("a.vtt", b"WEBVTT", "There is no caption in it."),
        ("a.png", PNG + b"\0" * MOST["image/"], "A file of this type may have 10 MB. Make it smaller."),
        ("A.png", PNG, "Names may have a–z, 0–9"),
        ("../../a.png", PNG, "Names may have a–z, 0–9"),
        ("x" * 200 + ".png", PNG, "The name is too long. Shorten it."),
    ],
)
def test_what_is_refused(name, data, words):
    assert words in "".join(said(name, data))


def test_a_file_past_the_limit_is_not_read_on():
    (message,) = said("a.mp4", MP4, limits=Limits(file=10))
    assert message.startswith("It is too large")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Two parts (final).PNG", "assets/two-parts-final.png"),
        ("clock.sv.vtt", "assets/clock.sv.vtt"),
        ("../../etc/passwd.svg", "assets/passwd.svg"),
        ("C:\\Users\\me\\Ärende.JPEG", "assets/arende.jpg"),
        ("薬.png", "assets/file.png"),
        (".htaccess", "assets/file.htaccess"),
        ("README", "assets/readme"),
        ("a\0b.pdf", "assets/a-b.pdf"),
        ("x" * 400 + ".pdf", f"assets/{'x' * 100}.pdf"),
        ("-._a_.-.pdf", "assets/a.pdf"),
        ("", "assets/file"),
    ],
)
def test_names_of_people_become_plain_paths(name, path):
    assert path_for(name) == path
