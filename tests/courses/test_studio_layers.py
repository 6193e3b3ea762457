"""The pages of a national layer's draft: what each form says at its fields, and how many queries a page takes."""

import pytest

from courses import services
from courses.content import COUNTRY_CHECK
from courses.models import Edition, Module, Revision
from courses.selectors.layer_drafts import Place
from courses.views.studio import layers
from courses.views.studio.ways import way_to
from lms.accounts.models import Role
from tests.conftest import with_role

from .layer_builders import FACT, QUESTION, base_of_fact, base_of_panel, typed_fact
from .studio_builders import core_files, draft, files_of, published


@pytest.fixture
def core(author, partners, publisher, other_publisher, now):
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def finn(pharma_centre):
    return with_role("finn", Role.AUTHOR, pharma_centre)


@pytest.fixture
def desk(signed_in, finn):
    return signed_in(finn)


@pytest.fixture
def layer(core, finn, pharma_centre, now):
    return services.start_layer(
        core.edition.module, "FI", source_language="en", owner=pharma_centre, by=finn, at=now
    )


@pytest.fixture
def stated(layer, desk):
    """The layer with a verified fact, a panel that shows it and Swedish beside English."""
    assert desk.post(at(layer, "new-fact/"), FACT).status_code == 302
    panel = {"base": "", "body": "One act.", "facts": ["ct.act"]}
    assert desk.post(at(layer, "panels/welcome/?anchor=ethics"), panel).status_code == 302
    assert desk.post(at(layer, "languages/"), {"language": "sv"}).status_code == 302
    return layer


def at(revision, rest=""):
    return f"/studio/revisions/{revision.pk}/{rest}"


def text_of(response):
    return response.content.decode()


START = {"country": "FI", "source_language": "en", "owner": "laaketietokeskus"}


# --- Where it begins --------------------------------------------------------------------------------------------------


def test_a_layer_is_begun_for_a_module_of_another_partner(desk, core, finn):
    url = "/studio/modules/small-module/adapt/"
    shown = desk.get(f"{url}?country=FI")
    assert [lesson.key for lesson in shown.context["scaffold"].lessons] == ["welcome", "clock"]
    assert [each.key for each in shown.context["scaffold"].facts] == ["ct.ethics", "ct.act"]
    assert shown.context["form"].initial == {"country": "FI", "source_language": "en"}
    answer = desk.post(url, START)
    begun = Revision.objects.get(edition__kind=Edition.Kind.LAYER)
    assert answer.url == at(begun, "edit/")
    assert (begun.edition.country, begun.edition.owner.slug) == ("FI", "laaketietokeskus")
    page = desk.get(answer.url).context["page"]
    assert [each.lesson.key for each in page.lessons] == ["welcome", "clock"]
    assert [row.place.anchor for row in page.lessons[0].rows] == ["", "ethics"]
    assert [each.key for each in page.open_keys] == ["ct.ethics", "ct.act"]
    assert page.facts == ()
    assert "FI" not in dict(desk.get(url).context["form"].fields["country"].choices)


def test_facts_that_other_countries_state_are_asked_for(desk, signed_in, core, author, publisher, occ, now):
    norwegian = services.start_layer(
        core.edition.module, "DK", source_language="en", owner=occ, by=author, at=now
    )
    signed_in(author).post(at(norwegian, "new-fact/"), {**FACT, "key": "ct.more"})
    assert "ct.more" not in text_of(desk.get("/studio/modules/small-module/adapt/?country=FI"))
    published(norwegian, author=author, publishers=[publisher], at=now)
    shown = desk.get("/studio/modules/small-module/adapt/?country=FI").context["scaffold"]
    assert [(each.key, each.countries) for each in shown.facts] == [
        ("ct.ethics", ()),
        ("ct.act", ()),
        ("ct.more", ("Denmark",)),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"country": "XX"}, "country", "Select a valid choice. XX is not one of the available choices."),
        (
            {"source_language": "de"},
            "source_language",
            "Select a valid choice. de is not one of the available choices.",
        ),
        (
            {"owner": "occ-incubator"},
            "owner",
            "Select a valid choice. occ-incubator is not one of the available choices.",
        ),
    ],
)
def test_a_start_that_cannot_be(desk, core, changes, field, said):
    answer = desk.post("/studio/modules/small-module/adapt/", {**START, **changes})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [said]}
    assert not Edition.objects.filter(kind="layer").exists()


