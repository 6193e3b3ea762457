"""PostgreSQL, through pg_dump and pg_restore.

pg_restore's own single transaction cannot first empty a database that holds other tables. So it writes a script,
and psql runs in one transaction: empty, script, comparison with the manifest. Any error undoes all three.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from .databases import Tables
from .errors import BackupFailed

# Rows as text, read under fixed settings: the same on every server, version and machine.
SETTINGS = """
    SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
    SET extra_float_digits = 1; SET bytea_output = 'hex';
"""
FINGERPRINT = """
    count(*), coalesce(sum(('x' || substr(md5(line::text), 1, 15))::bit(60)::bigint::numeric), 0)::text
"""
EMPTY = """
DO $empty$ DECLARE object record; BEGIN
  FOR object IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE',
      CASE object.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, object.name);
  END LOOP;
  FOR object IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', object.name);
  END LOOP;
  FOR object IN SELECT c.oid::regclass AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
  LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', object.name);
  END LOOP;
END $empty$;
"""


class PostgreSQL:
    """A database on a server. Others may read and write it while it is dumped, nobody while it is restored."""

    engine = "postgresql"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        names = {
            "PGDATABASE": "NAME",
            "PGUSER": "USER",
            "PGPASSWORD": "PASSWORD",
            "PGHOST": "HOST",
            "PGPORT": "PORT",
        }
        self._target = {variable: str(settings[key]) for variable, key in names.items() if settings.get(key)}
        options = settings.get("OPTIONS", {})
        for variable, key in {"PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert"}.items():
            if options.get(key):
                self._target[variable] = str(options[key])

    def dump(self, target: Path) -> Tables:
        with self._connect() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            tables = _tables(connection)
            self._run(
                "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--no-comments",
                f"--snapshot={snapshot}", f"--file={target}",
            )  # fmt: skip
        return tables

    def load(self, source: Path, tables: Tables) -> None:
        with tempfile.TemporaryDirectory(dir=source.parent) as folder:
            empty, script, compare = (
                Path(folder, name) for name in ("empty.sql", "script.sql", "compare.sql")
            )
            empty.write_text(EMPTY)
            # To a file first: through a pipe, psql would take a script that breaks off for a script that ends.
            self._run(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                f"--file={script}",
                str(source),
            )
            compare.write_text(_comparison(tables))
            self._run(
                "psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction",
                f"--file={empty}", f"--file={script}", f"--file={compare}",
            )  # fmt: skip

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        keywords = {"PGDATABASE": "dbname"}
        arguments = {keywords.get(key, key[2:].lower()): value for key, value in self._target.items()}
        try:
            connection = psycopg.connect(make_conninfo(**arguments, connect_timeout=5), autocommit=True)
        except psycopg.OperationalError as error:
            raise BackupFailed(f"The database does not answer: {error}") from error
        connection.execute(SETTINGS)
        return connection

    def _run(self, program: str, *arguments: str) -> None:
        # Whoever holds a table for half a minute is a running site; the restore gives up rather than wait for it.
        environment = os.environ | self._target | {"PGOPTIONS": "-c lock_timeout=30000", "LC_MESSAGES": "C"}
        try:
            result = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise BackupFailed(f"{program} is missing: sudo apt install postgresql-client") from error
        if result.returncode:
            raise BackupFailed(f"{program} failed, and the database is unchanged: {result.stderr.strip()}")


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> Tables:
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
    ).fetchall()
    rows: dict[str, list[Any]] = {}
    for (name,) in names:
        found = connection.execute(f"SELECT {FINGERPRINT} FROM {_quoted(name)} AS line")  # noqa: S608
        rows[name] = list(found.fetchone() or ())
    return Tables(rows)


def _comparison(tables: Tables) -> str:
    lines = [SETTINGS, "DO $compare$ DECLARE n bigint; h text; BEGIN"]
    for name, (count, digest) in tables.rows.items():
        literal = name.replace("'", "''")
        lines.append(f"SELECT {FINGERPRINT} INTO n, h FROM {_quoted(name)} AS line;")  # noqa: S608
        lines.append(
            f"IF n <> {int(count)} OR h <> '{int(digest)}' THEN "
            f"RAISE EXCEPTION 'table % is not as in the archive', '{literal}'; END IF;"
        )
    return "\n".join([*lines, "END $compare$;"])


def _quoted(name: str) -> str:
    return 'public."{}"'.format(name.replace('"', '""'))
