from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.services import import_bundle
from lms.lib.errors import DomainError

from .module_validate import add_strict, read


class Command(BaseCommand):
    help = "Import module bundles (folders or zips) as drafts, for whichever partners they name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        add_strict(parser)

    def handle(self, *, paths: list[Path], strict: bool, **options: Any) -> None:
        for path in paths:
            try:
                outcome = import_bundle(read(path, strict=strict), by=None, at=timezone.now())
            except DomainError as refused:
                raise CommandError(str(refused.message)) from refused
            for warning in outcome.warnings:
                self.stdout.write(str(warning))
            for imported in outcome.editions:
                self.stdout.write(f"{imported.edition}: {imported.change}")
