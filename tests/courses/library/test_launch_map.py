"""The launch map and the database agree: no layer more, none less, and each as settled as the partners decided."""

from collections import Counter
from decimal import Decimal

import pytest

from courses.models import Edition, FactStatement
from courses.services import import_bundle

from .folders import MODULES, module
from .launch_map import DISPUTED, DRAFT, LAUNCH_MAP, PARTNER_COUNTRIES

NOT_COUNTED = (
    "ct.tip",
    "land.territory_rule",
)  # advice, and what concerns a territory: neither is a card to check
SETTLED = "verified"


@pytest.fixture
def imported(request, partners, now):
    return import_bundle(module(request.param), by=None, at=now).module


each_module = pytest.mark.parametrize("imported", MODULES, indirect=True)


def statuses(imported) -> dict[str, Counter]:
    """By country, how many facts of each status; of a layer without facts, none."""
    layers = Edition.objects.filter(module=imported, kind=Edition.Kind.LAYER)
    found = {country: Counter() for country in layers.values_list("country", flat=True)}
    facts = FactStatement.objects.filter(revision__edition__module=imported)
    for country, status in facts.exclude(fact__key__in=NOT_COUNTED).values_list("fact__country", "status"):
        found[country][status] += 1
    return found


def as_launched(status: Counter, expected: int | str) -> int | str:
    """What the map would say of a layer with these facts; `expected` only chooses the words for one that waits."""
    waiting = status.total() - status[SETTLED]
    if expected == DISPUTED and status["disputed"]:
        return DISPUTED
    return DRAFT if expected == DRAFT and waiting else waiting


def test_no_module_is_missing_and_none_is_unheard_of():
    assert set(MODULES) == set(LAUNCH_MAP)


@each_module
def test_layers_are_those_of_the_launch_map(imported):
    expected = LAUNCH_MAP[imported.key].layers
    found = statuses(imported)
    assert {
        country: as_launched(status, expected.get(country, 0)) for country, status in found.items()
    } == expected


@each_module
def test_owner_hours_and_validity_are_those_of_the_programme(imported):
    launch = LAUNCH_MAP[imported.key]
    core = imported.editions.get(kind=Edition.Kind.CORE).revisions.get()
    said = (imported.owner.slug, imported.hours, core.meta["validity_months"])
    assert said == (launch.owner, Decimal(launch.hours), launch.validity_months)


@each_module
def test_a_layer_belongs_to_a_partner_of_its_country_or_else_to_the_owner_of_the_module(imported):
    layers = Edition.objects.filter(module=imported, kind=Edition.Kind.LAYER)
    for country, owner in layers.values_list("country", "owner__slug"):
        if country in PARTNER_COUNTRIES.values():
            assert PARTNER_COUNTRIES[owner] == country
        else:
            assert owner == imported.owner.slug


def test_partners_are_where_the_map_says(partners):
    assert {partner.slug: partner.country for partner in partners} == PARTNER_COUNTRIES
