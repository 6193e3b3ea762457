"""What the services of a national layer write, keep and refuse."""

from dataclasses import replace
from datetime import timedelta

import pytest

from courses import services
from courses.content import COUNTRY_CHECK, QuestionContent, QuestionText
from courses.errors import (
    AdaptedAlready,
    DraftHasProblems,
    FactCarriesQuestions,
    FactGone,
    FactHasChanged,
    FactStatedAlready,
    LanguageInUse,
    NoSuchPlace,
    NotADraft,
    PanelGone,
    PlaceTaken,
    TextHasChanged,
)
from courses.models import Edition, Fact, Revision, SavedState
from courses.selectors.bundles import layer_content
from courses.selectors.layer_drafts import Place
from courses.services.questions import save_question
from lms.accounts.models import Role
from tests.conftest import with_role

from .layer_builders import VERIFIED, WELCOME, base_of_fact, base_of_panel
from .studio_builders import core_files, draft, published


@pytest.fixture
def core(author, partners, publisher, other_publisher, now):
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def finn(pharma_centre):
    return with_role("finn", Role.AUTHOR, pharma_centre)


@pytest.fixture
def layer(core, finn, pharma_centre, now):
    return services.start_layer(
        core.edition.module, "FI", source_language="en", owner=pharma_centre, by=finn, at=now
    )


@pytest.fixture
def write(layer, finn, now):
    def write(body="One committee.", place=WELCOME, **more):
        more = {"base": base_of_panel(layer, place), "by": finn, "at": now, **more}
        return services.save_panel(layer, place, body, **more)

    return write


@pytest.fixture
def said(now):
    return replace(VERIFIED, verified_on=now.date())


@pytest.fixture
def state(layer, finn, now, said):
    def state(key="ct.act", what=said):
        return services.state_fact(layer, key, what, by=finn, at=now)

    return state


@pytest.fixture
def ask(layer, finn, now):
    def ask(*facts, key="q1"):
        texts = {"en": QuestionText(prompt="Is it so?", explanation="It is.")}
        question = QuestionContent(key, "truefalse", {"correct": True}, texts, rests_on=facts)
        return save_question(layer, COUNTRY_CHECK, question, base="", by=finn, at=now)

    return ask


def problems_of(layer, finn, now):
    with pytest.raises(DraftHasProblems) as refused:
        services.submit(layer, by=finn, at=now)
    return [str(each) for each in refused.value.problems]


# --- Where it begins --------------------------------------------------------------------------------------------------


def test_a_new_layer_claims_nothing(layer, finn, pharma_centre, now):
    edition = layer.edition
    assert (edition.kind, edition.country, edition.owner, edition.current) == (
        "layer",
        "FI",
        pharma_centre,
        None,
    )
    assert list(layer.authors.all()) == [finn]
    content = layer_content(layer)
    assert (content.source_language, content.languages, content.pass_percent) == ("en", ("en",), None)
    assert (content.panels, content.facts, content.quiz) == ((), (), None)
    assert not Fact.objects.exists()
    assert problems_of(layer, finn, now) == ["countries/FI: Nothing is written yet."]


def test_a_country_has_one_layer(core, layer, author, occ, now):
    with pytest.raises(AdaptedAlready) as refused:
        services.start_layer(core.edition.module, "FI", source_language="en", owner=occ, by=author, at=now)
    assert str(refused.value.message) == (
        "The module has a layer of this country already, or somebody is writing one."
    )
    assert Edition.objects.filter(country="FI").count() == 1


def test_a_layer_given_up_leaves_nothing(core, layer, state, finn, now):
    state()
    services.discard(layer, by=finn, at=now)
    assert not Edition.objects.filter(country="FI").exists()
    assert not Fact.objects.exists()


def test_a_fact_that_was_ever_published_stays(layer, state, write, finn, finnish_publisher, now):
    state()
    write(facts=["ct.act"])
    services.submit(layer, by=finn, at=now)
    services.approve(layer, by=finnish_publisher, at=now)
    services.publish(layer, by=finnish_publisher, at=now)
    again = services.start_draft(Edition.objects.get(country="FI"), by=finn, at=now)
    services.discard(again, by=finn, at=now)
    assert Fact.objects.get().status == "verified"


# --- Panels -----------------------------------------------------------------------------------------------------------


