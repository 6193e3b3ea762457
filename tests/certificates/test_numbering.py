from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.numbering import (
    PUBLIC_ID_ALPHABET,
    check_character,
    format_serial,
    grouped_public_id,
    new_public_id,
    normalise_public_id,
    normalise_serial,
    serial_is_wellformed,
)

SERIAL = "NLS-2026-000123-7"
PUBLIC_ID = "0123456789ABCDEFGHJKMNPQRS"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def one_character_errors(serial: str) -> list[str]:
    return [
        serial[:place] + wrong + serial[place + 1 :]
        for place, right in enumerate(serial)
        if right != "-"
        for wrong in ALPHABET
        if wrong != right
    ]


def neighbour_swaps(serial: str) -> list[str]:
    bare = serial.replace("-", "")
    swapped = [bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :] for i in range(len(bare) - 1)]
    dashed = [f"{s[:3]}-{s[3:7]}-{s[7:13]}-{s[13:]}" for s in swapped]
    return [swap for swap in dashed if swap != serial]


def test_serial_carries_its_check_character():
    assert format_serial("NLS", 2026, 123) == SERIAL
    assert serial_is_wellformed(SERIAL)


def test_every_one_character_error_is_caught():
    errors = one_character_errors(SERIAL)
    assert len(errors) == 490
    assert [error for error in errors if serial_is_wellformed(error)] == []


def test_one_character_errors_are_caught_by_the_check_and_not_only_by_the_shape():
    """Without the check character every wrong digit in the number would pass."""
    wrong_digits = [f"NLS-2026-0001{digit}3-7" for digit in "013456789"]
    assert all(check_character(wrong[:-2]) != "7" for wrong in wrong_digits)


def test_every_swap_of_neighbours_is_caught():
    swaps = neighbour_swaps(SERIAL)
    assert len(swaps) == 11
    assert [swap for swap in swaps if serial_is_wellformed(swap)] == []


@given(number=st.integers(1, 999_999), year=st.integers(2020, 2099))
def test_any_serial_survives_none_of_its_one_character_errors(number, year):
    serial = format_serial("NLS", year, number)
    assert serial_is_wellformed(serial)
    assert not any(map(serial_is_wellformed, one_character_errors(serial)))


def test_serials_grow_past_a_million_a_year():
    serial = format_serial("NLS", 2026, 1_234_567)
    assert serial.startswith("NLS-2026-1234567-")
    assert serial_is_wellformed(serial)


@pytest.mark.parametrize("prefix", ["", "N", "nls", "NL-S", "TOOLONG", "ÅÄÖ", "1AB"])
def test_odd_prefixes_are_refused(prefix):
    with pytest.raises(ValueError, match="prefix"):
        format_serial(prefix, 2026, 1)


@pytest.mark.parametrize("number", [0, -1, 1_000_000_000])
def test_odd_numbers_are_refused(number):
    with pytest.raises(ValueError, match="No serial"):
        format_serial("NLS", 2026, number)


@pytest.mark.parametrize(
    "typed",
    [
        "nls-2026-000123-7",
        " NLS-2026-000123-7 ",
        "NLS – 2026 – 000123 – 7",
        "NLS\u20112026-000123-7",
        "NLS 2026 000123 7",
        "nls20260001237",
        "NLS-2026-000 123-7",
        "nls.2026.000123.7",
    ],
)
def test_typed_serials_are_read_kindly(typed):
    assert normalise_serial(typed) == SERIAL


def test_hyphens_tell_a_prefix_with_digits_from_the_year():
    serial = format_serial("AB20", 2026, 123)
    assert normalise_serial(serial.lower()) == serial


def test_every_slip_in_a_serial_run_together_is_called_mistyped():
    for wrong in one_character_errors(SERIAL):
        assert not serial_is_wellformed(normalise_serial(wrong.replace("-", "")))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "NLS-2026-000123",
        "NLS-2026-000123-7\n",
        "NLS-２０２６-000123-7",
        SERIAL + "7",
    ],
)
def test_other_shapes_are_no_serials(typed):
    assert not serial_is_wellformed(typed)


def test_public_ids_are_26_characters_of_the_alphabet_and_differ():
    ids = {new_public_id() for _ in range(500)}
    assert len(ids) == 500
    assert {len(public_id) for public_id in ids} == {26}
    # 13 000 draws leave no letter out, unless the source is not random.
    assert set("".join(ids)) == set(PUBLIC_ID_ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        PUBLIC_ID.lower(),
        "o123456789abcdefghjkmnpqrs",
        "Oi23456789ABCDEFGHJKMNPQRS",
        "0L23456789-ABCDEFGHJK MNPQRS",
        "  01234\u201156789–ABCDEF GHJKM-NPQRS\n",
    ],
)
def test_typed_public_ids_are_read_kindly(typed):
    assert normalise_public_id(typed) == PUBLIC_ID


@pytest.mark.parametrize(
    "typed",
    ["", PUBLIC_ID[:-1], PUBLIC_ID + "0", PUBLIC_ID[:-1] + "U", PUBLIC_ID[:-1] + "ſ"],
)
def test_what_cannot_be_a_public_id_is_none(typed):
    assert normalise_public_id(typed) is None


def test_the_printed_groups_read_back():
    assert grouped_public_id(PUBLIC_ID) == "01234-56789-ABCDEF-GHJKM-NPQRS"
    public_id = new_public_id()
    assert normalise_public_id(grouped_public_id(public_id)) == public_id
