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


def check_manifest(tree: Tree, text: str | None, problems: Problems) -> None:
    """Where the bundle has a manifest, it must list exactly the files that are there, as they are."""
    if text is None:
        return
    listed: set[str] = set()
    for number, written in enumerate(text.splitlines(), 1):
        match = LINE.fullmatch(written)
        if match is None:
            problems.error(MANIFEST, number, _("This is no line of a manifest. Export the module again."))
            continue
        listed.add(match[3])
        _check_line(tree, match, number, problems)
    for path in sorted(set(tree) - listed - set(UNLISTED)):
        message = _("The file is not in the manifest. Export the module again, or remove manifest.lock.")
        problems.error(path, None, message)


def _check_line(tree: Tree, match: re.Match[str], number: int, problems: Problems) -> None:
    entry = tree.get(match[3])
    if entry is None:
        message = _("%(path)s is missing. Send the whole folder, or remove manifest.lock.")
        problems.error(MANIFEST, number, message, path=match[3])
    elif (entry.sha256, entry.size) != (match[1], int(match[2])):
        message = _(
            "%(path)s is not as it was exported. Send it again, or remove manifest.lock if you changed it."
        )
        problems.error(MANIFEST, number, message, path=match[3])
