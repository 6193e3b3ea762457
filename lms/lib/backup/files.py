"""The files of an installation, in a folder or in object storage alike."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage


def walk(storage: Storage, folder: str = "") -> Iterator[str]:
    """The name of each file, in a stable order."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return  # no file was ever stored
    for name in sorted(names):
        yield _join(folder, name)
    for inner in sorted(folders):
        yield from walk(storage, _join(folder, inner))


def put(storage: Storage, name: str, stream: IO[bytes]) -> None:
    """Store the file under exactly this name, in place of what is there."""
    if storage.exists(name):
        storage.delete(name)
    stored = storage.save(name, File(stream))
    if stored != name:
        raise OSError(f"The storage kept {name} as {stored}.")


def remove_others(storage: Storage, *, keep: Set[str]) -> None:
    """Delete every file that is not named in `keep`."""
    for name in [name for name in walk(storage) if name not in keep]:
        storage.delete(name)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
