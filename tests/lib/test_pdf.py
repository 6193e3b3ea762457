"""The sealed renderer: what goes in, what may be fetched, and how a hostile document ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest

from lms.lib import render_child
from lms.lib.fonts import FAMILY, font_file
from lms.lib.pdf import (
    REMEDY,
    Attachment,
    PdfFailed,
    PdfJob,
    PdfTookTooLong,
    PdfTooLong,
    PdfUnavailable,
    pdf_available,
    render_pdf,
)
from lms.lib.render_child import RenderChild

PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='9' height='9'/%3E%3C/svg%3E"
HEAD = (
    '<!DOCTYPE html><html lang="en"><head><title>A page</title>'
    '<meta name="dcterms.created" content="2026-01-01T00:00:00Z"></head><body>'
)


def job(body: str = "<h1>Þórður</h1>", **changes) -> PdfJob:
    whole = PdfJob(
        html=HEAD + body,
        css=f"html {{ font-family: '{FAMILY}' }}",
        language="en",
        identifier="0123456789abcdef" * 2,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        max_pages=2,
        attachments=(Attachment("note.json", b"{}", "A note", "Supplement"),),
    )
    return replace(whole, **changes)


def in_another_process(script: str) -> str:
    """What the script prints; `job` is at hand."""
    head = "import os, sys, time\nsys.path.insert(0, '.')\nfrom tests.lib.test_pdf import job\n"
    command = [sys.executable, "-c", head + textwrap.dedent(script)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(autouse=True)
def _pango(request):
    if request.node.get_closest_marker("pdf") and not pdf_available():
        pytest.skip(str(PdfUnavailable()))


@pytest.fixture
def child():
    child = RenderChild()
    yield child
    child.close()


@pytest.fixture(scope="module")
def renderer():
    """A child for the tests that only ask what it makes: starting one takes most of a second."""
    child = RenderChild()
    yield child
    child.close()


@pytest.fixture
def no_pango(tmp_path, monkeypatch):
    """A machine without Pango: for the child too, which is a process of its own."""
    (tmp_path / "weasyprint.py").write_text(
        "print('a page of advice')\nraise OSError(\"cannot load library 'libgobject-2.0-0'\\nand more advice\")\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    render_child.renderer_loads.forget()
    yield
    render_child.renderer_loads.forget()


# --- What comes out ---------------------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_the_same_job_gives_the_same_bytes_everywhere(child):
    first = child.render(job())
    assert child.render(job("<h1>Another in between</h1>")) != first
    assert child.render(job()) == first
    child.close()
    os.environ["PYTHONHASHSEED"] = "4711"
    try:
        assert child.render(job()) == first
    finally:
        del os.environ["PYTHONHASHSEED"]


@pytest.mark.pdf
def test_the_identifier_and_the_date_are_part_of_the_file(renderer):
    assert renderer.render(job(identifier="f" * 32)) != renderer.render(job())
    assert renderer.render(job(at=datetime(2026, 1, 2, tzinfo=UTC))) != renderer.render(job())


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (job('<p><img src="' + PICTURE + '" alt=""></p>'), "words for every figure"),
        (job('<p><img src="' + PICTURE + '"></p>'), "words for every figure"),
        (job(css=job().css + "p { colour: red }"), "colour"),
        (job(language="fi"), "the language 'fi'"),
        (replace(job(), html=job().html.replace(' lang="en"', "")), "language"),
        (replace(job(), html=job().html.replace("<title>A page</title>", "")), "a title"),
        (job("<p>漢字</p>"), "glyph|our own letters only"),
        (job("<p>plain</p>", css="p { font-family: sans-serif }"), "our own letters only"),
    ],
    ids=["empty alt", "no alt", "css", "other language", "no language", "no title", "no glyph", "other font"],
)
def test_a_lesser_document_is_an_error(renderer, broken, said):
    with pytest.raises(PdfFailed, match=said):
        renderer.render(broken)


@pytest.mark.pdf
def test_a_misspelt_option_fails_instead_of_quietly_giving_up_the_archive_format():
    """In a process of its own: WeasyPrint stays out of this one."""
    said = in_another_process("""
        from lms.lib import pdf
        right = pdf._options
        pdf._options = lambda job: {"pdf_varient": "pdf/a-3a", **right(job)}
        try:
            pdf.render_here(job())
        except pdf.PdfFailed as error:
            print(error)
    """)
    assert "pdf_varient" in said


@pytest.mark.pdf
@pytest.mark.parametrize("duty", ["_declare_accessible", "_list_attachments_once"])
def test_a_finisher_that_forgets_a_duty_writes_no_file(duty):
    said = in_another_process(f"""
        from lms.lib import pdf
        pdf.{duty} = lambda anything: None
        try:
            pdf.render_here(job())
        except pdf.PdfFailed as error:
            print(error)
    """)
    assert "should have" in said


@pytest.mark.pdf
def test_too_many_pages_are_refused(renderer):
    pages = '<p style="break-after: page">page</p>' * 3
    with pytest.raises(PdfTooLong, match="3 pages, at most 2"):
        renderer.render(job(pages))
    assert renderer.render(job(pages, max_pages=3)).startswith(b"%PDF-1.7")


# --- What is fetched: nothing -----------------------------------------------------------------------------------------


@pytest.fixture
def eavesdropper():
    heard = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


NESTED = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<image width="9" height="9" xlink:href="URL/x.png"/></svg>'
)
VECTORS = {
    "picture": '<img alt="x" src="URL/x.png">',
    "picture within a picture": f'<img alt="x" src="data:image/svg+xml,{quote(NESTED)}">',
    "style import": '<style>@import "URL/x.css";</style>',
    "style link": '<link rel="stylesheet" href="URL/x.css">',
    "background": '<p style="background: url(URL/x.png)">x</p>',
    "list mark": '<ul style="list-style-image: url(URL/x.png)"><li>x</li></ul>',
    "generated content": '<style>p::before { content: url("URL/x.png") }</style><p>x</p>',
    "font": "<style>@font-face { font-family: x; src: url(URL/x.ttf) }</style><p style='font-family: x'>x</p>",
    "attached link": '<link rel="attachment" href="URL/x.txt">',
    "attached anchor": '<a rel="attachment" href="URL/x.txt">x</a>',
    "object": '<object data="URL/x.svg"></object>',
    "embed": '<embed src="URL/x.svg">',
    "base": '<base href="URL/"><img alt="x" src="x.png">',
}


@pytest.mark.pdf
@pytest.mark.parametrize("body", VECTORS.values(), ids=VECTORS.keys())
def test_nothing_is_fetched_from_the_network(renderer, eavesdropper, body):
    address, heard = eavesdropper
    with pytest.raises(PdfFailed):
        renderer.render(job(body.replace("URL", address)))
    assert heard == []


@pytest.mark.pdf
@pytest.mark.parametrize("body", VECTORS.values(), ids=VECTORS.keys())
def test_nothing_is_read_from_the_disk(renderer, tmp_path, body):
    secret = b"canary-b1946ac9"
    for name in ("x.png", "x.css", "x.ttf", "x.txt", "x.svg"):
        (tmp_path / name).write_bytes(secret)
    with pytest.raises(PdfFailed):
        renderer.render(job(body.replace("URL", tmp_path.as_uri())))


@pytest.mark.pdf
@pytest.mark.parametrize(
    "address",
    [
        "file:/etc/passwd",
        "file:{fonts}/../__init__.py",
        "file://host{fonts}/x.ttf",
        "FILE:///etc/passwd",
        "ftp://x/y",
    ],
)
def test_only_the_font_folder_is_open(renderer, address):
    target = address.format(fonts=font_file("Regular").parent)
    with pytest.raises(PdfFailed, match="fetches nothing"):
        renderer.render(job(f'<link rel="attachment" href="{target}">'))


# --- How a hostile document ends --------------------------------------------------------------------------------------

HOSTILE = {
    "colspan": '<table><tr><td colspan="1000000">x</td></tr></table>',
    "tiny pages": "<style>@page { size: 1mm; margin: 0 }</style>" + "<p>wordwordword</p>" * 20_000,
    "many cells": "<table>" + ("<tr>" + "<td>x</td>" * 50 + "</tr>") * 2000 + "</table>",
}


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_ends_in_time_and_the_next_is_made(child, body):
    started = time.monotonic()
    with pytest.raises(PdfFailed):
        child.render(job(body), time_limit=2)
    assert time.monotonic() - started < 6
    assert child.render(job()).startswith(b"%PDF-1.7")


@pytest.mark.pdf
def test_the_time_limit_ends_the_child(child):
    child.render(job())
    busy = child.pid
    with pytest.raises(PdfTookTooLong, match=r"after 0\.5 seconds"):
        child.render(job(HOSTILE["colspan"]), time_limit=0.5)
    assert child.pid is None
    assert not _alive(busy)


def test_the_time_limit_of_the_product_is_twenty_seconds():
    assert render_child.TIME_LIMIT == 20


@pytest.mark.pdf
@pytest.mark.parametrize("body", ["<div>" * 800, "<p>\ud800</p>"], ids=["deep nesting", "lone surrogate"])
def test_what_breaks_the_renderer_is_that_documents_error(renderer, body):
    with pytest.raises(PdfFailed):
        renderer.render(job(body))
    assert renderer.render(job()).startswith(b"%PDF-1.7")


@pytest.mark.pdf
def test_memory_and_processor_time_are_limited_from_within(child):
    """The parent's clock is no help when the parent is gone, nor against a document that fills the memory."""
    child.render(job(), time_limit=7)
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    memory = re.search(r"Max address space +(\d+)", limits)
    seconds = re.search(r"Max cpu time +(\d+)", limits)
    assert int(memory[1]) <= render_child.MEMORY_LIMIT
    assert int(seconds[1]) <= 7 + 3


