"""A renderer in a process of its own, so that no document can hold up or take down the worker.

The child (`python -m lms.lib.render_child`) imports WeasyPrint once and then answers job after job. It is
ended when a job takes too long, when it has served its share, when nobody has asked for some minutes, and
when its parent is gone. It knows no Django, no database and no settings.

Both sides speak in frames: four bytes of length, then JSON.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import re
import resource
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from lms.lib.pdf import (
    TIME_LIMIT,
    Attachment,
    PdfFailed,
    PdfJob,
    PdfTookTooLong,
    PdfTooLong,
    PdfUnavailable,
    load_renderer,
    render_here,
)

MEMORY_LIMIT = 1024**3
JOBS_PER_CHILD = 200
IDLE_SECONDS = 300.0
ASK_AGAIN_AFTER = 60.0

_PROJECT = Path(__file__).resolve().parents[2]
_UNAVAILABLE = 3
_SCRATCH = "lms-render-"


# --- The parent's side ------------------------------------------------------------------------------------------------


class RenderChild:
    """The parent's hold on one child. Threads may share it: jobs are served one by one."""

    def __init__(self, *, jobs: int = JOBS_PER_CHILD, idle_seconds: float = IDLE_SECONDS) -> None:
        self._jobs, self._idle_seconds = jobs, idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: str | None = None
        self._served = 0

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def render(self, job: PdfJob, *, time_limit: float = TIME_LIMIT) -> bytes:
        """As `lms.lib.pdf.render_pdf`. The limit counts from the child's start, its imports included."""
        request = _encode_job(job, time_limit)
        with self._lock:
            # A child that had gone home for want of work answers nothing: a fresh one does.
            reply = self._ask(request, time_limit) or self._ask(request, time_limit)
        if reply is None:
            raise PdfFailed("The renderer went away twice before it answered.")
        return _decode_reply(reply)

    def close(self) -> None:
        """End the child and remove what it left in its own folder. The next job starts another."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes, time_limit: float) -> dict[str, Any] | None:
        process = self._living_process()
        late = threading.Event()
        timer = threading.Timer(time_limit, _kill, (process, late))
        timer.start()
        try:
            reply = _exchange(process, request)
        finally:
            timer.cancel()
            timer.join()  # from here on nobody kills a child that may already have the next job
        if late.is_set() or reply is None:
            self._bury(process, late, time_limit)
            return None
        if reply.get("failure") == "unavailable":
            self._end()  # Pango may be installed by the next time
        self._served += 1
        return reply

    def _bury(self, process: subprocess.Popen[bytes], late: threading.Event, limit: float) -> None:
        """Silent where the child had simply ended for want of work."""
        status = process.wait()
        self._end()
        if late.is_set():
            raise PdfTookTooLong(f"The renderer was ended after {limit:g} seconds.")
        if status != 0:
            raise PdfFailed(
                f"The renderer died (status {status}); its memory or time limit may be the reason."
            )

    def _living_process(self) -> subprocess.Popen[bytes]:
        if self._process and (self._process.poll() is not None or self._served >= self._jobs):
            self._end()
        return self._process or self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        # WeasyPrint keeps unpacked fonts in a temporary folder, which a killed child cannot tidy up itself.
        self._scratch = tempfile.mkdtemp(prefix=_SCRATCH)
        self._process = subprocess.Popen(
            [*_COMMAND, str(self._idle_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_PROJECT,
            env={**_environment(), "TMPDIR": self._scratch},
            start_new_session=True,  # Ctrl-C at the terminal is the parent's business
        )
        self._served = 0
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):
                    pipe.close()  # type: ignore[union-attr]
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None


_COMMAND = (sys.executable, "-m", "lms.lib.render_child")
# What finds Python, Pango and fonts. Database addresses and secret keys stay with the parent.
_ENVIRONMENT = re.compile(
    r"PATH|HOME|LANG|LC_\w+|PYTHON\w+|VIRTUAL_ENV|(LD|DYLD)_\w+|FONTCONFIG_\w+|XDG_\w+|SYSTEMROOT"
)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if _ENVIRONMENT.fullmatch(name)}


_shared: RenderChild | None = None
_shared_lock = threading.Lock()


def shared_child() -> RenderChild:
    """The one child of this process, started when first needed."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = RenderChild()
        return _shared


