"""An installation as it was when the archive was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from lms.lib import backup, serving
from lms.lib.backup.archive import Manifest
from lms.lib.backup.databases import Tables, database_of


class Command(BaseCommand):
    help = "Replace database and files by those of an archive that `backup` wrote. End the site first."
    # What is checked may be the very thing that is about to be replaced.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *, archive: Path, yes: bool, **options: Any) -> None:
        self.refuse_while_serving()
        try:
            manifest = backup.inspect(archive)
            if not yes and not self.confirmed(manifest):
                raise CommandError("Nothing was changed.")
            connection.close()
            backup.restore(archive, database=database_of(connection), storage=default_storage)
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error}. When that is solved, run restore again.") from error
        self.stdout.write("Restored, every table compared with the archive. Now: manage.py migrate")

    def refuse_while_serving(self) -> None:
        """A worker in the middle of a job would write into rows that are being replaced."""
        self.lock = serving.WorkerLock(Path(settings.VAR) / "queue" / "lock")
        if not self.lock.take():
            raise CommandError(f"Process {self.lock.holder()} is serving this installation: end it first.")

    def confirmed(self, manifest: Manifest) -> bool:
        name = connection.settings_dict["NAME"]
        self.stdout.write(
            f"The archive of {manifest.made_at} ({Tables(manifest.tables).total()} rows, "
            f"{len(manifest.members) - 1} files) would replace everything in {name} and in the file storage."
        )
        return input("Type yes to go on: ").strip().lower() == "yes"
