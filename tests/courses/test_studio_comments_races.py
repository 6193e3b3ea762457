"""Two people at one comment at the same moment, on PostgreSQL, each beside a control without the lock."""

import pytest

from courses.errors import CommentAnswered, CommentHasMovedOn, CommentResolved
from courses.models import CommentThread
from courses.services import (
    answer_comment,
    begin_comment,
    commenting,
    delete_comment,
    resolve_comment,
)
from lms.records.models import AuditEvent
from lms.records.services.audit import broken_chains
from tests.races import at_once, each_at_once, errors, line

from .studio_builders import core_files, draft

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def thread(author, partners, publisher, now):
    core = draft(core_files(), by=author, at=now)
    return begin_comment(core, place="lesson/welcome", words="Why?", by=publisher, at=now)


@pytest.fixture
def without_lock(monkeypatch):
    """The thread read as it is, by all at the same moment."""

    def unlock(clients: int) -> None:
        together = line(clients)

        def unlocked(thread):
            read = CommentThread.objects.get(pk=thread.pk)
            list(read.comments.all())
            together()
            return read

        monkeypatch.setattr(commenting, "locked_thread", unlocked)

    return unlock


def acts(act: str) -> int:
    return AuditEvent.objects.filter(act=act).count()


def test_many_resolve_and_one_does(thread, author, now):
    assert errors(each_at_once(lambda _n: resolve_comment(thread, seen=1, by=author, at=now))) == []
    assert acts("comment.resolved") == 1
    assert broken_chains() == []


def test_without_the_lock_each_of_them_does(thread, author, now, without_lock):
    without_lock(2)
    at_once([lambda: resolve_comment(thread, seen=1, by=author, at=now)] * 2)
    assert acts("comment.resolved") == 2


def test_an_answer_and_its_resolving_meet_and_one_is_told(thread, author, publisher, now):
    results = at_once(
        [
            lambda: answer_comment(thread, words="So.", by=author, at=now),
            lambda: resolve_comment(thread, seen=1, by=publisher, at=now),
        ]
    )
    assert [type(error) for error in errors(results)] in ([CommentResolved], [CommentHasMovedOn])
    thread.refresh_from_db()
    assert thread.is_open == (thread.comments.count() == 2)


def test_a_word_is_never_deleted_under_an_answer(thread, author, publisher, now):
    said = thread.comments.get()
    results = at_once(
        [
            lambda: answer_comment(thread, words="So.", by=author, at=now),
            lambda: delete_comment(said, by=publisher, at=now),
        ]
    )
    refused = errors(results)
    assert len(refused) == 1
    there = CommentThread.objects.filter(pk=thread.pk).exists()
    assert there == isinstance(refused[0], CommentAnswered)
    assert broken_chains() == []
