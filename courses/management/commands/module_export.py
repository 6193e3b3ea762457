from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.bundle import write_folder, write_zip
from courses.models import Module, Revision
from courses.selectors.bundles import bundle_of, newest_revisions


class Command(BaseCommand):
    help = "Write the newest revisions of a module, drafts included, as a folder or (name ending in .zip) as a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        parser.add_argument("path", type=Path)

    def handle(self, *, key: str, path: Path, **options: Any) -> None:
        module = Module.objects.select_related("owner").filter(key=key).first()
        if module is None:
            raise CommandError(f"There is no module “{key}”.")
        if path.exists():
            raise CommandError(f"{path} exists already. Name a new one.")
        bundle = bundle_of(module, newest_revisions(Revision.objects.all(), module))
        if path.suffix == ".zip":
            path.write_bytes(write_zip(bundle))
        else:
            write_folder(bundle, path)
        self.stdout.write(f"{key}: written to {path}.")
