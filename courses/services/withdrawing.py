"""Withdrawal: what was published is taken from those who have not begun, with a reason and perhaps a successor.

What is withdrawn takes every older revision of its edition with it, because no text becomes right again by a newer one
going. Whoever has started finishes. Translations and layers of a core rest with it: their rows stay as they are, and
are there again with the next core.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import Membership, Role, User, current
from lms.lib.places import pick
from lms.lib.site import absolute_url
from lms.records.services import record

from ..errors import (
    DayHasPassed,
    InEffectAlready,
    NoSuccessor,
    NotPublished,
    NotYetInEffect,
    ReasonMissing,
    WithdrawnForGood,
)
from ..models import Course, Edition, Module, Revision
from ..signals import revision_withdrawn
from .approving import Status, locked
from .letters import send_letter
from .publishing import refresh_module
from .sources import follow_sources, hold_sources

Kind = Edition.Kind


def withdraw(
    revision: Revision,
    *,
    reason: Mapping[str, str],
    by: User,
    at: datetime,
    on: date | None = None,
    successor: Revision | None = None,
) -> Revision:
    """Withdraw a published revision and all older ones of its edition, today or on a later day.

    `reason` is for learners, by language; `successor` is what they are pointed to. Said again before its day, it
    replaces what was said; once it is withdrawn nothing changes any more. The people who publish for the courses,
    translations and layers that rest on it get a letter.
    Raises NotPublished, NotYetInEffect, DayHasPassed, ReasonMissing, NoSuccessor. After commit: `revision_withdrawn`.
    """
    with transaction.atomic(durable=True):
        module, revision = held(revision)
        if revision.status == Status.WITHDRAWN:
            return revision
        today = timezone.localdate(at)
        check_withdrawal(revision, reason=reason, successor=successor, on=on or today, today=today)
        revision.withdraw_on, revision.withdrawal_reason = on or today, dict(reason)
        revision.successor = successor
        revision.save(update_fields=["withdraw_on", "withdrawal_reason", "successor"])
        record_change("revision.withdrawal_set", revision, by=by, at=at, day=revision.withdraw_on.isoformat())
        tell_concerned("withdrawal", revision, by=by, at=at)
        if revision.withdraw_on <= today:
            end(revision, by=by, at=at)
            refresh_module(module)
    return revision


def held(revision: Revision) -> tuple[Module, Revision]:
    """First the module, then the revision, as a publication locks them."""
    module = Module.objects.select_for_update().get(editions__revisions=revision)
    return module, locked(revision)


def check_withdrawal(
    revision: Revision, *, reason: Mapping[str, str], successor: Revision | None, on: date, today: date
) -> None:
    if revision.status != Status.PUBLISHED:
        raise NotPublished
    if revision.edition.upcoming_id == revision.pk:
        raise NotYetInEffect
    if on < today:
        raise DayHasPassed
    if not any(text.strip() for text in reason.values()):
        raise ReasonMissing
    if successor is None:
        return
    is_its_own = successor.edition_id == revision.edition_id and successor.number <= revision.number
    if is_its_own or not Revision.objects.published().filter(pk=successor.pk, withdraw_on=None).exists():
        raise NoSuccessor


def end(revision: Revision, *, by: User | None, at: datetime) -> None:
    """The day has come. In the caller's transaction, which holds the module's lock."""
    edition = revision.edition
    gone = edition.revisions.published().filter(number__lte=revision.number)
    pks = set(gone.values_list("pk", flat=True))
    gone.update(
        status=Status.WITHDRAWN,
        withdrawn_at=at,
        withdraw_on=revision.withdraw_on,
        withdrawal_reason=revision.withdrawal_reason,
        successor=revision.successor,
    )
    if edition.current_id in pks:
        hold_sources()
        edition.current = None
        edition.save(update_fields=["current"])
        follow_sources(edition, at=at)
    revision.refresh_from_db(fields=["status", "withdrawn_at"])
    record_change("revision.withdrawn", revision, by=by, at=at, number=revision.number)
    pk = revision.pk
    transaction.on_commit(
        lambda: revision_withdrawn.send_robust(sender=Revision, revision_id=pk), robust=True
    )


def take_back_withdrawal(revision: Revision, *, by: User, at: datetime) -> Revision:
    """As if it had never been said, while its day has not come. Again changes nothing. Raises WithdrawnForGood."""
    with transaction.atomic(durable=True):
        _module, revision = held(revision)
        if revision.status == Status.WITHDRAWN:
            raise WithdrawnForGood
        if revision.withdraw_on is None:
            return revision
        tell_concerned("withdrawal_taken_back", revision, by=by, at=at)
        revision.withdraw_on, revision.withdrawal_reason, revision.successor = None, {}, None
        revision.save(update_fields=["withdraw_on", "withdrawal_reason", "successor"])
        record_change("revision.withdrawal_taken_back", revision, by=by, at=at)
    return revision


def take_back_publication(revision: Revision, *, by: User, at: datetime) -> Revision:
    """What was published for a later day never takes effect. Nobody has read it; a new draft begins from it.

    Again changes nothing. Raises InEffectAlready once it has taken effect.
    """
    with transaction.atomic(durable=True):
        _module, revision = held(revision)
        if revision.status == Status.WITHDRAWN:
            return revision
        edition = revision.edition
        if edition.upcoming_id != revision.pk:
            raise InEffectAlready
        edition.upcoming = None
        edition.save(update_fields=["upcoming"])
        revision.status, revision.withdrawn_at = Status.WITHDRAWN, at
        revision.save(update_fields=["status", "withdrawn_at"])
        record_change("revision.publication_taken_back", revision, by=by, at=at)
    return revision


def record_change(act: str, revision: Revision, *, by: User | None, at: datetime, **values: Any) -> None:
    record(act, revision, by=by, on_behalf_of=revision.edition.owner, at=at, **values)


# --- Who is told ----------------------------------------------------------------------------------------------------


def tell_concerned(kind: str, revision: Revision, *, by: User, at: datetime) -> None:
    """A letter to each publisher of what rests on it, but to whoever does it. None where it is no longer in force."""
    edition, day = revision.edition, revision.withdraw_on
    if edition.current_id != revision.pk or day is None:
        return
    for publisher, courses in concerned(edition, at=at).items():
        if publisher == by:
            continue
        titles = [pick(course.title, [publisher.language])[0] for course in courses]
        send_letter(
            kind,
            key=f"{revision.pk}:{publisher.pk}:{at.isoformat()}",
            recipient=publisher.email,
            language=publisher.language,
            at=at,
            module=pick(edition.module.title, [publisher.language])[0],
            edition=edition,
            day=day,
            reason=pick(revision.withdrawal_reason, [publisher.language])[0],
            courses=titles,
            link=absolute_url(reverse("studio_module", args=[edition.module.key])),
        )


def concerned(edition: Edition, *, at: datetime) -> dict[User, list[Course]]:
    """Publishers, each with the courses of theirs that teach the module; of a core also those who adapt it."""
    courses = Course.objects.exclude(status=Course.Status.CLOSED).filter(items__module=edition.module)
    teaching = list(courses.select_related("owner").order_by("slug"))
    owners = {course.owner_id for course in teaching}
    if edition.kind == Kind.CORE:
        owners |= set(edition.module.editions.values_list("owner", flat=True))
    held = publishers(owners, at=at)
    return {
        person: [course for course in teaching if course.owner_id in organisations]
        for person, organisations in held.items()
    }


def publishers(owners: Iterable[int], *, at: datetime) -> dict[User, set[int]]:
    """Those who publish for any of these organisations today, and for which."""
    roles = Membership.objects.filter(
        current(timezone.localdate(at)), organisation__in=owners, role=Role.PUBLISHER, user__is_active=True
    )
    found: dict[User, set[int]] = {}
    for role in roles.select_related("user"):
        found.setdefault(role.user, set()).add(role.organisation_id)
    return found
