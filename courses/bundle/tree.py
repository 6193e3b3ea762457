"""The files of a bundle, wherever they lie: names and types checked, contents hashed, nothing unpacked."""

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .problems import BundleRefused, Problems, refuse

CHUNK = 64 * 1024
HEAD = 16


@dataclass(frozen=True)
class Limits:
    """How much a bundle may hold. Everything is counted while it is read: what headers say may be a lie."""

    entries: int = 20_000
    total: int = 2 * 1024**3
    file: int = 500 * 1024**2
    ratio: int = 200
    ratio_from: int = 10 * 1024**2
    name: int = 255


LIMITS = Limits()
TEXT_LIMIT = 1024**2

TYPES = {
    ".md": "text/markdown",
    ".yaml": "application/yaml",
    ".lock": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
}
ASSET_TYPES = frozenset(TYPES) - {".md", ".yaml", ".lock"}
SIGNATURES = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    ".mp4": re.compile(rb"....ftyp", re.DOTALL),
    ".webm": re.compile(rb"\x1a\x45\xdf\xa3"),
    ".mp3": re.compile(rb"ID3|\xff[\xf2\xf3\xfa\xfb]"),
    ".m4a": re.compile(rb"....ftyp", re.DOTALL),
    ".ogg": re.compile(rb"OggS"),
    ".pdf": re.compile(rb"%PDF-"),
}
# What a file of each family may have; films only have the limit of every file.
MOST = {"image/": 10 * 1024**2, "application/pdf": 50 * 1024**2, "audio/": 100 * 1024**2}
SEGMENT = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*")
COUNTRY_FOLDER = re.compile(r"countries/[A-Z]{2}/")
PATH_LENGTH = 200
README, MANIFEST = "README.md", "manifest.lock"


@dataclass(frozen=True)
class Entry:
    """One file, read and hashed once; `open` reads it again."""

    path: str
    size: int
    sha256: str
    head: bytes
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        return os.path.splitext(self.path)[1]

    @property
    def mime(self) -> str:
        return TYPES[self.suffix]

    def read(self) -> bytes:
        with self.open() as stream:
            return stream.read(self.size)


Tree = dict[str, Entry]


def below(tree: Tree, folder: str) -> Tree:
    """What stands in a folder (`modules/`), by its path from there."""
    inside = [
        replace(each, path=path.removeprefix(folder))
        for path, each in tree.items()
        if path.startswith(folder)
    ]
    return {entry.path: entry for entry in inside}


class TooLarge(Exception):
    """A stream has more bytes than it may have."""


def measure(path: str, open_stream: Callable[[], BinaryIO], most: int) -> Entry:
    """Read a stream to its end and describe it. Raises TooLarge as soon as it passes `most` bytes."""
    digest, size, head = hashlib.sha256(), 0, b""
    with open_stream() as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise TooLarge
            digest.update(chunk)
            head = head or chunk[:HEAD]
    return Entry(path, size, digest.hexdigest(), head, open_stream)


def folder_tree(root: Path, problems: Problems, limits: Limits = LIMITS) -> Tree:
    """The files under a folder. Links are refused, never followed. Raises BundleRefused where there is no folder."""
    if not root.is_dir():
        raise refuse(str(root.name), _("This is not a folder. Name the folder that holds module.yaml."))
    tree: Tree = {}
    left = limits.total
    for number, (path, kind) in enumerate(_walk(root)):
        if number >= limits.entries:
            raise refuse(
                "", _("There are more than %(count)s files. Split the module."), count=limits.entries
            )
        if not stat.S_ISREG(kind):
            problems.error(path, None, _("This is a link or a device. Put the file itself in its place."))
            continue
        try:
            tree[path] = measure(path, partial(_open_file, root / path), min(limits.file, left))
        except TooLarge:
            raise too_large(path, limits) from None
        left -= tree[path].size
    return tree


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def too_large(path: str, limits: Limits) -> BundleRefused:
    megabytes = {"file": limits.file // 1024**2, "total": limits.total // 1024**2}
    return refuse(
        path,
        _("It is too large: a file may have %(file)s MB, all files together %(total)s MB."),
        **megabytes,
    )


def _walk(root: Path, below: str = "") -> Iterator[tuple[str, int]]:
    with os.scandir(root / below) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = f"{below}{entry.name}"
        kind = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(kind):
            yield from _walk(root, f"{path}/")
        else:
            yield path, kind


def check_names(paths: Iterable[str], problems: Problems) -> None:
    """Names are the same on every system: plain lower-case ASCII, no two that differ only in case."""
    seen: dict[str, str] = {}
    for path in paths:
        if len(path) > PATH_LENGTH:
            problems.error(path, None, _("The name is too long. Shorten it."))
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            template = _("Its name differs from “%(other)s” only in case or accents. Rename one of them.")
            problems.error(path, None, template, other=seen[folded])
        seen[folded] = path
        if path != README and not _is_plain(path):
            template = _(
                "Names may have a–z, 0–9, “-”, “.” and “_” only. Rename this file or its folder, or remove it."
            )
            problems.error(path, None, template)


def _is_plain(path: str) -> bool:
    rest = path[len("countries/FI/") :] if COUNTRY_FOLDER.match(path) else path
    return all(SEGMENT.fullmatch(segment) for segment in rest.split("/"))


def check_types(tree: Tree, problems: Problems) -> None:
    """Only listed types, each in its place, each being what its name says."""
    for path, entry in tree.items():
        if entry.suffix not in TYPES or (entry.suffix == ".lock" and path != MANIFEST):
            template = _("Files of this type are not accepted. Accepted are %(types)s.")
            problems.error(path, None, template, types=", ".join(sorted(set(TYPES) - {".lock"})))
        elif (entry.suffix in ASSET_TYPES) != path.startswith("assets/"):
            template = _(
                "It is in the wrong folder: figures, video, captions and documents belong in assets/, texts not."
            )
            problems.error(path, None, template)
        elif belies_its_name(entry):
            template = _("Its content is not what “%(suffix)s” says. Save it in that format, or rename it.")
            problems.error(path, None, template, suffix=entry.suffix)
        elif entry.suffix not in SIGNATURES and entry.size > TEXT_LIMIT:
            problems.error(path, None, _("A text file may have 1 MB. Split it or make it smaller."))
        elif entry.size > (most := most_of(entry.suffix)):
            template = _("A file of this type may have %(most)s MB. Make it smaller.")
            problems.error(path, None, template, most=most // 1024**2)


def belies_its_name(entry: Entry) -> bool:
    return entry.suffix in SIGNATURES and not SIGNATURES[entry.suffix].match(entry.head)


def most_of(suffix: str, limits: Limits = LIMITS) -> int:
    """How many bytes a file with this ending may have."""
    if suffix not in SIGNATURES:
        return TEXT_LIMIT
    return next((most for family, most in MOST.items() if TYPES[suffix].startswith(family)), limits.file)
