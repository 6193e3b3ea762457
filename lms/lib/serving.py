"""One command that runs an installation: the web server and one worker, which end together.

The supervisor loads the application once and forks both, so that they share its memory; it holds the listening
socket itself, so that a port is free or taken once and for all before anything starts. The worker may die and is
started again while the site goes on. A child whose supervisor is gone ends by itself.

Not taken: two subprocesses of `gunicorn` and `celery`. They load everything twice and stay when the supervisor is
killed; and celery's `-B` forks a scheduler that outlives its worker.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import multiprocessing
import os
import re
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

from celery.apps.worker import Worker
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready
from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from lms.lib import safefs, static_files

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
PORTS_TRIED = 50
LAST_PORT = 65_535
RESTART_AFTER = 2.0
PATIENCE = 20  # seconds for requests and jobs in hand when everything ends

Say = Callable[[str], object]


class PortTaken(Exception):
    """Nothing can listen there; the message says why and what to do."""


# --- The address ------------------------------------------------------------------------------------------------------


def listen(host: str = DEFAULT_HOST, port: int | str | None = None) -> socket.socket:
    """A bound socket. A given port, typed or counted, is taken or refused; without one it is 8000 or the next free.

    Raises PortTaken.
    """
    if port is not None:
        return _bind(host, _number(port))
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        with suppress(PortTaken):
            return _bind(host, candidate)
    raise PortTaken(
        f"No port from {DEFAULT_PORT} to {candidate} is free on {host}: name another with --port."
    )


def _number(port: int | str) -> int:
    digits = str(port).strip()
    if not re.fullmatch("[0-9]{1,5}", digits) or not 1 <= int(digits) <= LAST_PORT:
        raise PortTaken(f"Port {port} does not exist: they are numbers from 1 to {LAST_PORT}.")
    return int(digits)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(_why_not(host, port, error)) from error
    listener.listen(512)  # from here on the port is ours, and early visitors wait instead of being refused
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken by another program: choose another, or name none to get the next free one."
        case errno.EACCES:
            return f"Port {port} is reserved for the system: choose one above 1023."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine."
    return f"{host}:{port} cannot be used: {error}."


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds it, such as `http://127.0.0.1:8001`."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  (read, not bound)
    return f"http://[{host}]:{port}" if ":" in host and "[" not in host else f"http://{host}:{port}"


# --- The supervisor ---------------------------------------------------------------------------------------------------


def serve(
    listener: socket.socket, *, say: Say, processes: int = 1, threads: int = 4, with_worker: bool = True
) -> int:
    """Run the site on `listener`, and one worker beside it, until SIGINT or SIGTERM. Returns the exit status.

    Ends by itself, with the site's status, only when the site ends. Links that leave the site use `listener`'s
    address unless LMS_SITE_URL is set.
    """
    stopped = _catch_stop_signals()
    settle_site_url(listener)
    static_files.collect_changed(say)
    _load_once()
    site = _fork(run_site, listener, processes, threads)
    keeper = WorkerKeeper(say, listener) if with_worker else None
    try:
        while site.is_alive() and not stopped.poll():
            if keeper:
                keeper.tend()
            wait([stopped, site.sentinel], timeout=1)
        asked = stopped.poll()
    finally:
        _end(site, *([keeper.process] if keeper and keeper.process else []))
    return 0 if asked else site.exitcode or 1


def _catch_stop_signals() -> Connection:
    """Readable once somebody asked to stop. A pipe, because a handler may not touch a lock that `wait` holds."""
    reader, writer = multiprocessing.Pipe(duplex=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: writer.send_bytes(b"stop"))
    return reader


def settle_site_url(listener: socket.socket) -> None:
    """Links that leave the site use the listener's address, unless LMS_SITE_URL says another. Twice changes nothing."""
    if not os.environ.get("LMS_SITE_URL"):
        settings.SITE_URL = os.environ["LMS_SITE_URL"] = address(listener)


