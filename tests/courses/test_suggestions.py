"""A reader suggests a correction: where it goes, what is refused, what they see of it afterwards."""

import pytest

from courses.models import Edition, Suggestion
from courses.selectors import current_programme
from courses.services import answer_suggestion, suggest, take_up
from lms.accounts.models import Membership, Role, User
from lms.records.models import AuditEvent, Mail
from lms.records.services.audit import broken_chains
from tests.conftest import LONG_AGO, person, with_role
from tests.enrollment.builders import build_course, build_module, layer, start

Kind, State = Edition.Kind, Suggestion.State
PAGE = "/suggest/trials/one/"
WORDS = {"kind": "wrong", "words": "It is Article 9.", "quote": "Article 8"}


@pytest.fixture
def learner(db):
    return person("learner", country="FI")


@pytest.fixture
def module(occ, academy, pharma_centre):
    """Its Swedish words belong to the Academy, its Finnish layer to the Centre."""
    module = build_module()
    module.editions.filter(kind=Kind.TRANSLATION).update(owner=academy)
    module.editions.filter(kind=Kind.LAYER).update(owner=pharma_centre)
    return module


def edition_of(suggestion) -> tuple[str, str]:
    return suggestion.edition.kind, suggestion.edition.owner.slug


def parts(response) -> list[tuple[str, str]]:
    return [(part.code, part.label) for part in response.context["subject"].parts]


# --- Where it goes ----------------------------------------------------------------------------------------------------


def test_a_lesson_goes_to_the_owner_of_the_core(signed_in, learner, module):
    answer = signed_in(learner).post(PAGE, WORDS, follow=True)
    assert "Thank you. The answer comes by e-mail, and you find it under My suggestions." in answer.text
    sent = Suggestion.objects.get()
    assert edition_of(sent) == ("core", "occ-incubator")
    assert (sent.place, sent.title, sent.quote, sent.words) == (
        "lesson/one",
        "Title of one",
        "Article 8",
        "It is Article 9.",
    )
    assert (sent.sent_by, sent.state, sent.kind) == (learner, "new", "wrong")


def test_what_is_read_in_a_translation_goes_to_its_owner_unless_every_language_is_meant(
    signed_in, learner, module
):
    browser = signed_in(learner)
    page = browser.get(f"{PAGE}?language=sv")
    assert parts(page) == [
        ("translation", "The words in Swedish"),
        ("core", "What it says, in every language"),
    ]
    assert page.context["subject"].title == "sv: Title of one"
    browser.post(f"{PAGE}?language=sv", {**WORDS, "part": "translation"})
    browser.post(f"{PAGE}?language=sv", {**WORDS, "part": "core"})
    assert [edition_of(each) for each in Suggestion.objects.order_by("pk")] == [
        ("translation", "lakemedelsakademin"),
        ("core", "occ-incubator"),
    ]


def test_what_a_country_adds_goes_to_the_owner_of_its_layer(signed_in, learner, module):
    browser = signed_in(learner)
    page = browser.get(f"{PAGE}?country=FI&part=layer")
    assert parts(page) == [("core", "The lesson itself"), ("layer", "What it says about Finland")]
    assert page.context["form"]["part"].value() == "layer"
    browser.post(f"{PAGE}?country=FI", {**WORDS, "part": "layer"})
    assert edition_of(Suggestion.objects.get()) == ("layer", "laaketietokeskus")


def test_country_questions_have_only_their_layer(signed_in, learner, module):
    browser = signed_in(learner)
    page = browser.get("/suggest/trials/country-check/?country=FI")
    assert parts(page) == [("layer", "What it says about Finland")]
    browser.post("/suggest/trials/country-check/?country=FI", WORDS)
    assert edition_of(Suggestion.objects.get()) == ("layer", "laaketietokeskus")
    assert browser.get("/suggest/trials/country-check/?country=NO").status_code == 404


def test_a_fact_goes_to_the_owner_of_the_layer_that_states_it(signed_in, learner, module):
    browser = signed_in(learner)
    assert "/facts/authority/suggest/?country=FI" in browser.get("/facts/authority/").text
    assert browser.post("/facts/authority/suggest/?country=FI", WORDS).status_code == 302
    sent = Suggestion.objects.get()
    assert (sent.place, sent.title, *edition_of(sent)) == (
        "fact/authority",
        "authority",
        "layer",
        "laaketietokeskus",
    )


