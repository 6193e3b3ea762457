"""Every declared guard stands in the database, also after a migration has rebuilt its table."""

from django.db import connection

from lms.lib.guards import declared, install


def installed() -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_every_declared_guard_is_installed(db):
    assert {guard.name for guard in declared()} <= installed()
    assert len(declared()) >= 30


def test_guards_have_names_of_their_own():
    names = [guard.name for guard in declared()]
    assert len(names) == len(set(names))


def test_a_dropped_guard_comes_back_with_the_next_migration(db):
    guard = next(guard for guard in declared() if guard.table == "records_auditevent")
    on_table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {guard.name}{on_table}")
    assert guard.name not in installed()
    install()
    assert guard.name in installed()
