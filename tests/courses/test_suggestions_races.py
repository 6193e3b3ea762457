"""Many at one suggestion at the same moment, on PostgreSQL, beside controls without the lock."""

import pytest

from courses.errors import SuggestionAnswered, SuggestionGone, SuggestionTakenUp
from courses.models import Revision, Suggestion
from courses.services import answer_suggestion, suggest, suggesting, take_up, withdraw_suggestion
from lms.accounts.models import Role
from lms.records.models import AuditEvent, Mail
from lms.records.services.audit import broken_chains
from tests.conftest import person, with_role
from tests.enrollment.builders import build_module, partner
from tests.races import CLIENTS, at_once, each_at_once, errors, line

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PLACE = {"place": "lesson/one", "title": "One", "kind": "wrong", "words": "No."}


@pytest.fixture
def core(transactional_db):
    return build_module().editions.get(kind="core").current


@pytest.fixture
def writer(core):
    return with_role("writer", Role.AUTHOR, partner())


@pytest.fixture
def sender(core):
    return person("sender")


@pytest.fixture
def sent(core, writer, sender, now):
    return suggest(core, **PLACE, by=sender, at=now)


def acts(act: str) -> int:
    return AuditEvent.objects.filter(act=act).count()


def test_many_answer_and_one_does(sent, writer, now):
    results = each_at_once(
        lambda number: answer_suggestion(sent, words=f"{number}", is_declined=False, by=writer, at=now)
    )
    assert [type(error) for error in errors(results)] == [SuggestionAnswered] * (CLIENTS - 1)
    assert acts("suggestion.answered") == Mail.objects.filter(kind="suggestion_answered").count() == 1
    assert broken_chains() == []


def test_without_the_lock_both_answer(sent, writer, now, monkeypatch):
    together = line(2)

    def unlocked(suggestion):
        read = Suggestion.objects.select_related("revision__edition__owner", "sent_by").get(pk=suggestion.pk)
        together()
        return read

    monkeypatch.setattr(suggesting, "locked_suggestion", unlocked)
    at_once([lambda: answer_suggestion(sent, words="x", is_declined=False, by=writer, at=now)] * 2)
    assert acts("suggestion.answered") == 2


def test_many_take_it_up_into_one_draft(sent, writer, now):
    results = each_at_once(lambda _number: take_up(sent, by=writer, at=now))
    assert errors(results) == []
    assert {draft.pk for draft in results} == {Revision.objects.open().get().pk}
    assert acts("suggestion.taken_up") == 1


def test_it_is_withdrawn_or_taken_up_and_the_other_is_told(sent, writer, sender, now):
    results = at_once(
        [
            lambda: take_up(sent, by=writer, at=now),
            lambda: withdraw_suggestion(sent, by=sender, at=now),
        ]
    )
    refused = [type(error) for error in errors(results)]
    there = Suggestion.objects.filter(pk=sent.pk).exists()
    assert refused == [SuggestionTakenUp if there else SuggestionGone]
    assert broken_chains() == []


def test_many_suggest_and_each_of_the_owners_people_gets_one_letter(core, writer, now):
    senders = [person(f"sender-{number}") for number in range(CLIENTS)]
    results = each_at_once(lambda number: suggest(core, **PLACE, by=senders[number], at=now))
    assert errors(results) == []
    assert Suggestion.objects.count() == CLIENTS
    assert Mail.objects.filter(kind="suggestion_sent").count() == 1
