import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from courses.bundle import translation_sources

from .module_validate import read

KEY = re.compile(r"^key: *(\S+)$", re.MULTILINE)
SOURCE = re.compile(r"^source:.*$", re.MULTILINE)


class Command(BaseCommand):
    help = "Print the hash that a translation of each lesson names as its source; write them with --write LANGUAGE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--write", metavar="LANGUAGE", help="say that this translation is up to date with the core"
        )

    def handle(self, *, path: Path, write: str | None, **options: Any) -> None:
        sources = translation_sources(read(path))
        for key, source in sources.items():
            self.stdout.write(f"{source}  {key}")
        if write:
            for file in sorted((path / "translations" / write).iterdir()):
                declare_up_to_date(file, sources)


def declare_up_to_date(file: Path, sources: dict[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    found = KEY.search(text)
    if found and found[1] in sources:
        file.write_text(SOURCE.sub(f"source: {sources[found[1]]}", text, count=1), encoding="utf-8")
