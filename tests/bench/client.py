"""Asks as a browser does, on one kept connection, and believes nothing: each answer is checked before it counts."""

import gzip
import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .counting import ANSWERED, ASKED

TOKEN = "b" * 32  # a browser gets one with its first form; any of this form will do


class WrongAnswer(Exception):
    """The server did not answer what was asked: nothing of this run may be printed as a measurement."""


@dataclass
class Cost:
    """What one act has cost so far, over all its requests."""

    seconds: float = 0.0
    queries: int = 0
    sent: int = 0
    size: int = 0


@dataclass(frozen=True)
class Answer:
    text: str
    sent: int
    size: int
    headers: Mapping[str, str]


@dataclass
class Client:
    """`cost` collects until somebody puts a new one in its place."""

    port: int
    counting: bool = False
    cost: Cost = field(default_factory=Cost)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def close(self) -> None:
        self.connection.close()

    def get(
        self, path: str, *, marker: str, session: str = "", status: int = 200, address: str = ""
    ) -> Answer:
        """`address` is where the visitor comes from, as a proxy would say it: rate limits count by it."""
        return self.ask("GET", path, marker=marker, session=session, status=status, address=address)

    def post(
        self,
        path: str,
        form: Mapping[str, object] | None = None,
        *,
        marker: str,
        session: str,
        status: int = 200,
        htmx: bool = False,
    ) -> Answer:
        body = urlencode(form or {}, doseq=True).encode()
        return self.ask("POST", path, body, marker=marker, session=session, status=status, htmx=htmx)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        marker: str,
        session: str,
        status: int,
        htmx: bool = False,
        address: str = "",
    ) -> Answer:
        """Raises WrongAnswer unless the status is right and the marker stands in the page, or where it leads to."""
        headers = self.headers(session, has_form=body is not None, htmx=htmx)
        if address:
            headers["X-Forwarded-For"] = address
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        sent = response.read()
        self.cost.seconds += time.perf_counter() - began
        page = gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent
        answer = Answer(page.decode(errors="replace"), len(sent), len(page), response.headers)
        check(f"{method} {path}", response.status, answer, status=status, marker=marker)
        self.cost.queries += int(response.headers.get(ANSWERED, 0))
        self.cost.sent += answer.sent
        self.cost.size += answer.size
        return answer

    def headers(self, session: str, *, has_form: bool, htmx: bool) -> dict[str, str]:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "en"}
        if session:
            headers["Cookie"] = f"sessionid={session}; csrftoken={TOKEN}"
        if has_form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        if htmx:
            headers["HX-Request"] = "true"
        if self.counting:
            headers[ASKED] = "yes"
        return headers


def check(asked: str, found: int, answer: Answer, *, status: int, marker: str) -> None:
    if found != status:
        where = answer.headers.get("Location", "")
        raise WrongAnswer(f"{asked} answered {found} {where} instead of {status}.")
    if marker not in answer.text + answer.headers.get("Location", ""):
        raise WrongAnswer(f"{asked} answered {status}, but {marker!r} is not in its {answer.size} bytes.")
