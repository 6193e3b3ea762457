"""SQLite, through its own backup interface: a copied file would lack what is still in the write-ahead log."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from .databases import Tables
from .errors import BackupFailed

WAIT = 20.0  # seconds for another writer


class SQLite:
    """A database in a file. Others may read and write it while it is dumped."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def dump(self, target: Path) -> Tables:
        if not self.path.exists():
            raise BackupFailed(f"There is no database at {self.path}.")
        with closing(_open(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete without its log
            return _tables(copy)

    def load(self, source: Path, tables: Tables) -> None:
        with closing(_open(source)) as dump:
            if dump.execute("PRAGMA integrity_check").fetchone() != ("ok",) or _tables(dump) != tables:
                raise BackupFailed("The database in the archive is not the one its manifest describes.")
            with closing(sqlite3.connect(self.path, timeout=WAIT)) as target:
                target.execute("PRAGMA synchronous=FULL")
                try:
                    dump.backup(target)  # one transaction: a power cut leaves the old database
                except sqlite3.Error as error:
                    raise BackupFailed(f"The database was not replaced: {error}.") from error


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=WAIT)


def _tables(connection: sqlite3.Connection) -> Tables:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    )
    return Tables({name: _fingerprint(connection, name) for (name,) in sorted(names)})


def _fingerprint(connection: sqlite3.Connection, table: str) -> list[Any]:
    count = total = 0
    quoted = table.replace('"', '""')
    for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608  (a name from the schema, quoted)
        count += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=8).digest())
    return [count, f"{total:x}"]
