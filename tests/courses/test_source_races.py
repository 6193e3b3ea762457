"""Announcements and publications at the same moment, on PostgreSQL, each beside a control without the lock."""

from datetime import date

import pytest
from django.db import IntegrityError

from courses.errors import AnnouncedAlready
from courses.models import Fact, SourceReplacement
from courses.services import announce_replacement, approve, publish, publishing, sources, submit
from tests.races import at_once, each_at_once, errors, line

from .builders import build_module
from .studio_builders import FINNISH, core_files, draft, files_of, imported, published

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

URL = "https://authority.example.org/page"


@pytest.fixture
def announce(author, partners, occ, now):
    build_module("small", countries=["FI"], owner=occ)
    values = {"replaced_on": date(2027, 1, 1), "successor": "Act 5/2027"}
    return lambda *_number: announce_replacement(URL, **values, organisation=occ, by=author, at=now)


@pytest.fixture
def layer(announce, author, publisher, other_publisher, finnish_publisher, now):
    """In review with all its approvals; it comes to name the same address."""
    core = draft(core_files(), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    files = files_of(FINNISH)
    path = "countries/FI/facts.yaml"
    files[path] = files[path].replace(b"https://tukija.fi", URL.encode())
    (edition,) = imported(files, by=None, at=now).editions
    revision = submit(edition.revision, by=author, at=now)
    approve(revision, by=finnish_publisher, at=now)
    return revision


def telling() -> set[str]:
    return set(Fact.objects.exclude(replacement=None).values_list("module__key", flat=True))


def test_many_announce_and_one_does(announce):
    refused = errors(each_at_once(announce))
    assert {type(error) for error in refused} == {AnnouncedAlready}
    assert SourceReplacement.objects.count() == 1


def test_without_the_lock_only_the_database_keeps_them_apart(announce, monkeypatch):
    together, resting = line(2), sources.editions_resting_on
    monkeypatch.setattr(sources, "hold_sources", lambda: None)
    monkeypatch.setattr(sources, "editions_resting_on", lambda url: (resting(url), together())[0])
    assert [type(error) for error in errors(at_once([announce] * 2))] == [IntegrityError]


def test_a_layer_that_is_published_while_it_is_announced_is_not_missed(
    announce, layer, finnish_publisher, now
):
    acts = [announce, lambda: publish(layer, by=finnish_publisher, at=now)]
    assert errors(at_once(acts)) == []
    assert telling() == {"small", "small-module"}


def test_without_the_lock_it_is_missed(announce, layer, finnish_publisher, now, monkeypatch):
    together, resting, follow = line(2), sources.editions_resting_on, sources.follow_sources
    for module in (sources, publishing):
        monkeypatch.setattr(module, "hold_sources", lambda: None)
    monkeypatch.setattr(sources, "editions_resting_on", lambda url: (resting(url), together())[0])
    monkeypatch.setattr(publishing, "follow_sources", lambda *of, **at: (follow(*of, **at), together()))
    assert errors(at_once([announce, lambda: publish(layer, by=finnish_publisher, at=now)])) == []
    assert telling() == {"small"}
