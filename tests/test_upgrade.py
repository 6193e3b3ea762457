"""An installation in use takes in a newer version of the program: its rows stay, and stay guarded."""

import pytest

from tests.installation import Installation

MANY = {"courses": "0002", "enrollment": "0001", "records": "0001"}  # as the first version left them
GUARDS = """
from django.db import connection
from lms.lib.guards import declared
cursor = connection.cursor()
cursor.execute({
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}[connection.vendor])
there = {name for name, in cursor}
print(len(there & {guard.name for guard in declared()}), len(declared()))
"""


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path)
    yield installation
    installation.remove()


def run(installation: Installation, *arguments: str) -> str:
    done = installation.manage(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_an_older_database_is_brought_up_to_date_and_guarded_again(installation):
    run(installation, "migrate", "--verbosity=0")
    for app, first in MANY.items():  # guarded as it was, for `migrate` ends with the guards
        run(installation, "migrate", "--verbosity=0", app, first)
    run(installation, "migrate", "--verbosity=0")
    there, declared = run(installation, "shell", "--verbosity=0", "-c", GUARDS).split()
    assert there == declared != "0"
