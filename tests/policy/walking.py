"""One cell of the matrix: somebody asks for a thing, and everything about the answer is held against the table."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework.authtoken.models import Token

from lms.accounts import second_factor
from lms.accounts.selectors import second_factor_of

from .bodies import Asked, body_of
from .database import rolled_back, watched
from .routes import Endpoint
from .rules import FORBIDDEN, LOGIN, MISSING, NO_METHOD, OK, Outcome, Ownership, Role, Rule
from .table import WRITES_ON_GET
from .targets import Targets, targets_of
from .world import Target, World, may_know, plain

CANARY = re.compile(r"canary-([a-z]+)")
SIGN_IN = ("/accounts/login/", "/admin/login/")
DENIED = {LOGIN, FORBIDDEN, MISSING, NO_METHOD}
BY_STATUS = {
    401: LOGIN,
    403: FORBIDDEN,
    404: MISSING,
    405: NO_METHOD,
    **dict.fromkeys((400, 409, 413, 422), Outcome.REFUSED),
}
# What is random in a page, whoever asks for whatever.
RANDOM = re.compile(
    r'(name="csrfmiddlewaretoken" value=|nonce[=-]|X-CSRFToken&quot;: )["\']?(&quot;)?[\w+/=-]+'
)
VARYING = {"Content-Security-Policy", "Content-Length", "Set-Cookie", "Expires"}


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    status: int
    text: str
    headers: Mapping[str, str]
    owners: frozenset[str]  # whose canaries are in it, and whose things it names
    writes: tuple[str, ...]

    def for_a_stranger(self, target: Target) -> tuple[int, dict[str, str], str]:
        """What is left without the random and without the address that was asked for."""
        headers = {name: value for name, value in self.headers.items() if name not in VARYING}
        text = RANDOM.sub(r"\1", self.text)
        for value in sorted(map(str, target.values.values()), key=len, reverse=True):
            text = text.replace(value, "·")
        return self.status, headers, text


class PlainClient(Client):
    """Without a copy of every context of every template, which nobody here looks at."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


class Walker:
    """Asks as any role: with a session that has shown its second factor, or with an API token."""

    def __init__(self, world: World, *, csrf: bool = False, token: bool = False) -> None:
        self.world, self.by_token = world, token
        self.client = PlainClient(enforce_csrf_checks=csrf)
        self.cookies = {role: session_of(world, role) for role in Role}
        self.marks = re.compile(rf"(?<![0-9a-z])({'|'.join(map(re.escape, world.marks))})(?![0-9a-z])")

    def ask(self, endpoint: Endpoint, role: Role, target: Target, **headers: str) -> Answer:
        """The answer, and nothing else left behind."""
        if endpoint.method != "GET":
            cache.clear()  # or the rate limits would answer
        with rolled_back():
            body = as_sent(endpoint, body_of(endpoint.key, Asked(self.world, role, target)))
            headers |= self.identify(role)
            with watched() as writes:
                response: Any = self.client.generic(
                    endpoint.method, endpoint.path(target.values), **body, **headers
                )
                content = b"".join(response) if response.streaming else response.content
        return answer_of(response, content, writes.statements, self.owners_named(target))

    def owners_named(self, target: Target) -> Callable[[str], set[str]]:
        """Finds whose things a text names by their numbers; the thing that was asked for may be named."""
        asked = {str(value).casefold() for value in target.values.values()}
        return lambda text: {self.world.marks[mark] for mark in self.marks.findall(text) if mark not in asked}

    def identify(self, role: Role) -> dict[str, str]:
        if not self.by_token:
            self.client.cookies = SimpleCookie(self.cookies[role])
            return {}
        self.client.cookies = SimpleCookie()
        if role is Role.ANONYMOUS:
            return {}
        token, _created = Token.objects.get_or_create(user=self.world.user(role))
        return {"HTTP_AUTHORIZATION": f"Token {token.key}"}


def as_sent(endpoint: Endpoint, body: dict[str, Any]) -> dict[str, Any]:
    """Forms as a browser sends them, JSON to the API, files as files to both."""
    if endpoint.method in ("GET", "HEAD", "OPTIONS"):
        return {}
    has_file = any(hasattr(value, "read") for value in body.values())
    if endpoint.is_api and not has_file:
        return {"data": json.dumps(body), "content_type": "application/json"}
    return {"data": encode_multipart(BOUNDARY, body), "content_type": MULTIPART_CONTENT}


