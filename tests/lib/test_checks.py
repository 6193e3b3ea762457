"""Each check speaks when something is wrong, and is silent when it is not."""

import pytest
from django.db import connection

from lms.lib import checks


@pytest.fixture
def no_pango(monkeypatch):
    """A machine where neither the linker nor the renderer finds it."""
    monkeypatch.setattr(checks, "find_library", lambda name: None)
    monkeypatch.setattr(checks, "pdf_available", lambda: False)


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_a_machine_without_pango_is_warned_with_the_remedy(no_pango):
    (warning,) = checks.pdf_needs_pango(None)
    assert warning.id == "lms.W001"
    assert "sudo apt install libpango-1.0-0 libpangoft2-1.0-0" in warning.hint


def test_the_renderer_has_the_last_word_on_pango(no_pango, monkeypatch):
    """Elsewhere than on Debian the library has another name."""
    monkeypatch.setattr(checks, "pdf_available", lambda: True)
    assert checks.pdf_needs_pango(None) == []


@pytest.mark.parametrize(
    ("broker", "host", "found"),
    [
        ("safefs://", "", []),
        ("safefs://", "127.0.0.1", []),
        ("safefs://", "::1", []),
        ("safefs://", "localhost", []),
        ("safefs://", "/run/postgresql", []),
        ("safefs://", "db.example.org", ["lms.W002"]),
        ("safefs://", "10.0.0.7", ["lms.W002"]),
        ("amqp://queue.example.org", "db.example.org", []),
    ],
)
def test_the_file_broker_warns_of_a_database_elsewhere(settings, monkeypatch, broker, host, found):
    settings.CELERY_BROKER_URL = broker
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    assert ids(checks.file_broker_needs_one_machine(None)) == found


@pytest.mark.parametrize(
    ("processes", "backend", "found"),
    [
        ("", "locmem.LocMemCache", []),
        ("1", "locmem.LocMemCache", []),
        ("2", "locmem.LocMemCache", ["lms.E001"]),
        ("2", "redis.RedisCache", []),
    ],
)
def test_several_web_processes_need_one_cache(settings, monkeypatch, processes, backend, found):
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", f"django.core.cache.backends.{backend}")
    assert ids(checks.web_processes_share_a_cache(None)) == found


def test_commits_are_durable_by_default(db):
    assert checks.commits_are_durable(None, databases=["default"]) == []


@pytest.mark.postgres
def test_commits_that_may_be_lost_are_an_error(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    (error,) = checks.commits_are_durable(None, databases=["default"])
    assert error.id == "lms.E002"
    assert "SET synchronous_commit = on" in error.hint
