"""Mail leaves from rows: written with what caused it, sent after it, recorded once."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from ..models import Mail

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
MAX_TRIES = 8


def queue_mail(
    *,
    kind: str,
    key: str,
    recipient: str,
    language: str,
    subject: str,
    body: str,
    at: datetime,
    html: str = "",
) -> Mail:
    """Put a mail into the outbox, in the caller's transaction. The same (kind, key) again returns the first one."""
    mail, created = Mail.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "recipient": recipient,
            "language": language,
            "subject": " ".join(subject.split())[:255],
            "body": body,
            "html": html,
            "created_at": at,
        },
    )
    if created:
        transaction.on_commit(wake_outbox, robust=True)
    return mail


def wake_outbox() -> None:
    from ..tasks import send_mails

    send_mails.delay()


def send_waiting(*, at: datetime) -> int:
    """Send what waits, oldest first. Returns how many left. Safe to run in several workers at once."""
    sent = 0
    for pk in Mail.objects.free(at=at).order_by("created_at").values_list("pk", flat=True)[:200]:
        if Mail.objects.claim(pk, at=at, lease=LEASE_SECONDS):
            sent += send(Mail.objects.get(pk=pk), at=at)
    return sent


def send(mail: Mail, *, at: datetime) -> bool:
    """A crash between the mail server and the last line sends it twice, with the same Message-ID."""
    if mail.tries > MAX_TRIES:  # no error was ever written: what is in it kills its worker
        Mail.objects.filter(pk=mail.pk).update(parked_at=at, last_error="The worker ended each time.")
        return False
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        to=[mail.recipient],
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors
        logger.warning("Mail %s did not leave (try %s): %s", mail.pk, mail.tries, error)
        postpone(mail, error, at=at)
        return False
    except (
        Exception
    ) as error:  # a fault of ours, seen in the log and the row; it must not stop the other mails
        logger.exception("Mail %s cannot be sent", mail.pk)
        postpone(mail, error, at=at)
        return False
    # What was sent is with the reader; a copy here would keep links that open doors.
    Mail.objects.filter(pk=mail.pk).update(finished_at=at, lease_until=None, last_error="", body="", html="")
    return True


def postpone(mail: Mail, error: Exception, *, at: datetime) -> None:
    again = at + timedelta(minutes=2**mail.tries)
    parked = at if mail.tries >= MAX_TRIES else None
    Mail.objects.filter(pk=mail.pk).update(lease_until=again, parked_at=parked, last_error=str(error)[:1000])


def message_id(mail: Mail) -> str:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return f"<outbox-{mail.pk}@{host}>"
