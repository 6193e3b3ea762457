"""One interface over the two databases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Tables:
    """For each table its number of rows and a hash of them, whatever their order."""

    rows: dict[str, list[Any]]

    def total(self) -> int:
        return sum(count for count, _ in self.rows.values())


class Database(Protocol):
    """What `back_up` and `restore` need. `engine` is what an archive is made for."""

    engine: str

    def dump(self, target: Path) -> Tables:
        """Write one moment's state to the new file `target`, and say what is in it. Raises BackupFailed."""

    def load(self, source: Path, tables: Tables) -> None:
        """Replace everything by what `dump` wrote, at once; unless it equals `tables`, change nothing.

        Raises BackupFailed.
        """


def database_of(connection: BaseDatabaseWrapper) -> Database:
    """The database behind Django's connection."""
    if connection.vendor == "postgresql":
        from .postgresql import PostgreSQL

        return PostgreSQL(connection.settings_dict)
    from .sqlite import SQLite

    return SQLite(Path(connection.settings_dict["NAME"]))
