import codecs
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SafeJSONParser(JSONParser):
    """JSON in UTF-8, nested no deeper than a person would write: deep nesting overflows the stock parser's stack."""

    MAX_DEPTH = 40

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        charset = (parser_context or {}).get("encoding", "utf-8")
        if codecs.lookup(charset).name != "utf-8":
            raise ParseError("JSON is read in UTF-8.")
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error
        if depth(parsed) > self.MAX_DEPTH:
            raise ParseError("This JSON is nested too deeply.")
        return parsed


def depth(value: Any) -> int:
    """Levels of nesting, counted without recursion."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            item
            for node in level
            if isinstance(node, dict | list)
            for item in (node.values() if isinstance(node, dict) else node)
        ]
    return deepest
