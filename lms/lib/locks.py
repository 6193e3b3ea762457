import hashlib

from django.db import connection


def lock(name: str) -> None:
    """Hold `name` until the transaction ends, for things that have no row of their own to lock yet.

    PostgreSQL: an advisory lock. SQLite: nothing to do, its transactions are IMMEDIATE and one at a time.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
