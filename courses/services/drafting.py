"""Drafts that begin in the studio, and drafts that are given up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from lms.accounts.models import Organisation, User
from lms.lib.locks import lock
from lms.records.services import record

from ..errors import (
    AdaptedAlready,
    DraftIsNeeded,
    DraftOpenAlready,
    ModuleKeyTaken,
    NotADraft,
    NothingPublishedYet,
    TranslatedAlready,
)
from ..models import Edition, Fact, Lesson, Module, Revision
from . import storing
from .approving import locked
from .editing import settle, write_rows
from .writing import key_for

Kind = Edition.Kind
NOTHING_ASKED: dict[str, Any] = {"pass": None, "quiz": None, "extra": {}, "extras": {}}
NOTHING_SAID: dict[str, Any] = {"fact_keys": [], "co_owners": [], "extra": {}, "extras": {}}


def start_draft(edition: Edition, *, by: User, at: datetime) -> Revision:
    """The edition's one open draft, begun from what was published of it last, in effect or withdrawn.

    Raises DraftOpenAlready, NothingPublishedYet.
    """
    with transaction.atomic(durable=True):
        edition = Edition.objects.select_for_update().get(pk=edition.pk)
        if edition.revisions.open().exists():
            raise DraftOpenAlready
        last = edition.revisions.exclude(published_at=None).order_by("-number").first()
        if last is None:
            raise NothingPublishedYet
        draft = new_revision(edition, last.meta, by=by, at=at)
        write_rows(draft, storing.content_as_json(last))
        return begun(draft, by=by, at=at)


def start_translation(
    module: Module, language: str, *, owner: Organisation, by: User, at: datetime
) -> Revision:
    """An empty translation of the module. Raises TranslatedAlready."""
    with transaction.atomic(durable=True):
        module = Module.objects.select_for_update().get(pk=module.pk)
        taken = {module.source_language, *module.editions.values_list("language", flat=True)}
        if language in taken:
            raise TranslatedAlready
        edition = Edition.objects.create(module=module, kind=Kind.TRANSLATION, language=language, owner=owner)
        return begun(new_revision(edition, {"extras": {}}, by=by, at=at), by=by, at=at)


def start_layer(
    module: Module, country: str, *, source_language: str, owner: Organisation, by: User, at: datetime
) -> Revision:
    """An empty national layer of the module: it claims nothing yet. Raises AdaptedAlready."""
    with transaction.atomic(durable=True):
        module = Module.objects.select_for_update().get(pk=module.pk)
        if module.editions.filter(country=country).exists():
            raise AdaptedAlready
        edition = Edition.objects.create(module=module, kind=Kind.LAYER, country=country, owner=owner)
        meta = {"source_language": source_language, "languages": [source_language], **NOTHING_ASKED}
        return begun(new_revision(edition, meta, by=by, at=at), by=by, at=at)


def start_module(
    key: str,
    *,
    owner: Organisation,
    source_language: str,
    about: Mapping[str, Any],
    first_lesson: str,
    by: User,
    at: datetime,
) -> Revision:
    """A module of `owner` with the draft of its core, which has one lesson of that title.

    `about` is what `save_about` takes. Raises ModuleKeyTaken.
    """
    with transaction.atomic(durable=True):
        lock(f"module:{key}")  # as an import does: a new module has no row yet that two could wait for
        if Module.objects.filter(key=key).exists():
            raise ModuleKeyTaken(key=key)
        meta = {**NOTHING_SAID, **about}
        module = Module.objects.create(
            key=key,
            owner=owner,
            source_language=source_language,
            **{name: meta[name] for name in ("subject", "title", "summary", "hours", "fact_keys")},
        )
        edition = Edition.objects.create(module=module, kind=Kind.CORE, owner=owner)
        draft = new_revision(edition, meta, by=by, at=at)
        Lesson.objects.create(
            revision=draft,
            position=1,
            key=key_for(first_lesson, ()),
            kind=Lesson.Kind.TEXT,
            title=first_lesson,
            minutes=10,
        )
        return begun(draft, by=by, at=at)


def new_revision(edition: Edition, meta: Mapping[str, Any], *, by: User, at: datetime) -> Revision:
    last = edition.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(edition=edition, number=last + 1, created_at=at, meta=dict(meta))


def begun(draft: Revision, *, by: User, at: datetime) -> Revision:
    settle(draft)
    draft.save(update_fields=["content_hash"])
    draft.authors.add(by)
    record("revision.started", draft, by=by, on_behalf_of=draft.edition.owner, at=at)
    return draft


def discard(revision: Revision, *, by: User, at: datetime) -> None:
    """Give a draft up, with its saved states. An edition, or a module, that has nothing else goes with it.

    Raises NotADraft, and DraftIsNeeded for a first core that translations, layers or courses rest on.
    """
    with transaction.atomic(durable=True):
        module = Module.objects.select_for_update().get(editions__revisions=revision)
        draft = locked(revision)
        if not draft.is_draft:
            raise NotADraft
        edition = draft.edition
        record("revision.discarded", draft, by=by, on_behalf_of=edition.owner, at=at, number=draft.number)
        draft.delete()
        if edition.revisions.exists():
            return
        if edition.kind != Kind.CORE:
            forget_facts(edition)
            edition.delete()
            return
        if module.editions.exclude(pk=edition.pk).exists() or module.course_items.exists():
            raise DraftIsNeeded
        edition.delete()
        Fact.objects.filter(module=module).delete()
        module.delete()


def forget_facts(edition: Edition) -> None:
    """Of a layer that never was: those that nobody states and nobody has looked at."""
    never = Fact.objects.filter(
        module=edition.module_id, country=edition.country, statements=None, checks=None
    )
    if edition.kind == Kind.LAYER:
        never.delete()
