"""Publication: the moment a draft becomes text that nobody can change any more, and the day it takes effect."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from lms.accounts.models import Organisation, User
from lms.records.services import record

from .. import permissions
from ..approval import lacks_local_review, still_needed
from ..bundle import edition_assets
from ..errors import (
    ApprovalsMissing,
    AuthorCannotApprove,
    ContentMissing,
    CoreNotPublished,
    DayHasPassed,
    IsToBeWithdrawn,
    NotInReview,
    OnlyMajorIsRetaken,
    RetakenTooEarly,
    WaitsAlready,
)
from ..models import Edition, Module, Rendering, Revision
from ..selectors.drafts import edition_bundle, place_of
from ..signals import revision_published
from .approving import Status, locked
from .checking import record_checks
from .rendering import outline_of, renderings_of
from .sources import follow_sources, hold_sources

Kind = Edition.Kind


def publish(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    change_note: dict[str, str] | None = None,
    effective_on: date | None = None,
    retake_by: date | None = None,
    together: Iterable[Revision] = (),
) -> Revision:
    """Freeze a reviewed revision with its safe HTML and make it what new learners read, today or on a later day.

    `change_note`: what learners are told, by language; without it what was submitted. `retake_by`: of a major one,
    until when those who learn or have learnt an earlier one should take it again. `together`: other editions of the
    same module that go out with it, all or none. Publishing twice changes nothing.
    Raises NotInReview, AuthorCannotApprove, ApprovalsMissing, CoreNotPublished, ContentMissing, DayHasPassed,
    WaitsAlready, IsToBeWithdrawn, OnlyMajorIsRetaken, RetakenTooEarly. Once it is in effect: `revision_published`.
    """
    with transaction.atomic(durable=True):
        # First the module, then its revisions, as an import locks them: the other way round they wait for each other.
        module = Module.objects.select_for_update().get(editions__revisions=revision)
        revision = locked(revision)
        if revision.status == Status.PUBLISHED:
            return revision
        if change_note is not None:
            revision.change_note = change_note
        revision.effective_on, revision.retake_by = effective_on, retake_by
        others = [locked(each) for each in together if each.pk != revision.pk]
        for each in others:
            each.effective_on = effective_on
        for each in core_first([revision, *others]):
            put_out(each, module, by=by, at=at)
        refresh_module(module)
    return revision


def core_first(revisions: Iterable[Revision]) -> list[Revision]:
    """What speaks of lessons comes after what has them."""
    return sorted(revisions, key=lambda each: (each.edition.kind != Kind.CORE, each.pk))


def put_out(revision: Revision, module: Module, *, by: User, at: datetime) -> None:
    """In the caller's transaction, which holds the module's lock."""
    check_ready(revision, module, by=by)
    revision.effective_on = revision.effective_on or timezone.localdate(at)
    check_days(revision, on=timezone.localdate(at))
    check_core(revision)
    leave_out_unused(revision)
    Rendering.objects.filter(revision=revision).delete()
    Rendering.objects.bulk_create(renderings_of(revision))
    freeze(revision, at=at)
    edition = revision.edition
    day = revision.effective_on.isoformat()
    record(
        "revision.published",
        revision,
        by=by,
        on_behalf_of=edition.owner,
        at=at,
        number=revision.number,
        effective_on=day,
    )
    if revision.effective_on <= timezone.localdate(at):
        bring_into_effect(revision, by=by, at=at)
    else:
        edition.upcoming = revision
        edition.save(update_fields=["upcoming"])


def check_ready(revision: Revision, module: Module, *, by: User) -> None:
    edition = revision.edition
    if revision.status != Status.IN_REVIEW or edition.module_id != module.pk:
        raise NotInReview
    if permissions.wrote(by, revision):
        raise AuthorCannotApprove
    missing = still_needed(revision)
    if missing:
        raise ApprovalsMissing(needed=", ".join(need.words for need in missing))
    if edition.upcoming and edition.upcoming.effective_on:
        raise WaitsAlready(number=edition.upcoming.number, day=date_format(edition.upcoming.effective_on))
    if edition.current and edition.current.withdraw_on:
        raise IsToBeWithdrawn(number=edition.current.number, day=date_format(edition.current.withdraw_on))


def check_days(revision: Revision, *, on: date) -> None:
    effective_on, retake_by = revision.effective_on or on, revision.retake_by
    if effective_on < on:
        raise DayHasPassed
    if retake_by is None:
        return
    if revision.change_class != Revision.ChangeClass.MAJOR:
        raise OnlyMajorIsRetaken
    if retake_by <= effective_on:
        raise RetakenTooEarly


def check_core(revision: Revision) -> None:
    """A translation or layer speaks of lessons; they must be there on the day it takes effect."""
    if revision.edition.kind == Kind.CORE:
        return
    editions = revision.edition.module.editions.select_related("current", "upcoming")
    edition = editions.get(kind=Kind.CORE)
    core, upcoming = edition.current, edition.upcoming
    if upcoming and revision.effective_on and upcoming.effective_on:
        core = upcoming if upcoming.effective_on <= revision.effective_on else core
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


FROZEN = [
    "outline",
    "lacks_local_review",
    "status",
    "change_note",
    "published_at",
    "effective_on",
    "retake_by",
]


def freeze(revision: Revision, *, at: datetime) -> None:
    revision.outline = outline_of(revision)
    revision.lacks_local_review = lacks_local_review(revision)
    revision.status, revision.published_at = Status.PUBLISHED, at
    revision.effective_on = revision.effective_on or timezone.localdate(at)
    revision.save(update_fields=FROZEN)


def bring_into_effect(revision: Revision, *, by: User | None, at: datetime) -> None:
    """From now on whoever begins reads it. In the caller's transaction, which holds the module's lock."""
    edition = revision.edition
    hold_sources()
    edition.current = revision
    if edition.upcoming_id == revision.pk:
        edition.upcoming = None
    edition.save(update_fields=["current", "upcoming"])
    if edition.kind == Kind.LAYER:
        record_checks(revision, by=by, at=at)
    follow_sources(edition, at=at)
    pk = revision.pk
    transaction.on_commit(
        lambda: revision_published.send_robust(sender=Revision, revision_id=pk), robust=True
    )


def refresh_module(module: Module) -> None:
    """Write what catalogue pages ask of a module: names of the newest core, and which editions there are.

    Without a core nobody can read its translations and layers, so it has none. Its names stay: pages still say it.
    """
    current = {
        edition: edition.current
        for edition in module.editions.exclude(current=None).select_related("current")
    }
    core = next((revision for edition, revision in current.items() if edition.kind == Kind.CORE), None)
    languages, countries = {module.source_language}, set()
    if core:
        take_names(module, core.meta)
        take_co_owners(module, core.meta)
        languages |= {edition.language for edition in current if edition.kind == Kind.TRANSLATION}
        countries |= {edition.country for edition in current if edition.kind == Kind.LAYER}
    module.languages, module.countries = sorted(languages), sorted(countries)
    module.save()


def take_names(module: Module, meta: dict[str, Any]) -> None:
    for name in ("title", "summary", "hours", "fact_keys", "subject"):
        setattr(module, name, meta[name])


def take_co_owners(module: Module, meta: dict[str, Any]) -> None:
    module.co_owners.set(Organisation.objects.partners().filter(slug__in=meta["co_owners"]))
