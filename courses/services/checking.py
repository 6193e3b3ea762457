"""Looking at sources again: a check is a dated fact of its own and makes no new version of any text."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lms.accounts.models import Organisation, User
from lms.records.services import record

from ..content import REVIEW_MONTHS, months_after
from ..errors import FactsNotAsShown, NothingToTakeBack
from ..models import Fact, FactCheck, FactStatement, Revision
from ..permissions import CHECKABLE
from ..selectors.keeping import forget_kept


def record_checks(revision: Revision, *, by: User | None, at: datetime) -> None:
    """With a layer's publication its facts take the status and dates that it gives them, where it says something new.

    A look at the source that is younger than the layer's own stands: publishing again takes back no check.
    """
    said_before = statements_before(revision)
    for statement in revision.statements.select_related("fact"):
        fact, checked_on = statement.fact, statement.verified_on
        is_older = checked_on is not None and fact.checked_on is not None and checked_on < fact.checked_on
        if is_older or said_before.get(fact.pk) == what_it_says(statement):
            continue
        write_check(
            fact,
            status=statement.status,
            # Taking "verified" back names no day, and unmakes none.
            checked_on=checked_on or fact.checked_on,
            review_due_on=statement.review_due_on or fact.review_due_on,
            organisation=revision.edition.owner,
            by=by,
            at=at,
        )


def statements_before(revision: Revision) -> dict[int, tuple[Any, ...]]:
    """What the publication before this one said of each fact."""
    published = revision.edition.revisions.filter(published_at__isnull=False, number__lt=revision.number)
    before = published.order_by("-number").first()
    return {each.fact_id: what_it_says(each) for each in before.statements.all()} if before else {}


def what_it_says(statement: FactStatement) -> tuple[Any, ...]:
    return statement.status, statement.verified_on, statement.review_due_on


def check_fact(
    fact: Fact,
    *,
    status: str,
    organisation: Organisation,
    by: User,
    at: datetime,
    review_due_on: date | None = None,
) -> FactCheck:
    """Say what a look at the source gave today. Without a date the next look is due in six months."""
    with transaction.atomic(durable=True):
        return look(fact, status=status, organisation=organisation, by=by, at=at, review_due_on=review_due_on)


def look(
    fact: Fact,
    *,
    status: str,
    organisation: Organisation,
    by: User,
    at: datetime,
    review_due_on: date | None = None,
) -> FactCheck:
    today = timezone.localdate(at)
    check = write_check(
        fact,
        status=status,
        checked_on=today,
        review_due_on=review_due_on or months_after(today, REVIEW_MONTHS),
        organisation=organisation,
        by=by,
        at=at,
    )
    record("fact.checked", fact, by=by, on_behalf_of=organisation, at=at, meaning="REVIEWED", status=status)
    return check


def check_unchanged(statements: Iterable[FactStatement], *, by: User, at: datetime) -> list[FactCheck]:
    """Each of these statements was held against its source today and stands as it was, or none is recorded.

    A fact that its organisation has already looked at today gets no second check. Raises FactsNotAsShown where a
    statement is not what its country says now, or where there is nothing that could be checked.
    """
    today = timezone.localdate(at)
    with transaction.atomic(durable=True):
        read = list(statements_locked(statements))
        moved = [str(each.fact) for each in read if not is_checkable(each)]
        if moved:
            raise FactsNotAsShown(facts=", ".join(moved))
        return [
            look(each.fact, status=each.fact.status, organisation=owner, by=by, at=at)
            for each in read
            for owner in [each.revision.edition.owner]
            if (each.fact.checked_on, each.fact.checked_by_id) != (today, owner.pk)
        ]


def statements_locked(statements: Iterable[FactStatement]) -> QuerySet[FactStatement]:
    """With the facts as they are now; in one order, so that two of these do not wait for each other."""
    asked = FactStatement.objects.filter(pk__in=[each.pk for each in statements])
    related = asked.select_related("fact", "revision__edition__owner").select_for_update(of=("fact",))
    return related.order_by("fact_id")


def is_checkable(statement: FactStatement) -> bool:
    """What a layer says today, unless it says nothing yet or nothing any more."""
    is_current = statement.revision_id == statement.revision.edition.current_id
    return is_current and statement.fact.status in CHECKABLE


def take_back_checks(checks: Iterable[FactCheck], *, by: User, at: datetime) -> list[FactCheck]:
    """What was said of these facts before holds again, by checks of its own: nothing is ever removed.

    Only where nobody has looked since. Raises NothingToTakeBack where that is true of none of them.
    """
    with transaction.atomic(durable=True):
        taken = [taken_back(check, by=by, at=at) for check in sorted(checks, key=lambda each: each.fact_id)]
        found = [check for check in taken if check is not None]
        if not found:
            raise NothingToTakeBack
    return found


def taken_back(check: FactCheck, *, by: User, at: datetime) -> FactCheck | None:
    fact = Fact.objects.select_for_update().get(pk=check.fact_id)
    last = list(fact.checks.select_related("organisation").order_by("-pk")[:2])
    if len(last) < 2 or last[0].pk != check.pk:
        return None
    before = last[1]
    restored = write_check(
        fact,
        status=before.status,
        checked_on=before.checked_on,
        review_due_on=before.review_due_on,
        organisation=before.organisation,
        by=by,
        at=at,
    )
    record("fact.check_taken_back", fact, by=by, on_behalf_of=check.organisation, at=at, status=before.status)
    return restored


def write_check(
    fact: Fact,
    *,
    status: str,
    checked_on: date | None,
    review_due_on: date | None,
    organisation: Organisation,
    by: User | None,
    at: datetime,
) -> FactCheck:
    fact.status, fact.checked_on, fact.review_due_on = status, checked_on, review_due_on
    fact.checked_by = organisation if checked_on else None
    fact.save(update_fields=["status", "checked_on", "review_due_on", "checked_by"])
    transaction.on_commit(forget_kept, robust=True)
    return fact.checks.create(
        checked_on=checked_on,
        review_due_on=review_due_on,
        by=by,
        organisation=organisation,
        status=status,
        recorded_at=at,
    )
