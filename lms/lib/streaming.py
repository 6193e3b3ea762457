"""Files over HTTP as RFC 9110 wants them: whole or in part, with conditions, never loaded into memory.

Films need ranges: a browser asks for the end of a file before it plays the beginning.
"""

import re
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import Storage, default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Shown in place; everything else is offered for download.
SHOWN = ("image/", "video/", "audio/", "text/vtt", "application/pdf")
# Compressing these again costs time and breaks ranges.
COMPRESSED_BY_MIDDLEWARE = ("image/svg+xml", "text/vtt")


def file_response(
    request: HttpRequest,
    file: str,
    *,
    size: int,
    mime: str,
    name: str,
    etag: str,
    storage: Storage = default_storage,
) -> HttpResponseBase:
    """An immutable file of the storage: 200, 206, 304 or 416, to GET or HEAD.

    `etag` names the content, without quotes. One range is served; several at once, like a unit that is not bytes,
    are answered with the whole file, which the standard allows.
    """
    tag = f'"{etag}"'
    if tag in request.headers.get("If-None-Match", ""):
        return with_headers(HttpResponse(status=304), mime=mime, name=name, tag=tag)
    wanted = wanted_range(request, size=size, tag=tag)
    if wanted is None:
        response = whole(request, file, size=size, storage=storage)
    elif wanted.start >= wanted.stop:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = part(request, file, wanted, size=size, storage=storage)
    if wanted is not None or mime not in COMPRESSED_BY_MIDDLEWARE:
        response["Content-Encoding"] = "identity"  # keeps the compressing middleware from touching lengths
    return with_headers(response, mime=mime, name=name, tag=tag)


def with_headers(response: HttpResponseBase, *, mime: str, name: str, tag: str) -> HttpResponseBase:
    response["Content-Type"] = mime
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    if not mime.startswith(SHOWN):
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if mime == "image/svg+xml":
        # Opened by itself, a drawing is a document: it may run nothing and load nothing.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def wanted_range(request: HttpRequest, *, size: int, tag: str) -> range | None:
    """The bytes asked for; None for the whole file; an empty range where it cannot be satisfied."""
    if request.headers.get("If-Range", tag) != tag:
        return None  # the client's part is of another file: it gets this one whole
    found = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None  # not a valid range at all, so as if it had not been sent
    return range(int(first), min(int(last) + 1 if last else size, size))


def whole(request: HttpRequest, file: str, *, size: int, storage: Storage) -> HttpResponseBase:
    return body(request, file, range(size), status=200, storage=storage)


def part(request: HttpRequest, file: str, wanted: range, *, size: int, storage: Storage) -> HttpResponseBase:
    response = body(request, file, wanted, status=206, storage=storage)
    response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return response


def body(
    request: HttpRequest, file: str, wanted: range, *, status: int, storage: Storage
) -> HttpResponseBase:
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(status=status)
    else:
        response = StreamingHttpResponse(Chunks(storage.open(file), wanted), status=status)
    response["Content-Length"] = str(len(wanted))
    return response


class Chunks:
    """A stretch of a stream. Closed with the response, also when nobody reads it to the end, or at all."""

    def __init__(self, stream: IO[bytes], wanted: range) -> None:
        self.stream, self.wanted = stream, wanted

    def __iter__(self) -> Iterator[bytes]:
        self.stream.seek(self.wanted.start)
        left = len(self.wanted)
        while left and (chunk := self.stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.stream.close()