def test_who_is_second_is_told(desk, core, author, occ, now, monkeypatch):
    """Two begin at once: the list of countries that one of them sees is from before."""
    monkeypatch.setattr(layers, "free_countries", lambda module: [("FI", "Finland")])
    services.start_layer(core.edition.module, "FI", source_language="en", owner=occ, by=author, at=now)
    answer = desk.post("/studio/modules/small-module/adapt/", START)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "The module has a layer of this country already, or somebody is writing one."
    ]


def test_a_module_that_is_nobody_elses_business_is_not_adapted(desk, author, partners, now):
    draft(core_files(), by=author, at=now)
    Module.objects.get().co_owners.clear()
    assert desk.get("/studio/modules/small-module/adapt/").status_code == 404
    assert desk.post("/studio/modules/small-module/adapt/", START).status_code == 404


def test_the_map_leads_to_a_layer_that_is_not_there(desk, signed_in, author, core, programme_of_finland):
    page = text_of(signed_in(author).get("/studio/"))
    assert 'href="/studio/modules/small-module/adapt/?country=FI"' in page
    assert 'href="/studio/modules/small-module/adapt/"' in text_of(
        signed_in(author).get("/studio/modules/small-module/")
    )


@pytest.fixture
def programme_of_finland(partners, academy, now):
    return services.create_programme(
        title={"en": "Programme"},
        coordinator=academy,
        partners=partners,
        countries=["FI"],
        at=now,
        by=None,
    )


# --- Panels -----------------------------------------------------------------------------------------------------------


def test_a_panel_is_read_as_a_learner_of_that_country(stated, desk):
    shown = text_of(desk.get(at(stated, "preview/?lesson=welcome&country=FI&language=en")))
    assert "One act." in shown
    assert '<i lang="fi">Laki</i>' in shown
    assert "Checked 19 Nov 2026" in shown


def test_a_panel_says_how_its_page_is_found_and_what_is_not(layer, desk):
    assert desk.get(at(layer, "panels/welcome/?anchor=ethics")).status_code == 200
    for rest in (
        "panels/welcome/?anchor=other",
        "panels/none/",
        "panels/welcome/?language=sv",
        "panels/\x01/",
    ):
        assert desk.get(at(layer, rest)).status_code == 404


def test_facts_are_put_in_order_by_button(stated, desk):
    desk.post(at(stated, "new-fact/"), {**FACT, "key": "ct.ethics"})
    url = at(stated, "panels/welcome/?anchor=ethics")

    def press(act, **more):
        panel = stated.panels.get()
        data = {"base": base_of_panel(stated), "body": "Typed.", "facts": panel.fact_keys, "act": act, **more}
        answer = desk.post(url, data)
        assert answer.url == f"{url}&language=en#facts"
        panel.refresh_from_db()
        assert panel.body == "Typed."
        return panel.fact_keys

    assert press("in", attach="ct.ethics") == ["ct.act", "ct.ethics"]
    assert press("up ct.ethics") == ["ct.ethics", "ct.act"]
    assert press("up ct.ethics") == ["ct.ethics", "ct.act"]
    assert press("down ct.ethics") == ["ct.act", "ct.ethics"]
    assert press("out ct.act") == ["ct.ethics"]
    assert press("out ct.none") == ["ct.ethics"]


