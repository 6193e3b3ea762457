"""What the reader of files found, as a page shows it."""

from collections.abc import Iterable
from itertools import groupby

from ...bundle import Problem

Report = list[tuple[str, list[Problem]]]


def reports(problems: Iterable[Problem]) -> dict[str, Report]:
    """What stops the import and what does not, each by file and line; what has no file comes first."""
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0))
    return {
        "errors": by_file(problem for problem in ordered if problem.level == "error"),
        "warnings": by_file(problem for problem in ordered if problem.level == "warning"),
    }


def by_file(problems: Iterable[Problem]) -> Report:
    return [(file, list(found)) for file, found in groupby(problems, key=lambda problem: problem.file)]
