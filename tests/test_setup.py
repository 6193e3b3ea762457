"""`manage.py setup`: the first minutes, repeated without harm."""

import pytest
from django.core.management import CommandError, call_command

from courses.models import Programme
from lms.accounts.models import Organisation, User
from lms.records.models import AuditEvent

ANSWERS = {
    "title": "Learning together",
    "organisation": "The Academy",
    "country": "se",
    "contact": "Contact@Example.org",
    "email": "First@Example.org",
    "name": "Åsa Sjöström",
}
PASSWORD = "correct horse battery"


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("LMS_SETUP_PASSWORD", PASSWORD)


def run(**answers) -> None:
    call_command("setup", no_input=True, **answers)


def test_it_sets_up_programme_and_administrator(db, password, capsys):
    run(**ANSWERS)
    programme = Programme.objects.get()
    assert (programme.title, programme.countries) == ({"en": "Learning together"}, [])
    assert programme.contact_email == "contact@example.org"
    assert (programme.coordinator.name, programme.coordinator.is_partner) == ("The Academy", True)
    assert list(programme.partners.all()) == [programme.coordinator]
    user = User.objects.get()
    assert (user.email, user.is_administrator, user.is_superuser) == ("first@example.org", True, False)
    assert user.check_password(PASSWORD)
    assert user.emailaddress_set.get().verified
    said = capsys.readouterr().out
    assert "“the-academy”" in said
    assert PASSWORD not in said


def test_again_it_asks_and_changes_nothing(db, password):
    run(**ANSWERS)
    before = AuditEvent.objects.count(), User.objects.values().get(), Programme.objects.values().get()
    run()
    run(**{**ANSWERS, "title": "Another", "email": "other@example.org"})
    assert before == (
        AuditEvent.objects.count(),
        User.objects.values().get(),
        Programme.objects.values().get(),
    )
    assert Organisation.objects.count() == 1


def test_it_goes_on_where_it_was_broken_off(db, monkeypatch):
    with pytest.raises(CommandError, match="LMS_SETUP_PASSWORD"):
        run(**ANSWERS)
    assert Programme.objects.exists()
    monkeypatch.setenv("LMS_SETUP_PASSWORD", PASSWORD)
    run(email="first@example.org", name="Åsa Sjöström")
    assert User.objects.get().is_administrator


def test_somebody_with_an_account_becomes_the_administrator(learner, password):
    run(**{**ANSWERS, "email": learner.email})
    assert User.objects.get().is_administrator


def test_answers_may_come_from_the_environment(db, monkeypatch, password):
    for name, answer in ANSWERS.items():
        monkeypatch.setenv(f"LMS_SETUP_{name.upper()}", answer)
    run()
    assert Programme.objects.get().coordinator.country == "SE"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("country", "Sweden", "One of"),
        ("countries", "SE, Norway", "NORWAY: not among"),
        ("contact", "nowhere", "valid email"),
        ("email", "first", "valid email"),
        ("name", "漢字", "U\\+6F22"),
        ("title", "  ", "Something has to stand here"),
    ],
)
def test_nonsense_is_named(db, password, field, value, words):
    with pytest.raises(CommandError, match=words):
        run(**{**ANSWERS, field: value})
    assert not User.objects.exists()


def test_a_weak_password_is_refused(db, monkeypatch):
    monkeypatch.setenv("LMS_SETUP_PASSWORD", "password")
    with pytest.raises(CommandError, match="too short"):
        run(**ANSWERS)
    assert not User.objects.exists()


def test_a_person_is_asked_again_after_nonsense(db, monkeypatch, capsys):
    answers = iter(
        [
            *("", "Learning together", "The Academy", "Sweden", "SE", "no, se NO", ""),
            *("first@example.org", "Åsa Sjöström"),
        ]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _words: next(answers))
    monkeypatch.setattr("lms.management.commands.setup.getpass", lambda _words: PASSWORD)
    call_command("setup")
    programme = Programme.objects.get()
    assert (programme.coordinator.country, programme.countries) == ("SE", ["NO", "SE"])
    assert programme.contact_email == ""
    assert User.objects.get().is_administrator
    assert "One of" in capsys.readouterr().err
