"""Changing a draft: one at a time, in one transaction, and what it held before is kept so that it can be undone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import models, transaction

from lms.accounts.models import User
from lms.records.models import AuditEvent
from lms.records.services import record
from lms.records.services.audit import chain_of

from ..bundle import edition_hashes
from ..content import CoreContent
from ..errors import DraftHasMovedOn, NotADraft
from ..models import Fact, Revision, SavedState
from ..selectors.drafts import edition_bundle, place_of
from . import storing
from .approving import locked

SAVED_STATES = 50
SITTING = timedelta(minutes=10)  # what one person types into one text in this time is undone in one step
RECORDED_EVERY = timedelta(hours=1)


@contextmanager
def editing(
    revision: Revision, *, by: User, at: datetime, act: str = "", goes_on: bool = False
) -> Iterator[Revision]:
    """The draft, locked, to be changed inside; its hashes, its version and its authors follow by themselves.

    What it held is kept as a saved state. `act` names what is done, such as `lesson welcome`; where it `goes_on`, as an
    autosave does, what the same person does again within ten minutes makes one saved state. Raises NotADraft.
    """
    with transaction.atomic(durable=True):
        draft = locked(revision)
        if not draft.is_draft:
            raise NotADraft
        if not (goes_on and is_sitting(draft, act, by=by, at=at)):
            keep_state(draft, by=by, at=at, act=act)
        yield draft
        settle(draft)
        draft.version += 1
        draft.save(update_fields=["version", "meta", "content_hash"])
        draft.authors.add(by)
        record_edit(draft, by=by, at=at)


def settle(draft: Revision) -> None:
    """Bring every hash to what the rows say now, so that the draft is the one that its export would be imported as."""
    bundle = edition_bundle(draft)
    if bundle.core:
        settle_core(draft, bundle.core)
    draft.content_hash = edition_hashes(bundle)[place_of(draft.edition)]


def settle_core(draft: Revision, core: CoreContent) -> None:
    questions = {(row.lesson_key, row.key): row for row in draft.questions.all()}
    rows = {row.key: row for row in draft.lessons.all()}
    for lesson in core.lessons:
        for question in lesson.quiz.questions if lesson.quiz else ():
            set_hash(questions[lesson.key, question.key], question.text_hash)
        set_hash(rows[lesson.key], lesson.text_hash)


def set_hash(row: Any, text_hash: str) -> None:
    if row.text_hash != text_hash:
        row.text_hash = text_hash
        row.save(update_fields=["text_hash"])


def record_edit(draft: Revision, *, by: User, at: datetime) -> None:
    """Once an hour and person: every save in between is a saved state, which says more."""
    last = AuditEvent.objects.filter(chain=chain_of(draft)).order_by("-seq").first()
    is_said = last is not None and last.act == "revision.edited" and last.actor == by.audit_ref
    if not (last and is_said and at - last.at < RECORDED_EVERY):
        record("revision.edited", draft, by=by, on_behalf_of=draft.edition.owner, at=at)


# --- Saved states ---------------------------------------------------------------------------------------------------


def is_sitting(draft: Revision, act: str, *, by: User, at: datetime) -> bool:
    """Whether the newest saved state is from the same person's same work of a moment ago."""
    last = draft.saved_states.order_by("-saved_at", "-pk").first()
    if last is None or last.saved_by_id != by.pk:
        return False
    return last.content.get("act") == act and at - last.saved_at < SITTING


def keep_state(draft: Revision, *, by: User | None, at: datetime, act: str = "") -> SavedState:
    """The draft as it is before `by` changes it."""
    content = {**storing.content_as_json(draft), "act": act}
    state = SavedState.objects.create(revision=draft, saved_at=at, saved_by=by, content=content)
    thin_saved_states(draft)
    return state


def thin_saved_states(draft: Revision) -> None:
    """The last fifty are kept; of what is older, the last of each hour."""
    older = draft.saved_states.order_by("-saved_at", "-pk").values_list("pk", "saved_at")[SAVED_STATES:]
    by_hour = groupby(older, key=lambda state: state[1].replace(minute=0, second=0, microsecond=0))
    surplus = [pk for _hour, states in by_hour for pk, _saved_at in list(states)[1:]]
    draft.saved_states.filter(pk__in=surplus).delete()


def restore_state(state: SavedState, *, version: int, by: User, at: datetime) -> Revision:
    """Make the draft what it was in that state. What it holds now is kept as a state too, so this can be undone.

    `version` is that of the draft the person looked at. Raises NotADraft, DraftHasMovedOn.
    """
    with editing(state.revision, by=by, at=at, act="restored") as draft:
        if draft.version != version:
            raise DraftHasMovedOn
        storing.empty(draft)
        write_rows(draft, state.content)
        draft.meta = state.content["meta"]
    return draft


def write_rows(draft: Revision, content: Mapping[str, Any]) -> None:
    """The rows of a saved state, or of another revision of the same edition, into an empty draft."""
    for name in storing.CHILDREN:
        rows = getattr(draft, name)
        rows.bulk_create(row_of(rows.model, admissible(values), draft) for values in content[name])


def admissible(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A fact that was verified before references were asked for waits, in a new draft, until it has one."""
    if values.get("status") == Fact.Status.VERIFIED and not values["legal_ref"]:
        return {**values, "status": Fact.Status.CONFIRM}
    return values


def row_of(model: type[models.Model], values: Mapping[str, Any], draft: Revision) -> models.Model:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    kept = {
        field.attname: field.to_python(values[field.name])
        for field in fields
        if field.name in values and field.name != "revision"
    }
    return model(revision=draft, **kept)
