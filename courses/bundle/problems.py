"""What is wrong with a bundle: every problem with its file, its line and what to do, all of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lms.lib.errors import DomainError

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """`template` is translated when it is read, not when it is found: the reader may speak another language."""

    file: str
    line: int | None
    template: str | Promise
    values: Mapping[str, object] = field(default_factory=dict)
    level: Level = "error"

    @property
    def message(self) -> str:
        return str(self.template) % self.values

    @property
    def place(self) -> str:
        if self.line is None:
            return self.file
        return str(_("%(file)s, line %(line)s")) % {"file": self.file, "line": self.line}

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.file else self.message


class Problems:
    """Collects problems while a bundle is read; the same one is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int | None, str], Problem] = {}

    def error(self, file: str, line: int | None, template: str | Promise, /, **values: object) -> None:
        self._add(Problem(file, line, template, values))

    def warning(self, file: str, line: int | None, template: str | Promise, /, **values: object) -> None:
        self._add(Problem(file, line, template, values, level="warning"))

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._add(problem)

    def _add(self, problem: Problem) -> None:
        self._found.setdefault((problem.file, problem.line, problem.message), problem)

    @property
    def all(self) -> tuple[Problem, ...]:
        """In the order of files and lines."""
        return tuple(sorted(self._found.values(), key=lambda problem: (problem.file, problem.line or 0)))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.all if problem.level == "warning")

    def refuse_errors(self) -> None:
        """Raises BundleRefused, with warnings as well, if one problem is an error."""
        if any(problem.level == "error" for problem in self.all):
            raise BundleRefused(self.all)


class BundleRefused(DomainError):
    """The bundle cannot be used. `problems` holds all that was found, warnings too."""

    code = "bundle-refused"
    status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = sum(problem.level == "error" for problem in self.problems)
        super().__init__(
            ngettext_lazy(
                "The bundle has %(count)s error. Nothing was imported.",
                "The bundle has %(count)s errors. Nothing was imported.",
                count,
            ),
            count=count,
        )

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def refuse(file: str, template: str | Promise, /, **values: object) -> BundleRefused:
    """For what makes reading on pointless."""
    return BundleRefused([Problem(file, None, template, values)])
