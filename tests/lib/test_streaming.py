"""Files over HTTP: whole, in part, conditional, and never more of them in memory than a chunk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory

from lms.lib.streaming import CHUNK, file_response

DATA = bytes(range(256)) * 1_000
SIZE = len(DATA)
TAG = "f" * 64


@pytest.fixture
def film() -> str:
    return default_storage.save("content/film", ContentFile(DATA))


def closed(response) -> None:
    """What the server does in the end, without the signal that would touch the database."""
    for close in response._resource_closers:
        close()


@pytest.fixture
def ask(film):
    """Ask for the film; what was answered is closed at the end, as the server does."""
    answers = []

    def asked(*, method: str = "get", mime: str = "video/mp4", **headers: str):
        request = getattr(RequestFactory(), method)(
            "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = file_response(request, film, size=SIZE, mime=mime, name="film.mp4", etag=TAG)
        answers.append(response)
        return response

    yield asked
    for answer in answers:
        closed(answer)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file(ask):
    response = ask()
    assert (response.status_code, response["Content-Length"]) == (200, str(SIZE))
    assert response["Content-Type"] == "video/mp4"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{TAG}"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body(response) == DATA


def test_a_file_that_nobody_read_is_closed_with_its_answer(film):
    response = file_response(
        RequestFactory().get("/"), film, size=SIZE, mime="video/mp4", name="film.mp4", etag=TAG
    )
    chunks = response._resource_closers[0].__self__
    closed(response)
    assert chunks.stream.closed


def test_it_leaves_in_chunks(ask):
    assert max(len(chunk) for chunk in ask().streaming_content) == CHUNK


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=255990-", 255_990, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        ("bytes=100-999999999", 100, SIZE - 1),
        ("bytes = 10 - 19", 10, 19),
    ],
)
def test_a_part(ask, wanted, first, last):
    response = ask(Range=wanted)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == DATA[first : last + 1]


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", "bytes=999999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused_with_the_size(ask, wanted):
    response = ask(Range=wanted)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert body(response) == b""


@pytest.mark.parametrize(
    "wanted",
    ["bytes=0-1,5-9", "items=0-1", "bytes=", "bytes=-", "bytes=x-y", "bytes=9-3", "bytes=" + "9" * 40 + "-"],
)
def test_what_is_no_single_range_gets_the_whole_file(ask, wanted):
    response = ask(Range=wanted)
    assert (response.status_code, body(response)) == (200, DATA)


@pytest.mark.parametrize(("tag", "status"), [(f'"{TAG}"', 206), ('"other"', 200), (f'W/"{TAG}"', 200)])
def test_a_part_of_another_file_is_not_continued(ask, tag, status):
    assert ask(Range="bytes=0-9", If_Range=tag).status_code == status


def test_what_is_known_is_not_sent_again(ask):
    response = ask(If_None_Match=f'"{TAG}"')
    assert (response.status_code, body(response)) == (304, b"")
    assert ask(If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(("headers", "status", "length"), [({}, 200, SIZE), ({"Range": "bytes=5-9"}, 206, 5)])
def test_head_says_what_get_would_send_and_sends_nothing(ask, headers, status, length):
    response = ask(method="head", **headers)
    assert (response.status_code, response["Content-Length"]) == (status, str(length))
    assert body(response) == b""


def test_a_drawing_opened_by_itself_runs_nothing(ask):
    assert ask(mime="image/svg+xml")["Content-Security-Policy"].endswith("sandbox")
    assert "Content-Security-Policy" not in ask()


@pytest.mark.parametrize(
    ("mime", "offered"),
    [("application/zip", True), ("text/html", True), ("image/png", False), ("application/pdf", False)],
)
def test_what_a_browser_does_not_show_is_offered_for_download(ask, mime, offered):
    assert ask(mime=mime).has_header("Content-Disposition") is offered


def test_ranges_and_films_are_not_compressed_drawings_are(ask):
    assert ask()["Content-Encoding"] == "identity"
    assert ask(mime="text/vtt", Range="bytes=0-9")["Content-Encoding"] == "identity"
    assert not ask(mime="text/vtt").has_header("Content-Encoding")
