"""One archive of database and files, made while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from lms.lib import backup
from lms.lib.backup.databases import Tables, database_of


class Command(BaseCommand):
    help = "Write database and files into one archive. The site may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, nargs="?", help="File to write (var/backups/… by default).")

    def handle(self, *, archive: Path | None, **options: Any) -> None:
        now = timezone.now()
        target = archive or Path(settings.VAR, "backups", f"nordic-lms-{now:%Y-%m-%dT%H%M%SZ}.tar.gz")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            manifest = backup.back_up(
                target, database=database_of(connection), storage=default_storage, at=now
            )
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = Tables(manifest.tables).total()
        self.stdout.write(
            f"{target}: {rows} rows, {len(manifest.members) - 1} files. It holds personal data."
        )
        self.stdout.write(
            "Keep beside it, elsewhere: your .env, and var/secret_key if LMS_SECRET_KEY is not set."
        )
