"""What the matrix asks of the database: a savepoint for each request, every write seen, keys that never coincide."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|EXPLAIN|PRAGMA)\b", re.IGNORECASE)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is done inside is taken back. Services take it for the outermost transaction, as in a `TestCase`."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


class Writes:
    """Collects every statement that is no read, whoever sends it and whether or not it finds a row."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not READS.match(sql):
            self.statements.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Writes]:
    writes = Writes()
    with connection.execute_wrapper(writes):
        yield writes


def spread_primary_keys() -> None:
    """Every table counts from a hundred thousand of its own, so that no key of one fits another."""
    tables = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for number, table in enumerate(tables, 1):
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number * 100_000]
                )
            else:
                restart_sequence(cursor, table, number * 100_000)


def restart_sequence(cursor: Any, table: str, first: int) -> None:
    for sequence in connection.introspection.get_sequences(cursor, table):
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{sequence["column"]}" RESTART WITH {first}')


def fingerprint() -> dict[str, str]:
    """A hash of all rows, by table."""
    return {table: hash_of(table) for table in sorted(connection.introspection.table_names())}


def hash_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        rows = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