def test_a_panel_is_written_and_its_version_follows(layer, write):
    before = layer.content_hash
    panel = write("**One** committee.")
    layer.refresh_from_db()
    assert (panel.body, panel.lesson_key, panel.anchor, panel.language) == (
        "**One** committee.",
        "welcome",
        "ethics",
        "en",
    )
    assert panel.text_hash
    assert layer.content_hash != before
    assert layer.version == 2
    with pytest.raises(TextHasChanged):
        write("Two.", base="")
    assert layer.panels.get().body == "**One** committee."


def test_a_text_that_was_not_taken_is_a_saved_state(layer, write, finn, author, now):
    write("Theirs.")
    with pytest.raises(TextHasChanged) as refused:
        write("Mine.", base="", by=author)
    assert str(refused.value.message) == (
        "Somebody else has changed this text since you began. Both texts are kept: compare them and choose."
    )
    assert layer.panels.get().body == "Theirs."
    aside = SavedState.objects.filter(revision=layer, saved_by=author).get()
    assert [row["body"] for row in aside.content["panels"]] == ["Mine."]
    layer.refresh_from_db()
    services.restore_state(aside, version=layer.version, by=author, at=now)
    assert layer.panels.get().body == "Mine."


def test_a_text_of_a_panel_that_somebody_took_out_is_kept_too(layer, write, finn, author, now):
    write("Theirs.")
    base = base_of_panel(layer)
    services.remove_panel(layer, WELCOME, by=finn, at=now)
    with pytest.raises(TextHasChanged):
        write("Mine.", base=base, by=author)
    aside = SavedState.objects.filter(revision=layer, saved_by=author).get()
    assert [row["body"] for row in aside.content["panels"]] == ["Mine."]
    layer.refresh_from_db()
    services.restore_state(aside, version=layer.version, by=author, at=now)
    assert layer.panels.get().body == "Mine."


@pytest.mark.parametrize(
    "place", [Place("welcome", "nowhere", "en"), Place("gone", "", "en"), Place("welcome", "ethics", "sv")]
)
def test_a_panel_needs_a_place_that_is_there(layer, write, place):
    with pytest.raises(NoSuchPlace) as refused:
        write(place=place)
    assert str(refused.value.message) == "The lesson has no such place any more. Choose another."
    assert not layer.panels.exists()


def test_facts_stand_in_their_order_in_every_language(layer, write, state, finn, now):
    services.add_language(layer, "sv", by=finn, at=now)
    state("ct.ethics")
    state("ct.act")
    write(facts=["ct.act", "ct.ethics", "ct.act", "ct.unknown"])
    swedish = write("En kommitté.", Place("welcome", "ethics", "sv"))
    assert swedish.fact_keys == ["ct.act", "ct.ethics"]
    write(facts=["ct.ethics"])
    assert {panel.language: panel.fact_keys for panel in layer.panels.all()} == {
        "en": ["ct.ethics"],
        "sv": ["ct.ethics"],
    }


def test_a_picture_of_the_core_is_borrowed(layer, write):
    write("![Two boxes](../../../assets/parts.svg)")
    assert list(layer.assets.values_list("path", flat=True)) == ["assets/parts.svg"]


def test_a_panel_moves_in_all_its_languages(layer, write, finn, now):
    services.add_language(layer, "sv", by=finn, at=now)
    write("One.")
    write("Ett.", Place("welcome", "ethics", "sv"))
    services.move_panel(layer, WELCOME, Place("clock", "", "en"), by=finn, at=now)
    rows = layer.panels.values_list("lesson_key", "anchor", "language")
    assert set(rows) == {("clock", "", "en"), ("clock", "", "sv")}
    write("Another.")
    with pytest.raises(PlaceTaken) as refused:
        services.move_panel(layer, WELCOME, Place("clock", "", "en"), by=finn, at=now)
    assert str(refused.value.message) == (
        "Another panel stands at this place. Choose another, or put both texts into one panel."
    )
    with pytest.raises(NoSuchPlace):
        services.move_panel(layer, WELCOME, Place("clock", "nowhere", "en"), by=finn, at=now)
    with pytest.raises(PanelGone):
        services.move_panel(layer, Place("welcome"), Place("clock", "", "en"), by=finn, at=now)
    assert layer.panels.count() == 3


