import logging
import re

# Addresses that open something for whoever knows them: invitations, e-mail confirmation, password reset.
TOKENS = re.compile(r"(/invitations/|/confirm-email/|/password/reset/key/)[^/\s\"']+")


class HideTokens(logging.Filter):
    """Keeps secrets that travel in addresses out of every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = TOKENS.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


class RefusalsInOneLine(logging.Filter):
    """A request that was refused (4xx, a warning) is no fault of the code: its line needs no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True
