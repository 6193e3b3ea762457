"""A message broker in a folder: kombu's filesystem transport, made safe for several processes.

The stock transport loses messages under load: a file is visible before it is written, and reading is no claim.
Here a message appears whole by one rename and is claimed by another, which exactly one reader wins.
A message that a killed worker held is not brought back. Rows are the queue, so the next reconcile finds the work.

One machine, one local file system, no network share. The folders must exist before the first connection.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Reads and writes messages by rename only."""

    def _put(self, queue: str, payload: dict[str, Any], **_others: object) -> None:
        # Wall clock, not the stock's monotonic one, which starts again at boot and would put new before old.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        folder = Path(self.data_folder_out)
        hidden = folder / f"{name}.tmp"  # no reader looks for this ending
        hidden.write_bytes(str_to_bytes(dumps(payload)))
        hidden.rename(folder / name)

    def _get(self, queue: str) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claim = Path(self.processed_folder) / f"{name}.{os.getpid()}"
            try:
                (Path(self.data_folder_in) / name).rename(claim)
            except FileNotFoundError:
                continue  # another reader won it
            payload = loads(bytes_to_str(claim.read_bytes()))
            claim.unlink()
            return payload
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """The stock method truncates a new table before locking it; a neighbour would read it empty."""
        self._begin_table(self._exchange_file(exchange))
        super()._queue_bind(exchange, routing_key, pattern, queue)

    def _begin_table(self, table: Path) -> None:
        """Put an empty table in place, whole or not at all; one that is there stays."""
        if table.exists():
            return
        hidden = table.with_name(f"{table.name}.{uuid.uuid4().hex}.tmp")
        hidden.write_bytes(str_to_bytes(dumps([])))
        try:
            os.link(hidden, table)
        except FileExistsError:
            pass  # a neighbour was first, and its table is as good
        finally:
            hidden.unlink()


class Transport(filesystem.Transport):
    """`safefs://` for `CELERY_BROKER_URL`."""

    Channel = Channel


def register() -> None:
    """Teach kombu the address `safefs://`."""
    TRANSPORT_ALIASES["safefs"] = "lms.lib.safefs:Transport"


def clear_claimed(folder: Path) -> int:
    """Delete what killed workers left behind and say how much it was. Only while no worker runs."""
    left = [file for file in folder.iterdir() if file.is_file()]
    for file in left:
        file.unlink()
    return len(left)
