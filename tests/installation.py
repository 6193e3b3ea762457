"""A whole installation of its own for a test: folder, database, processes. What runs here is what an operator runs."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "LMS_",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "STORAGE_URL",
    "EMAIL_URL",
    "WEB_CONCURRENCY",
)


def until(true: Callable[[], object], seconds: float = 30) -> bool:
    """Whether it became true in time. Words and rows are waited for, never moments."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """`manage` runs a command to its end; `serving` runs the site for a while."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment |= {"LMS_VAR": str(folder), "PYTHONUNBUFFERED": "1", "CELERY_BROKER_URL": ""}
        self.environment["DATABASE_URL"] = self._own_database(os.environ.get("DATABASE_URL", ""))

    def _own_database(self, server: str) -> str:
        """On the server that the suite runs on, where it runs on one."""
        if not server.startswith("postgres"):
            return ""
        self.server, _, _name = server.rpartition("/")
        self.database = f"lms_{uuid.uuid4().hex}"
        self._on_server(f"CREATE DATABASE {self.database}")
        return f"{self.server}/{self.database}"

    def _on_server(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    def remove(self) -> None:
        if self.environment["DATABASE_URL"]:
            self._on_server(f"DROP DATABASE {self.database} WITH (FORCE)")

    def manage(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=answer, capture_output=True, text=True, timeout=120
        )

    def ask(self, expression: str) -> str:
        """The value of a Python expression over the models of this installation, as text."""
        found = self.manage("shell", "--verbosity=0", "-c", f"print({expression})")
        assert found.returncode == 0, found.stderr
        return found.stdout.strip()

    @contextmanager
    def serving(self, *arguments: str) -> Iterator["Serving"]:
        site = Serving(self, *arguments)
        try:
            yield site
        finally:
            site.end()


class Serving:
    """`manage.py serve`, and every line it has said."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *arguments],
            cwd=ROOT,
            env=installation.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def said(self, words: str, seconds: float = 30) -> bool:
        until(lambda: words in self.text() or self.process.poll() is not None, seconds)
        return words in self.text()

    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def address(self) -> str:
        assert self.said("Nordic LMS is at ", seconds=90), self.text()
        return self.text().partition("Nordic LMS is at ")[2].split()[0]

    def status(self, path: str) -> int:
        """The answer's status, or 0 when there is none."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def processes(self) -> list[int]:
        """The supervisor and all that came from it."""
        return [self.process.pid, *descendants(self.process.pid)]

    def children(self) -> tuple[int, int]:
        """The site's and the worker's process."""
        assert until(lambda: len(children(self.process.pid)) == 2), self.text()
        site, worker = sorted(children(self.process.pid))
        return site, worker

    def end(self, number: int = signal.SIGTERM) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        status = self.process.wait(30)
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()
        return status


def children(pid: int) -> list[int]:
    """From /proc: Linux only, as the tests that ask."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def descendants(pid: int) -> list[int]:
    return [found for child in children(pid) for found in (child, *descendants(child))]


def alive(pid: int) -> bool:
    """Running, and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def proportional_size(pid: int) -> int:
    """Bytes of memory: its own, and its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
