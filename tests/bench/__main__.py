"""Measures every page against a baseline view, on real servers: `make bench`. docs/performance.md says how to read it.

It reports and asserts nothing; its exit status is 0 unless an answer was wrong.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from . import installation as installations
from .client import WrongAnswer
from .installation import OwnInstallation
from .measuring import MILLI, Bench, Effort, percentile
from .operations import Plan, operations
from .processes import tree
from .report import Row, print_growth, print_table, row_of
from .weight import first_visit

CERTIFICATE = "certificate, file made"
DATABASES = ("sqlite", "postgres")
SIZES = (1_000, 100_000)


def main() -> None:
    wanted = arguments()
    print(f"Nordic LMS benchmark, {datetime.now().astimezone():%d %B %Y %H:%M}")
    print(
        f"Python {platform.python_version()}, Django {version('django')}, gunicorn {version('gunicorn')}, "
        f"{os.cpu_count()} cores. One server process with four threads; the client is on the same machine."
    )
    for database in wanted.database or DATABASES:
        url = installations.server_url() if database == "postgres" else ""
        if url and not installations.server_answers(url):
            print(f"\nPostgreSQL is left out: no server answers at {url.rpartition('@')[2]}.")
            continue
        try:
            measure(url, wanted)
        except WrongAnswer as failure:
            sys.exit(f"\nAn answer was wrong, so this is no measurement: {failure}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 enrolments only, and fewer requests")
    parser.add_argument(
        "--only", default="", metavar="NAME", help="what has this in its name, and the baseline"
    )
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    return parser.parse_args()


def measure(url: str, wanted: argparse.Namespace) -> None:
    """One database, at each size."""
    sizes = SIZES[:1] if wanted.quick else SIZES
    with installations.own_installation(url) as installation:
        tables = []
        for size in sizes:
            plan = fill(installation, size)
            tables.append(measure_size(installation, plan, wanted))
        if len(sizes) > 1:
            print_growth(sizes, tables)
        processes, size = installation.idle_memory(plan)
        print(
            f"\nMemory of {processes} idle processes of `serve`: {size / 1_000_000:.0f} MB (aim: below 200)"
        )


def fill(installation: OwnInstallation, size: int) -> Plan:
    began = time.monotonic()
    plan = installation.fill(size)
    took = time.monotonic() - began
    print(f"\n{installation.system}, {size:,} enrolments (filled in {took:.0f} s), load {load()}", flush=True)
    return plan


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def measure_size(installation: OwnInstallation, plan: Plan, wanted: argparse.Namespace) -> list[Row]:
    effort = Effort(rounds=2, seconds=0.4) if wanted.quick else Effort(rounds=5, seconds=0.6)
    certificates = json.loads(installation.run("certificates", 5 if wanted.quick else 25))
    with installation.site("--no-worker") as (port, site):
        baseline, *others = operations(plan, certificates.get("pages", []))
        bench = Bench(
            port, effort, server=lambda: tree(site.process.pid), database=installation.database_pids
        )
        found = bench.run(baseline, [each for each in others if wanted.only in each.name])
        weight = first_visit(port, plan["learners"][0])
    rows = [row_of(each, with_database=installation.backends is not None) for each in found]
    if wanted.only in CERTIFICATE and "times" in certificates:
        rows.append(certificate_row(certificates, rows[0], has_database=installation.backends is not None))
    print_table(rows)
    if "missing" in certificates:
        print(f"Certificates are left out: {certificates['missing']}")
    print(f"Load afterwards {load()}. {weight}")
    return rows


def certificate_row(made: dict[str, Any], baseline: Row, *, has_database: bool) -> Row:
    """Made by a worker, one after the other, and by no request."""
    times: Sequence[float] = sorted(made["times"])
    half = MILLI * percentile(times, 50)
    row = Row(
        name=CERTIFICATE,
        rate=len(times) / sum(times),
        half=half,
        most=MILLI * percentile(times, 95),
        server=MILLI * made["server"] / len(times),
        database=MILLI * made["database"] / len(times) if has_database else None,
        queries=made["queries"],
        sent=made["size"],
        size=made["size"],
        slower=half / baseline.half,
    )
    row.costlier = row.processor / baseline.processor
    return row


if __name__ == "__main__":
    main()
