"""Two people at one national layer at the same moment, on PostgreSQL, each beside a control without the lock."""

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from courses import services
from courses.errors import AdaptedAlready, TextHasChanged
from courses.models import Edition, Revision
from courses.services import drafting, editing
from lms.accounts.models import Role
from tests.conftest import with_role
from tests.races import at_once, each_at_once, errors, line

from .layer_builders import WELCOME
from .studio_builders import core_files, draft

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def module(author, partners, now):
    return draft(core_files(), by=author, at=now).edition.module


@pytest.fixture
def finn(pharma_centre):
    return with_role("finn", Role.AUTHOR, pharma_centre)


@pytest.fixture
def start(module, pharma_centre, finn, now):
    def start(_number=0):
        return services.start_layer(module, "FI", source_language="en", owner=pharma_centre, by=finn, at=now)

    return start


def test_many_begin_a_layer_and_one_does(start):
    refused = errors(each_at_once(start))
    assert {type(error) for error in refused} == {AdaptedAlready}
    assert len(refused) == 19
    assert Revision.objects.filter(edition__country="FI").count() == 1


def test_without_the_lock_they_meet_at_the_database(start, monkeypatch):
    together, create = line(2), Edition.objects.create
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_more: rows)

    def created(**values):
        together()
        return create(**values)

    monkeypatch.setattr(drafting.Edition.objects, "create", created)
    refused = errors(at_once([start, start]))
    assert [type(error) for error in refused] == [IntegrityError]


def write(layer, by, now, body):
    return services.save_panel(layer, WELCOME, body, base="", by=by, at=now)


def test_two_write_one_panel_and_neither_text_is_lost(start, finn, author, now):
    layer = start()
    refused = errors(
        at_once([lambda: write(layer, finn, now, "One."), lambda: write(layer, author, now, "Two.")])
    )
    assert [type(error) for error in refused] == [TextHasChanged]
    (aside,) = [state for state in layer.saved_states.all() if state.content["act"] == "aside welcome"]
    kept = {layer.panels.get().body, aside.content["panels"][0]["body"]}
    assert kept == {"One.", "Two."}


def test_without_the_lock_one_of_them_meets_the_database(start, finn, author, now, monkeypatch):
    layer, together = start(), line(2)

    def unlocked(revision):
        found = Revision.objects.get(pk=revision.pk)
        together()
        return found

    monkeypatch.setattr(editing, "locked", unlocked)
    refused = errors(
        at_once([lambda: write(layer, finn, now, "One."), lambda: write(layer, author, now, "Two.")])
    )
    assert [type(error) for error in refused] == [IntegrityError]
