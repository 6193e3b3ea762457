"""A browser, and an installation of its own that it visits: `manage.py serve` with its worker, filled once."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import House, Visitor
from tests.e2e.watch import Watch
from tests.installation import Installation, free_port, until

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
REMEDY = "make test-browser runs the browser suite (it needs Chromium: sudo apt install chromium)"
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


def browser_is_there() -> bool:
    try:
        import axe_playwright_python  # noqa: F401
        import pytest_playwright  # noqa: F401
    except ImportError:
        return False
    return os.path.exists(CHROMIUM)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the browser lock even the fixture names are unknown, so what cannot run is marked before it is set up."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not browser_is_there():
                item.add_marker(pytest.mark.skip(reason=REMEDY))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's browser. It refuses to run as root unless its own walls are down."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The site, running, with the demonstration in it."""
    installation = Installation(tmp_path_factory.mktemp("house"))
    port = free_port()
    installation.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "LMS_SITE_URL": f"http://127.0.0.1:{port}",
        "CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL", ""),
    }
    try:
        told = fill(installation)
        with installation.serving("--port", str(port)) as site:
            assert until(lambda: site.status("/") == 200, 60), site.text()
            yield House(site.address, installation, told)
    finally:
        installation.remove()


def fill(installation: Installation) -> dict[str, Any]:
    migrated = installation.manage("migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    command = "from tests.e2e.filling import fill_and_tell; fill_and_tell()"
    filled = installation.manage("shell", "--verbosity=0", "-c", command)
    assert filled.returncode == 0, filled.stderr
    return json.loads(filled.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def base_url(house: House) -> str:
    return house.address


@pytest.fixture
def watch(base_url: str) -> Iterator[Watch]:
    """Looks over every page's shoulder; what a page must never do is red at the end of any test."""
    watch = Watch(base_url)
    yield watch
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def visit(new_context: Any, house: House, watch: Watch) -> Any:
    """`visit(email, **modes)`: a window of somebody's own, signed in unless there is no address."""

    def open_window(email: str = "", **modes: Any) -> Visitor:
        known = house.sessions.get(email)
        context = new_context(**{"locale": "en-GB", "storage_state": known, **modes})
        page = context.new_page()
        watch.follow(page)
        visitor = Visitor(page, house)
        if email and not known:
            visitor.log_in(email)
            house.sessions[email] = context.storage_state()
        return visitor

    return open_window
