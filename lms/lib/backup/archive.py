"""The archive: a gzipped tar of the database, the files, and last of all a manifest with the hash of each.

Plain tools open it. The manifest comes last so that a truncated archive has none.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from .errors import WrongArchive

FORMAT = 1
DATABASE, FILES, MANIFEST = "database", "files/", "manifest.json"
# No file name, no time, compression 6. Gzip's checksum covers all that follows, but not these ten bytes.
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What the archive holds: rows and hash of each table, SHA-256 of each member."""

    format: int
    engine: str
    made_at: str
    tables: dict[str, list[Any]]
    members: dict[str, str]


class Hashing:
    """A stream that knows the SHA-256 of what was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class Writer:
    """Writes an archive that only its owner may read: it holds everything about everybody."""

    def __init__(self, path: Path) -> None:
        self._raw = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=6, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._members: dict[str, str] = {}

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        hashing = Hashing(stream)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, hashing)
        self._members[name] = hashing.hexdigest()

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as stream:
            self.add(name, stream, path.stat().st_size)

    def finish(self, *, engine: str, made_at: datetime, tables: dict[str, list[Any]]) -> Manifest:
        """Write the manifest and everything still in memory, through to the disk."""
        manifest = Manifest(FORMAT, engine, made_at.isoformat(), tables, dict(self._members))
        data = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        self.add(MANIFEST, io.BytesIO(data), len(data))
        self._tar.close()
        self._gzip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        return manifest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._raw.close()


def verify(source: Path) -> Manifest:
    """Read the whole archive and compare it with its manifest. Raises WrongArchive."""
    with _damage_named(source):
        found, text = _hashes(source)
    manifest = _parse(text, source)
    if manifest.format != FORMAT:
        raise WrongArchive(f"{source} has format {manifest.format}; this version reads {FORMAT}.")
    if manifest.members != found:
        raise _damaged(source)
    return manifest


def _hashes(source: Path) -> tuple[dict[str, str], bytes]:
    """The hash of every member but the manifest, and the manifest's text."""
    found: dict[str, str] = {}
    text = b""
    for name, stream in _entries(source):
        hashing = Hashing(stream)
        if name == MANIFEST:
            text = stream.read()
            continue
        while hashing.read(CHUNK):
            pass
        found[name] = hashing.hexdigest()
    return found, text


def members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Database and files of an archive that `verify` has passed."""
    return ((name, stream) for name, stream in _entries(source) if name != MANIFEST)


def copy(stream: IO[bytes], target: Path) -> None:
    with target.open("xb") as file:
        shutil.copyfileobj(stream, file, CHUNK)


def _parse(text: bytes, source: Path) -> Manifest:
    try:
        return Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise _damaged(source) from error


def _entries(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with source.open("rb") as raw:
        if raw.read(len(HEADER)) != HEADER:
            raise _damaged(source)
        raw.seek(0)
        with gzip.GzipFile(fileobj=raw, mode="rb") as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isfile() and _is_ours(entry.name) else None
                if content is None:
                    raise WrongArchive(f"{source} holds {entry.name!r}, which no backup of ours would.")
                yield entry.name, content
            while stream.read(CHUNK):  # to the end, where gzip keeps its checksum
                pass


@contextmanager
def _damage_named(source: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise _damaged(source) from error
    except OSError as error:
        raise WrongArchive(f"{source} cannot be read: {error.strerror}.") from error


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or str(path) != name:
        return False
    return name in (DATABASE, MANIFEST) or name.startswith(FILES)


def _damaged(source: Path) -> WrongArchive:
    return WrongArchive(f"{source} is damaged, incomplete or no backup of this program; nothing was changed.")
