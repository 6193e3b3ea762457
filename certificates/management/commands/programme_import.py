from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates.programme_files import ProgrammeFiles, read_programme_folder, read_programme_zip
from certificates.services import ProgrammeOutcome, check_programme, import_programme
from courses.bundle import BundleRefused


class Command(BaseCommand):
    help = (
        "Import a programme, or a folder of modules/ and courses/: everything that is another than here becomes a "
        "draft, and nothing changes unless all of it can be used. Organisations that are missing are added."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--check", action="store_true", help="Say what would be done, and do nothing.")
        parser.add_argument(
            "--pull",
            action="store_true",
            help="Leave alone what is as it was at the last import, though it was changed here since.",
        )

    def handle(self, *, path: Path, check: bool, pull: bool, **options: Any) -> None:
        act = check_programme if check else import_programme
        told = self.stderr.write if options["verbosity"] > 1 else lambda _part: None
        with ExitStack() as stack:
            try:
                found = read(path, stack)
                outcome = act(found, by=None, at=timezone.now(), is_pull=pull, tell=told)
            except BundleRefused as refused:
                errors = [str(problem) for problem in refused.problems if problem.level == "error"]
                raise CommandError("\n".join([*errors, str(refused.message)])) from refused
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.say(outcome)

    def say(self, outcome: ProgrammeOutcome) -> None:
        for warning in outcome.warnings:
            self.stdout.write(str(warning))
        for organisation in outcome.added:
            self.stdout.write(f"{organisation.slug}: organisation added")
        for module in outcome.modules:
            for imported in module.editions:
                self.stdout.write(f"{imported.edition}: {imported.change}")
        for slug, done in outcome.courses:
            self.stdout.write(f"{slug}: {', '.join(done) or 'unchanged'}")


def read(path: Path, stack: ExitStack) -> ProgrammeFiles:
    if path.is_dir():
        return read_programme_folder(path)
    return read_programme_zip(stack.enter_context(path.open("rb")))
