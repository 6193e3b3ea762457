"""Withdrawn: from whom, with what reason and successor, what follows for what rests on it, and what can be undone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from courses import errors
from courses.models import Course, Revision
from courses.services import (
    keep_day,
    publish_course,
    start_draft,
    take_back_withdrawal,
    update_course,
    withdraw,
)
from lms.accounts.models import Membership, Role
from lms.records.models import AuditEvent, Mail
from tests.conftest import LONG_AGO
from tests.courses.builders import build_course
from tests.courses.studio_builders import (
    FINNISH,
    changed_core,
    core_files,
    draft,
    files_of,
    published,
)

Status = Revision.Status
REASON = {"en": "The rules have changed.", "sv": "Reglerna har ändrats."}
TODAY = date(2026, 11, 20)
LATER = TODAY + timedelta(days=10)


@pytest.fixture
def core(author, publisher, other_publisher, now) -> Revision:
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def newer(core, author, publisher, other_publisher, now) -> Revision:
    written = draft(changed_core("One core", "A core"), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def other(author, publisher, other_publisher, now) -> Revision:
    """The core of another module."""
    written = draft(core_files("other-module"), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


def again(revision: Revision) -> Revision:
    return Revision.objects.select_related("edition__module", "edition__current").get(pk=revision.pk)


def acts(revision: Revision) -> list[str]:
    events = AuditEvent.objects.filter(chain=f"courses.revision:{revision.pk}").order_by("seq")
    return list(events.values_list("act", flat=True))


# --- At once ----------------------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_there_for_nobody_new(core, other, publisher, now):
    withdraw(core, reason=REASON, successor=other, by=publisher, at=now)
    gone = again(core)
    assert (gone.status, gone.withdrawn_at, gone.withdraw_on) == (Status.WITHDRAWN, now, TODAY)
    assert (gone.withdrawal_reason, gone.successor) == (REASON, other)
    assert gone.edition.current is None
    assert (gone.edition.module.languages, gone.edition.module.countries) == (["en"], [])
    assert acts(core)[-2:] == ["revision.withdrawal_set", "revision.withdrawn"]


def test_older_revisions_go_with_it(newer, core, publisher, now):
    withdraw(newer, reason=REASON, by=publisher, at=now)
    assert [again(each).status for each in (core, newer)] == [Status.WITHDRAWN] * 2
    assert again(core).withdrawal_reason == REASON


def test_an_older_one_alone_leaves_the_newer_in_force(newer, core, publisher, now):
    withdraw(core, reason=REASON, successor=newer, by=publisher, at=now)
    assert [again(each).status for each in (core, newer)] == [Status.WITHDRAWN, Status.PUBLISHED]
    assert again(newer).edition.current == newer


def test_twice_changes_nothing(core, publisher, now):
    withdraw(core, reason=REASON, by=publisher, at=now)
    withdraw(core, reason={"en": "Other words."}, by=publisher, at=now)
    assert again(core).withdrawal_reason == REASON
    assert acts(core).count("revision.withdrawn") == 1


def test_translations_and_layers_of_a_withdrawn_core_rest_and_come_back(
    core, author, publisher, other_publisher, finnish_publisher, now
):
    layer = draft(files_of(FINNISH), by=None, at=now)
    published(layer, author=author, publishers=[finnish_publisher], at=now)
    module = again(core).edition.module
    assert module.countries == ["FI"]
    withdraw(core, reason=REASON, by=publisher, at=now)
    layer = again(layer)
    assert (layer.status, layer.edition.current, layer.edition.module.countries) == (
        Status.PUBLISHED,
        layer,
        [],
    )
    written = draft(changed_core("One core", "A core"), by=author, at=now)
    published(written, author=author, publishers=[publisher, other_publisher], at=now)
    assert again(core).edition.module.countries == ["FI"]


def test_a_new_revision_begins_from_what_was_withdrawn(core, author, publisher, now):
    withdraw(core, reason=REASON, by=publisher, at=now)
    begun = start_draft(core.edition, by=author, at=now)
    assert (begun.number, begun.lessons.count()) == (2, core.lessons.count())


# --- On a later day ---------------------------------------------------------------------------------------------------


def test_until_its_day_nothing_changes_and_then_all_at_once(core, publisher, now):
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    keep_day(at=now + timedelta(days=9))
    assert (again(core).status, again(core).edition.current) == (Status.PUBLISHED, core)
    assert keep_day(at=now + timedelta(days=10)) == 1
    assert (again(core).status, again(core).edition.current) == (Status.WITHDRAWN, None)
    assert keep_day(at=now + timedelta(days=10)) == 0
    assert acts(core)[-2:] == ["revision.withdrawal_set", "revision.withdrawn"]


def test_until_its_day_it_is_taken_back(core, other, publisher, now):
    withdraw(core, reason=REASON, on=LATER, successor=other, by=publisher, at=now)
    for _twice in range(2):
        take_back_withdrawal(core, by=publisher, at=now)
    kept = again(core)
    assert (kept.withdraw_on, kept.withdrawal_reason, kept.successor) == (None, {}, None)
    assert keep_day(at=now + timedelta(days=10)) == 0
    assert acts(core)[-2:] == ["revision.withdrawal_set", "revision.withdrawal_taken_back"]


def test_said_again_before_its_day_the_last_word_holds(core, publisher, now):
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    withdraw(core, reason={"en": "Better words."}, on=LATER + timedelta(days=1), by=publisher, at=now)
    assert (again(core).withdraw_on, again(core).withdrawal_reason) == (
        LATER + timedelta(days=1),
        {"en": "Better words."},
    )


def test_once_withdrawn_it_is_not_taken_back(core, publisher, now):
    withdraw(core, reason=REASON, by=publisher, at=now)
    with pytest.raises(errors.WithdrawnForGood, match="Begin a new revision from it"):
        take_back_withdrawal(core, by=publisher, at=now)


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [{}, {"en": " "}])
def test_without_a_reason_nothing_is_withdrawn(core, publisher, now, reason):
    with pytest.raises(errors.ReasonMissing, match="Say why it is withdrawn"):
        withdraw(core, reason=reason, by=publisher, at=now)
    assert again(core).status == Status.PUBLISHED


def test_a_day_that_has_passed_is_refused(core, publisher, now):
    with pytest.raises(errors.DayHasPassed, match="Choose today or a later day"):
        withdraw(core, reason=REASON, on=TODAY - timedelta(days=1), by=publisher, at=now)


def test_a_draft_is_not_withdrawn(core, author, publisher, now):
    begun = start_draft(core.edition, by=author, at=now)
    with pytest.raises(errors.NotPublished, match="Only what is published"):
        withdraw(begun, reason=REASON, by=publisher, at=now)


def test_a_successor_must_stand_and_be_another(core, newer, other, publisher, now):
    withdraw(other, reason=REASON, on=LATER, by=publisher, at=now)
    for successor in (newer, core, other):
        with pytest.raises(errors.NoSuccessor, match="must be published and stay so"):
            withdraw(newer, reason=REASON, successor=successor, by=publisher, at=now)
    assert again(newer).withdraw_on is None


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.PUBLISHED},
        {"withdrawal_reason": {"en": "Never mind."}},
        {"withdraw_on": None},
        {"successor": None},
    ],
)
def test_the_database_keeps_a_withdrawal(core, other, publisher, now, change):
    withdraw(core, reason=REASON, successor=other, by=publisher, at=now)
    with pytest.raises(IntegrityError, match="a withdrawn revision stays withdrawn"), transaction.atomic():
        Revision.objects.filter(pk=core.pk).update(**change)


# --- Courses ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def course(core) -> Course:
    return build_course("of-it", modules=[core.edition.module], owner=core.edition.owner)


def test_a_course_with_a_withdrawn_module_takes_no_learners_and_cannot_be_published(
    core, course, publisher, now
):
    assert list(Course.objects.taking_learners()) == [course]
    withdraw(core, reason=REASON, by=publisher, at=now)
    assert not Course.objects.taking_learners().exists()
    Course.objects.filter(pk=course.pk).update(status=Course.Status.DRAFT)
    with pytest.raises(errors.NothingToTeach, match="small-module"):
        publish_course(course, by=publisher, at=now)


def test_with_the_successor_in_its_place_it_takes_learners_again(core, other, course, publisher, now):
    withdraw(core, reason=REASON, successor=other, by=publisher, at=now)
    update_course(course, items=[(other.edition.module, None)], by=publisher, at=now)
    assert list(Course.objects.taking_learners()) == [course]


# --- Who is told ------------------------------------------------------------------------------------------------------


@pytest.fixture
def swedish_course(core, other_publisher) -> Course:
    """Of the academy, whose publisher reads Swedish."""
    other_publisher.language = "sv"
    other_publisher.save()
    academy = other_publisher.memberships.get().organisation
    return build_course(
        "kurs", modules=[core.edition.module], owner=academy, title={"en": "C", "sv": "K & L"}
    )


def test_publishers_of_courses_with_it_get_a_letter_in_their_language(
    core, course, swedish_course, publisher, other_publisher, now
):
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    letter = Mail.objects.get()
    assert (letter.kind, letter.recipient, letter.language) == ("withdrawal", other_publisher.email, "sv")
    assert "Reglerna har ändrats." in letter.body
    assert "– K & L" in letter.body
    assert "<li>K &amp; L</li>" in letter.html
    assert f"/studio/modules/{core.edition.module.key}/" in letter.body


def test_those_who_adapt_it_get_one_too(core, author, publisher, finnish_publisher, now):
    layer = draft(files_of(FINNISH), by=None, at=now)
    published(layer, author=author, publishers=[finnish_publisher], at=now)
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    assert "rests from that day" in Mail.objects.get(recipient=finnish_publisher.email).body


def test_who_has_the_role_no_longer_or_does_it_gets_none(
    core, swedish_course, publisher, other_publisher, now
):
    Membership.objects.filter(user=other_publisher).update(ends_on=LONG_AGO)
    Membership.objects.create(
        user=publisher, organisation=swedish_course.owner, role=Role.PUBLISHER, starts_on=LONG_AGO
    )
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    assert not Mail.objects.exists()


def test_taking_it_back_is_said_too(core, swedish_course, publisher, other_publisher, now):
    withdraw(core, reason=REASON, on=LATER, by=publisher, at=now)
    take_back_withdrawal(core, by=publisher, at=now)
    kinds = Mail.objects.filter(recipient=other_publisher.email).values_list("kind", flat=True)
    assert set(kinds) == {"withdrawal", "withdrawal_taken_back"}
