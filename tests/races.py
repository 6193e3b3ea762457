"""Many at once: acts begun at the same moment, and lines at which all wait for the last.

A race that is prevented is believed only beside a control without the guard, in which it happens.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from django.db import connection

CLIENTS = 20
PATIENCE = 30  # seconds until a client that never comes breaks the line


def line(clients: int = CLIENTS) -> Callable[[], object]:
    """What each of so many calls when it has come this far; none goes on before all are there."""
    return partial(Barrier(clients).wait, PATIENCE)


def at_once(acts: Sequence[Callable[[], Any]], *, may_raise: type[Exception] = Exception) -> list[Any]:
    """What each act returned or raised, all begun together, each on a connection of its own."""
    together = line(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            together()
            return act()
        except may_raise as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def each_at_once(act: Callable[[int], Any], *, may_raise: type[Exception] = Exception) -> list[Any]:
    """The same act by every client, who is told its number."""
    return at_once([partial(act, number) for number in range(CLIENTS)], may_raise=may_raise)


def errors(results: Sequence[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]