def _load_once() -> None:
    """Everything that both children need, before they part: what is loaded here they share."""
    get_internal_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    _ = get_resolver().reverse_dict
    _celery().loader.import_default_modules()
    connections.close_all()  # a connection must not be shared
    gc.collect()
    gc.freeze()  # the collector would write into shared pages


def _celery() -> Any:
    return import_module("lms.celery").app


def _fork(run: Callable[..., None], *arguments: object) -> ForkProcess:
    process = multiprocessing.get_context("fork").Process(target=_begin, args=(run, *arguments))
    process.start()
    return process


def _begin(run: Callable[..., None], *arguments: object) -> None:
    os.setsid()  # Ctrl-C reaches only the supervisor, which ends both in order
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    run(*arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _end(*processes: ForkProcess) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


# --- The site ---------------------------------------------------------------------------------------------------------


class Site(BaseApplication):
    """Gunicorn with the application that is loaded already, on a socket that is bound already."""

    def __init__(self, **options: object) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return get_internal_wsgi_application()


def run_site(listener: socket.socket, processes: int, threads: int) -> None:
    """The web server, until SIGTERM."""
    Site(
        bind=f"fd://{listener.detach()}",
        workers=processes,
        worker_class="gthread",
        threads=threads,
        timeout=60,
        graceful_timeout=PATIENCE - 2,
        loglevel="warning",
        control_socket_disable=True,
        proc_name="nordic-lms",
    ).run()


# --- The worker -------------------------------------------------------------------------------------------------------


class WorkerKeeper:
    """Keeps one worker running, and no more than one on the file broker of this installation."""

    def __init__(self, say: Say, listener: socket.socket) -> None:
        self.say, self.listener = say, listener
        self.process: ForkProcess | None = None
        self.lock = WorkerLock(Path(settings.VAR) / "queue" / "lock") if uses_file_broker() else None
        self._not_before = 0.0
        self._told = False

    def tend(self) -> None:
        """Start the worker, or start it again two seconds after it ended. Never raises for its death."""
        if self.process and self.process.is_alive():
            return
        if self.process:
            self.say(
                f"The worker ended ({self.process.exitcode}); it starts again in {RESTART_AFTER:g} seconds."
            )
            self.process, self._not_before = None, time.monotonic() + RESTART_AFTER
        if time.monotonic() >= self._not_before and self._may_start():
            self.process = _fork(run_worker, self.listener)

    def _may_start(self) -> bool:
        if not self.lock:
            return True
        if not self.lock.take():
            if not self._told:
                self.say(
                    f"Process {self.lock.holder()} does the background work already; this one waits its turn."
                )
            self._told = True
            return False
        safefs.clear_claimed(Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["processed_folder"])))
        return True


class WorkerLock:
    """Held by whoever runs the one worker. The worker inherits it, so it lasts as long as either lives."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")
        self._held = False

    def take(self) -> bool:
        """Whether the lock is ours, now or since before."""
        if self._held:
            return True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        self._held = True
        return True

    def holder(self) -> str:
        """The process id that its holder wrote down."""
        self._file.seek(0)
        return self._file.read().strip() or "unknown"


def uses_file_broker() -> bool:
    """Whether wake-up messages travel through a folder of this machine."""
    return str(settings.CELERY_BROKER_URL).startswith("safefs:")


def run_worker(listener: socket.socket) -> None:
    """Two threads that work and one that keeps the schedule, until SIGTERM."""
    listener.close()  # or a worker left alone would keep the port
    # Celery warns of root because of pickle; messages here are JSON, and containers often have no other user.
    warnings.simplefilter("ignore", SecurityWarning)
    app = _celery()
    worker_ready.connect(_start_schedule, weak=False)
    # A message lost is found again by reconcile, so workers need not talk to each other.
    worker: Worker = app.Worker(
        pool_cls="threads",
        concurrency=2,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _start_schedule(**_signal: object) -> None:
    app = _celery()
    # A thread, not the usual process of its own: it must die with its worker, and costs no memory.
    EmbeddedService(app, thread=True, schedule_filename=app.conf.beat_schedule_filename).start()
