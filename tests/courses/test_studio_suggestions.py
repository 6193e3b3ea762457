"""Suggestions of readers in the Studio: who reads them, how they become a draft, how they are answered."""

import pytest

from courses.models import Edition, Revision, Suggestion
from courses.selectors import current_programme
from courses.services import (
    answer_suggestion,
    discard,
    start_draft,
    suggest,
    take_up,
    withdraw_suggestion,
)
from lms.accounts.models import Role
from lms.records.models import AuditEvent, Mail
from tests.conftest import with_role
from tests.enrollment.builders import build_module, publish_now

Kind, State = Edition.Kind, Suggestion.State
REPLY = {"outcome": "answered", "words": "Right, thank you."}


@pytest.fixture
def module(occ, academy):
    return build_module()


@pytest.fixture
def core(module):
    return module.editions.get(kind=Kind.CORE)


@pytest.fixture
def sent(core, learner, now):
    return sent_on(core.current, learner, now)


def sent_on(revision, sender, at, *, place="lesson/one", words="It is Article 9.") -> Suggestion:
    return suggest(
        revision,
        place=place,
        title="Title of one",
        kind="wrong",
        quote="Art. 8",
        words=words,
        by=sender,
        at=at,
    )


@pytest.fixture
def stranger(lif):
    return with_role("stranger", Role.AUTHOR, lif)


def in_review(draft) -> Revision:
    Revision.objects.filter(pk=draft.pk).update(status="in_review")
    draft.refresh_from_db()
    return draft


def at(suggestion, act: str = "") -> str:
    return f"/studio/suggestions/{suggestion.pk}/{act}"


def listed(browser, query: str = "") -> list[int]:
    return [row.suggestion.pk for row in browser.get(f"/studio/suggestions/{query}").context["rows"]]


# --- Who reads them ---------------------------------------------------------------------------------------------------


def test_the_owners_people_read_who_says_what(signed_in, sent, author, publisher, learner):
    for person in (author, publisher):
        browser = signed_in(person)
        assert listed(browser) == [sent.pk]
        page = browser.get(at(sent)).text
        assert "It is Article 9." in page
        assert "Art. 8" in page
        assert learner.full_name in page
        assert learner.email not in page


@pytest.mark.parametrize("who", ["stranger", "other_publisher", "finnish_publisher"])
def test_other_partners_do_not_learn_that_they_exist(signed_in, sent, who, request):
    browser = signed_in(request.getfixturevalue(who))
    assert listed(browser) == []
    assert [browser.get(at(sent)).status_code, browser.post(at(sent, "take-up/")).status_code] == [404, 404]
    assert browser.post(at(sent, "answer/"), REPLY).status_code == 404
    assert "Module trials" not in browser.get("/studio/suggestions/").text
    assert "uggestion of readers" not in browser.get("/studio/").text
    assert Suggestion.objects.get().state == State.NEW


def test_a_co_owner_reads_those_of_the_core_and_no_others(
    signed_in, module, core, learner, other_publisher, academy, now
):
    module.co_owners.add(academy)
    layer = module.editions.get(kind=Kind.LAYER)
    of_core = sent_on(core.current, learner, now)
    sent_on(layer.current, learner, now)
    assert listed(signed_in(other_publisher)) == [of_core.pk]


@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
def test_people_without_a_studio_role_are_refused(signed_in, sent, who, request):
    browser = signed_in(request.getfixturevalue(who))
    assert [browser.get(url).status_code for url in ("/studio/suggestions/", at(sent))] == [403, 403]
    assert [browser.post(at(sent, act)).status_code for act in ("take-up/", "answer/")] == [403, 403]


def test_acts_are_posted(signed_in, sent, author):
    assert [signed_in(author).get(at(sent, act)).status_code for act in ("take-up/", "answer/")] == [405, 405]


# --- The list ---------------------------------------------------------------------------------------------------------


