"""Published for a later day: nothing changes before it, all of a module at once on it, with or without the job."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import errors
from courses.middleware import DayMiddleware
from courses.models import Edition, Fact, FactCheck, Rendering, Revision
from courses.services import approve, keep_day, publish, start_draft, submit, take_back_publication, withdraw
from courses.tasks import reconcile
from lms.records.models import AuditEvent
from tests.courses.studio_builders import (
    FINNISH,
    SWEDISH,
    changed_core,
    core_files,
    draft,
    files_of,
    published,
)

Status = Revision.Status
TODAY = date(2026, 11, 20)
DAYS = timedelta(days=10)
LATER = TODAY + DAYS


@pytest.fixture
def core(author, publisher, other_publisher, now) -> Revision:
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def reviewed(core, author, publisher, other_publisher, now) -> Revision:
    """The second revision of the core, approved by all."""
    return approved(
        draft(changed_core("One core", "A core"), by=author, at=now), author, publisher, other_publisher
    )


def approved(revision: Revision, author, *publishers, change_class: str = "major") -> Revision:
    submit(revision, change_class=change_class, by=author, at=timezone.now())
    for each in publishers:
        approve(revision, by=each, at=timezone.now())
    return Revision.objects.get(pk=revision.pk)


def edition(revision: Revision) -> Edition:
    return Edition.objects.select_related("current", "upcoming", "module").get(pk=revision.edition_id)


# --- The day ----------------------------------------------------------------------------------------------------------


def test_it_is_frozen_at_once_and_takes_effect_on_its_day(core, reviewed, publisher, now):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    waiting = edition(reviewed)
    assert (waiting.current, waiting.upcoming) == (core, reviewed)
    assert waiting.upcoming.status == Status.PUBLISHED
    assert Rendering.objects.filter(revision=reviewed).exists()
    assert keep_day(at=now + DAYS - timedelta(days=1)) == 0
    assert keep_day(at=now + DAYS) == 1
    assert keep_day(at=now + DAYS) == 0
    assert (edition(reviewed).current, edition(reviewed).upcoming) == (reviewed, None)
    acts = AuditEvent.objects.filter(chain=f"courses.revision:{reviewed.pk}").values_list("act", flat=True)
    assert list(acts.order_by("seq"))[-2:] == ["revision.published", "revision.took_effect"]


def test_today_is_at_once(core, reviewed, publisher, now):
    publish(reviewed, effective_on=TODAY, by=publisher, at=now)
    assert (edition(reviewed).current, edition(reviewed).upcoming) == (reviewed, None)


def test_names_of_the_module_change_on_the_day(core, author, publisher, other_publisher, now):
    files = core_files()
    files["module.yaml"] = files["module.yaml"].replace(b"en: ", b"en: New ", 1)
    renamed = approved(draft(files, by=author, at=now), author, publisher, other_publisher)
    before = core.edition.module.title
    publish(renamed, effective_on=LATER, by=publisher, at=now)
    assert edition(core).module.title == before
    keep_day(at=now + DAYS)
    assert edition(core).module.title == renamed.meta["title"] != before


def test_facts_take_what_a_layer_says_on_the_day(core, author, finnish_publisher, now):
    layer = approved(draft(files_of(FINNISH), by=None, at=now), author, finnish_publisher)
    publish(layer, effective_on=LATER, by=finnish_publisher, at=now)
    assert not FactCheck.objects.exists()
    keep_day(at=now + DAYS)
    assert FactCheck.objects.count() == Fact.objects.count() > 0
    assert edition(layer).module.countries == ["FI"]


def test_the_first_request_of_a_day_does_it_where_no_job_runs(
    client, core, reviewed, publisher, now, monkeypatch, django_assert_num_queries
):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    monkeypatch.setattr(DayMiddleware, "kept", None)
    monkeypatch.setattr("courses.middleware.timezone.now", lambda: now + DAYS)
    client.get("/robots.txt")
    assert edition(reviewed).current == reviewed
    with django_assert_num_queries(0):
        client.get("/robots.txt")


def test_what_cannot_be_done_takes_no_page_with_it_and_is_tried_again(client, db, now, monkeypatch, caplog):
    tries = []

    def broken(*, at):
        tries.append(at)
        raise ZeroDivisionError

    monkeypatch.setattr(DayMiddleware, "kept", None)
    monkeypatch.setattr(DayMiddleware, "not_before", None)
    monkeypatch.setattr("courses.middleware.keep_day", broken)
    for seconds in (0, 59, 60):
        moment = now + timedelta(seconds=seconds)
        monkeypatch.setattr("courses.middleware.timezone.now", lambda moment=moment: moment)
        assert client.get("/robots.txt").status_code == 200
    assert tries == [now, now + timedelta(seconds=60)]
    assert "could not be done yet" in caplog.text


def test_the_job_does_it_too(core, reviewed, publisher, now, monkeypatch):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    monkeypatch.setattr("courses.tasks.timezone.now", lambda: now + DAYS)
    reconcile()
    assert edition(reviewed).current == reviewed


def test_core_and_layer_of_one_day_take_effect_together(
    core, reviewed, author, publisher, finnish_publisher, now
):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    layer = approved(draft(files_of(FINNISH), by=None, at=now), author, finnish_publisher)
    publish(layer, effective_on=LATER, by=finnish_publisher, at=now)
    assert keep_day(at=now + DAYS) == 1
    assert (edition(reviewed).current, edition(layer).current) == (reviewed, layer)


def test_a_withdrawal_and_its_successor_change_places_on_one_day(core, reviewed, publisher, now):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    withdraw(core, reason={"en": "Wrong."}, on=LATER, successor=reviewed, by=publisher, at=now)
    keep_day(at=now + DAYS)
    assert edition(core).current == reviewed
    assert Revision.objects.get(pk=core.pk).status == Status.WITHDRAWN


# --- Taken back -------------------------------------------------------------------------------------------------------


def test_until_its_day_it_is_taken_back_and_a_new_draft_begins_from_it(
    core, reviewed, author, publisher, now
):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    for _twice in range(2):
        take_back_publication(reviewed, by=publisher, at=now)
    assert (edition(core).current, edition(core).upcoming) == (core, None)
    assert Revision.objects.get(pk=reviewed.pk).status == Status.WITHDRAWN
    assert keep_day(at=now + DAYS) == 0
    begun = start_draft(core.edition, by=author, at=now)
    assert begun.lessons.get(key="welcome").body == reviewed.lessons.get(key="welcome").body


def test_once_in_effect_it_is_not_taken_back(core, publisher, now):
    with pytest.raises(errors.InEffectAlready, match="has taken effect already"):
        take_back_publication(core, by=publisher, at=now)


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_a_day_that_has_passed_is_refused(core, reviewed, publisher, now):
    with pytest.raises(errors.DayHasPassed, match="Choose today or a later day"):
        publish(reviewed, effective_on=TODAY - timedelta(days=1), by=publisher, at=now)
    assert Revision.objects.get(pk=reviewed.pk).status == Status.IN_REVIEW


def test_behind_one_that_waits_nothing_is_published(core, reviewed, author, publisher, other_publisher, now):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    third = approved(start_draft(core.edition, by=author, at=now), author, publisher, other_publisher)
    with pytest.raises(
        errors.WaitsAlready, match="Revision 2 of this is published and takes effect on 30 Nov 2026"
    ):
        publish(third, by=publisher, at=now)


def test_behind_a_withdrawal_that_is_set_nothing_is_published(core, reviewed, publisher, now):
    withdraw(core, reason={"en": "Wrong."}, on=LATER, by=publisher, at=now)
    with pytest.raises(errors.IsToBeWithdrawn, match="Revision 1 of this is to be withdrawn on 30 Nov 2026"):
        publish(reviewed, by=publisher, at=now)


def test_what_waits_is_not_withdrawn_but_taken_back(core, reviewed, publisher, now):
    publish(reviewed, effective_on=LATER, by=publisher, at=now)
    with pytest.raises(errors.NotYetInEffect, match="take its publication back instead"):
        withdraw(reviewed, reason={"en": "Wrong."}, by=publisher, at=now)


# --- To be taken again ------------------------------------------------------------------------------------------------


def test_a_major_one_may_ask_to_be_taken_again(core, reviewed, publisher, now):
    publish(reviewed, retake_by=LATER, by=publisher, at=now)
    assert Revision.objects.get(pk=reviewed.pk).retake_by == LATER
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Revision.objects.filter(pk=reviewed.pk).update(retake_by=None)


def test_no_other_may(core, author, publisher, now):
    minor = approved(
        draft(changed_core("One core", "A core"), by=author, at=now), author, publisher, change_class="minor"
    )
    with pytest.raises(errors.OnlyMajorIsRetaken, match="Only a major change"):
        publish(minor, retake_by=LATER, by=publisher, at=now)
    with pytest.raises(IntegrityError, match="revision_retaken_when_major"), transaction.atomic():
        Revision.objects.filter(pk=minor.pk).update(retake_by=LATER)


@pytest.mark.parametrize("retake_by", [LATER, TODAY])
def test_not_before_it_is_in_effect(core, reviewed, publisher, now, retake_by):
    with pytest.raises(errors.RetakenTooEarly, match="Give learners time"):
        publish(reviewed, effective_on=LATER, retake_by=retake_by, by=publisher, at=now)


# --- Together ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def swedish(core, author, publisher, now) -> Revision:
    return approved(draft(files_of(SWEDISH), by=author, at=now), author, publisher)


def test_editions_go_out_together(reviewed, swedish, publisher, now):
    publish(reviewed, together=[swedish], effective_on=LATER, by=publisher, at=now)
    assert [edition(each).upcoming for each in (reviewed, swedish)] == [reviewed, swedish]
    assert keep_day(at=now + DAYS) == 1
    assert edition(reviewed).module.languages == ["en", "sv"]


def test_all_or_none(reviewed, swedish, publisher, now):
    swedish.approvals.all().delete()
    with pytest.raises(errors.ApprovalsMissing):
        publish(reviewed, together=[swedish], by=publisher, at=now)
    assert Revision.objects.get(pk=reviewed.pk).status == Status.IN_REVIEW


def test_nothing_of_another_module_goes_out_with_it(reviewed, author, publisher, other_publisher, now):
    other = approved(draft(core_files("other-module"), by=author, at=now), author, publisher, other_publisher)
    with pytest.raises(errors.NotInReview):
        publish(reviewed, together=[other], by=publisher, at=now)
    assert Revision.objects.get(pk=other.pk).status == Status.IN_REVIEW