def test_a_panel_is_saved_while_it_is_typed(stated, desk):
    url = at(stated, "panels/welcome/?anchor=ethics")
    data = {"base": base_of_panel(stated), "body": ":::note", "facts": ["ct.act"]}
    answer = desk.post(url, data, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == '{"saved": {}}'
    said = text_of(answer)
    assert "Saved at" in said
    assert f'value="{base_of_panel(stated)}"' in said
    assert "“:::note” is not closed" in said.replace("&quot;", '"')
    assert stated.panels.get().body == ":::note"


def test_two_people_at_one_panel_see_both_texts(stated, desk, finnish_publisher, signed_in):
    url = at(stated, "panels/welcome/?anchor=ethics")
    mine = {"base": base_of_panel(stated), "body": "Mine.", "facts": ["ct.act"]}
    signed_in(finnish_publisher).post(url, {**mine, "body": "Theirs."})
    fragment = desk.post(url, mine, headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    assert "Both texts are kept: compare them and choose." in text_of(fragment)
    answer = desk.post(url, mine)
    assert answer.status_code == 409
    assert "Theirs." in text_of(answer)
    assert answer.context["form"]["body"].value() == "Mine."
    again = {**mine, "base": answer.context["form"]["base"].value()}
    assert desk.post(url, again).status_code == 302
    assert stated.panels.get().body == "Mine."


def test_a_panel_in_another_language_stands_beside_the_original(stated, desk):
    url = at(stated, "panels/welcome/?anchor=ethics&language=sv")
    shown = desk.get(url)
    assert shown.context["page"].original.body == "One act."
    desk.post(url, {"base": "", "body": "En lag.", "facts": []})
    swedish = stated.panels.get(language="sv")
    assert (swedish.body, swedish.fact_keys) == ("En lag.", ["ct.act"])
    page = desk.get(at(stated, "edit/")).context["page"]
    assert [(each.code, each.there, each.all) for each in page.languages] == [("en", 2, 2), ("sv", 1, 2)]


def test_a_panel_is_moved_and_taken_out(stated, desk):
    answer = desk.post(at(stated, "panels/welcome/move/"), {"anchor": "ethics", "to": "clock "})
    assert answer.url == at(stated, "panels/clock/?language=en")
    refused = desk.post(at(stated, "panels/clock/move/"), {"anchor": "", "to": "clock nowhere"}, follow=True)
    assert "The lesson has no such place any more. Choose another." in text_of(refused)
    shown = desk.post(at(stated, "panels/clock/remove/"), {"anchor": ""}, follow=True)
    assert "It is taken out." in text_of(shown)
    assert not stated.panels.exists()
    undo = shown.context["undo"]
    stated.refresh_from_db()
    desk.post(at(stated, f"states/{undo.pk}/restore/"), {"version": stated.version})
    assert stated.panels.get().lesson_key == "clock"
    gone = desk.post(at(stated, "panels/welcome/remove/"), {"anchor": ""}, follow=True)
    assert "This panel is not in the draft any more. Saved states still have it." in text_of(gone)


def test_a_language_with_words_stays_and_an_unknown_one_does_not_come(stated, desk):
    desk.post(
        at(stated, "facts/ct.act/?language=sv"), {"base": base_of_words(stated), "statement": "En lag."}
    )
    answer = desk.post(at(stated, "languages/"), {"remove": "sv"}, follow=True)
    assert "Something is written in this language. Take those texts out first." in text_of(answer)
    answer = desk.post(at(stated, "languages/"), {"language": "tlh"}, follow=True)
    assert "Choose one of the languages in the list." in text_of(answer)
    stated.refresh_from_db()
    assert stated.meta["languages"] == ["en", "sv"]


def base_of_words(layer):
    return base_of_fact(layer, language="sv")


# --- Facts ------------------------------------------------------------------------------------------------------------

STATUS = "Give it, or choose another status."
FAULTS = [
    (
        {"legal_ref": " "},
        "legal_ref",
        f"A verified fact needs a reference: the article, or the document or page that says it. {STATUS}",
    ),
    ({"source_url": ""}, "source_url", f"A verified fact needs the address of its source. {STATUS}"),
    ({"verified_on": ""}, "verified_on", f"A verified fact needs the day of the check. {STATUS}"),
    ({"verified_on": "2099-01-01"}, "verified_on", "Nobody has checked it on a day to come."),
    ({"verified_on": "30 February"}, "verified_on", "Enter a valid date."),
    (
        {"review_due": "2026-11-19"},
        "review_due",
        "The next check comes after the last one. Correct one of the days.",
    ),
    ({"source_url": "javascript:alert(1)"}, "source_url", "Enter a valid URL."),
    ({"statement": " "}, "statement", "This field is required."),
    ({"statement": "x" * 4001}, "statement", "Ensure this value has at most 4000 characters (it has 4001)."),
    ({"status": "true"}, "status", "Select a valid choice. true is not one of the available choices."),
    ({"term-1-lang": ""}, "__all__", "A native term needs its words and its language."),
    ({"term-1": ""}, "__all__", "A native term needs its words and its language."),
]


@pytest.mark.parametrize(("changes", "field", "said"), FAULTS)
def test_a_fault_is_said_at_its_field_and_nothing_is_written(layer, desk, changes, field, said):
    answer = desk.post(at(layer, "new-fact/"), {**FACT, **changes})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [said]}
    assert answer.context["form"]["note"].value() == "Seen by us."
    assert not layer.statements.exists()


@pytest.mark.parametrize("key", ["Ct", "a b", "ä", "-a", "a/b"])
def test_a_key_names_a_fact(layer, desk, key):
    answer = desk.post(at(layer, "new-fact/"), {**FACT, "key": key})
    assert answer.context["form"].errors == {"key": [f"“{key}” is no key: use a–z, 0–9, “-”, “_” and “.”."]}


@pytest.mark.parametrize(("changes", "field", "said"), FAULTS)
def test_the_same_is_asked_when_a_fact_is_changed(stated, desk, changes, field, said):
    answer = desk.post(at(stated, "facts/ct.act/"), typed_fact(stated, **changes))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [said]}
    assert stated.statements.get().legal_ref == "Act 983/2021"