def test_filters(signed_in, module, core, learner, author, now):
    layer = module.editions.get(kind=Kind.LAYER)
    of_core, of_layer = sent_on(core.current, learner, now), sent_on(layer.current, learner, now)
    answer_suggestion(of_core, words="Yes.", is_declined=False, by=author, at=now)
    browser = signed_in(author)
    assert {
        query: listed(browser, f"?{query}")
        for query in (
            "state=open",
            "state=answered",
            "edition=layer",
            "module=trials",
            "kind=unclear",
            "state=x",
        )
    } == {
        "state=open": [of_layer.pk],
        "state=answered": [of_core.pk],
        "edition=layer": [of_layer.pk],
        "module=trials": [of_layer.pk, of_core.pk],
        "kind=unclear": [],
        "state=x": [of_layer.pk, of_core.pk],
    }
    assert "“State” is left out" in browser.get("/studio/suggestions/?state=x").text
    assert "No suggestion found" in browser.get("/studio/suggestions/?kind=unclear").text


def test_the_modules_to_choose_from_are_those_of_ones_own_suggestions(signed_in, sent, author, stranger):
    assert 'value="trials"' in signed_in(author).get("/studio/suggestions/").text
    assert 'value="trials"' not in signed_in(stranger).get("/studio/suggestions/").text


# --- Into a draft -----------------------------------------------------------------------------------------------------


def test_it_begins_a_draft_and_stands_beside_the_text(signed_in, sent, core, author):
    browser = signed_in(author)
    answer = browser.post(at(sent, "take-up/"))
    draft = core.revisions.open().get()
    assert answer.url == f"/studio/revisions/{draft.pk}/lessons/one/"
    page = browser.get(answer.url).text
    assert "A reader suggests: Title of one" in page
    assert "It is Article 9." in page
    assert "It is Article 9." not in browser.get(f"/studio/revisions/{draft.pk}/lessons/two/").text
    sent.refresh_from_db()
    assert (sent.state, sent.draft) == ("taken_up", draft)
    event = AuditEvent.objects.get(act="suggestion.taken_up")
    assert (event.payload["meaning"], event.payload["values"]) == ("ACKNOWLEDGED", {"revision": draft.pk})


def test_it_goes_into_the_draft_that_is_open_and_twice_is_once(signed_in, sent, core, author, publisher, now):
    draft = start_draft(core, by=author, at=now)
    for person in (author, publisher):
        signed_in(person).post(at(sent, "take-up/"))
    assert core.revisions.open().get() == draft
    assert AuditEvent.objects.filter(act="suggestion.taken_up").count() == 1


def test_a_place_that_the_draft_does_not_have_leads_to_the_draft(signed_in, core, learner, author, now):
    sent = sent_on(core.current, learner, now, place="lesson/gone")
    answer = signed_in(author).post(at(sent, "take-up/"))
    draft = core.revisions.open().get()
    assert answer.url == f"/studio/revisions/{draft.pk}/edit/"
    assert "It is Article 9." in signed_in(author).get(f"/studio/revisions/{draft.pk}/").text


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("fact/authority", "facts/authority/"),
        ("lesson/one", "panels/one/?anchor=&language=en"),
        ("lesson/two", "edit/"),
    ],
)
def test_what_a_layer_says_leads_to_where_it_is_written(signed_in, module, learner, author, now, place, way):
    layer = module.editions.get(kind=Kind.LAYER)
    sent = sent_on(layer.current, learner, now, place=place)
    browser = signed_in(author)
    answer = browser.post(at(sent, "take-up/"))
    draft = layer.revisions.open().get()
    assert answer.url == f"/studio/revisions/{draft.pk}/{way}"
    shown = "" if way == "edit/" else way
    assert "It is Article 9." in browser.get(f"/studio/revisions/{draft.pk}/{shown}").text


def test_a_draft_in_review_keeps_it_until_it_comes_back(signed_in, sent, core, author, now):
    draft = in_review(start_draft(core, by=author, at=now))
    answer = signed_in(author).post(at(sent, "take-up/"), follow=True)
    assert "There is a draft already, and it is in review." in answer.text
    assert "It is Article 9." in answer.text
    sent.refresh_from_db()
    assert sent.draft == draft


def test_reviewers_of_the_draft_do_not_read_it(signed_in, sent, core, author, finnish_publisher, now):
    draft = in_review(take_up(sent, by=author, at=now))
    page = signed_in(finnish_publisher).get(f"/studio/revisions/{draft.pk}/")
    assert page.status_code == 200
    assert "It is Article 9." not in page.text


# --- The answer -------------------------------------------------------------------------------------------------------