def session_of(world: World, role: Role) -> dict[str, str]:
    """Everybody has followed the learner's invitation; the signed in have just shown password and second factor."""
    session = SessionStore()
    session["invitation"] = world.learning.links[Role.LEARNER][0].pk
    if role is not Role.ANONYMOUS:
        user = world.user(role)
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        shown = {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
        session["account_authentication_methods"] = [shown]
        session["account_authentication_methods_user"] = str(user.pk)
        session[second_factor.MARK] = second_factor_of(user)
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}


# --- What comes back --------------------------------------------------------------------------------------------------


def answer_of(
    response: Any, content: bytes, writes: Iterable[str], owners_named: Callable[[str], set[str]]
) -> Answer:
    headers = dict(response.headers.items())
    text = readable(headers.get("Content-Type", ""), content)
    said = " ".join([text, *headers.values()]).casefold()
    return Answer(
        outcome=outcome_of(response.status_code, headers),
        status=response.status_code,
        text=text,
        headers=headers,
        owners=frozenset(CANARY.findall(said)) | owners_named(said),
        # A visit may begin a session.
        writes=tuple(sql for sql in writes if '"django_session"' not in sql),
    )


def readable(kind: str, content: bytes) -> str:
    """The text of a page or file; a bundle is unpacked first."""
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace")


def outcome_of(status: int, headers: Mapping[str, str]) -> Outcome:
    to = headers.get("Location") or headers.get("HX-Redirect") or ""
    if to.startswith(SIGN_IN) and "next=" in to:  # without a way back it is where an act leads to
        return LOGIN
    return OK if status < 400 else BY_STATUS.get(status, Outcome.CRASH)


# --- The verdict ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Violation:
    kind: str
    key: str
    role: Role
    label: str
    said: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.key} · {self.role} · {self.label or 'no thing'}: {self.said}"


def verdict(
    endpoint: Endpoint, rule: Rule, role: Role, ownership: Ownership, answer: Answer
) -> Iterator[tuple[str, str]]:
    """What is wrong with an answer, in kind and words."""
    expected = rule.outcome(role, ownership)
    denied = answer.outcome in DENIED
    if answer.outcome is not expected:
        yield "outcome", f"{ownership}: expected {expected}, got {answer.outcome} ({answer.status})"
    allowed = {plain(role)} if denied else may_know(role) | rule.shows
    if leaked := answer.owners - allowed:
        yield "leak", f"tells of {', '.join(sorted(leaked))}"
    if answer.writes and (denied or endpoint.method == "GET") and endpoint.key not in WRITES_ON_GET:
        yield "write", answer.writes[0][:120]


def walk(
    walker: Walker, endpoint: Endpoint, rule: Rule, roles: Iterable[Role], **headers: str
) -> Iterator[Violation | None]:
    """Every cell of a line, for these roles: all that is wrong with it, or None."""
    cache.clear()
    targets = asked_for(endpoint, rule, walker.world)
    for role in roles:
        answers = {label: walker.ask(endpoint, role, target, **headers) for label, target in targets.items()}
        for label, answer in answers.items():
            found = verdict(endpoint, rule, role, targets[label].ownership(role), answer)
            violations = [Violation(kind, endpoint.key, role, label, said) for kind, said in found]
            if is_told_apart(answers, targets, label):
                violations.append(
                    Violation("oracle", endpoint.key, role, label, "differs from what is not there")
                )
            yield from violations or [None]


def asked_for(endpoint: Endpoint, rule: Rule, world: World) -> Targets:
    targets = targets_of(endpoint.route, world)
    return dict(list(targets.items())[:1]) if rule.is_method_refused else targets


def is_told_apart(answers: Mapping[str, Answer], targets: Targets, label: str) -> bool:
    """What may not be seen must look, to the letter, like what is not there."""
    answer, nothing = answers[label], answers.get("none")
    if nothing is None or answer.outcome is not MISSING or nothing.outcome is not MISSING:
        return False
    return answer.for_a_stranger(targets[label]) != nothing.for_a_stranger(targets["none"])
