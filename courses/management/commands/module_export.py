from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from courses.bundle import files, pack, write_folder
from courses.content import Bundle
from courses.models import Module, Revision
from courses.selectors.bundles import bundle_of, edition_to_take, newest_revisions
from courses.selectors.drafts import place_of


class Command(BaseCommand):
    help = "Write the newest revisions of a module as a folder or (name ending in .zip) as a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--edition", metavar="NAME", help="this edition alone: core, translations/sv or countries/FI"
        )
        parser.add_argument("--published", action="store_true", help="as published, without drafts")

    def handle(self, *, key: str, path: Path, edition: str | None, published: bool, **options: Any) -> None:
        module = Module.objects.select_related("owner").filter(key=key).first()
        if module is None:
            raise CommandError(f"There is no module “{key}”.")
        if path.exists():
            raise CommandError(f"{path} exists already. Name a new one.")
        revisions = Revision.objects.published() if published else Revision.objects.all()
        bundle = bundle_for(module, revisions, edition)
        if path.suffix == ".zip":
            with path.open("wb") as file:
                pack(files(bundle), file)
        else:
            write_folder(bundle, path)
        self.stdout.write(f"{key}: written to {path}.")


def bundle_for(module: Module, revisions: QuerySet[Revision], edition: str | None) -> Bundle:
    newest = newest_revisions(revisions, module)
    try:
        if edition is None:
            return bundle_of(module, newest)
        places = {place_of(each.edition): each for each in newest}
        if edition not in places:
            raise CommandError(f"There is no edition “{edition}”. There is: {', '.join(sorted(places))}.")
        return edition_to_take(places[edition], revisions)
    except LookupError as no_core:
        raise CommandError("The core is not published yet. Leave out --published.") from no_core