def test_an_answer_is_given_once(signed_in, sent, author, publisher):
    answer = signed_in(author).post(at(sent, "answer/"), REPLY, follow=True)
    assert "Answered. The sender gets it by e-mail." in answer.text
    sent.refresh_from_db()
    assert (sent.state, sent.answer, sent.answered_by) == ("answered", "Right, thank you.", author)
    again = signed_in(publisher).post(at(sent, "answer/"), {"outcome": "declined", "words": "No."})
    assert again.status_code == 409
    assert "This suggestion has been answered already. Its sender has the answer." in again.text
    assert "You wrote: No." in again.text
    assert Mail.objects.filter(kind="suggestion_answered").count() == 1
    assert AuditEvent.objects.get(act="suggestion.answered").payload == {
        "at": AuditEvent.objects.get(act="suggestion.answered").payload["at"],
        "meaning": "REVIEWED",
        "values": {},
    }


def test_declining_is_an_answer_too(signed_in, sent, author):
    signed_in(author).post(at(sent, "answer/"), {"outcome": "declined", "words": "It says 8."})
    sent.refresh_from_db()
    assert (sent.state, sent.answer) == ("declined", "It says 8.")
    assert AuditEvent.objects.filter(act="suggestion.declined").count() == 1


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"words": ""}, "Write an answer: the sender took the trouble to tell you."),
        ({"outcome": ""}, "Choose what comes of it."),
        ({"outcome": "new"}, "Select a valid choice."),
    ],
)
def test_what_an_answer_lacks_is_said_at_its_field(signed_in, sent, author, lacks, said):
    answer = signed_in(author).post(at(sent, "answer/"), {**REPLY, **lacks})
    assert answer.status_code == 422
    assert said in answer.text
    sent.refresh_from_db()
    assert (sent.state, sent.answer) == ("new", "")


def test_what_is_answered_is_not_taken_up(signed_in, sent, core, author, now):
    answer_suggestion(sent, words="Yes.", is_declined=False, by=author, at=now)
    answer = signed_in(author).post(at(sent, "take-up/"), follow=True)
    assert "This suggestion has been answered already." in answer.text
    assert not core.revisions.open().exists()


def test_what_was_withdrawn_is_not_there(signed_in, sent, learner, author, now):
    withdraw_suggestion(sent, by=learner, at=now)
    browser = signed_in(author)
    assert browser.get(at(sent)).status_code == 404
    assert browser.post(at(sent, "answer/"), REPLY).status_code == 404


# --- What waits -------------------------------------------------------------------------------------------------------


def waiting(browser) -> list[int]:
    tasks = browser.get("/studio/").context["page"].tasks
    return [task.suggestions for task in tasks if task.waits == "suggestions"]


def test_it_waits_until_somebody_takes_it_up_and_again_when_the_change_is_published(
    signed_in, sent, author, now
):
    browser = signed_in(author)
    assert waiting(browser) == [1]
    draft = take_up(sent, by=author, at=now)
    assert waiting(browser) == []
    publish_now(draft, at=now)
    assert waiting(browser) == [1]
    assert "That revision is published: tell the sender." in browser.get(at(sent)).text
    answer_suggestion(sent, words="Yes.", is_declined=False, by=author, at=now)
    assert waiting(browser) == []


def test_it_waits_again_when_the_draft_is_discarded(signed_in, sent, author, now):
    discard(take_up(sent, by=author, at=now), by=author, at=now)
    sent.refresh_from_db()
    assert (sent.state, sent.draft) == ("taken_up", None)
    assert waiting(signed_in(author)) == [1]
    assert signed_in(author).post(at(sent, "take-up/")).status_code == 302
    assert Revision.objects.open().count() == 1


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(
    signed_in, core, learner, author, now, count, count_queries
):
    for number in range(count):
        sent = sent_on(core.current, learner, now, words=f"{number}")
        take_up(sent, by=author, at=now)
    browser = signed_in(author)
    current_programme()
    with count_queries(5):
        browser.get("/studio/suggestions/")
    with count_queries(5):
        browser.get(at(sent))
    with count_queries(16):
        browser.get(f"/studio/revisions/{sent.draft_id or core.revisions.open().get().pk}/lessons/one/")
