"""`manage.py test`, typed out of habit, runs the same suite as `make test`.

Django's own runner would collect none of it and report "0 tests, OK".
"""

from argparse import ArgumentParser
from collections.abc import Sequence

import pytest


class PytestRunner:
    """Hands its arguments to pytest: paths, and `--keepdb` as `--reuse-db`."""

    def __init__(
        self, verbosity: int = 1, failfast: bool = False, keepdb: bool = False, **_others: object
    ) -> None:
        self.arguments = ["--verbose"] * (verbosity - 1)
        self.arguments += ["--exitfirst"] if failfast else []
        self.arguments += ["--reuse-db"] if keepdb else []

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--keepdb", action="store_true", help="Keep the test database for the next run.")

    def run_tests(self, test_labels: Sequence[str], **_others: object) -> int:
        """The number Django turns into an exit status: 0 only when everything passed."""
        return int(pytest.main([*self.arguments, *test_labels]))