def _close_shared() -> None:
    if _shared is not None:
        _shared.close()


def _forget_after_fork() -> None:
    """A forked worker must not talk into its parent's pipes: two would read each other's certificates."""
    global _shared, _shared_lock
    _shared, _shared_lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_close_shared)


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> dict[str, Any] | None:
    """The child's answer, or None when it ended instead of answering."""
    to_child, from_child = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    try:
        to_child.write(request)
        to_child.flush()
    except BrokenPipeError:
        return None
    return _read_frame(from_child)


class _Probe:
    """Remembers whether the renderer loads, found out in a process that takes the memory with it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loads = False
        self._ask_at = 0.0

    def __call__(self) -> bool:
        with self._lock:
            if not self._loads and time.monotonic() >= self._ask_at:
                self._loads = self._try()
                self._ask_at = time.monotonic() + ASK_AGAIN_AFTER
            return self._loads

    def forget(self) -> None:
        """Ask anew at the next call."""
        self.__init__()  # type: ignore[misc]

    def _try(self) -> bool:
        answer = subprocess.run(
            [*_COMMAND, "probe"],
            cwd=_PROJECT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        return answer.returncode == 0


renderer_loads = _Probe()


# --- Frames -----------------------------------------------------------------------------------------------------------


def _frame(message: dict[str, Any]) -> bytes:
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body


def _read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    body = stream.read(length)
    return json.loads(body) if len(body) == length else None


def _encode_job(job: PdfJob, time_limit: float) -> bytes:
    files = [{**asdict(file), "data": base64.b64encode(file.data).decode()} for file in job.attachments]
    fields = {**asdict(replace(job, attachments=())), "at": job.at.isoformat(), "attachments": files}
    return _frame({"job": fields, "seconds": time_limit})


def _decode_job(fields: dict[str, Any]) -> PdfJob:
    files = [Attachment(**{**file, "data": base64.b64decode(file["data"])}) for file in fields["attachments"]]
    return PdfJob(**{**fields, "at": datetime.fromisoformat(fields["at"]), "attachments": tuple(files)})


_FAILURES: dict[str, Callable[[str], Exception]] = {
    "unavailable": PdfUnavailable,
    "too long": PdfTooLong,
    "failed": PdfFailed,
}


def _decode_reply(reply: dict[str, Any]) -> bytes:
    if "pdf" in reply:
        return base64.b64decode(reply["pdf"])
    raise _FAILURES[reply["failure"]](reply["message"])


# --- The child's side -------------------------------------------------------------------------------------------------


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    _limit_time(request["seconds"])
    try:
        return {"pdf": base64.b64encode(render_here(_decode_job(request["job"]))).decode()}
    except PdfUnavailable as error:
        return {"failure": "unavailable", "message": error.reason}
    except PdfTooLong as error:
        return {"failure": "too long", "message": str(error)}
    except Exception as error:  # noqa: BLE001
        # Whatever a hostile document provokes (deep nesting, lone surrogates) belongs to that document.
        return {"failure": "failed", "message": f"{type(error).__name__}: {error}"[:2000]}


def _limit_time(seconds: float) -> None:
    """Processor time for this job. The parent counts wall time, but a parent may be gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    # macOS knows the constant and refuses the call; there the wall clock alone guards.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _die_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    _leave()


def _leave() -> NoReturn:
    """End at once and leave nothing behind; a parent that was killed tidies up no more."""
    scratch = Path(tempfile.gettempdir())
    if scratch.name.startswith(_SCRATCH):
        shutil.rmtree(scratch, ignore_errors=True)
    # Not `sys.exit`: the renderer's destructors would look for the files that are gone.
    os._exit(0)


def _private_output() -> IO[bytes]:
    """Frames go where a stray print cannot."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _serve(idle_seconds: float) -> None:
    output = _private_output()
    source = sys.stdin.buffer
    while select.select([source], [], [], idle_seconds)[0] and (request := _read_frame(source)):
        output.write(_frame(_answer(request)))
        output.flush()


def _probe() -> int:
    try:
        load_renderer()
    except PdfUnavailable:
        return _UNAVAILABLE
    return 0


def main(argument: str) -> int:
    """`probe` tells whether the renderer loads; a number serves until idle for so many seconds."""
    if argument == "probe":
        return _probe()
    _limit_memory()
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    _serve(float(argument))
    _leave()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
