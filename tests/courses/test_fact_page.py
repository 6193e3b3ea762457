"""One fact in every country, for everybody who may read facts: everybody."""

from dataclasses import replace

import pytest

from courses.models import Fact, FactStatement, Module, Revision
from courses.selectors import fact_page
from courses.selectors.programme import NOTHING_YET

from .builders import build_module, publish, publish_layer
from .builders import draft as new_draft
from .studio_builders import FINNISH, core_files, draft, files_of, imported

PAGE = "/facts/small.authority/"


@pytest.fixture
def module(occ):
    return build_module("small", countries=["FI", "NO"], owner=occ)


def countries(response) -> list[tuple[str, int]]:
    return [(each.name, len(each.cards)) for each in response.context["page"].countries]


def test_anybody_reads_what_each_country_says(client, module):
    page = client.get(PAGE)
    assert countries(page) == [("Finland", 1), ("Norway", 1)]
    assert "The authority of FI." in page.text
    assert page.text.count("Module small") == 1  # each card names its module only where there are several
    assert '<i lang="fi">Fimea</i>' in page.text
    assert "https://authority.example.org/page" in page.text


def test_a_country_of_the_programme_that_says_nothing_says_so(client, module, monkeypatch):
    monkeypatch.setattr(fact_page, "current_programme", lambda: replace(NOTHING_YET, countries=("LV",)))
    page = client.get(PAGE)
    assert countries(page) == [("Finland", 1), ("Latvia", 0), ("Norway", 1)]
    assert "Nothing on this for Latvia." in page.text


def test_two_modules_may_state_the_same_fact(client, module, occ):
    other = build_module("other", countries=[], owner=occ)
    Module.objects.filter(pk=other.pk).update(fact_keys=["small.authority"])
    other.refresh_from_db()
    publish_layer(other, "FI")
    page = client.get(PAGE)
    assert countries(page) == [("Finland", 2), ("Norway", 1)]
    assert "Module other, Module small" in page.text
    assert page.text.count('<p class="small quiet">Module small</p>') == 2


def test_a_layer_speaks_its_own_language_where_it_has_no_other(client, occ):
    layer = new_draft(
        build_module("small", countries=[], owner=occ), "layer", country="FI", meta={"source_language": "fi"}
    )
    FactStatement.objects.create(
        revision=layer,
        fact=Fact.objects.create(module=layer.edition.module, key="small.authority", country="FI"),
        position=0,
        texts={"fi": "Viranomainen.", "sv": "Myndigheten."},
        status="open",
    )
    publish(layer, [])
    assert '<p class="fact-text" lang="fi">Viranomainen.</p>' in client.get(PAGE).text


def test_an_overdue_fact_carries_a_visible_mark(client, module):
    Fact.objects.filter(country="FI").update(review_due_on="2020-01-01")
    assert 'data-state="overdue"' in client.get(PAGE).text
    assert "Check overdue since" in client.get(PAGE).text


def test_what_is_superseded_everywhere_is_not_there(client, module):
    Fact.objects.update(status="superseded")
    assert client.get(PAGE).status_code == 404


def test_a_fact_that_only_drafts_state_is_not_there(
    client, signed_in, author, finnish_publisher, pharma_centre, academy, now
):
    draft(core_files(), by=author, at=now)
    imported(files_of(FINNISH), by=finnish_publisher, at=now)
    assert client.get("/facts/ct.ethics/").status_code == 404
    assert signed_in(finnish_publisher).get("/facts/ct.ethics/").status_code == 404


def test_a_draft_beside_what_is_published_says_nothing(client, module):
    layer = module.editions.get(country="FI")
    again = Revision.objects.create(
        edition=layer, number=2, meta={"source_language": "en"}, created_at=layer.current.created_at
    )
    fact = Fact.objects.get(country="FI")
    FactStatement.objects.create(
        revision=again, fact=fact, position=0, texts={"en": "Not yet said."}, status="open"
    )
    page = client.get(PAGE)
    assert countries(page) == [("Finland", 1), ("Norway", 1)]
    assert "Not yet said." not in page.text


@pytest.mark.parametrize("path", ["/facts/no.such/", "/facts/%3Cscript%3E/"])
def test_an_unknown_fact_is_not_there(client, module, path):
    assert client.get(path).status_code == 404


def test_the_page_is_only_read(client, module):
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("countries_there", [["FI"], ["FI", "NO", "SE"]])
def test_it_costs_the_same_for_one_country_and_for_three(client, occ, count_queries, countries_there):
    build_module("small", countries=countries_there, owner=occ)
    client.get(PAGE)
    with count_queries(1):
        client.get(PAGE)
