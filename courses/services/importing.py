"""The one door for content: bundles become drafts. Importing never publishes, and never touches what is published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from lms.accounts.models import Organisation, User
from lms.lib.locks import lock
from lms.lib.site import absolute_url
from lms.records.services import record

from .. import permissions
from ..bundle import BundleRefused, check_against_core, edition_assets, edition_hashes
from ..bundle.bodies import anchors_of
from ..content import Bundle, LayerContent, LessonOutline
from ..errors import InReview, KeyTakenByAnother, NoCoreYet, OwnedByAnother, UnknownOwner
from ..models import Edition, Module, Revision
from ..selectors.quizzes import question_content
from . import storing
from .editing import keep_state

Kind = Edition.Kind


class Change(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class ImportedEdition:
    edition: Edition
    revision: Revision
    change: Change


@dataclass(frozen=True)
class ImportOutcome:
    module: Module
    editions: tuple[ImportedEdition, ...]
    warnings: tuple[Any, ...]

    @property
    def changed(self) -> bool:
        return any(edition.change is not Change.UNCHANGED for edition in self.editions)


@dataclass(frozen=True)
class Part:
    """One edition of a bundle, on its way into the database."""

    place: str
    kind: str
    content: Any
    content_hash: str
    language: str = ""
    country: str = ""


@dataclass(frozen=True)
class Manner:
    """How a bundle is taken. `owners` says who owns translations that are new, by language, for no file of theirs does.

    `is_pull`: an edition whose files are those of its last import stays as it is, whatever was written here since. So a
    folder can be imported every night. `for_all`: whoever brings it answers for every partner, as administrators do.
    `is_programme`: what is as it is published is no news, whoever may be writing the next revision.
    """

    owners: Mapping[str, str] = field(default_factory=dict)
    is_pull: bool = False
    for_all: bool = False
    is_programme: bool = False


def import_bundle(
    bundle: Bundle, *, by: User | None, at: datetime, manner: Manner | None = None
) -> ImportOutcome:
    """Store every edition of the bundle as its open draft, all of them or none.

    The same content again changes nothing. `by` None is the operator at the command line, who may import for any
    partner; a user only for the organisations they write for. Raises the ImportRefused errors of courses.errors.
    """
    with transaction.atomic(durable=True):
        outcome = import_rows(bundle, by=by, at=at, manner=manner)
        storing.write_files(bundle)
    return outcome


def check_import(bundle: Bundle, *, by: User | None, at: datetime) -> ImportOutcome:
    """What `import_bundle` would do or refuse, found out by doing it and taking it back. Nothing is kept."""
    with transaction.atomic(durable=True):
        outcome = import_rows(bundle, by=by, at=at)
        transaction.set_rollback(True)
    return outcome


def import_rows(
    bundle: Bundle, *, by: User | None, at: datetime, manner: Manner | None = None
) -> ImportOutcome:
    """Within a transaction of the caller's, who writes the files at its end."""
    module = find_or_create_module(bundle, by=by)
    notes = check_with_stored_core(bundle, module)
    assets = storing.asset_rows(bundle, at=at)
    manner = manner or Manner()
    imported = tuple(
        import_part(module, bundle, part, assets, manner=manner, by=by, at=at) for part in parts_of(bundle)
    )
    return ImportOutcome(module, imported, (*bundle.warnings, *notes))


def check_with_stored_core(bundle: Bundle, module: Module) -> list[Any]:
    """Translations and layers that come without a core must fit the one that is here. Returns warnings."""
    if bundle.core is not None:
        return []
    core = module.editions.get(kind=Kind.CORE)
    revision = core.revisions.open().first() or core.current
    problems = check_against_core(bundle, stored_outline(revision) if revision else {})
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise BundleRefused(errors)
    return problems


def stored_outline(core: Revision) -> dict[str, LessonOutline]:
    options: dict[str, dict[str, tuple[str, ...]]] = {}
    for question in core.questions.all():
        options.setdefault(question.lesson_key, {})[question.key] = question_content(question).option_keys
    return {
        lesson.key: LessonOutline(
            kind=lesson.kind,
            anchors=anchors_of(lesson.body),
            questions=options.get(lesson.key, {}),
            text_hash=lesson.text_hash,
        )
        for lesson in core.lessons.all()
    }


def parts_of(bundle: Bundle) -> Iterator[Part]:
    hashes = edition_hashes(bundle)
    if bundle.core:
        yield Part("core", Kind.CORE, bundle.core, hashes["core"])
    for language, translation in sorted(bundle.translations.items()):
        place = f"translations/{language}"
        yield Part(place, Kind.TRANSLATION, translation, hashes[place], language=language)
    for country, layer in sorted(bundle.layers.items()):
        place = f"countries/{country}"
        yield Part(place, Kind.LAYER, layer, hashes[place], country=country)


def partner(slug: str, file: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug, kind=Organisation.Kind.PARTNER).first()
    if found is None:
        raise UnknownOwner(slug=slug, file=file)
    return found