def test_less_than_verified_needs_no_source_and_says_so_to_learners(stated, desk):
    bare = {"legal_ref": "", "source_url": "", "verified_on": "", "review_due": ""}
    preview = at(stated, "preview/?lesson=welcome&country=FI&language=en")
    for status, words in (
        ("confirm", "Awaiting expert confirmation"),
        ("disputed", "Disputed: sources disagree"),
        ("open", "Not yet adapted for Finland"),
    ):
        answer = desk.post(at(stated, "facts/ct.act/"), typed_fact(stated, status=status, **bare))
        assert answer.status_code == 302
        assert words in text_of(desk.get(preview))


def test_a_fact_is_stated_once(stated, desk):
    answer = desk.post(at(stated, "new-fact/"), FACT)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "key": ["The layer states the fact “ct.act” already. Change it there."]
    }


def test_what_hangs_on_a_fact_is_said_at_its_status(stated, desk):
    ask(stated, desk)
    refusal = (
        "Country questions rest on this fact: “Which act?” (q1). Let them rest on another one, or remove them, before "
        "it counts as less than verified or goes."
    )
    answer = desk.post(at(stated, "facts/ct.act/"), typed_fact(stated, status="disputed"))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"status": [refusal]}
    gone = desk.post(at(stated, "facts/ct.act/remove/"), follow=True)
    assert refusal in text_of(gone)
    assert stated.statements.get().status == "verified"


def ask(layer, desk, **changes):
    url = at(layer, f"quizzes/{COUNTRY_CHECK}/add/?kind=single")
    return desk.post(url, {**QUESTION, "rests_on": ["ct.act"], **changes})


def test_two_people_at_one_fact_see_both(stated, desk, finnish_publisher, signed_in):
    mine = typed_fact(stated, statement="Mine.")
    signed_in(finnish_publisher).post(at(stated, "facts/ct.act/"), {**mine, "statement": "Theirs."})
    answer = desk.post(at(stated, "facts/ct.act/"), mine)
    assert answer.status_code == 409
    assert "Somebody else changed this fact while you were at it." in text_of(answer)
    assert "Theirs." in text_of(answer)
    assert answer.context["form"]["statement"].value() == "Mine."
    again = {**mine, "base": answer.context["form"]["base"].value()}
    assert desk.post(at(stated, "facts/ct.act/"), again).status_code == 302
    assert stated.statements.get().texts == {"en": "Mine."}


