"""Queries whose SQL Django writes once and not in every request.

For the pages that are asked for most, writing the SQL and making objects of the rows took longer than the database took
to answer (docs/decisions/0011). The query stays an ordinary queryset, with a slot where each request has a value of its
own:

    OF_LEARNER = Prepared(lambda: Enrollment.objects.filter(learner=Slot("learner")))
    rows = OF_LEARNER(learner=user.pk)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Known = dict[tuple[int, Any], Model]


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
    next. Neither may the number of slots change: `IN` over a list is no prepared query. Rows that refer to the same
    related row share one object of it.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]:
        rows = self.build()
        compiler = rows.query.get_compiler(rows.db)
        sql, parameters = compiler.as_sql()
        return rows, compiler, sql, tuple(parameters)

    @cached_property
    def _shape(self) -> "Shape | None":
        rows, compiler, _sql, _parameters = self._written
        is_plain = rows._iterable_class is ModelIterable and not rows._prefetch_related_lookups  # type: ignore[attr-defined]
        return Shape.of_query(compiler) if is_plain else None

    def __call__(self, **values: int | str) -> list[Row]:
        rows, _compiler, sql, parameters = self._written
        filled = tuple(values[each.name] if isinstance(each, Slot) else each for each in parameters)
        if self._shape is None:
            return self._read_by_django(filled)
        with connections[rows.db].cursor() as cursor:
            cursor.execute(sql, filled)
            found = cursor.fetchall()
        known: Known = {}
        return [self._shape.object_of(row, known) for row in found]  # type: ignore[misc]

    def _read_by_django(self, filled: tuple[Any, ...]) -> list[Row]:
        rows, compiler, sql, _parameters = self._written
        # A compiler belongs to the connection of its thread; what it has found out about the query serves all.
        own = copy(compiler)
        own.connection = connections[rows.db]
        own.as_sql = lambda *_how, **_more: (sql, filled)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_how, **_more: own  # type: ignore[method-assign]
        return list(asked)


class Shape:
    """Which columns of a row make which object, and how each value is converted.

    A field that was not read is not in the object's `__dict__`, which is how Django itself marks a deferred one. No
    signals of models are sent, and nothing that a model's own `__init__` would do is done.
    """

    def __init__(self, info: Mapping[str, Any], compiler: SQLCompiler, converters: Mapping[int, Any]) -> None:
        self.model: type[Model] = info["model"]
        self.alias = compiler.using
        self.convert = Conversion(compiler, converters)
        columns = {compiler.select[place][0].target.attname: place for place in info["select_fields"]}
        self.key_place = columns[self.model._meta.pk.attname]
        self.values = self.convert.plan(columns.items())
        self.related = [
            (Shape(inner, compiler, converters), inner["local_setter"], inner["remote_setter"])
            for inner in info.get("related_klass_infos", ())
        ]

    @classmethod
    def of_query(cls, compiler: SQLCompiler) -> "Shape":
        columns = [column for column, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns)
        shape = cls(compiler.klass_info, compiler, converters)
        shape.values += shape.convert.plan(compiler.annotation_col_map.items())
        return shape

    def object_of(self, row: Sequence[Any], known: Known) -> Model | None:
        """The row's object with those related to it; None where an outer join found no row."""
        key = row[self.key_place]
        if key is None:
            return None
        found = known.get((id(self), key))
        if found is None:
            found = known[id(self), key] = self._new(row)
            for shape, set_here, set_there in self.related:
                other = shape.object_of(row, known)
                set_here(found, other)
                if other is not None:
                    set_there(other, found)
        return found

    def _new(self, row: Sequence[Any]) -> Model:
        found = self.model.__new__(self.model)
        state = found._state = ModelState()
        state.adding, state.db = False, self.alias
        found.__dict__.update(
            {name: convert(row[place]) if convert else row[place] for name, place, convert in self.values}
        )
        return found


class Conversion:
    """From values as the database driver gives them to those that models hold."""

    def __init__(self, compiler: SQLCompiler, converters: Mapping[int, Any]) -> None:
        self.connection, self.converters = compiler.connection, converters

    def plan(self, columns: Iterable[tuple[str, int]]) -> list[tuple[str, int, Callable[[Any], Any] | None]]:
        return [(name, place, self.at(place)) for name, place in columns]

    def at(self, place: int) -> Callable[[Any], Any] | None:
        if place not in self.converters:
            return None
        steps, column = self.converters[place]
        # They know the connection of whoever asked first, of which they read settings that all connections share.
        connection = self.connection

        def convert(value: Any) -> Any:
            for step in steps:
                value = step(value, column, connection)
            return value

        return convert
