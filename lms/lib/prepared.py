"""Queries whose SQL Django writes once and not in every request.

For the pages that are asked for most, writing the SQL took longer than the database took to answer it
(docs/decisions/0011). The query stays an ordinary queryset, with a slot where each request has a value of its own:

    OF_LEARNER = Prepared(lambda: Enrollment.objects.filter(learner=Slot("learner")))
    rows = OF_LEARNER(learner=user.pk)
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Slot(Expression):
    """Where a prepared query takes a value of each call: an int or a str, as the database keeps it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_of: Any, **_more: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Prepared(Generic[Row]):
    """A queryset with slots. Calling it with their values gives rows as the queryset would, read by one query.

    `build` is called once, at the first use, so the queryset may hold nothing that changes from one request to the
    next. Neither may the number of slots change: `IN` over a list is no prepared query.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]:
        rows = self.build()
        compiler = rows.query.get_compiler(rows.db)
        sql, parameters = compiler.as_sql()
        return rows, compiler, sql, tuple(parameters)

    def __call__(self, **values: int | str) -> list[Row]:
        rows, compiler, sql, parameters = self._written
        filled = tuple(values[each.name] if isinstance(each, Slot) else each for each in parameters)
        # A compiler belongs to the connection of its thread; what it has found out about the query serves all.
        own = copy(compiler)
        own.connection = connections[rows.db]
        own.as_sql = lambda *_how, **_more: (sql, filled)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_how, **_more: own  # type: ignore[method-assign]
        return list(asked)
