from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.programme_files import programme_files
from courses.bundle import pack
from courses.bundle.writer import write_files_into


class Command(BaseCommand):
    help = "Write everything that is published, modules and courses, as a folder or (name ending in .zip) as a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *, path: Path, **options: Any) -> None:
        if path.exists():
            raise CommandError(f"{path} exists already. Name a new one.")
        if path.suffix == ".zip":
            with path.open("wb") as file:
                pack(programme_files(), file)
        else:
            write_files_into(path, programme_files())
        self.stdout.write(f"The programme is written to {path}.")
