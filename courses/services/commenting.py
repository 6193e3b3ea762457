"""Comments at a place of a draft: said, answered, resolved, opened again.

Whatever is done with one that was deleted meanwhile raises CommentGone.
"""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.records.services import record

from ..errors import (
    CommentAnswered,
    CommentGone,
    CommentHasMovedOn,
    CommentResolved,
    NotOpenToComments,
    PlaceGone,
)
from ..models import Comment, CommentThread, Revision
from ..selectors.studio.places import place_at
from .approving import locked


def begin_comment(
    revision: Revision, *, place: str, words: str, by: User, at: datetime, quote: str = ""
) -> CommentThread:
    """Say something about a place of an open revision. Raises NotOpenToComments, PlaceGone."""
    with transaction.atomic(durable=True):
        revision = locked(revision)
        if not revision.is_open:
            raise NotOpenToComments
        found = place_at(revision, place)
        if found is None:
            raise PlaceGone
        thread = CommentThread.objects.create(
            edition=revision.edition,
            revision=revision,
            number=revision.number,
            place=found.code,
            quote=quote,
            version=found.version,
            begun_by=by,
            last_by=by,
        )
        said = thread.comments.create(by=by, at=at, words=words)
        record(
            "comment.begun",
            thread,
            by=by,
            at=at,
            meaning="REVIEWED",
            revision=revision.pk,
            place=found.code,
            comment=said.pk,
        )
    return thread


def answer_comment(thread: CommentThread, *, words: str, by: User, at: datetime) -> Comment:
    """Raises CommentResolved: what is settled is opened again first."""
    with transaction.atomic(durable=True):
        thread = locked_thread(thread)
        if not thread.is_open:
            raise CommentResolved
        said = thread.comments.create(by=by, at=at, words=words)
        thread.last_by = by
        thread.save(update_fields=["last_by"])
        record("comment.answered", thread, by=by, at=at, comment=said.pk)
    return said


def resolve_comment(thread: CommentThread, *, seen: int, by: User, at: datetime) -> CommentThread:
    """Settle it. `seen`: how many comments the person has read of it. Resolving twice changes nothing.

    Raises CommentHasMovedOn.
    """
    with transaction.atomic(durable=True):
        thread = locked_thread(thread)
        if not thread.is_open:
            return thread
        if thread.comments.count() != seen:
            raise CommentHasMovedOn
        thread.resolved_at, thread.resolved_by = at, by
        thread.save(update_fields=["resolved_at", "resolved_by"])
        record("comment.resolved", thread, by=by, at=at, meaning="ACKNOWLEDGED", comments=seen)
    return thread


def reopen_comment(thread: CommentThread, *, by: User, at: datetime) -> CommentThread:
    """Reopening twice changes nothing."""
    with transaction.atomic(durable=True):
        thread = locked_thread(thread)
        if thread.is_open:
            return thread
        thread.resolved_at, thread.resolved_by = None, None
        thread.save(update_fields=["resolved_at", "resolved_by"])
        record("comment.reopened", thread, by=by, at=at)
    return thread


def change_comment(comment: Comment, *, words: str, by: User, at: datetime) -> Comment:
    """Say it otherwise, while nobody has answered. Raises CommentAnswered, CommentResolved."""
    with transaction.atomic(durable=True):
        comment = last_word(comment)
        comment.words, comment.changed_at = words, at
        comment.save(update_fields=["words", "changed_at"])
        record("comment.changed", comment.thread, by=by, at=at, comment=comment.pk)
    return comment


def delete_comment(comment: Comment, *, by: User, at: datetime) -> None:
    """Take it back, while nobody has answered; a comment alone goes with its thread.

    Raises CommentAnswered, CommentResolved.
    """
    with transaction.atomic(durable=True):
        comment = last_word(comment)
        thread = comment.thread
        record("comment.deleted", thread, by=by, at=at, comment=comment.pk)
        comment.delete()
        before = thread.comments.last()
        if before is None:
            thread.delete()
            return
        thread.last_by = before.by
        thread.save(update_fields=["last_by"])


def last_word(comment: Comment) -> Comment:
    """The comment with its thread locked, as long as nothing was said or settled after it."""
    thread = locked_thread(comment.thread)
    if not thread.is_open:
        raise CommentResolved
    said = list(thread.comments.all())
    if comment not in said:
        raise CommentGone
    if said[-1] != comment:
        raise CommentAnswered
    said[-1].thread = thread
    return said[-1]


def locked_thread(thread: CommentThread) -> CommentThread:
    """Raises CommentGone."""
    found = CommentThread.objects.select_for_update().filter(pk=thread.pk).first()
    if found is None:
        raise CommentGone
    return found
