"""A fact is verified by a source, a date and a reference: the database has the last word; what came before stands."""

import pytest
from django.db import IntegrityError, transaction

from courses.errors import DraftHasProblems
from courses.models import Fact, FactStatement, Revision
from courses.services import approve, publish, start_draft, submit
from lms.records.services import erasing
from tests.conftest import with_role

from .studio_builders import core_files, draft, files_of, published


@pytest.fixture
def core(author, partners, publisher, other_publisher, now):
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def finnish_author(pharma_centre):
    return with_role("finnish-author", "author", pharma_centre)


@pytest.fixture
def layer(core, finnish_author, now):
    return draft(files_of("countries/"), by=finnish_author, at=now)


def refusal_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return str(refused.value)


def test_the_database_takes_no_verified_fact_without_a_reference(layer, core, now):
    stated = layer.statements.filter(fact__key="ct.ethics")
    assert "a verified fact needs a reference" in refusal_of(lambda: stated.update(legal_ref=""))
    other = Fact.objects.create(module=core.edition.module, key="ct.other", country="FI")
    new = FactStatement(
        revision=layer,
        fact=other,
        position=9,
        status="verified",
        verified_on=now.date(),
        source_url="https://a.org",
    )
    assert "a verified fact needs a reference" in refusal_of(new.save)
    assert stated.get().legal_ref == "Act 983/2021"


def test_what_was_verified_before_stands_and_waits_in_a_new_draft(
    layer, finnish_author, finnish_publisher, now
):
    with erasing("as it was before references were asked for"):
        layer.statements.filter(fact__key="ct.ethics").update(legal_ref="")
    Revision.objects.filter(pk=layer.pk).update(
        status="in_review"
    )  # as submitted under the rules of that day
    layer.refresh_from_db()
    approve(layer, by=finnish_publisher, at=now)
    out = publish(layer, by=finnish_publisher, at=now)
    assert out.statements.get(fact__key="ct.ethics").status == "verified"
    begun = start_draft(out.edition, by=finnish_author, at=now)
    assert begun.statements.get(fact__key="ct.ethics").status == "confirm"


def test_a_draft_from_before_says_what_is_missing_at_submission(layer, finnish_author, now):
    with erasing("as it was before references were asked for"):
        layer.statements.filter(fact__key="ct.ethics").update(legal_ref="")
    with pytest.raises(DraftHasProblems) as refused:
        submit(layer, by=finnish_author, at=now)
    assert [each.message for each in refused.value.problems] == [
        "The verified fact “ct.ethics” has no reference. Add legal_ref (the article of law, or the document or page "
        "that says it), or set status: confirm."
    ]
