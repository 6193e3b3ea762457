"""One file of assets/, checked by what it holds: the same for a bundle's and for one that is uploaded by itself."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from courses.content import Asset

from .captions import check_captions
from .drawings import check_svg
from .pictures import check_picture
from .problems import Problems
from .tree import (
    LIMITS,
    Entry,
    Limits,
    TooLarge,
    belies_its_name,
    check_names,
    check_types,
    measure,
    most_of,
    too_large,
)

FOLDER = "assets/"
CHECKS: Mapping[str, Callable[[str, bytes, Problems], None]] = {
    ".svg": check_svg,
    ".vtt": check_captions,
    ".png": check_picture,
    ".jpg": check_picture,
    ".webp": check_picture,
}
NAME_LENGTH = 100


def check_content(entry: Entry, problems: Problems) -> None:
    """What its type asks beyond the first bytes, unless `check_types` has found fault with those or with its size."""
    check = CHECKS.get(entry.suffix)
    if check and entry.size <= most_of(entry.suffix) and not belies_its_name(entry):
        check(entry.path, entry.read(), problems)


def read_asset(path: str, open_stream: Callable[[], BinaryIO], limits: Limits = LIMITS) -> Asset:
    """A file as a bundle would have it under that path, read in pieces. Raises BundleRefused with all problems."""
    problems = Problems()
    try:
        entry = measure(path, open_stream, limits.file)
    except TooLarge:
        raise too_large(path, limits) from None
    if not entry.size:
        problems.error(path, None, _("The file is empty. Choose another."))
        problems.refuse_errors()
    check_names([path], problems)
    check_types({path: entry}, problems)
    problems.refuse_errors()
    check_content(entry, problems)
    problems.refuse_errors()
    return Asset(path, entry.sha256, entry.size, entry.mime, entry.open)


def path_for(name: str) -> str:
    """The path under which a file is kept that somebody calls `name`: plain letters, and no folder of theirs."""
    plain = unicodedata.normalize("NFKD", re.split(r"[/\\]", name)[-1]).encode("ascii", "ignore").decode()
    stem, dot, ending = re.sub(r"[^a-z0-9._-]+", "-", plain.lower()).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = re.sub(r"^[._-]+|[._-]+$", "", stem)[:NAME_LENGTH].rstrip("._-") or "file"
    ending = {"jpeg": "jpg"}.get(ending.strip("-_"), ending.strip("-_"))
    return f"{FOLDER}{stem}.{ending}" if ending else f"{FOLDER}{stem}"
