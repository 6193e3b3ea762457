"""What the API reads: JSON and forms, in which every text can be stored and nothing is nested beyond reason."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser

MAX_DEPTH = 40  # no person writes deeper; the stock parser overflows its stack somewhere past it


class SafeJSONParser(JSONParser):
    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error
        check(parsed)
        return parsed


class SafeFormParser(FormParser):
    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        parsed = super().parse(stream, media_type, parser_context)
        check(dict(parsed.lists()))
        return parsed


class SafeMultiPartParser(MultiPartParser):
    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        parsed = super().parse(stream, media_type, parser_context)
        check(dict(parsed.data.lists()))
        return parsed


def check(parsed: Any) -> None:
    """Raises ParseError for what is nested too deeply, and for texts that no database holds."""
    for depth, level in enumerate(levels(parsed), 1):
        if depth > MAX_DEPTH:
            raise ParseError("This JSON is nested too deeply.")
        if not all(is_storable(node) for node in level if isinstance(node, str)):
            raise ParseError("A text holds a NUL or half of a character.")


def levels(value: Any) -> Iterator[list[Any]]:
    """The nodes of nested lists and objects, keys included, level by level and without recursion."""
    level = [value]
    while level:
        yield level
        level = [inner for node in level for inner in inside(node)]


def inside(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
