"""`manifest.lock`: one sorted line for each file, and the hashes that are made of such lines."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from .problems import Problems
from .tree import MANIFEST, README, Tree

LINE = re.compile(r"([0-9a-f]{64})  ([0-9]+)  (\S+)")
UNLISTED = (MANIFEST, README)


def line(path: str, size: int, sha256: str) -> str:
    return f"{sha256}  {size}  {path}\n"


def lines_hash(lines: Iterable[str]) -> str:
    """SHA-256 over sorted manifest lines."""
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def check_manifest(tree: Tree, text: str | None, problems: Problems, *, strict: bool) -> None:
    """Names what is not as it was exported: to know for whoever edits by hand, an error where `strict` is asked for."""
    if text is None:
        return
    tell = problems.error if strict else problems.warning
    listed: set[str] = set()
    for number, written in enumerate(text.splitlines(), 1):
        match = LINE.fullmatch(written)
        if match is None:
            problems.error(MANIFEST, number, _("This is no line of a manifest. Export the module again."))
            continue
        sha256, size, path = match.groups()
        listed.add(path)
        entry = tree.get(path)
        if entry is None:
            tell(path, None, _("The file was there when the module was exported, and is missing now."))
        elif (entry.sha256, entry.size) != (sha256, int(size)):
            tell(path, None, _("The file was changed after the module was exported."))
    for path in sorted(set(tree) - listed - set(UNLISTED)):
        tell(path, None, _("The file was added after the module was exported."))