def test_a_statement_in_another_language_stands_beside_the_original(stated, desk):
    url = at(stated, "facts/ct.act/?language=sv")
    shown = desk.get(url)
    assert shown.context["form"].fields["statement"].help_text == "One act."
    desk.post(url, {"base": base_of_words(stated), "statement": "En lag."})
    assert stated.statements.get().texts == {"en": "One act.", "sv": "En lag."}
    desk.post(url, {"base": base_of_words(stated), "statement": ""})
    assert stated.statements.get().texts == {"en": "One act."}
    assert desk.get(at(stated, "facts/ct.act/?language=fi")).status_code == 404
    assert desk.get(at(stated, "facts/ct.none/")).status_code == 404


# --- Questions --------------------------------------------------------------------------------------------------------


def test_a_country_question_needs_a_fact(stated, desk):
    answer = ask(stated, desk, rests_on=[], references="Act 983/2021")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "rests_on": ["A country question rests on a verified fact. Choose at least one."]
    }
    assert ask(stated, desk).status_code == 302
    assert stated.questions.get().rests_on == ["ct.act"]


def test_the_check_has_a_title_in_every_language(stated, desk):
    ask(stated, desk)
    url = at(stated, f"quizzes/{COUNTRY_CHECK}/")
    form = desk.get(url).context["form"]
    said = {
        "base": form["base"].value(),
        "title": "Check",
        "title_sv": "Prov",
        "minutes": "7",
        "pass_percent": "60",
    }
    assert desk.post(f"{url}settings/", said).status_code == 302
    stated.refresh_from_db()
    assert stated.meta["quiz"] == {"title": {"en": "Check", "sv": "Prov"}, "minutes": 7}
    assert stated.meta["pass"] == 60


def test_a_refused_question_is_said_with_its_place_and_a_way_there(stated, desk):
    ask(stated, desk)
    stated.statements.update(status="disputed")
    stated.panels.update(body=":::note")
    answer = desk.post(at(stated, "submit/"), {"note": ""})
    assert answer.status_code == 422
    assert [(each.place, each.url, each.problem.message) for each in answer.context["problems"]] == [
        (
            "Panel at welcome, English",
            at(stated, "panels/welcome/?anchor=ethics&language=en"),
            "“:::note” is not closed. Add “:::” on a line of its own.",
        ),
        (
            "Country question q1",
            at(stated, f"quizzes/{COUNTRY_CHECK}/questions/q1/"),
            "The fact “ct.act” is not verified, so no question may rest on it. Take the question out.",
        ),
    ]
    for each in answer.context["problems"]:
        assert desk.get(each.url).status_code == 200
        assert f'href="{each.url.replace("&", "&amp;")}"' in text_of(answer)
    stated.refresh_from_db()
    assert stated.is_draft


# --- From what is published -------------------------------------------------------------------------------------------


@pytest.fixture
def out(stated, finn, finnish_publisher, now):
    return published(stated, author=finn, publishers=[finnish_publisher], at=now)


def test_a_new_revision_is_begun_from_what_is_published(out, desk):
    assert desk.get(at(out, "edit/")).url == at(out)
    answer = desk.post(f"/studio/editions/{out.edition_id}/draft/")
    begun = Revision.objects.get(edition=out.edition, number=2)
    assert answer.url == at(begun, "edit/")
    assert [panel.body for panel in begun.panels.all()] == ["One act."]
    assert desk.post(at(begun, "discard/")).url == "/studio/modules/small-module/"
    assert out.statements.get().fact.status == "verified"