def test_of_a_fact_of_several_countries_the_one_that_was_read_is_chosen(signed_in, learner, occ):
    build_module(layers=[layer("FI"), layer("NO")])
    build_module("more", layers=[layer("NO")])
    page = signed_in(learner).get("/facts/authority/suggest/?country=NO")
    assert [label for _code, label in parts(page)] == [
        "Finland · Module trials",
        "Norway · Module more",
        "Norway · Module trials",
    ]
    assert page.context["form"]["part"].value().startswith("NO-")


def test_the_lesson_carries_the_way_there(signed_in, learner, module):
    start(learner, build_course(modules=[module]))
    text = signed_in(learner).get("/learn/nordic-trials/trials/one/").text
    assert (
        'href="/suggest/trials/one/?language=en&amp;country=FI&amp;next=/learn/nordic-trials/trials/one/"'
        in text
    )


def test_back_to_the_lesson_and_to_no_other_site(signed_in, learner, module):
    browser = signed_in(learner)
    answer = browser.post(PAGE, {**WORDS, "next": "/learn/nordic-trials/trials/one/"})
    assert answer.url == "/learn/nordic-trials/trials/one/"
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)", "home", "x" * 3_000):
        assert browser.post(PAGE, {**WORDS, "next": elsewhere}).url == "/suggestions/"
        assert f'href="{elsewhere}"' not in browser.get(f"{PAGE}?next={elsewhere}").text


# --- What is refused --------------------------------------------------------------------------------------------------


def test_anonymous_is_asked_to_log_in(client, module):
    for url in (PAGE, "/facts/authority/suggest/", "/suggestions/"):
        assert client.get(url).status_code == 302
    assert client.post(PAGE, WORDS).status_code == 302
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "url",
    ["/suggest/trials/none/", "/suggest/none/one/", "/suggest/trials/country-check/", "/facts/none/suggest/"],
)
def test_what_is_not_published_is_not_there(signed_in, learner, module, url):
    browser = signed_in(learner)
    assert browser.get(url).status_code == 404
    assert browser.post(url, WORDS).status_code == 404


