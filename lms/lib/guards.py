"""Rules that the database itself enforces: append-only tables and content that cannot change once published.

Each app declares its guards in its `apps.py` with `declare`. They are (re)installed after every `migrate`, because
SQLite rebuilds a table for many schema changes and silently drops its triggers. It also refuses to rebuild a table that
a trigger of another one names, so there they are lifted before migrations that have something to do.

The one way past a guard is a row in `records_erasurepermit`, written and removed inside one transaction by
`lms.records.services.erasing`; nobody outside that transaction ever sees it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

PERMIT = "NOT EXISTS (SELECT 1 FROM records_erasurepermit)"


@dataclass(frozen=True)
class Guard:
    """Refuse `operation` (INSERT, UPDATE or DELETE) on `table` while `condition` holds.

    `condition` is SQL over OLD and NEW that SQLite and PostgreSQL both read. With `columns`, an UPDATE is refused
    only where one of them changes.
    """

    table: str
    operation: str
    condition: str = "TRUE"
    columns: tuple[str, ...] = ()
    message: str = "this row cannot be changed"
    label: str = "guard"

    @property
    def name(self) -> str:
        return f"{self.label}_{self.table}_{self.operation.lower()}"

    def when(self, differs: str) -> str:
        changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in self.columns)
        return " AND ".join(f"({part})" for part in (self.condition, changed) if part)


def append_only(table: str) -> list[Guard]:
    message = f"{table} is append-only"
    return [Guard(table, "UPDATE", message=message), Guard(table, "DELETE", message=message)]


_declared: list[Guard] = []


def declare(guards: Iterable[Guard]) -> None:
    """Add guards; called from `AppConfig.ready`. Declaring the same guard twice changes nothing."""
    _declared.extend(guard for guard in guards if guard not in _declared)


def declared() -> tuple[Guard, ...]:
    return tuple(_declared)


def sqlite_statements(guard: Guard) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"WHEN ({guard.when('IS NOT')}) AND {PERMIT} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END",
    ]


def postgresql_statements(guard: Guard) -> list[str]:
    row = "OLD" if guard.operation == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger AS $guard$ BEGIN "
        f"IF ({guard.when('IS DISTINCT FROM')}) AND {PERMIT} THEN "
        f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $guard$ LANGUAGE plpgsql",
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


STATEMENTS = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}


def install(using: str = "default") -> None:
    """Install every declared guard whose table exists. Doing it again changes nothing."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if "records_erasurepermit" not in tables:
        return
    statements = STATEMENTS[connection.vendor]
    with connection.cursor() as cursor:
        for guard in _declared:
            if guard.table in tables:
                for statement in statements(guard):
                    cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Take every declared guard away, on SQLite; whatever lifts them installs them again."""
    with connections[using].cursor() as cursor:
        for guard in _declared:
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")


def lift_before_migrate(sender: object, using: str, plan: Sequence[object] = (), **kwargs: object) -> None:
    if plan and connections[using].vendor == "sqlite":
        lift(using)


def install_after_migrate(sender: object, using: str, **kwargs: object) -> None:
    install(using)


pre_migrate.connect(lift_before_migrate, dispatch_uid="lms.lib.guards.lift")
post_migrate.connect(install_after_migrate, dispatch_uid="lms.lib.guards")
