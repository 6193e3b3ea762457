"""An installation to be measured: folder, database, processes, and nothing left of it afterwards."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.installation import ROOT, Installation, Serving, free_port, until

from .client import Client, WrongAnswer
from .operations import Plan
from .processes import Backends, memory

SERVER = "postgres://postgres@127.0.0.1/postgres"
SETTLED_AFTER = 10  # seconds until what was needed only to start is given back


def server_url() -> str:
    """The server of DATABASE_URL, where that is one, else the usual place."""
    given = os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else SERVER


def server_answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def own_installation(url: str) -> Iterator["OwnInstallation"]:
    """An empty one with a database of its own: on the server at `url`, or SQLite where that is empty."""
    folder = Path(tempfile.mkdtemp(prefix="lms-bench-"))
    installation = OwnInstallation(folder, url)
    try:
        migrated = installation.manage("migrate", "--verbosity=0")
        if migrated.returncode:
            raise WrongAnswer(migrated.stderr)
        yield installation
    finally:
        installation.close()
        shutil.rmtree(folder)


class OwnInstallation(Installation):
    """Runs with the settings of the benchmark. `backends` are the database's own processes, where there are any."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        super().__init__(folder)
        self.environment["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        self.environment["LMS_CONN_MAX_AGE"] = "3600"  # no connection ends within a slice
        self.environment["LMS_PROXIES"] = "1"  # the client says from where each visitor comes
        self.backends = Backends(self.environment["DATABASE_URL"]) if url else None

    def _own_database(self, _server: str) -> str:
        return super()._own_database(self.url)

    @property
    def system(self) -> str:
        return (
            f"PostgreSQL {self.backends.version()}" if self.backends else f"SQLite {sqlite3.sqlite_version}"
        )

    def close(self) -> None:
        if self.backends:
            self.backends.close()
        self.remove()

    def database_pids(self) -> list[int]:
        return self.backends.pids() if self.backends else []

    def fill(self, enrollments: int) -> Plan:
        """Fill up to that many enrolments."""
        plan = self.folder / "plan.json"
        self.run("fill", enrollments, plan)
        found: Plan = json.loads(plan.read_text())
        return found

    def run(self, module: str, *words: object) -> str:
        """What one of our modules says, run within this installation. Raises WrongAnswer where it fails."""
        command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, words)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise WrongAnswer(f"{module} failed:\n{done.stderr}")
        return done.stdout

    @contextmanager
    def site(self, *arguments: str) -> Iterator[tuple[int, Serving]]:
        """The site on a free port, once it answers."""
        port = free_port()
        with self.serving("--port", str(port), *arguments) as site:
            if not until(lambda: site.status("/"), 90):
                raise WrongAnswer(site.text())
            yield port, site

    def idle_memory(self, plan: Plan) -> tuple[int, int]:
        """Processes of an ordinary `serve` that has shown a few pages and then rests, and their bytes together."""
        self.environment["DJANGO_SETTINGS_MODULE"] = "lms.settings"
        with self.site() as (port, site):
            site.children()
            with closing(Client(port)) as client:
                for learner in plan["learners"][:5]:
                    client.get(learner["open"][0], marker=learner["email"], session=learner["session"])
            time.sleep(SETTLED_AFTER)
            pids = site.processes()
            found = len(pids), memory(pids)
        self.environment["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        return found
