"""Looking at sources again: a check is a dated fact of its own and makes no new version of any text."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import Organisation, User
from lms.records.services import record

from ..content import REVIEW_MONTHS, months_after
from ..models import Fact, FactCheck, FactStatement, Revision


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
    today = timezone.localdate(at)
    with transaction.atomic(durable=True):
        check = write_check(
            fact,
            status=status,
            checked_on=today,
            review_due_on=review_due_on or months_after(today, REVIEW_MONTHS),
            organisation=organisation,
            by=by,
            at=at,
        )
        record(
            "fact.checked", fact, by=by, on_behalf_of=organisation, at=at, meaning="REVIEWED", status=status
        )
    return check


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
    return fact.checks.create(
        checked_on=checked_on,
        review_due_on=review_due_on,
        by=by,
        organisation=organisation,
        status=status,
        recorded_at=at,
    )
