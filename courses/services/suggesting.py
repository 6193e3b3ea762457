"""Corrections that readers suggest: sent to those who may write the edition, taken up into a draft, answered."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import STUDIO_ROLES, Membership, User, current
from lms.lib.site import absolute_url
from lms.records.services import record

from ..errors import DraftOpenAlready, SuggestionAnswered, SuggestionGone, SuggestionTakenUp
from ..models import Revision, Suggestion
from .drafting import start_draft
from .letters import send_letter

State = Suggestion.State


def suggest(
    revision: Revision,
    *,
    place: str,
    title: str,
    kind: str,
    words: str,
    by: User,
    at: datetime,
    quote: str = "",
) -> Suggestion:
    """Send a correction of a published revision to its owner's people, who get at most one letter a day of it."""
    with transaction.atomic(durable=True):
        suggestion = Suggestion.objects.create(
            revision=revision,
            place=place,
            title=title[:200],
            quote=quote,
            kind=kind,
            words=words,
            sent_by=by,
            sent_at=at,
        )
        record("suggestion.sent", suggestion, by=by, at=at, revision=revision.pk, place=place, kind=kind)
        tell_owners(suggestion, at=at)
    return suggestion


def withdraw_suggestion(suggestion: Suggestion, *, by: User, at: datetime) -> None:
    """The sender takes it back, words and all, while nobody has done anything with it.

    Raises SuggestionTakenUp, SuggestionGone.
    """
    with transaction.atomic(durable=True):
        suggestion = locked_suggestion(suggestion)
        if suggestion.state != State.NEW:
            raise SuggestionTakenUp
        record("suggestion.withdrawn", suggestion, by=by, at=at)
        suggestion.delete()


def take_up(suggestion: Suggestion, *, by: User, at: datetime) -> Revision:
    """The open draft of the edition, begun where there is none, to work the suggestion into.

    Taking up twice leads to the same draft and is recorded once. Raises SuggestionAnswered, SuggestionGone, and what
    beginning a draft raises.
    """
    draft = open_draft(suggestion, by=by, at=at)
    with transaction.atomic(durable=True):
        suggestion = locked_suggestion(suggestion)
        must_be_open(suggestion)
        if suggestion.draft_id != draft.pk:
            suggestion.state, suggestion.draft = State.TAKEN_UP, draft
            suggestion.save(update_fields=["state", "draft"])
            record(
                "suggestion.taken_up",
                suggestion,
                by=by,
                on_behalf_of=suggestion.edition.owner,
                at=at,
                meaning="ACKNOWLEDGED",
                revision=draft.pk,
            )
    return draft


def open_draft(suggestion: Suggestion, *, by: User, at: datetime) -> Revision:
    """In a transaction of its own: a draft that was begun stays, whatever becomes of the suggestion."""
    must_be_open(suggestion)
    edition = suggestion.edition
    found = edition.revisions.open().first()
    if found is None:
        try:
            return start_draft(edition, by=by, at=at)
        except DraftOpenAlready:  # somebody was faster
            found = edition.revisions.open().get()
    return found


def answer_suggestion(
    suggestion: Suggestion, *, words: str, is_declined: bool, by: User, at: datetime
) -> Suggestion:
    """Tell the sender what comes of it, on their page and by letter, once.

    Raises SuggestionAnswered, SuggestionGone.
    """
    with transaction.atomic(durable=True):
        suggestion = locked_suggestion(suggestion)
        must_be_open(suggestion)
        suggestion.state = State.DECLINED if is_declined else State.ANSWERED
        suggestion.answer, suggestion.answered_by, suggestion.answered_at = words, by, at
        suggestion.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        said: dict[str, Any] = {
            "by": by,
            "on_behalf_of": suggestion.edition.owner,
            "at": at,
            "meaning": "REVIEWED",
        }
        if is_declined:
            record("suggestion.declined", suggestion, **said)
        else:
            record("suggestion.answered", suggestion, **said)
        tell_sender(suggestion, at=at)
    return suggestion


def must_be_open(suggestion: Suggestion) -> None:
    if not suggestion.is_open:
        raise SuggestionAnswered


def locked_suggestion(suggestion: Suggestion) -> Suggestion:
    """Raises SuggestionGone."""
    rows = Suggestion.objects.select_for_update(of=("self",))
    found = rows.select_related("revision__edition__owner", "sent_by").filter(pk=suggestion.pk).first()
    if found is None:
        raise SuggestionGone
    return found


# --- Letters --------------------------------------------------------------------------------------------------------


def tell_owners(suggestion: Suggestion, *, at: datetime) -> None:
    """One letter a day to each of the owner's people, whatever else comes that day: the Studio lists it all."""
    owner, day = suggestion.edition.owner, timezone.localdate(at)
    held = Membership.objects.filter(current(day), organisation=owner, role__in=STUDIO_ROLES)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    for person in people.exclude(pk=suggestion.sent_by_id or 0):
        send_letter(
            "suggestion_sent",
            key=f"{owner.pk}:{person.pk}:{day.isoformat()}",
            recipient=person.email,
            language=person.language,
            at=at,
            organisation=owner.short_name,
            module=str(suggestion.edition.module),
            link=absolute_url(reverse("studio_suggestions")),
        )


def tell_sender(suggestion: Suggestion, *, at: datetime) -> None:
    sender = suggestion.sent_by
    if sender is None or not sender.is_active:
        return
    send_letter(
        "suggestion_answered",
        key=str(suggestion.pk),
        recipient=sender.email,
        language=sender.language,
        at=at,
        title=suggestion.title,
        organisation=suggestion.edition.owner.short_name,
        is_declined=suggestion.state == State.DECLINED,
        answer=suggestion.answer,
        link=absolute_url(reverse("my_suggestions")),
    )
