"""The cast: a few people in five organisations, and what the machine must offer."""

import os
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from courses.middleware import DayMiddleware
from lms.accounts.models import ADMINISTER, ADMINISTRATORS, Membership, Organisation, Role, User

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def settings_for_tests(settings, tmp_path):
    """Plain static files, files in a folder of the test's own, tasks that run where they are called."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMONSTRATION = False
    cache.clear()
    caches["pages"].clear()
    translation.activate(settings.LANGUAGE_CODE)  # the last request of another test may have left its own


@pytest.fixture(autouse=True)
def wake_up_calls(monkeypatch):
    """Messages that would wake a worker: collected, so that a test may look at them and run the work itself."""
    from celery.app.task import Task

    calls: list[tuple[str, tuple]] = []
    monkeypatch.setattr(Task, "delay", lambda self, *args, **kwargs: calls.append((self.name, args)))
    return calls


@pytest.fixture(autouse=True)
def day_has_begun(monkeypatch):
    """The first request of a day does what was set for it; here that was before the test, unless it is about that."""
    monkeypatch.setattr(DayMiddleware, "kept", timezone.localdate())


@pytest.fixture(autouse=True)
def second_factor_is_there(monkeypatch, request):
    """The cast has set up its second factor, except in the tests that are about it."""
    if "second_factor" not in request.keywords:
        monkeypatch.setattr(
            "lms.accounts.middleware.SecondFactorMiddleware.must_set_up", lambda *_args: False
        )


# --- Organisations ------------------------------------------------------------------------------------------------


def partner(slug: str, name: str, short_name: str, letters: str, country: str, colour: str) -> Organisation:
    return Organisation.objects.create(
        slug=slug,
        name=name,
        short_name=short_name,
        letters=letters,
        country=country,
        colour=colour,
        kind=Organisation.Kind.PARTNER,
    )


@pytest.fixture
def academy(db) -> Organisation:
    return partner("lakemedelsakademin", "Swedish Academy", "Läkemedelsakademin", "LA", "SE", "#0b5d57")


@pytest.fixture
def occ(db) -> Organisation:
    return partner("occ-incubator", "Oslo Cancer Cluster Incubator", "OCC Incubator", "OCC", "NO", "#8a3b12")


@pytest.fixture
def lif(db) -> Organisation:
    return partner("lif", "Swedish industry association", "Lif", "LIF", "SE", "#1b4f8a")


@pytest.fixture
def lmi(db) -> Organisation:
    return partner("lmi", "Norwegian industry association", "LMI", "LMI", "NO", "#6b2f7a")


@pytest.fixture
def pharma_centre(db) -> Organisation:
    return partner(
        "laaketietokeskus", "Pharmaceutical Information Centre", "Lääketietokeskus", "PIC", "FI", "#2f5d1b"
    )


@pytest.fixture
def partners(academy, occ, lif, lmi, pharma_centre) -> list[Organisation]:
    return [academy, lif, lmi, pharma_centre, occ]


@pytest.fixture
def employer(db) -> Organisation:
    return Organisation.objects.create(
        slug="hospital",
        name="A hospital",
        short_name="Hospital",
        letters="H",
        country="FI",
        kind=Organisation.Kind.EMPLOYER,
    )


# --- People -------------------------------------------------------------------------------------------------------


def person(name: str, *, country: str = "SE", language: str = "en") -> User:
    user = User.objects.create_user(
        f"{name}@example.org",
        "correct horse battery",
        full_name=name.replace("-", " ").title(),
        name_confirmed_on=LONG_AGO,
        country=country,
        language=language,
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def with_role(name: str, role: Role, organisation: Organisation, **details: str) -> User:
    user = person(name, country=organisation.country, **details)
    Membership.objects.create(user=user, organisation=organisation, role=role, starts_on=LONG_AGO)
    return user


@pytest.fixture
def learner(db) -> User:
    return person("learner", country="FI", language="sv")


@pytest.fixture
def other_learner(db) -> User:
    return person("other-learner", country="NO")


@pytest.fixture
def author(occ) -> User:
    """Writes for the owner of the first module."""
    return with_role("author", Role.AUTHOR, occ)


@pytest.fixture
def publisher(occ) -> User:
    """Publishes for the owner of the first module."""
    return with_role("publisher", Role.PUBLISHER, occ)


@pytest.fixture
def other_publisher(academy) -> User:
    """Publishes for a partner in another country."""
    return with_role("other-publisher", Role.PUBLISHER, academy)


@pytest.fixture
def finnish_publisher(pharma_centre) -> User:
    return with_role("finnish-publisher", Role.PUBLISHER, pharma_centre)


@pytest.fixture
def coordinator(academy) -> User:
    return with_role("coordinator", Role.COORDINATOR, academy)


@pytest.fixture
def other_coordinator(lmi) -> User:
    return with_role("other-coordinator", Role.COORDINATOR, lmi)


@pytest.fixture
def administrator(db) -> User:
    user = person("administrator")
    group, _created = Group.objects.get_or_create(name=ADMINISTRATORS)
    group.permissions.add(Permission.objects.get(codename=ADMINISTER))
    user.groups.add(group)
    return user


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a browser that holds that user's session."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


# --- Machine ------------------------------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: its driver leaves an event loop running, beside which Django refuses the ORM.

    What a machine lacks skips with the remedy; where nothing may be missing (LMS_NO_SKIPS), it fails instead.
    """
    items.sort(key=lambda item: "browser" in item.keywords)
    from lms.lib.pdf import pdf_available

    if not pdf_available():
        for item in items:
            if "pdf" in item.keywords:
                item.add_marker(
                    pytest.mark.skip(reason="no Pango: sudo apt install libpango-1.0-0 libpangoft2-1.0-0")
                )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    report = outcome.get_result()
    strict = os.environ.get("LMS_NO_SKIPS") == "1"
    if strict and report.skipped and not hasattr(report, "wasxfail"):
        needs_other_database = "postgres" in item.keywords
        if not needs_other_database:
            report.outcome = "failed"
            report.longrepr = f"skipped where nothing may be missing: {report.longrepr}"


@pytest.fixture(autouse=True)
def only_on_postgresql(request):
    if "postgres" in request.keywords and connection.vendor != "postgresql":
        pytest.skip("says something about PostgreSQL only")


@pytest.fixture
def count_queries():
    """`with count_queries(6): …` — the literal number, session and user included, savepoints not."""
    from contextlib import contextmanager

    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def counting(expected: int):
        with CaptureQueriesContext(connection) as context:
            yield context
        counted = [
            query["sql"]
            for query in context.captured_queries
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT"))
        ]
        assert len(counted) == expected, "\n".join(
            f"{number}. {sql}" for number, sql in enumerate(counted, 1)
        )

    return counting


@pytest.fixture(autouse=True, scope="session")
def guards_let_the_tests_clean_up():
    """Append-only tables refuse the DELETE with which a transactional test empties SQLite; a permit lets it through."""
    if connection.vendor != "sqlite":
        yield
        return
    from django.db.backends.sqlite3.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_with_permit(self, sql_list):
        permit = "INSERT INTO records_erasurepermit (reason) VALUES ('end of test')"
        last = [sql for sql in sql_list if "records_erasurepermit" in sql]
        return flush(self, [permit, *(sql for sql in sql_list if sql not in last), *last])

    DatabaseOperations.execute_sql_flush = flush_with_permit
    yield
    DatabaseOperations.execute_sql_flush = flush
