"""What processes cost, read from the system they run on (Linux)."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.installation import descendants, proportional_size

NANOSECONDS = 1_000_000_000


def processor_seconds(pids: Iterable[int]) -> dict[int, float]:
    """By process, the processor time of all its threads. In nanoseconds; `stat` would know hundredths only."""
    return {pid: sum(map(thread_seconds, threads(pid))) for pid in pids}


def threads(pid: int) -> list[Path]:
    with suppress(OSError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def thread_seconds(thread: Path) -> float:
    with suppress(OSError):
        return int((thread / "schedstat").read_text().split()[0]) / NANOSECONDS
    return 0.0


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """What was used between two readings; a process that came meanwhile began at nothing."""
    return sum(max(0.0, now - before.get(pid, 0.0)) for pid, now in after.items())


def tree(pid: int) -> list[int]:
    return [pid, *descendants(pid)]


def memory(pids: Iterable[int]) -> int:
    """Bytes, what is shared counted once."""
    return sum(proportional_size(pid) for pid in pids)


class Backends:
    """The server processes of one PostgreSQL database, as long as they run on this machine."""

    def __init__(self, url: str) -> None:
        import psycopg

        server, _, self.database = url.rpartition("/")
        self.connection: Any = psycopg.connect(f"{server}/postgres", autocommit=True)

    def pids(self) -> list[int]:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        found = self.connection.execute(asked, [self.database]).fetchall()
        return [pid for (pid,) in found if is_postgres(pid)]

    def version(self) -> str:
        return str(self.connection.execute("SHOW server_version").fetchone()[0]).split()[0]

    def close(self) -> None:
        self.connection.close()


def is_postgres(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    return False
