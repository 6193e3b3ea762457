from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates.course_files import read_course_file
from certificates.services import check_course_import, import_course
from courses.bundle import BundleRefused
from lms.accounts.models import User, normalise_email


class Command(BaseCommand):
    help = "Create a course from its file, or bring it to what the file says. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE.yaml")
        parser.add_argument(
            "--publish-as",
            metavar="EMAIL",
            help="Publish it in the name of this publisher of its owner; without it, it stays a draft.",
        )
        parser.add_argument("--check", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *, path: Path, publish_as: str | None, check: bool, **options: Any) -> None:
        act = check_course_import if check else import_course
        try:
            file = read_course_file(path)
            done = act(file, publisher=account(publish_as), at=timezone.now())
        except BundleRefused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        for warning in file.warnings:
            self.stdout.write(str(warning))
        would = "would be: " if check and done else ""
        self.stdout.write(f"{file.slug}: {would}{', '.join(done) or 'unchanged'}.")


def account(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email=normalise_email(email), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody logs in here as {email}. Name a publisher of the course's owner.")
    return user
