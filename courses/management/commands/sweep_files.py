from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.services import sweep_files


class Command(BaseCommand):
    help = "Delete files of modules that no revision and no saved state refers to any more. The worker does it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--trial", action="store_true", help="only count them")

    def handle(self, *, trial: bool, **options: Any) -> None:
        swept = sweep_files(at=timezone.now(), is_trial=trial)
        done = "would be deleted" if trial else "deleted"
        self.stdout.write(f"{swept.unused} unused and {swept.orphans} orphaned files {done}.")
