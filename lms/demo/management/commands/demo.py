import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.demo.people import DEMO_LOGINS, PASSWORD
from lms.lib.pdf import PdfUnavailable, pdf_available
from lms.lib.serving import DEFAULT_PORT, PortTaken, WorkerLock, address, listen, serve, settle_site_url


class Command(BaseCommand):
    help = "Fill a demonstration programme, once, and start its web server and worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", help="exactly this port; without it 8000 or the next free one")
        parser.add_argument("--reset", action="store_true", help="start over")
        parser.add_argument("--fill-only", action="store_true", help="do not start the servers")

    def handle(self, *, port: str | None, reset: bool, fill_only: bool, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            enter_demonstration()
        if fill_only and not reset:
            self.prepare()
            return
        if reset:
            refuse_while_running()
        try:
            listener = listen(port=port)
        except PortTaken as taken:
            raise CommandError(str(taken)) from taken
        if reset:  # only now: an impossible port costs nobody their data
            listener.close()
            shutil.rmtree(settings.VAR)
            restart()
        settle_site_url(listener)  # before filling: certificates carry the address
        fill_apart()
        self.introduce(
            address(listener), next_free=port is None and listener.getsockname()[1] != DEFAULT_PORT
        )
        sys.exit(serve(listener, say=self.stdout.write))

    def prepare(self) -> None:
        from lms.demo.fill import fill, is_filled

        began = time.monotonic()
        call_command("migrate", verbosity=0)
        if not is_filled():
            self.stdout.write("Filling the demonstration programme (once) ...")
            fill(at=timezone.now())
            self.stdout.write(f"Filled in {time.monotonic() - began:.0f} s.")

    def introduce(self, site: str, *, next_free: bool) -> None:
        if not pdf_available():
            self.stdout.write(str(PdfUnavailable()))
        if next_free:
            self.stdout.write(f"Port {DEFAULT_PORT} is taken; this is the next free one.")
        self.stdout.write(f"\n{site}/\n")
        self.stdout.write(
            f"Logins, password “{PASSWORD}”: " + ", ".join(login["email"] for login in DEMO_LOGINS)
        )
        self.stdout.write(
            "Mail is printed here. Ctrl-C stops everything; the data stays in var/demonstration.\n"
        )


def refuse_while_running() -> None:
    """Who serves these data would go on with a database and files that are no longer there."""
    lock = WorkerLock(Path(settings.VAR) / "queue" / "lock")
    if not lock.take():
        raise CommandError(
            f"Process {lock.holder()} is running this demonstration: end it first, with Ctrl-C in its terminal "
            f"or with `kill {lock.holder()}`."
        )


def fill_apart() -> None:
    """In a process of its own, so that what filling loads is not kept by the servers."""
    filled = subprocess.run([sys.executable, sys.argv[0], "demo", "--fill-only"], check=False)
    if filled.returncode:
        raise CommandError("The demonstration could not be filled; `make demo-reset` starts over.")


def enter_demonstration() -> None:
    """Settings are read when Python starts, so it starts again with the demonstration's."""
    os.environ["LMS_DEMONSTRATION"] = "1"
    restart(keep_reset=True)


def restart(*, keep_reset: bool = False) -> None:
    arguments = sys.argv if keep_reset else [argument for argument in sys.argv if argument != "--reset"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606