def test_what_is_not_known_of_a_panel_moves_with_it(layer, write, finn, now):
    write("One.")
    Revision.objects.filter(pk=layer.pk).update(
        meta={**layer.meta, "extras": {"panels": {"welcome ethics en": {"mood": "calm"}}}}
    )
    services.move_panel(layer, WELCOME, Place("clock", "", "en"), by=finn, at=now)
    layer.refresh_from_db()
    assert layer_content(layer).panels[0].extra == {"mood": "calm"}


def test_a_panel_goes_in_one_language_or_in_all_and_comes_back(layer, write, finn, now):
    services.add_language(layer, "sv", by=finn, at=now)
    write("One.")
    write("Ett.", Place("welcome", "ethics", "sv"))
    services.remove_panel(layer, Place("welcome", "ethics", "sv"), by=finn, at=now)
    assert [panel.language for panel in layer.panels.all()] == ["en"]
    with pytest.raises(PanelGone) as refused:
        services.remove_panel(layer, Place("welcome", "ethics", "sv"), by=finn, at=now)
    assert (
        str(refused.value.message) == "This panel is not in the draft any more. Saved states still have it."
    )
    kept = services.remove_panel(layer, Place("welcome", "ethics"), by=finn, at=now)
    assert not layer.panels.exists()
    layer.refresh_from_db()
    services.restore_state(kept, version=layer.version, by=finn, at=now)
    assert layer.panels.get().body == "One."


# --- Languages --------------------------------------------------------------------------------------------------------


def test_a_language_in_which_something_is_written_stays(layer, write, state, finn, now):
    services.add_language(layer, "sv", by=finn, at=now)
    state()
    services.save_fact_words(
        layer, "ct.act", "sv", "En lag.", base=base_of_fact(layer, language="sv"), by=finn, at=now
    )
    for language in ("sv", "en"):
        with pytest.raises(LanguageInUse) as refused:
            services.remove_language(layer, language, by=finn, at=now)
        assert str(refused.value.message) == (
            "Something is written in this language. Take those texts out first."
        )
    services.save_fact_words(
        layer, "ct.act", "sv", "", base=base_of_fact(layer, language="sv"), by=finn, at=now
    )
    services.remove_language(layer, "sv", by=finn, at=now)
    layer.refresh_from_db()
    assert layer.meta["languages"] == ["en"]
    assert layer.statements.get().texts == {"en": "One committee."}


# --- Facts ------------------------------------------------------------------------------------------------------------


def test_a_fact_is_stated_once(layer, state, said):
    statement = state()
    assert (statement.fact.country, statement.fact.status) == ("FI", "open")
    assert statement.native_terms == [{"lang": "fi", "text": "Tukija"}]
    assert statement.review_due_on.isoformat() == "2027-05-20"
    with pytest.raises(FactStatedAlready) as refused:
        state()
    assert str(refused.value.message) == "The layer states the fact “ct.act” already. Change it there."
    assert state("ct.ethics").position == 2


def test_a_day_that_is_named_is_exported_and_one_that_is_counted_is_not(layer, state, said, finn, now):
    state()
    assert layer_content(load(layer)).facts[0].review_due is None
    counted = said.review_due_on
    named = replace(said, review_due=counted)
    services.save_fact(layer, "ct.act", named, base=base_of_fact(layer), by=finn, at=now)
    assert layer_content(load(layer)).facts[0].review_due == counted
    services.save_fact(layer, "ct.act", said, base=base_of_fact(layer), by=finn, at=now)
    assert layer_content(load(layer)).facts[0].review_due is None


def load(layer):
    return Revision.objects.select_related("edition__module", "edition__owner").get(pk=layer.pk)


def test_two_do_not_write_over_each_other(layer, state, said, finn, author, now):
    state()
    base = base_of_fact(layer)
    services.save_fact(layer, "ct.act", replace(said, statement="Theirs."), base=base, by=finn, at=now)
    with pytest.raises(FactHasChanged) as refused:
        services.save_fact(layer, "ct.act", replace(said, statement="Mine."), base=base, by=author, at=now)
    assert str(refused.value.message) == (
        "Somebody else changed this fact while you were at it. Nothing was saved: yours is below, the other above it. "
        "Saving again puts yours in its place."
    )
    assert layer.statements.get().texts == {"en": "Theirs."}
    with pytest.raises(FactHasChanged):
        services.save_fact_words(layer, "ct.act", "sv", "Ord.", base="other", by=author, at=now)
    with pytest.raises(FactGone) as gone:
        services.save_fact(layer, "ct.none", said, base="", by=finn, at=now)
    assert str(gone.value.message) == "This fact is not in the draft any more. Saved states still have it."


