from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.bundle import BundleRefused, read_folder, read_zip
from courses.content import Bundle


def read(path: Path, *, strict: bool = False) -> Bundle:
    """A bundle from a folder or a zip. Raises CommandError with every problem, by file and line."""
    try:
        if path.is_dir():
            return read_folder(path, strict=strict)
        with path.open("rb") as file:
            return read_zip(file, strict=strict)
    except BundleRefused as refused:
        raise CommandError("\n".join(str(problem) for problem in refused.problems)) from refused
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def add_strict(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--strict",
        action="store_true",
        help="refuse files that are not as manifest.lock says they were exported",
    )


class Command(BaseCommand):
    help = "Check a module bundle (folder or zip) without touching the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        add_strict(parser)

    def handle(self, *, path: Path, strict: bool, **options: Any) -> None:
        bundle = read(path, strict=strict)
        for warning in bundle.warnings:
            self.stdout.write(str(warning))
        self.stdout.write(f"{bundle.module.key}: complete and consistent.")
