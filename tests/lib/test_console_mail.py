"""A mail on the console is for reading: its words and its link, in clear."""

from io import StringIO

from django.core.mail import EmailMultiAlternatives

from lms.lib.console_mail import EmailBackend


def test_the_text_is_printed_as_it_reads(db):
    printed = StringIO()
    mail = EmailMultiAlternatives(
        subject="Välkommen, Åsa", body="Öppna http://127.0.0.1/v/1\n", to=["asa@example.org"]
    )
    mail.attach_alternative("<p>Öppna</p>", "text/html")
    EmailBackend(stream=printed).send_messages([mail])
    text = printed.getvalue()
    assert "To: asa@example.org\nSubject: Välkommen, Åsa\n\nÖppna http://127.0.0.1/v/1\n" in text
    assert "<p>" not in text
    assert "=?utf-8" not in text
