import logging

from django.http import HttpResponseServerError
from django.utils.log import log_response

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


def test_a_refused_page_is_one_warning_without_a_traceback(signed_in, learner, caplog):
    assert signed_in(learner).get("/administration/").status_code == 403
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == (
        "WARNING",
        "Forbidden (Permission denied): /administration/",
    )
    assert "Traceback" not in caplog.text


def test_a_failure_keeps_its_traceback(rf, caplog):
    fault = ZeroDivisionError("by zero")
    log_response("%s", "/", response=HttpResponseServerError(), request=rf.get("/"), exception=fault)
    assert "ZeroDivisionError: by zero" in caplog.text
