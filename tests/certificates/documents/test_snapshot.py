from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.documents.snapshot import (
    Holder,
    Module,
    Partner,
    Printed,
    SnapshotError,
    canonical,
    commitment,
    holder_json,
    texts,
)
from tests.certificates.documents.samples import FI, HOLDER, NAME, SALT, SE, fullest, printed


@pytest.mark.parametrize(
    "sample", [printed(), fullest(valid_until=None, kind="attendance", demonstration=True)]
)
def test_a_snapshot_survives_the_database(sample):
    stored = json.loads(canonical(sample))
    assert stored == sample.to_dict()
    assert Printed.from_dict(stored) == sample


def test_stored_values_are_plain_and_exact():
    stored = printed(issued_at=datetime(2026, 11, 20, 10, 15, tzinfo=timezone(timedelta(hours=2)))).to_dict()
    assert stored["hours"] == "5.50"
    assert stored["issued_at"] == "2026-11-20T08:15:00Z"
    assert stored["completed_on"] == "2026-11-18"
    assert stored["modules"][1]["layer"] is None
    assert stored["modules"][0]["country"] == {"code": "FI", "name": "Finland"}


def test_canonical_bytes_do_not_depend_on_order_or_on_how_letters_are_composed():
    decomposed = unicodedata.normalize("NFD", NAME)
    assert decomposed != NAME
    assert canonical({"b": decomposed, "a": 1}) == canonical({"a": 1, "b": NAME})
    assert canonical({"a": "å", "b": [True, None]}) == '{"a":"å","b":[true,null]}'.encode()


def test_floats_have_no_place():
    with pytest.raises(SnapshotError, match="float"):
        canonical({"hours": 5.5})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("title"), "title"),
        (lambda d: d.update(grade="A"), "grade"),
        (lambda d: d.update(hours=5), r"Printed\.hours: expected str"),
        (lambda d: d.update(hours="many"), r"Printed\.hours"),
        (lambda d: d.update(completed_on="18.11.2026"), r"Printed\.completed_on"),
        (lambda d: d.update(demonstration=0), r"Printed\.demonstration"),
        (lambda d: d["modules"][0].update(core=True), r"core: expected int"),
        (lambda d: d.update(kind="certified"), "attendance or of a passed course"),
        (lambda d: d["partners"][0].update(colour="red;background:url(x)"), "colour"),
        (lambda d: d.update(outcomes="all"), r"Printed\.outcomes: expected list"),
    ],
)
def test_a_stored_form_that_is_not_a_certificate_says_where(change, said):
    stored = printed().to_dict()
    change(stored)
    with pytest.raises(SnapshotError, match=said):
        Printed.from_dict(stored)


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": Decimal("NaN")},
        {"hours": Decimal(-1)},
        {"issued_at": datetime(2026, 1, 1)},
        {"verify_url": "javascript:alert(1)"},
        {"partners": (printed().partners[0],) * 6},
    ],
)
def test_what_cannot_be_printed_is_no_snapshot(changes):
    with pytest.raises(SnapshotError):
        printed(**changes)


def test_marks_and_layers_are_checked():
    with pytest.raises(SnapshotError, match="mark"):
        Partner("A", "TOOLONG", "#000000", SE)
    with pytest.raises(SnapshotError, match="country"):
        Module("A", 1, None, 2, printed().completed_on)


def test_every_string_is_found():
    def strings(value):
        match value:
            case str():
                return [value]
            case dict():
                return [found for part in value.values() for found in strings(part)]
            case list():
                return [found for part in value for found in strings(part)]
        return []

    # Dates and hours are strings only once stored.
    dated = {"5.50", "2026-11-20T08:15:00Z", "2026-11-12", "2026-11-18", "2026-11-20", "2029-11-18"}
    assert sorted(texts(printed())) == sorted(s for s in strings(printed().to_dict()) if s not in dated)


def test_the_commitment_is_the_documented_hash():
    by_hand = hashlib.sha256(b"lms-holder-v1\0" + SALT + '{"name":"Åsa Sjöström Þórðardóttir"}'.encode())
    assert commitment(HOLDER, SALT) == by_hand.hexdigest()


def test_the_commitment_opens_from_the_attached_file_alone():
    opened = json.loads(holder_json(HOLDER, SALT))
    rebuilt = hashlib.sha256(
        opened["format"].encode() + b"\0" + bytes.fromhex(opened["salt"]) + canonical(opened["holder"])
    )
    assert rebuilt.hexdigest() == opened["commitment"] == commitment(HOLDER, SALT)


def test_the_same_name_under_another_salt_shares_nothing():
    assert commitment(HOLDER, SALT) != commitment(HOLDER, SALT[::-1])
    assert commitment(HOLDER, SALT) != commitment(replace(HOLDER, name=NAME + "a"), SALT)


@pytest.mark.parametrize("salt", [b"", b"x" * 31, b"x" * 33])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(SnapshotError, match="32"):
        commitment(HOLDER, salt)


@given(name=st.text(max_size=60), hours=st.decimals(0, 9999, places=2))
def test_any_text_and_hours_come_back(name, hours):
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    assert Holder.from_dict(json.loads(canonical(Holder(name)))) == Holder(name)
    sample = printed(hours=hours, issued_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert Printed.from_dict(sample.to_dict()) == sample


def test_the_country_without_a_layer_stays_known():
    """It is what lets the certificate say "not yet adapted" instead of keeping silent."""
    module = Module("A", 1, FI, None, printed().completed_on)
    assert Module.from_dict(module.to_dict()).country == FI