def find_or_create_module(bundle: Bundle, *, by: User | None) -> Module:
    info = bundle.module
    owner = partner(info.owner, "module.yaml")
    lock(f"module:{info.key}")  # a new module has no row yet that two imports could wait for
    module = Module.objects.select_for_update().filter(key=info.key).first()
    if module is not None:
        if module.owner_id != owner.pk:
            raise KeyTakenByAnother(key=info.key, organisation=module.owner.name)
        return module
    if bundle.core is None:
        raise NoCoreYet(key=info.key)
    return Module.objects.create(
        key=info.key,
        owner=owner,
        subject=info.subject,
        source_language=info.source_language,
        title=dict(info.title),
        summary=dict(info.summary),
        hours=info.hours,
        fact_keys=list(info.fact_keys),
    )


def import_part(
    module: Module,
    bundle: Bundle,
    part: Part,
    assets: storing.StoredAssets,
    *,
    manner: Manner,
    by: User | None,
    at: datetime,
) -> ImportedEdition:
    edition = find_or_create_edition(module, part, manner, by=by)
    draft = edition.revisions.open().select_for_update().first()
    known = draft or edition.upcoming or edition.current
    if known is not None and known.content_hash == part.content_hash:
        remember_import(edition, part)
        return ImportedEdition(edition, known, Change.UNCHANGED)
    if known is not None and manner.is_programme and is_nothing_new(edition, draft, part):
        remember_import(edition, part)
        return ImportedEdition(edition, known, Change.UNCHANGED)
    newest = edition.revisions.order_by("-number").first()
    if manner.is_pull and newest is not None and edition.imported_hash == part.content_hash:
        return ImportedEdition(edition, known or newest, Change.UNCHANGED)
    if by is not None and not manner.for_all and not permissions.can_edit(by, edition):
        raise OwnedByAnother(edition=str(edition), organisation=edition.owner.name)
    if draft is not None and not draft.is_draft:
        raise InReview(
            edition=str(edition), address=absolute_url(reverse("studio_revision", args=[draft.pk]))
        )
    if part.kind == Kind.CORE:
        name_co_owners(edition, bundle)
    revision = open_draft(edition, draft, bundle, part, by=by, at=at)
    used = edition_assets(bundle, part.place)
    storing.store_content(revision, part.content, {path: assets[path] for path in used})
    remember_import(edition, part)
    if by is not None:
        revision.authors.add(by)
    record("revision.imported", revision, by=by, on_behalf_of=edition.owner, at=at, content=part.content_hash)
    return ImportedEdition(edition, revision, Change.UPDATED if draft else Change.CREATED)


def is_nothing_new(edition: Edition, draft: Revision | None, part: Part) -> bool:
    """What is published already, unless the open draft is an import of another state that nobody has touched since."""
    is_published = edition.current is not None and edition.current.content_hash == part.content_hash
    return is_published and not (draft and draft.is_draft and draft.content_hash == edition.imported_hash)


def remember_import(edition: Edition, part: Part) -> None:
    if edition.imported_hash != part.content_hash:
        edition.imported_hash = part.content_hash
        edition.save(update_fields=["imported_hash"])


def name_co_owners(core: Edition, bundle: Bundle) -> None:
    """Who works on the module is the draft's word until something is published; then it changes with a publication."""
    named = [partner(slug, "module.yaml") for slug in bundle.module.co_owners]
    if core.current_id is None and core.upcoming_id is None:
        core.module.co_owners.set(named)


def find_or_create_edition(module: Module, part: Part, manner: Manner, *, by: User | None) -> Edition:
    names = {"module": module, "kind": part.kind, "language": part.language, "country": part.country}
    edition = Edition.objects.filter(**names).select_related("owner", "module", "current", "upcoming").first()
    return edition or Edition.objects.create(owner=owner_of(module, part, manner, by=by), **names)


def owner_of(module: Module, part: Part, manner: Manner, *, by: User | None) -> Organisation:
    """A layer names its owner; the core is the module's; a translation belongs to whoever brings it."""
    if manner.for_all and part.kind == Kind.TRANSLATION and part.language in manner.owners:
        return partner(manner.owners[part.language], "programme.yaml")
    if isinstance(part.content, LayerContent):
        return partner(part.content.owner, f"countries/{part.country}/layer.yaml")
    if part.kind == Kind.TRANSLATION and by is not None and not permissions.writes_for(by, module.owner):
        return permissions.studio_organisations(by).first() or module.owner
    return module.owner


def open_draft(
    edition: Edition, draft: Revision | None, bundle: Bundle, part: Part, *, by: User | None, at: datetime
) -> Revision:
    """The edition's one draft, emptied for new content; what it held is kept as a saved state."""
    meta = storing.meta_of(bundle, part.content)
    if draft is None:
        last = edition.revisions.aggregate(last=Max("number"))["last"] or 0
        return Revision.objects.create(
            edition=edition, number=last + 1, created_at=at, meta=meta, content_hash=part.content_hash
        )
    keep_state(draft, by=by, at=at, act="imported")
    storing.empty(draft)
    draft.approvals.all().delete()
    draft.version += 1
    draft.meta, draft.content_hash = meta, part.content_hash
    draft.save(update_fields=["version", "meta", "content_hash"])
    return draft
