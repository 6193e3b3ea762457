"""A zip that a stranger made: refused whole rather than repaired, read as a stream, never unpacked to disk."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .problems import BundleRefused, Problems, refuse
from .tree import LIMITS, Entry, Limits, TooLarge, Tree, below, measure, too_large

ENCRYPTED = 0x1
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
DRIVE = re.compile(r"[A-Za-z]:")
# What a desktop packs beside the files without asking.
LITTER = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)")
# What zipfile and zlib raise for damaged or lying archives.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def archive_tree(
    file: BinaryIO, problems: Problems, limits: Limits = LIMITS, *, top: str = "module.yaml"
) -> Tree:
    """The files in a zip; `file` must stay open while they are read again. Raises BundleRefused.

    `top` is the file that says where the content begins, should there be a folder around everything.

    Whoever may read the result reads only what was counted and checked here.
    """
    with _broken_is_refused():
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    if len(infos) > limits.entries:
        raise refuse("", _("There are more than %(count)s files. Split the module."), count=limits.entries)
    _check_entries(infos, problems, limits)
    problems.refuse_errors()
    wanted = [info for info in infos if not info.is_dir() and not LITTER.fullmatch(info.filename)]
    return _at_the_top(_measure_all(archive, wanted, limits), top)


def _at_the_top(tree: Tree, top: str) -> Tree:
    """Desktops pack a folder with the folder around everything; then what is in it is the bundle."""
    prefix = next(iter(tree), "").partition("/")[0] + "/"
    if f"{prefix}{top}" not in tree or not all(path.startswith(prefix) for path in tree):
        return tree
    return below(tree, prefix)


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        message = _("This is not a whole zip file: it is damaged or of another type. Export it again.")
        raise refuse("", message) from error


def _check_entries(infos: list[zipfile.ZipInfo], problems: Problems, limits: Limits) -> None:
    seen: set[str] = set()
    for info in infos:
        # zipfile cuts a name at its first NUL; the original shows what was meant.
        name = info.orig_filename
        shown = CONTROL.sub("\N{REPLACEMENT CHARACTER}", name)[: limits.name]
        for flaw in (_name_flaw(name, limits), _kind_flaw(info), _DUPLICATE if name in seen else None):
            if flaw:
                problems.error(shown, None, flaw)
        seen.add(name)
    files = {info.orig_filename for info in infos if not info.is_dir()}
    for name in sorted(files):
        if any(other.startswith(f"{name}/") for other in files):
            problems.error(name, None, _("A file and a folder have this same name. Rename one of them."))


_DUPLICATE = _("The zip has two files of this name. Pack it again with one.")


def _name_flaw(name: str, limits: Limits) -> Promise | None:
    if name.startswith("/") or DRIVE.match(name):
        return _("The name begins at the root of a disk. Pack the folder itself, with relative names.")
    if "\\" in name or CONTROL.search(name):
        return _("The name has a backslash or a control character. Pack it again with “/” between folders.")
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        return _("The name leaves its folder or has an empty part. Pack the folder itself, with plain names.")
    if len(name) > limits.name:
        return _("The name is too long. Shorten it.")
    return None


def _kind_flaw(info: zipfile.ZipInfo) -> Promise | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not info.is_dir()):
        return _("This is a link or a device. Put the file itself in its place.")
    if info.flag_bits & ENCRYPTED:
        return _("The file is encrypted. Pack it without a password.")
    if info.compress_type not in COMPRESSIONS:
        return _("The file is packed with a method that not everyone can read. Use plain zip (deflate).")
    return None


def _measure_all(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], limits: Limits) -> Tree:
    tree: Tree = {}
    left = limits.total
    for info in sorted(infos, key=lambda info: info.filename):
        entry = _measure(archive, info, min(left, _most(info, limits)), limits)
        if entry.head.startswith(ZIP_MAGIC):
            raise refuse(info.filename, _("This is a zip within the zip. Put its files in place of it."))
        left -= entry.size
        tree[entry.path] = entry
    return tree


def _measure(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, limits: Limits) -> Entry:
    opener = partial(_open_member, archive, info)
    try:
        with _broken_is_refused():
            return measure(info.filename, opener, most)
    except TooLarge:
        raise _too_large(info, most, limits) from None


def _open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


def _most(info: zipfile.ZipInfo, limits: Limits) -> int:
    """How many bytes may come out: past `ratio_from`, no more than `ratio` times what went in."""
    return min(limits.file, max(limits.ratio_from, info.compress_size * limits.ratio))


def _too_large(info: zipfile.ZipInfo, most: int, limits: Limits) -> BundleRefused:
    if most == _most(info, limits) < limits.file:
        message = _("It unpacks to more than %(ratio)s times its size, which no ordinary file does.")
        return refuse(info.filename, message, ratio=limits.ratio)
    return too_large(info.filename, limits)