# --- The child's life -------------------------------------------------------------------------------------------------


def _alive(pid: int) -> bool:
    """Running, that is: a zombie waiting for its parent is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _alive(pid)


@pytest.mark.pdf
def test_one_child_serves_many_and_is_replaced_after_its_share():
    child = RenderChild(jobs=2)
    pids = []
    for _ in range(5):
        child.render(job())
        pids.append(child.pid)
    child.close()
    assert [pids[0] == pids[1], pids[1] == pids[2], pids[2] == pids[3], pids[3] == pids[4]] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.pdf
def test_an_idle_child_goes_home_and_another_comes():
    child = RenderChild(idle_seconds=0.2)
    first = child.render(job())
    idle = child.pid
    assert _gone_within(idle, 5)
    assert child.render(job()) == first
    assert child.pid != idle
    child.close()


@pytest.mark.pdf
def test_a_question_that_meets_a_closing_door_is_asked_again(child, monkeypatch):
    """The child may go home between our look at it and our question."""
    expected = child.render(job())
    right, asked = render_child._exchange, []

    def door_closes(process, request):
        asked.append(process.pid)
        if len(asked) == 1:
            process.stdin.close()
            process.wait()
            return None
        return right(process, request)

    monkeypatch.setattr(render_child, "_exchange", door_closes)
    assert child.render(job()) == expected
    assert len(set(asked)) == 2


@pytest.mark.pdf
def test_a_killed_child_fails_its_job_and_no_other(child):
    child.render(job())
    os.kill(child.pid, signal.SIGSTOP)
    victim = child.pid
    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
    with pytest.raises(PdfFailed, match="died"):
        child.render(job())
    assert child.render(job()).startswith(b"%PDF-1.7")


@pytest.mark.pdf
def test_threads_share_a_child_and_each_gets_its_own_page(renderer):
    results = {}

    def ask(number):
        results[number] = renderer.render(replace(job(), html=job().html.replace("A page", f"Page {number}")))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {}
    for number, pdf in results.items():
        with pikepdf.open(BytesIO(pdf)) as opened:
            titles[number] = str(opened.docinfo["/Title"])
    assert titles == {n: f"Page {n}" for n in range(8)}


@pytest.mark.pdf
def test_the_child_dies_with_its_parent_and_leaves_no_files(tmp_path):
    script = (
        "import os, sys, time; sys.path.insert(0, '.'); from tests.lib.test_pdf import job; "
        "from lms.lib.render_child import shared_child; shared_child().render(job()); "
        "print(shared_child().pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    )
    pid = int(parent.stdout.readline())
    assert _alive(pid)
    assert any(tmp_path.iterdir())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _gone_within(pid, 5)
    assert not any(tmp_path.iterdir())


@pytest.mark.pdf
def test_a_forked_worker_has_a_child_of_its_own():
    """Two processes on one pipe would read each other's certificates."""
    said = in_another_process("""
        from lms.lib.render_child import shared_child
        expected, before = shared_child().render(job()), shared_child().pid
        forked = os.fork()
        if forked == 0:
            good = shared_child().render(job()) == expected and shared_child().pid != before
            shared_child().close()
            os._exit(0 if good else 1)
        good = os.waitpid(forked, 0)[1] == 0
        print(good and shared_child().pid == before and shared_child().render(job()) == expected)
    """)
    assert said == "True\n"


