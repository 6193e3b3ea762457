"""The mails of inviting and enrolling, in the reader's language, as text and as HTML."""

from datetime import UTC, date, datetime
from email import message_from_bytes

import pytest
from django.core import mail as outbox

from enrollment.models import Invitation
from enrollment.services.bringing_in import enroll_by_email
from enrollment.services.inviting import invite
from lms.accounts.models import Organisation
from lms.records.models import Mail
from lms.records.services import send_waiting
from tests.conftest import NOW
from tests.courses.builders import build_course
from tests.enrollment.people_builders import member, token_in

TITLES = {"en": "Trials & devices", "nb": "Studier", "sv": "Prövningar", "fi": "Tutkimukset"}
DAYS = {"en": "4 Dec 2026", "nb": "4. desember 2026", "sv": "4 december 2026", "fi": "4. joulukuuta 2026"}


@pytest.fixture
def course(db):
    return build_course("trials", title=TITLES)


def asked(course, academy, coordinator, language: str = "en", due_on: date | None = None) -> Mail:
    invite(
        "new@example.org",
        organisation=academy,
        course=course,
        by=coordinator,
        at=NOW,
        language=language,
        due_on=due_on,
    )
    return Mail.objects.get(kind="invitation")


@pytest.mark.parametrize("language", ["en", "nb", "sv", "fi"])
def test_invitation_speaks_the_language_of_the_invitation(course, academy, coordinator, language):
    academy.names = {"fi": "Ruotsin akatemia"}
    academy.save()
    mail = asked(course, academy, coordinator, language)
    name = "Ruotsin akatemia" if language == "fi" else "Swedish Academy"
    assert (mail.language, mail.recipient) == (language, "new@example.org")
    for part in (TITLES[language], name):
        assert part in mail.subject
        assert part in mail.body
    assert DAYS[language] in mail.body
    assert f'<html lang="{language}">' in mail.html


def test_text_is_plain_and_html_is_escaped(course, academy, coordinator):
    mail = asked(course, academy, coordinator)
    assert "Trials & devices" in mail.subject
    assert "Trials & devices" in mail.body
    assert "Trials &amp; devices" in mail.html
    assert "<" not in mail.body


@pytest.mark.parametrize("due_on", [None, date(2027, 1, 15)])
def test_due_date_is_told_where_there_is_one(course, academy, coordinator, due_on):
    mail = asked(course, academy, coordinator, due_on=due_on)
    told = "15 Jan 2027" if due_on else None
    assert [("complete it by" in part, bool(told) and told in part) for part in (mail.body, mail.html)] == [
        (bool(due_on), bool(due_on))
    ] * 2


def test_link_is_built_from_the_configured_address(course, academy, coordinator, settings):
    settings.SITE_URL = "https://learn.example.org"
    mail = asked(course, academy, coordinator)
    link = f"https://learn.example.org/invitations/{token_in(mail)}/"
    assert f"\n{link}\n" in mail.body
    assert f'href="{link}"' in mail.html


def test_mail_names_its_address_and_what_will_be_seen(course, academy, coordinator):
    body = asked(course, academy, coordinator).body
    assert "only for new@example.org" in body
    assert "never your answers or scores" in body


def test_hostile_names_stay_text(academy, coordinator):
    course = build_course(
        "hostile", title={"en": "{{ settings.SECRET_KEY }}{% debug %}\r\nBcc: all@example.org"}
    )
    Organisation.objects.filter(pk=academy.pk).update(name="<script>x</script>")
    academy.refresh_from_db()
    mail = asked(course, academy, coordinator)
    assert "{{ settings.SECRET_KEY }}{% debug %}" in mail.body
    assert "\n" not in mail.subject
    assert "<script>" not in mail.html
    send_waiting(at=datetime(2026, 11, 21, tzinfo=UTC))
    headers = message_from_bytes(outbox.outbox[0].message().as_bytes())
    assert (headers["To"], headers["Bcc"]) == ("new@example.org", None)


def test_member_is_told_of_the_enrolment_in_their_own_language(course, academy, coordinator):
    member("member", academy, language="nb")
    enroll_by_email(
        "member@example.org",
        course,
        organisation=academy,
        by=coordinator,
        at=NOW,
        language="sv",
        due_on=date(2027, 1, 15),
    )
    mail = Mail.objects.get()
    assert (mail.kind, mail.language) == ("assigned", "nb")
    assert "Studier" in mail.subject
    for part in (mail.body, mail.html):
        assert "15. januar 2027" in part
    assert "/invitations/" not in mail.body


def test_mail_and_invitation_are_written_together(course, academy, coordinator, monkeypatch):
    def refuse(*_args, **_values):
        raise OSError("no outbox")

    monkeypatch.setattr("courses.services.letters.queue_mail", refuse)
    with pytest.raises(OSError, match="no outbox"):
        asked(course, academy, coordinator)
    assert not Invitation.objects.exists()
