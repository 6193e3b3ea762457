"""The modules of the library, read once for all tests of their content. What is there is what is checked."""

from functools import cache
from pathlib import Path

from courses.bundle import read_folder
from courses.content import Bundle

LIBRARY = Path(__file__).parents[3] / "courses" / "library"
MODULES = sorted(path.parent.name for path in LIBRARY.glob("*/module.yaml"))


@cache
def module(key: str) -> Bundle:
    return read_folder(LIBRARY / key)
