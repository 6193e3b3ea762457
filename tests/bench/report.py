"""One table for each database and size, and what grew between the sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

from .measuring import MILLI, Measured, percentile
from .operations import BASELINE


@dataclass
class Row:
    """One line of a table; None is printed as a dash."""

    name: str
    rate: float | None
    half: float
    most: float
    server: float
    database: float | None
    queries: int
    sent: int
    size: int
    slower: float | None = None
    costlier: float | None = None
    aim: float | None = None

    @property
    def processor(self) -> float:
        return self.server + (self.database or 0.0)


HEADINGS = (
    ("", 25),
    ("req/s", 7),
    ("p50 ms", 8),
    ("p95 ms", 8),
    ("server ms", 10),
    ("db ms", 7),
    ("queries", 8),
    ("sent kB", 9),
    ("page kB", 9),
    ("× req/s", 8),
    ("× p50", 7),
    ("× cpu", 7),
    ("aim", 6),
)


def row_of(measured: Measured, *, with_database: bool) -> Row:
    operation, times = measured.operation, measured.times
    is_baseline = operation.name == BASELINE
    return Row(
        name=operation.name,
        rate=measured.rate,
        half=MILLI * percentile(times, 50),
        most=MILLI * percentile(times, 95),
        server=measured.per_act("server"),
        database=measured.per_act("database") if with_database else None,
        queries=measured.once.queries,
        sent=measured.once.sent,
        size=measured.once.size,
        slower=1.0 if is_baseline else measured.times_baseline("median"),
        costlier=1.0 if is_baseline else measured.times_baseline("processor"),
        aim=operation.aim,
    )


def print_table(rows: Sequence[Row]) -> None:
    print("".join(f"{name:<{width}}" if not name else f"{name:>{width}}" for name, width in HEADINGS))
    baseline = next(row for row in rows if row.name == BASELINE)
    for row in rows:
        share = row.rate / baseline.rate if row.rate and baseline.rate else None
        print(line(row, share))


def line(row: Row, share: float | None) -> str:
    values = (
        figure(row.rate),
        figure(row.half),
        figure(row.most),
        figure(row.server),
        figure(row.database),
        str(row.queries),
        figure(row.sent / 1000),
        figure(row.size / 1000),
        figure(share),
        figure(row.slower),
        figure(row.costlier),
        aim(row),
    )
    columns = zip(values, HEADINGS[1:], strict=True)
    return f"{row.name:<{HEADINGS[0][1]}}" + "".join(f"{value:>{width}}" for value, (_name, width) in columns)


def figure(value: float | None) -> str:
    """Two digits after the point for small numbers, none for large ones."""
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def aim(row: Row) -> str:
    """The aim, with a mark where it is passed."""
    if row.aim is None or row.costlier is None:
        return ""
    return f"{row.aim:g}" + (" !" if row.costlier > row.aim else "  ")


def print_growth(sizes: Sequence[int], tables: Sequence[Sequence[Row]]) -> None:
    """Processor time at each size, and how much larger the last is than the first."""
    print(f"\nGrowth: processor ms an act at {' and '.join(f'{size:,}' for size in sizes)} enrolments")
    for rows in zip(*tables, strict=True):
        found = "".join(f"{figure(row.processor):>10}" for row in rows)
        print(f"{rows[0].name:<{HEADINGS[0][1]}}{found}   × {rows[-1].processor / rows[0].processor:.2f}")
