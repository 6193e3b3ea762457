import logging

from lms.lib.logs import HideTokens


def logged(message: str, *arguments: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, arguments, None)
    HideTokens().filter(record)
    return record.getMessage()


def test_tokens_in_addresses_are_hidden():
    assert logged("Not Found: %s", "/invitations/abcDEF123_-xyz/") == "Not Found: /invitations/…/"
    assert "secret" not in logged("GET /accounts/password/reset/key/secret-1/")


def test_other_lines_stay_as_they_are():
    assert logged("Not Found: %s", "/courses/a-b/") == "Not Found: /courses/a-b/"
