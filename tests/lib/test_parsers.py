"""The API reads only what can be stored, however it is sent."""

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from lms.lib.parsers import MAX_DEPTH, SafeFormParser, SafeJSONParser, SafeMultiPartParser


def parsed(parser: BaseParser, body: bytes, **more: object) -> object:
    return parser.parse(BytesIO(body), parser_context={"encoding": "utf-8", **more})


def test_nested_as_deep_as_allowed_and_one_deeper():
    deep = b"[" * (MAX_DEPTH - 1) + b"1" + b"]" * (MAX_DEPTH - 1)
    assert parsed(SafeJSONParser(), deep)
    with pytest.raises(ParseError, match="nested"):
        parsed(SafeJSONParser(), b"[" + deep + b"]")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000])
def test_nested_beyond_the_stack_is_refused(body):
    with pytest.raises(ParseError):
        parsed(SafeJSONParser(), body)


@pytest.mark.parametrize("text", [r"\u0000", r"a\u0000b", r"\ud800"])
@pytest.mark.parametrize("body", ['"%s"', '{"a": "%s"}', '{"%s": 1}', '[{"a": ["%s"]}]'])
def test_json_text_that_no_database_holds_is_refused(body, text):
    with pytest.raises(ParseError, match="NUL"):
        parsed(SafeJSONParser(), (body % text).encode())


def test_ordinary_json_is_read():
    assert parsed(SafeJSONParser(), '{"å": ["𝄞", 1, null, true]}'.encode()) == {"å": ["𝄞", 1, None, True]}


@pytest.mark.parametrize("body", [b"a=%00", b"%00=a", b"a=1&a=b%00"])
def test_form_text_that_no_database_holds_is_refused(body):
    with pytest.raises(ParseError, match="NUL"):
        parsed(SafeFormParser(), body)


def test_multipart_text_that_no_database_holds_is_refused(rf):
    request = rf.post("/", {"a": "b\0"})
    context = {"request": request, "encoding": "utf-8"}
    with pytest.raises(ParseError, match="NUL"):
        SafeMultiPartParser().parse(request, request.META["CONTENT_TYPE"], context)
