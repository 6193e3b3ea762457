"""Rounds: each operation in short slices, each with a slice of the baseline beside it, round after round.

Other work on the machine comes and goes. Within one round an operation and its baseline see the same weather, so that
their quotient stands where milliseconds do not.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from .client import Client, Cost, WrongAnswer
from .operations import Act, Operation
from .processes import processor_seconds, spent

CLIENTS = 8
WARM_UP = 3
MILLI = 1_000

Pids = Callable[[], list[int]]


@dataclass(frozen=True)
class Effort:
    """How long to look: rounds, and seconds of one slice."""

    rounds: int
    seconds: float


@dataclass
class Slice:
    """Acts done one after the other, or by all clients at once, and what they took."""

    times: list[float] = field(default_factory=list)
    server: float = 0.0
    database: float = 0.0
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.elapsed if self.times else 0.0

    @property
    def processor(self) -> float:
        return (self.server + self.database) / len(self.times)

    @property
    def median(self) -> float:
        return statistics.median(self.times)


@dataclass
class Measured:
    """An operation over all rounds. `beside` holds the baseline's slice of the same round."""

    operation: Operation
    once: Cost
    alone: list[Slice] = field(default_factory=list)
    together: list[Slice] = field(default_factory=list)
    beside: list[Slice] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        return sorted(seconds for part in self.alone for seconds in part.times)

    def per_act(self, name: str) -> float:
        """Processor milliseconds an act, of `server` or `database`."""
        return MILLI * sum(getattr(part, name) for part in self.alone) / len(self.times)

    @property
    def processor(self) -> float:
        return self.per_act("server") + self.per_act("database")

    @property
    def rate(self) -> float:
        return statistics.median(part.rate for part in self.together)

    def times_baseline(self, name: str) -> float:
        """The median over the rounds of `processor` or `median` as a multiple of the baseline's beside it."""
        pairs = zip(self.alone, self.beside, strict=True)
        return statistics.median(getattr(own, name) / getattr(base, name) for own, base in pairs)


def percentile(ordered: list[float], percent: int) -> float:
    """By nearest rank, of sorted values."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Bench:
    """Measures on a running server. `server` and `database` say which processes work for it just now."""

    def __init__(self, port: int, effort: Effort, *, server: Pids, database: Pids) -> None:
        self.port, self.effort = port, effort
        self.server, self.database = server, database

    def run(self, baseline: Operation, operations: list[Operation]) -> list[Measured]:
        """The baseline first. Raises WrongAnswer."""
        found = [Measured(each, self.look_once(each)) for each in [baseline, *operations]]
        for _ in range(self.effort.rounds):
            for measured in found:
                self.round(measured, baseline)
        return found

    def look_once(self, operation: Operation) -> Cost:
        """Warm up what is kept in memory, then count the queries and bytes of one act."""
        with closing(Client(self.port)) as client:
            for _ in range(WARM_UP):
                perform(operation, client, next(operation.acts))
            client.counting = True
            return perform(operation, client, next(operation.acts))

    def round(self, measured: Measured, baseline: Operation) -> None:
        seconds = self.effort.seconds
        operation = measured.operation
        before = self.slice(baseline, seconds / 4, clients=1)
        alone = self.slice(operation, seconds, clients=1)
        after = self.slice(baseline, seconds / 4, clients=1)
        measured.alone.append(alone)
        measured.beside.append(joined(before, after))
        measured.together.append(self.slice(operation, seconds, clients=CLIENTS))

    def slice(self, operation: Operation, seconds: float, *, clients: int) -> Slice:
        queue = Queue(operation, seconds)
        workers = [threading.Thread(target=queue.work, args=(self.port,)) for _ in range(clients)]
        server, database = processor_seconds(self.server()), processor_seconds(self.database())
        began = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        found = Slice(queue.times, elapsed=time.perf_counter() - began)
        found.server = spent(server, processor_seconds(self.server()))
        found.database = spent(database, processor_seconds(self.database()))
        if queue.failure:
            raise queue.failure
        return found


class Queue:
    """Acts for a while, to any number of clients."""

    def __init__(self, operation: Operation, seconds: float) -> None:
        self.operation, self.until = operation, time.perf_counter() + seconds
        self.lock = threading.Lock()
        self.times: list[float] = []
        self.failure: Exception | None = None

    def work(self, port: int) -> None:
        try:
            with closing(Client(port)) as client:
                for act in self.acts():
                    self.times.append(perform(self.operation, client, act).seconds)
        except (WrongAnswer, OSError) as failure:
            self.failure = failure

    def acts(self) -> Iterator[Act]:
        """At least one, so that a slow act is measured too."""
        while self.failure is None:
            with self.lock:
                act = next(self.operation.acts, None)
            if act is None:
                raise WrongAnswer(f"There are not enough rows for “{self.operation.name}”.")
            yield act
            if time.perf_counter() >= self.until:
                return


def perform(operation: Operation, client: Client, act: Act) -> Cost:
    """One act, checked to be as large as such an answer is."""
    client.cost = Cost()
    act(client)
    if client.cost.size < operation.least:
        raise WrongAnswer(f"“{operation.name}” answered {client.cost.size} bytes, too few to be the page.")
    return client.cost


def joined(one: Slice, other: Slice) -> Slice:
    return Slice(
        one.times + other.times,
        one.server + other.server,
        one.database + other.database,
        one.elapsed + other.elapsed,
    )