def test_a_module_in_draft_is_not_there(signed_in, learner, module):
    module.editions.update(current=None)
    assert signed_in(learner).get(PAGE).status_code == 404
    assert signed_in(learner).get("/facts/authority/suggest/").status_code == 404


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"words": ""}, "Write what should be different."),
        ({"kind": ""}, "Choose what is the matter."),
        ({"kind": "boring"}, "Select a valid choice."),
        ({"words": "x" * 2_001}, "Ensure this value has at most 2000 characters"),
        ({"quote": "x" * 1_001}, "Ensure this value has at most 1000 characters"),
        ({"part": "layer"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    signed_in, learner, module, lacks, said
):
    answer = signed_in(learner).post(f"{PAGE}?language=sv", {**WORDS, "part": "core", **lacks})
    assert answer.status_code == 422
    assert said in answer.text
    assert all(value in answer.text for value in {**WORDS, **lacks}.values())
    assert not Suggestion.objects.exists()


def test_the_twenty_first_of_an_hour_waits_and_keeps_what_was_typed(
    signed_in, learner, other_learner, module
):
    browser = signed_in(learner)
    assert [browser.post(PAGE, WORDS).status_code for _each in range(20)] == [302] * 20
    answer = browser.post(PAGE, {**WORDS, "words": "One more thing."})
    assert answer.status_code == 429
    assert (
        "You have sent many suggestions. Send this one in 60 minutes; what you wrote is still here."
        in answer.text
    )
    assert "One more thing.</textarea>" in answer.text
    assert Suggestion.objects.count() == 20
    assert signed_in(other_learner).post(PAGE, WORDS).status_code == 302
    assert browser.get(PAGE).status_code == 200


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_the_owners_people_get_one_letter_a_day(signed_in, learner, module, occ, author, publisher, now):
    with_role("left", Role.AUTHOR, occ)
    Membership.objects.filter(user__email="left@example.org").update(ends_on=LONG_AGO)
    with_role("follower", Role.COORDINATOR, occ)
    browser = signed_in(learner)
    for _each in range(3):
        browser.post(PAGE, WORDS)
    letters = Mail.objects.filter(kind="suggestion_sent").order_by("recipient")
    assert [letter.recipient for letter in letters] == ["author@example.org", "publisher@example.org"]
    assert "Module trials" in letters[0].body
    assert "/studio/suggestions/" in letters[0].body
    assert learner.full_name not in letters[0].body
    assert WORDS["words"] not in letters[0].body


def test_the_trail_names_the_row_and_not_the_words(signed_in, learner, module):
    signed_in(learner).post(PAGE, WORDS)
    sent = Suggestion.objects.get()
    event = AuditEvent.objects.get(chain=f"courses.suggestion:{sent.pk}")
    assert (event.act, event.payload["values"]) == (
        "suggestion.sent",
        {"revision": sent.revision_id, "place": "lesson/one", "kind": "wrong"},
    )


# --- One's own --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(module, learner, now):
    core = module.editions.get(kind=Kind.CORE).current
    return suggest(
        core, place="lesson/one", title="Title of one", kind="wrong", words="Art. 9.", by=learner, at=now
    )


def test_the_sender_sees_the_state_and_the_answer(signed_in, learner, sent, author, now):
    browser = signed_in(learner)
    assert "New" in browser.get("/suggestions/").text
    take_up(sent, by=author, at=now)
    assert "Being looked at" in browser.get("/suggestions/").text
    answer_suggestion(sent, words="Right, thank you.", is_declined=False, by=author, at=now)
    page = browser.get("/suggestions/").text
    assert "Corrected" in page
    assert "Right, thank you." in page
    assert "OCC Incubator answered on 20 Nov 2026:" in page
    assert author.full_name not in page.partition("<main")[2]


def test_nobody_sees_the_suggestions_of_somebody_else(signed_in, other_learner, sent):
    browser = signed_in(other_learner)
    assert "Art. 9." not in browser.get("/suggestions/").text
    assert browser.get(f"/suggestions/{sent.pk}/withdraw/").status_code == 404
    assert browser.post(f"/suggestions/{sent.pk}/withdraw/").status_code == 404


def test_the_sender_gets_a_letter_in_their_language(sent, learner, author, now):
    User.objects.filter(pk=learner.pk).update(language="sv")
    answer_suggestion(sent, words="It says 8.", is_declined=True, by=author, at=now)
    letter = Mail.objects.get(kind="suggestion_answered")
    assert (letter.recipient, letter.language) == (learner.email, "sv")
    assert "It says 8." in letter.body
    assert "/suggestions/" in letter.body
    assert author.full_name not in letter.body


def test_whoever_is_gone_gets_none(sent, author, now):
    Suggestion.objects.update(sent_by=None)
    answer_suggestion(sent, words="It says 8.", is_declined=True, by=author, at=now)
    assert not Mail.objects.filter(kind="suggestion_answered").exists()


def test_the_sender_withdraws_it_words_and_all(signed_in, learner, sent):
    browser = signed_in(learner)
    assert "Withdraw this suggestion?" in browser.get(f"/suggestions/{sent.pk}/withdraw/").text
    answer = browser.post(f"/suggestions/{sent.pk}/withdraw/", follow=True)
    assert "Your suggestion is withdrawn and deleted." in answer.text
    assert not Suggestion.objects.exists()
    assert broken_chains() == []
    assert browser.post(f"/suggestions/{sent.pk}/withdraw/").status_code == 404


def test_what_is_being_looked_at_is_not_withdrawn(signed_in, learner, sent, author, now):
    take_up(sent, by=author, at=now)
    answer = signed_in(learner).post(f"/suggestions/{sent.pk}/withdraw/", follow=True)
    assert "Somebody is looking at your suggestion already" in answer.text
    assert Suggestion.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(signed_in, learner, module, now, count, count_queries):
    core = module.editions.get(kind=Kind.CORE).current
    for number in range(count):
        suggest(core, place="lesson/one", title="One", kind="wrong", words=f"{number}", by=learner, at=now)
    browser = signed_in(learner)
    current_programme()
    with count_queries(4):
        browser.get("/suggestions/")
    with count_queries(3):
        browser.get(PAGE)
    with count_queries(3):
        browser.get("/facts/authority/suggest/")
