"""Publication: the moment a draft becomes text that nobody can change any more."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import Organisation, User
from lms.records.services import record

from .. import permissions
from ..approval import lacks_local_review, still_needed
from ..bundle import edition_assets
from ..errors import ApprovalsMissing, AuthorCannotApprove, ContentMissing, CoreNotPublished, NotInReview
from ..models import Edition, Module, Rendering, Revision
from ..selectors.drafts import edition_bundle, place_of
from ..signals import revision_published
from .approving import Status, locked
from .checking import record_checks
from .rendering import outline_of, renderings_of

Kind = Edition.Kind


def publish(
    revision: Revision, *, by: User, at: datetime, change_note: dict[str, str] | None = None
) -> Revision:
    """Freeze a reviewed revision with its safe HTML and make it what new learners read.

    `change_note`: what learners are told, by language; without it what was submitted.
    Publishing twice changes nothing. Raises NotInReview, AuthorCannotApprove, ApprovalsMissing, CoreNotPublished,
    ContentMissing. After commit: `revision_published`.
    """
    with transaction.atomic(durable=True):
        # First the module, then the revision, as an import locks them: the other way round they wait for each other.
        module = Module.objects.select_for_update().get(editions__revisions=revision)
        revision = locked(revision)
        if revision.status == Status.PUBLISHED:
            return revision
        check_ready(revision, by=by)
        leave_out_unused(revision)
        Rendering.objects.filter(revision=revision).delete()
        Rendering.objects.bulk_create(renderings_of(revision))
        if change_note is not None:
            revision.change_note = change_note
        freeze(revision, at=at)
        edition = revision.edition
        edition.current = revision
        edition.save(update_fields=["current"])
        if edition.kind == Kind.LAYER:
            record_checks(revision, by=by, at=at)
        refresh_module(module)
        record(
            "revision.published", revision, by=by, on_behalf_of=edition.owner, at=at, number=revision.number
        )
        pk = revision.pk
        transaction.on_commit(
            lambda: revision_published.send_robust(sender=Revision, revision_id=pk), robust=True
        )
    return revision


def check_ready(revision: Revision, *, by: User) -> None:
    if revision.status != Status.IN_REVIEW:
        raise NotInReview
    if permissions.wrote(by, revision):
        raise AuthorCannotApprove
    missing = still_needed(revision)
    if missing:
        raise ApprovalsMissing(needed=", ".join(need.words for need in missing))
    check_core(revision)


def check_core(revision: Revision) -> None:
    """A translation or layer speaks of lessons; they must be there."""
    if revision.edition.kind == Kind.CORE:
        return
    core = revision.edition.module.editions.select_related("current").get(kind=Kind.CORE).current
    if core is None:
        raise CoreNotPublished
    known = {lesson["key"] for lesson in core.outline}
    named = set(revision.lesson_translations.values_list("key", flat=True))
    named |= set(revision.panels.values_list("lesson_key", flat=True))
    if named - known:
        raise ContentMissing(keys=", ".join(sorted(named - known)))


def leave_out_unused(revision: Revision) -> None:
    """Files that no text shows stay with the authors: what is published, everybody may open."""
    used = edition_assets(edition_bundle(revision), place_of(revision.edition))
    revision.assets.exclude(path__in=used).delete()


def freeze(revision: Revision, *, at: datetime) -> None:
    revision.outline = outline_of(revision)
    revision.lacks_local_review = lacks_local_review(revision)
    revision.status, revision.published_at = Status.PUBLISHED, at
    revision.effective_on = revision.effective_on or timezone.localdate(at)
    written = ("outline", "lacks_local_review", "status", "change_note", "published_at", "effective_on")
    revision.save(update_fields=written)


def refresh_module(module: Module) -> None:
    """Write what catalogue pages ask of a module: names of the newest core, and which editions there are."""
    current = {
        edition: edition.current
        for edition in module.editions.exclude(current=None).select_related("current")
    }
    languages, countries = {module.source_language}, set()
    for edition, revision in current.items():
        if edition.kind == Kind.CORE and revision:
            take_names(module, revision.meta)
            take_co_owners(module, revision.meta)
        if edition.kind == Kind.TRANSLATION:
            languages.add(edition.language)
        if edition.kind == Kind.LAYER:
            countries.add(edition.country)
    module.languages, module.countries = sorted(languages), sorted(countries)
    module.save()


def take_names(module: Module, meta: dict[str, Any]) -> None:
    for name in ("title", "summary", "hours", "fact_keys", "subject"):
        setattr(module, name, meta[name])


def take_co_owners(module: Module, meta: dict[str, Any]) -> None:
    module.co_owners.set(Organisation.objects.partners().filter(slug__in=meta["co_owners"]))
