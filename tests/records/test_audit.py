"""The audit trail: chained, append-only, and honest about tampering."""

import pytest
from django.db import IntegrityError, transaction

from lms.records.models import GENESIS, AuditEvent
from lms.records.services import broken_chains, erasing, record


@pytest.fixture
def chain(academy, administrator, now):
    for act in ("made", "changed", "closed"):
        record(act, academy, by=administrator, on_behalf_of=academy, at=now, meaning="APPROVED", to=act)
    return AuditEvent.objects.filter(chain=f"accounts.organisation:{academy.pk}")


def test_events_follow_each_other(chain, administrator):
    first, second, third = chain
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == (GENESIS, first.hash, second.hash)
    assert [event.seq for event in chain] == [1, 2, 3]
    assert first.actor == administrator.audit_ref
    assert first.on_behalf_of == "lakemedelsakademin"


def test_untouched_chains_are_whole(chain):
    assert broken_chains() == []


def test_no_name_and_no_address_is_written(chain, administrator):
    stored = str(list(AuditEvent.objects.values()))
    assert administrator.email not in stored
    assert administrator.full_name not in stored


def test_the_database_refuses_change_and_deletion(chain):
    for act in (lambda: chain.update(act="other"), lambda: chain.first().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()
    assert chain.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        {"act": "other"},
        {"actor": None},
        {"on_behalf_of": "lif"},
        {"payload": {"at": "2020-01-01T00:00:00+00:00", "meaning": "", "values": {}}},
        {"prev_hash": "f" * 64},
        {"hash": "f" * 64},
        {"seq": 9},
    ],
)
def test_each_changed_column_shows(chain, change):
    with erasing("test"):
        chain.filter(seq=2).update(**change)
    assert broken_chains() == [chain.first().chain]


def test_a_moved_time_shows(chain, now):
    from datetime import timedelta

    with erasing("test"):
        chain.filter(seq=2).update(at=now + timedelta(days=1))
    assert broken_chains() == [chain.first().chain]


def test_a_removed_event_shows(chain):
    with erasing("test"):
        chain.filter(seq=2).delete()
    assert broken_chains() == [chain.first().chain]


def test_the_permit_ends_with_its_transaction(chain):
    with erasing("test"):
        pass
    with pytest.raises(IntegrityError), transaction.atomic():
        chain.update(act="other")
