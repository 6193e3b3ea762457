"""The ordinary start of an installation: web server and worker in one command."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.lib import serving


class Command(BaseCommand):
    help = "Run the web server and one worker; both end together (Ctrl-C or SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default=serving.DEFAULT_HOST, help="Address to listen on (%(default)s)."
        )
        parser.add_argument("--port", help="Exactly this port; without it 8000 or the next free one.")
        processes = int(os.environ.get("WEB_CONCURRENCY", 1))
        parser.add_argument("--processes", type=int, default=processes, help="Web processes (%(default)s).")
        parser.add_argument("--threads", type=int, default=4, help="Threads in each (%(default)s).")
        parser.add_argument("--no-worker", action="store_true", help="The site only: workers run elsewhere.")

    def handle(
        self, *, host: str, port: str | None, processes: int, threads: int, no_worker: bool, **options: Any
    ) -> None:
        refuse_old_database()
        try:
            listener = serving.listen(host, port)
        except serving.PortTaken as error:
            raise CommandError(str(error)) from error
        if port is None and listener.getsockname()[1] != serving.DEFAULT_PORT:
            self.stdout.write(f"Port {serving.DEFAULT_PORT} is taken, so the next free one is used.")
        self.stdout.write(f"Nordic LMS is at {serving.address(listener)} (Ctrl-C ends it).")
        self.stdout.flush()
        sys.exit(
            serving.serve(
                listener,
                say=self.stderr.write,
                processes=processes,
                threads=threads,
                with_worker=not no_worker,
            )
        )


def refuse_old_database() -> None:
    """A site on tables that do not fit its code fails page by page; better not to start."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is not up to date: manage.py setup (the first time) or manage.py migrate."
        )
