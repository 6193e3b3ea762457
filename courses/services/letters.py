"""Mails as three templates: `emails/<kind>_subject.txt`, `emails/<kind>.txt` and `emails/<kind>.html`."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from lms.records.services import queue_mail

from ..selectors import current_programme


def send_letter(
    kind: str, *, key: str, recipient: str, language: str, at: datetime, **context: object
) -> None:
    """Put a mail into the outbox in the reader's language, in the caller's transaction; once per (kind, key)."""
    with translation.override(language):
        context = {"programme": current_programme(), "language": language, **context}
        queue_mail(
            kind=kind,
            key=key,
            recipient=recipient,
            language=language,
            subject=render_to_string(f"emails/{kind}_subject.txt", context),
            body=render_to_string(f"emails/{kind}.txt", context).strip() + "\n",
            html=render_to_string(f"emails/{kind}.html", context),
            at=at,
        )
