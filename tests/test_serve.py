"""`manage.py serve` as an operator runs it: real processes, a real worker, on the suite's database and broker."""

import os
import signal
import time

import pytest

from lms.lib import serving
from tests.installation import Installation, alive, children, free_port, proportional_size, until

ON_LINUX = pytest.mark.skipif(
    not os.path.exists("/proc/self/smaps_rollup"), reason="reads /proc, which only Linux has"
)
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.environment["CELERY_BROKER_URL"] = os.environ.get("CELERY_BROKER_URL", "")
    migrated = installation.manage("migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    yield installation
    installation.remove()


@pytest.fixture
def site(installation):
    with installation.serving("--port", str(free_port())) as site:
        assert until(lambda: site.status("/")), site.text()
        yield site


# --- The port ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with serving.listen(port=free_port()) as other:
        yield other.getsockname()[1]


def test_a_given_port_is_taken_exactly():
    port = free_port()
    with serving.listen(port=port) as listener:
        assert serving.address(listener) == f"http://127.0.0.1:{port}"


def test_without_a_port_the_next_free_one_is_used(monkeypatch, taken):
    monkeypatch.setattr(serving, "DEFAULT_PORT", taken)
    with serving.listen() as listener:
        assert taken < listener.getsockname()[1] < taken + serving.PORTS_TRIED


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("127.0.0.1", 70_000, "Port 70000 does not exist: they are numbers from 1 to 65535."),
        ("127.0.0.1", "abc", "Port abc does not exist: they are numbers from 1 to 65535."),
        ("127.0.0.1", "0", "Port 0 does not exist: they are numbers from 1 to 65535."),
        ("127.0.0.1", "-5", "Port -5 does not exist: they are numbers from 1 to 65535."),
        ("127.0.0.1", "8000 8001", "Port 8000 8001 does not exist: they are numbers from 1 to 65535."),
        ("192.0.2.1", 8123, "192.0.2.1 is not an address of this machine."),
    ],
)
def test_an_impossible_address_is_refused_in_one_sentence(host, port, sentence):
    with pytest.raises(serving.PortTaken) as refusal:
        serving.listen(host, port)
    assert str(refusal.value) == sentence


def test_serve_refuses_a_given_port_that_is_taken(installation, taken):
    result = installation.manage("serve", "--port", str(taken))
    assert result.returncode == 1
    assert result.stderr.strip() == (
        f"CommandError: Port {taken} is taken by another program: "
        "choose another, or name none to get the next free one."
    )


def test_serve_refuses_tables_that_do_not_fit(tmp_path):
    empty = Installation(tmp_path)
    result = empty.manage("serve", "--port", str(free_port()))
    empty.remove()
    assert result.returncode == 1
    assert "The database is not up to date: manage.py setup" in result.stderr
    assert "Traceback" not in result.stderr


# --- The processes ----------------------------------------------------------------------------------------------------


def last_beat(installation):
    """When a worker last said that it works."""
    return installation.ask("Heartbeat.objects.values_list('at', flat=True).first()")


@ON_LINUX
@pytest.mark.slow
def test_the_worker_works_and_comes_back_when_killed_while_the_site_goes_on(installation, site):
    before = last_beat(installation)
    assert until(lambda: last_beat(installation) != before), site.text()
    web, worker = site.children()
    os.kill(worker, signal.SIGKILL)
    assert site.said("The worker ended (-9); it starts again in 2 seconds.")
    assert site.status("/")
    assert until(lambda: site.children()[0] == web and site.children()[1] != worker)
    before = last_beat(installation)
    assert until(lambda: last_beat(installation) != before), site.text()


@pytest.mark.slow
def test_a_mail_on_the_console_keeps_the_link_that_log_lines_hide(installation, site):
    link = "http://127.0.0.1/accounts/confirm-email/Mg:1abc-DEF/"
    installation.ask(
        f"Mail.objects.create(kind='k', key='1', recipient='a@example.org', language='en', subject='Hej å',"
        f" body='{link}', created_at='2026-01-01T00:00Z').pk"
    )
    assert site.said(link), site.text()


@ON_LINUX
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_end_together(site, number):
    site.children()
    processes = site.processes()
    assert len(processes) >= 4
    assert site.end(number) == 0
    assert [pid for pid in processes if alive(pid)] == []
    assert "Traceback" not in site.text()


@ON_LINUX
@pytest.mark.slow
def test_no_process_outlives_a_killed_supervisor(site):
    site.children()
    processes = site.processes()
    site.end(signal.SIGKILL)
    assert until(lambda: not any(alive(pid) for pid in processes)), processes


@ON_LINUX
@pytest.mark.slow
def test_serve_ends_when_the_site_does(site):
    web, worker = site.children()
    os.kill(web, signal.SIGKILL)
    assert site.process.wait(30) != 0
    assert until(lambda: not alive(worker))


@ON_LINUX
@pytest.mark.slow
def test_a_second_serve_names_the_worker_and_takes_over(installation, monkeypatch):
    """On the file broker, whatever the suite runs on: only there is one worker enough for everybody."""
    monkeypatch.setitem(installation.environment, "CELERY_BROKER_URL", "")
    with installation.serving("--port", str(free_port())) as first:
        first.children()
        with installation.serving("--port", str(free_port())) as second:
            assert second.said(f"Process {first.process.pid} does the background work already")
            assert len(children(second.process.pid)) == 1
            assert first.end() == 0
            assert until(lambda: len(children(second.process.pid)) == 2), second.text()


@ON_LINUX
@pytest.mark.slow
def test_all_processes_together_idle_below_200_megabytes(site):
    site.children()
    for _ in range(3):
        site.status("/")
    time.sleep(2)  # what was only needed to start is given back by now
    sizes = {pid: proportional_size(pid) for pid in site.processes()}
    assert sum(sizes.values()) < 200 * MEGABYTE, sizes


def test_static_files_are_there_without_a_further_command(installation, site):
    sheet = installation.ask(
        "__import__('django.templatetags.static').templatetags.static.static('css/site.css')"
    )
    assert site.status(sheet) == 200


def test_links_follow_the_port(installation):
    """Without LMS_SITE_URL, a mail written on port 8001 must not lead to port 8000."""
    from django.conf import settings as live

    with serving.listen(port=free_port()) as listener, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LMS_SITE_URL", "")
        patch.setattr(live, "SITE_URL", live.SITE_URL)
        serving.settle_site_url(listener)
        assert serving.address(listener) == live.SITE_URL