@pytest.mark.parametrize("status", ["confirm", "disputed", "open", "superseded"])
def test_a_fact_under_a_question_stays_verified(layer, state, ask, said, finn, now, status):
    state()
    ask("ct.act")
    refusal = (
        "Country questions rest on this fact: “Is it so?” (q1). Let them rest on another one, or remove them, before "
        "it counts as less than verified or goes."
    )
    with pytest.raises(FactCarriesQuestions) as refused:
        services.save_fact(
            layer, "ct.act", replace(said, status=status), base=base_of_fact(layer), by=finn, at=now
        )
    assert str(refused.value.message) == refusal
    with pytest.raises(FactCarriesQuestions) as refused:
        services.remove_fact(layer, "ct.act", by=finn, at=now)
    assert str(refused.value.message) == refusal
    assert layer.statements.get().status == "verified"


def test_a_fact_that_goes_leaves_its_panels_and_comes_back(layer, state, write, finn, now):
    state()
    write(facts=["ct.act"])
    kept = services.remove_fact(layer, "ct.act", by=finn, at=now)
    assert layer.panels.get().fact_keys == []
    assert not layer.statements.exists()
    layer.refresh_from_db()
    services.restore_state(kept, version=layer.version, by=finn, at=now)
    assert layer.panels.get().fact_keys == ["ct.act"]
    assert layer.statements.get().legal_ref == "Act 983/2021"


# --- At submission ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["confirm", "disputed", "open"])
def test_a_question_on_what_is_not_verified_is_not_submitted(layer, state, ask, write, finn, now, status):
    state()
    write(facts=["ct.act"])
    ask("ct.act")
    layer.statements.update(status=status)
    assert problems_of(layer, finn, now) == [
        "countries/FI/questions.yaml, line 13: The fact “ct.act” is not verified, so no question may rest on it. "
        "Take the question out."
    ]


def test_a_question_on_nothing_is_not_submitted(layer, state, ask, finn, now):
    state()
    ask()
    assert problems_of(layer, finn, now) == [
        "countries/FI/questions.yaml, line 5: The country question “q1” rests on no fact. Name in rests_on what it "
        "asks about."
    ]


def test_a_panel_without_a_text_is_not_submitted(layer, state, write, finn, now):
    state()
    write("", facts=["ct.act"])
    assert problems_of(layer, finn, now) == [
        "countries/FI/panels/welcome--ethics.en.md, line 11: There is no text below the front matter. Write it."
    ]


def test_what_is_in_review_is_not_written(layer, state, write, said, finn, now):
    state()
    write(facts=["ct.act"])
    services.submit(layer, by=finn, at=now)
    acts = [
        lambda: write("Another."),
        lambda: state("ct.ethics"),
        lambda: services.save_fact(layer, "ct.act", said, base="", by=finn, at=now),
        lambda: services.save_fact_words(layer, "ct.act", "sv", "Ord.", base="", by=finn, at=now),
        lambda: services.remove_fact(layer, "ct.act", by=finn, at=now),
        lambda: services.remove_panel(layer, WELCOME, by=finn, at=now),
        lambda: services.move_panel(layer, WELCOME, Place("clock"), by=finn, at=now),
        lambda: services.add_language(layer, "sv", by=finn, at=now),
        lambda: services.remove_language(layer, "sv", by=finn, at=now),
    ]
    for act in acts:
        with pytest.raises(NotADraft):
            act()


def test_checking_again_changes_no_version(layer, state, write, finn, finnish_publisher, now):
    state()
    write(facts=["ct.act"])
    services.submit(layer, by=finn, at=now)
    services.approve(layer, by=finnish_publisher, at=now)
    out = services.publish(layer, by=finnish_publisher, at=now)
    before = (out.content_hash, out.version)
    services.check_unchanged([out.statements.get()], by=finn, at=now + timedelta(days=30))
    out.refresh_from_db()
    assert (out.content_hash, out.version) == before
    assert Fact.objects.get().checked_on.isoformat() == "2026-12-20"