@pytest.mark.pdf
def test_the_child_knows_no_secrets(child, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://canary")
    monkeypatch.setenv("LMS_SECRET_KEY", "canary")
    child.render(job())
    environment = Path(f"/proc/{child.pid}/environ").read_bytes()
    assert b"canary" not in environment
    assert b"TMPDIR" in environment


@pytest.mark.pdf
def test_a_killed_child_leaves_no_files(child):
    child.render(job())
    scratch = Path(child._scratch)
    assert any(scratch.iterdir())
    child.close()
    assert not scratch.exists()


# --- A machine without Pango ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_pango")
def test_without_pango_the_remedy_is_one_sentence(child, capfd):
    assert not pdf_available()
    with pytest.raises(PdfUnavailable) as missing:
        child.render(job())
    assert REMEDY in str(missing.value)
    assert missing.value.reason == "cannot load library 'libgobject-2.0-0'"
    assert "\n" not in str(missing.value)
    assert "advice" not in "".join(capfd.readouterr())


@pytest.mark.pdf
def test_installing_pango_needs_no_restart(child, no_pango, monkeypatch):
    with pytest.raises(PdfUnavailable):
        child.render(job())
    assert not pdf_available()
    monkeypatch.delenv("PYTHONPATH")
    assert child.render(job()).startswith(b"%PDF-1.7")
    assert not pdf_available(), "a no is remembered for a minute"
    render_child.renderer_loads._ask_at = 0.0
    assert pdf_available()


def test_the_product_starts_without_loading_weasyprint():
    code = (
        "import sys; sys.modules['weasyprint'] = None; import lms.lib.pdf, lms.lib.render_child; "
        "sys.exit('pydyf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.pdf
def test_render_pdf_uses_the_shared_child():
    assert render_pdf(job()).startswith(b"%PDF-1.7")
    assert render_child.shared_child().pid is not None
    render_child.shared_child().close()