def test_a_panel_whose_lesson_is_gone_is_moved(
    out, desk, core, author, publisher, other_publisher, finn, now
):
    begun = services.start_draft(out.edition, by=finn, at=now)
    services.move_panel(begun, Place("welcome", "ethics"), Place("clock", "", "en"), by=finn, at=now)
    newer = services.start_draft(core.edition, by=author, at=now)
    services.remove_lesson(newer, "clock", by=author, at=now)
    published(newer, author=author, publishers=[publisher, other_publisher], at=now)
    shown = text_of(desk.get(at(begun, "edit/")))
    said = "A panel has lost its lesson: the core has no lesson “clock” any more. Move it, or take it out."
    assert said in shown
    page = desk.get(at(begun, "panels/clock/"))
    choices = page.context["places"].fields["to"].choices
    assert [value for value, _words in choices] == ["welcome ", "welcome ethics"]
    refused = desk.post(at(begun, "submit/"), {"change_class": "minor", "note": ""})
    assert [(each.place, each.problem.message) for each in refused.context["problems"]] == [
        (
            "Panel at clock, English",
            "The panel belongs to the lesson “clock”, which the core does not have. Correct the key.",
        )
    ]
    desk.post(at(begun, "panels/clock/move/"), {"anchor": "", "to": "welcome ethics"})
    assert said not in text_of(desk.get(at(begun, "edit/")))
    assert begun.panels.get().anchor == "ethics"


def test_a_later_look_at_the_source_is_said_beside_the_older_day(out, desk, finn, now):
    services.check_unchanged([out.statements.get()], by=finn, at=now)
    begun = services.start_draft(out.edition, by=finn, at=now)
    assert "Looked at again on 20 Nov 2026: Verified." in text_of(desk.get(at(begun, "facts/ct.act/")))


# --- Comments ---------------------------------------------------------------------------------------------------------


def test_what_a_reviewer_says_of_a_panel_or_a_fact_stands_beside_it(stated, desk, finnish_publisher, now):
    for place in ("panel/welcome/ethics/en", "fact/ct.act"):
        services.begin_comment(stated, place=place, words=f"Of {place}.", by=finnish_publisher, at=now)
        way = way_to(stated, place)
        assert f"Of {place}." in text_of(desk.get(way))
        shown = text_of(desk.get(at(stated, f"comments/?place={place}")))
        assert f'href="{way.replace("&", "&amp;")}"' in shown
    assert way_to(stated, "about") == at(stated, "edit/")
    assert "The layer as a whole" in text_of(desk.get(at(stated)))


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_the_same_queries(desk, stated, finn, now, count, django_assert_num_queries):
    for number in range(count):
        desk.post(at(stated, "new-fact/"), {**FACT, "key": f"ct.more-{number}"})
        place = Place("welcome", "" if number else "ethics", "en")
        desk.post(
            at(stated, f"panels/welcome/?anchor={place.anchor}"),
            {"base": base_of_panel(stated, place), "body": "Text.", "facts": ["ct.act"]},
        )
        ask(stated, desk)
    for rest, queries in (
        ("edit/", 16),
        ("panels/welcome/?anchor=ethics", 22),
        ("facts/ct.act/", 11),
        ("new-fact/", 7),
    ):
        desk.get(at(stated, rest))
        with django_assert_num_queries(queries):
            desk.get(at(stated, rest))


@pytest.mark.parametrize("count", [1, 3])
def test_the_start_takes_the_same_queries(desk, core, author, occ, now, count, django_assert_num_queries):
    for country in ("NO", "SE", "DK")[:count]:
        services.start_layer(core.edition.module, country, source_language="en", owner=occ, by=author, at=now)
    desk.get("/studio/modules/small-module/adapt/")
    with django_assert_num_queries(8):
        desk.get("/studio/modules/small-module/adapt/")


def test_a_layer_that_came_as_files_is_written_here_too(desk, core, finn, now):
    layer = draft(files_of("countries/"), by=finn, at=now)
    page = desk.get(at(layer, "edit/")).context["page"]
    assert [fact.key for fact in page.facts] == ["ct.ethics", "ct.act"]
    assert page.questions == 1
    assert [(each.code, each.there, each.all) for each in page.languages] == [("en", 5, 5), ("sv", 3, 5)]
