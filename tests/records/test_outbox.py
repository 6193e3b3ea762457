"""Mail is recorded once, sent once, tried again, and given up in sight."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from lms.records.models import Mail
from lms.records.services import queue_mail, send_waiting
from lms.records.services.outbox import MAX_TRIES


@pytest.fixture
def queued(db, now) -> Mail:
    return put(now)


def put(now, key: str = "1", subject: str = "Welcome") -> Mail:
    return queue_mail(
        kind="greeting",
        key=key,
        recipient="reader@example.org",
        language="sv",
        subject=subject,
        body="Hej å ä ö",
        html="<p>Hej</p>",
        at=now,
    )


@pytest.fixture
def broken_server(monkeypatch):
    def send(self):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)


def test_the_same_mail_is_recorded_once(queued, now):
    assert put(now) == queued
    assert Mail.objects.count() == 1


def test_a_worker_is_woken_after_the_transaction(db, now, wake_up_calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(now)
        assert wake_up_calls == []
    assert wake_up_calls == [("lms.records.tasks.send_mails", ())]


def test_sending_twice_sends_once(queued, now):
    assert (send_waiting(at=now), send_waiting(at=now)) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert sent.extra_headers["Message-ID"].startswith(f"<outbox-{queued.pk}@")


def test_what_was_sent_keeps_no_links(queued, now):
    send_waiting(at=now)
    queued.refresh_from_db()
    assert (queued.body, queued.html) == ("", "")
    assert queued.finished_at == now


def test_a_subject_is_one_line(db, now):
    assert put(now, subject="Welcome\r\nBcc: all@example.org").subject == "Welcome Bcc: all@example.org"


def test_a_dead_server_postpones_and_tells(queued, now, broken_server):
    assert send_waiting(at=now) == 0
    queued.refresh_from_db()
    assert (queued.tries, queued.last_error) == (1, "gone")
    assert queued.lease_until == now + timedelta(minutes=2)
    assert send_waiting(at=now) == 0
    assert Mail.objects.get().tries == 1


def test_after_enough_tries_it_is_parked(queued, now, broken_server):
    for number in range(MAX_TRIES + 2):
        send_waiting(at=now + timedelta(days=number))
    queued.refresh_from_db()
    assert queued.tries == MAX_TRIES
    assert queued.parked_at is not None


def test_a_mail_that_cannot_be_sent_stops_no_other(queued, now, caplog):
    Mail.objects.filter(pk=queued.pk).update(recipient="a@example.org\nBcc: b@example.org")
    other = put(now, key="2")
    assert send_waiting(at=now) == 1
    queued.refresh_from_db()
    other.refresh_from_db()
    assert other.finished_at == now
    assert (queued.tries, queued.finished_at) == (1, None)
    assert "cannot be sent" in caplog.text


def test_a_mail_that_kills_its_workers_is_parked(queued, now):
    Mail.objects.update(tries=MAX_TRIES)
    assert send_waiting(at=now) == 0
    assert Mail.objects.get().parked_at == now


def test_a_worker_that_died_with_a_mail_loses_nothing(queued, now):
    assert Mail.objects.claim(queued.pk, at=now, lease=60)
    assert send_waiting(at=now + timedelta(seconds=59)) == 0
    assert send_waiting(at=now + timedelta(seconds=61)) == 1
