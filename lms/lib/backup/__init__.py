"""Backup and restore of a whole installation, on both sizes: database and files in one archive.

An archive that is truncated, or has one byte flipped, is refused before anything is touched. The database is
replaced in one transaction that compares every table with the archive before it commits, so there is never half
of one.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.core.files.storage import Storage

from . import archive, files
from .databases import Database, Tables
from .errors import BackupFailed, WrongArchive

__all__ = ["BackupFailed", "WrongArchive", "back_up", "inspect", "restore"]


def back_up(target: Path, *, database: Database, storage: Storage, at: datetime) -> archive.Manifest:
    """Write database and files to `target`, which must not exist yet; it appears only when complete.

    The database is one moment's; files are read after it, so every file that a row names is there.
    Raises BackupFailed.
    """
    if target.exists():
        raise BackupFailed(f"{target} exists already; a backup never overwrites another.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump, unfinished = Path(folder, "database"), Path(folder, target.name)
        tables = database.dump(dump)
        with archive.Writer(unfinished) as writer:
            writer.add_file(archive.DATABASE, dump)
            for name in files.walk(storage):
                with storage.open(name) as stream:
                    writer.add(archive.FILES + name, stream, storage.size(name))
            manifest = writer.finish(engine=database.engine, made_at=at, tables=asdict(tables)["rows"])
        unfinished.rename(target)
    return manifest


def inspect(source: Path) -> archive.Manifest:
    """What an archive holds, every byte of it having been read and compared. Raises WrongArchive."""
    return archive.verify(source)


def restore(source: Path, *, database: Database, storage: Storage) -> archive.Manifest:
    """Replace database and files by those of the archive, and remove files that it does not hold.

    Files come first and go last, so that no row ever names a file that is not there; run again, it completes what
    was interrupted. Raises WrongArchive with nothing changed, BackupFailed with the database unchanged.
    """
    manifest = archive.verify(source)
    if manifest.engine != database.engine:
        raise WrongArchive(
            f"The archive was made on {manifest.engine}; this installation uses {database.engine}."
        )
    with tempfile.TemporaryDirectory(prefix="lms-restore-") as folder:
        dump = Path(folder, "database")
        for name, stream in archive.members(source):
            if name == archive.DATABASE:
                archive.copy(stream, dump)
            else:
                files.put(storage, name.removeprefix(archive.FILES), stream)
        database.load(dump, Tables(manifest.tables))
    files.remove_others(storage, keep={name.removeprefix(archive.FILES) for name in manifest.members})
    return manifest
