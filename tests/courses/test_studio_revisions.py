"""A revision on its way: who may do what, in which state, and what the page says about it."""

from datetime import timedelta

import pytest

from courses.models import Approval, Rendering, Revision, SendBack
from courses.selectors import current_programme
from courses.services import approve, publish, send_back, submit
from lms.accounts.models import Membership, Organisation, Role
from lms.records.models import AuditEvent
from lms.records.services.audit import broken_chains
from tests.conftest import with_role

from .studio_builders import (
    CORE,
    FINNISH,
    SWEDISH,
    changed_core,
    core_files,
    draft,
    files_of,
    imported,
    published,
)

ACTS = ("submit", "send-back", "approve", "publish")


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def in_review(core, author, now):
    return submit(core, by=author, at=now)


@pytest.fixture
def approved(in_review, publisher, other_publisher, now):
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    return in_review


@pytest.fixture
def stranger(lif):
    """Writes for a partner that has nothing to do with the module."""
    return with_role("stranger", Role.AUTHOR, lif)


def at(revision: Revision, act: str = "") -> str:
    return f"/studio/revisions/{revision.pk}/{act}/" if act else f"/studio/revisions/{revision.pk}/"


def status_of(revision: Revision) -> str:
    return Revision.objects.get(pk=revision.pk).status


# --- Who may come in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["", *ACTS, "preview"])
def test_anonymous_is_asked_to_log_in(client, in_review, act):
    for answer in (client.get(at(in_review, act)), client.post(at(in_review, act))):
        assert answer.status_code in (302, 405)
    assert status_of(in_review) == "in_review"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
def test_people_without_a_studio_role_are_refused(signed_in, in_review, act, who, request):
    assert signed_in(request.getfixturevalue(who)).post(at(in_review, act)).status_code == 403
    assert status_of(in_review) == "in_review"


@pytest.mark.parametrize("act", ["", "preview"])
def test_people_without_a_studio_role_read_nothing(signed_in, in_review, learner, act):
    assert signed_in(learner).get(at(in_review, act)).status_code == 403


@pytest.mark.parametrize("act", ["", "preview"])
def test_another_partners_author_finds_nothing(signed_in, in_review, stranger, act):
    assert signed_in(stranger).get(at(in_review, act)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_another_partners_author_finds_nothing_to_act_on(signed_in, in_review, stranger, act):
    assert signed_in(stranger).post(at(in_review, act), {"reason": "x"}).status_code == 404
    assert status_of(in_review) == "in_review"


@pytest.mark.parametrize("act", ["submit", "send-back", "approve"])
def test_acts_are_posted(signed_in, in_review, publisher, act):
    assert signed_in(publisher).get(at(in_review, act)).status_code == 405


# --- Submit -----------------------------------------------------------------------------------------------------------


def test_author_submits_a_first_draft_which_counts_as_major(signed_in, core, author):
    answer = signed_in(author).post(at(core, "submit"), {"note": "New."}, follow=True)
    assert "Submitted." in answer.text
    core.refresh_from_db()
    assert (core.status, core.change_class, core.change_note) == ("in_review", "major", {"en": "New."})


@pytest.fixture
def second(core, author, publisher, other_publisher, now):
    """A draft after a first publication."""
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    return draft(changed_core("thin layers", "thin national layers"), by=author, at=now + timedelta(days=1))


def test_author_chooses_the_class_of_a_later_change(signed_in, second, author):
    signed_in(author).post(at(second, "submit"), {"change_class": "editorial", "note": ""})
    second.refresh_from_db()
    assert (second.status, second.change_class, second.change_note) == ("in_review", "editorial", {})


def test_a_later_change_without_a_class_is_asked_for_it(signed_in, second, author):
    answer = signed_in(author).post(at(second, "submit"), {"change_class": "tiny"})
    assert answer.status_code == 422
    assert status_of(second) == "draft"


def test_where_no_partner_is_abroad_the_page_says_why_and_what_to_do(signed_in, core, author):
    words = "No partner of the programme is in another country yet"
    browser = signed_in(author)
    assert words not in browser.get(at(core)).text
    Organisation.objects.partners().update(country=core.edition.owner.country)
    page = browser.get(at(core)).text
    assert words in page
    assert "An administrator has to add a partner there" in page


def test_submitting_twice_says_that_it_is_no_draft_any_more(signed_in, in_review, author):
    answer = signed_in(author).post(at(in_review, "submit"), {"note": ""})
    assert answer.status_code == 409
    assert "This is no longer a draft." in answer.text


def test_a_publisher_abroad_sees_the_draft_but_does_not_submit_it(signed_in, core, finnish_publisher):
    client = signed_in(finnish_publisher)
    assert client.get(at(core)).status_code == 200
    assert client.post(at(core, "submit"), {"note": ""}).status_code == 403
    assert status_of(core) == "draft"


def test_a_co_owners_author_may_submit_the_core(signed_in, core, academy):
    colleague = signed_in(with_role("colleague", Role.AUTHOR, academy))
    assert colleague.post(at(core, "submit"), {"note": ""}).status_code == 302
    assert status_of(core) == "in_review"


# --- Send back --------------------------------------------------------------------------------------------------------


def test_a_publisher_sends_back_with_a_reason(signed_in, in_review, other_publisher):
    answer = signed_in(other_publisher).post(
        at(in_review, "send-back"), {"reason": "Article 8."}, follow=True
    )
    assert answer.status_code == 200
    assert status_of(in_review) == "draft"
    assert "Article 8." in answer.text


def test_the_audit_trail_names_the_reviewers_words_and_does_not_repeat_them(signed_in, in_review, publisher):
    """Whatever names stand in them can be erased; the chain cannot, and verifies without them."""
    signed_in(publisher).post(at(in_review, "send-back"), {"reason": "Ask Kari about Article 8."})
    words = SendBack.objects.get(revision=in_review)
    assert (words.reason, words.by) == ("Ask Kari about Article 8.", publisher)
    assert AuditEvent.objects.get(act="revision.sent_back").payload["values"] == {"send_back": words.pk}
    words.delete()
    assert broken_chains() == []
    assert signed_in(publisher).get(at(in_review)).status_code == 200


def test_sending_back_needs_a_reason(signed_in, in_review, publisher):
    answer = signed_in(publisher).post(at(in_review, "send-back"), {"reason": " "})
    assert answer.status_code == 422
    assert "Say what has to change" in answer.text
    assert status_of(in_review) == "in_review"


def test_authors_may_take_it_back(signed_in, in_review, author):
    signed_in(author).post(at(in_review, "send-back"), {"reason": "We found a mistake."})
    assert status_of(in_review) == "draft"


def test_a_draft_cannot_be_sent_back(signed_in, core, publisher):
    answer = signed_in(publisher).post(at(core, "send-back"), {"reason": "Again."})
    assert answer.status_code == 409
    assert "This is not in review." in answer.text


def test_a_publisher_whose_approval_is_not_asked_cannot_send_a_layer_back(signed_in, core, author, lif, now):
    layer = submit(draft(files_of(FINNISH), by=None, at=now), by=author, at=now)
    publisher = signed_in(with_role("other", Role.PUBLISHER, lif))
    assert publisher.post(at(layer, "send-back"), {"reason": "x"}).status_code == 403
    assert status_of(layer) == "in_review"


# --- Approve ----------------------------------------------------------------------------------------------------------


def test_a_publisher_approves_for_the_organisation_that_is_asked(
    signed_in, in_review, other_publisher, academy
):
    answer = signed_in(other_publisher).post(at(in_review, "approve"), follow=True)
    assert "Approved for Läkemedelsakademin." in answer.text
    given = Approval.objects.get()
    assert (given.by, given.organisation, given.country) == (other_publisher, academy, "SE")


def test_approving_twice_is_one_approval(signed_in, in_review, publisher):
    client = signed_in(publisher)
    assert [client.post(at(in_review, "approve")).status_code for _time in range(2)] == [302, 302]
    assert Approval.objects.count() == 1


def test_an_author_does_not_approve_their_own(signed_in, in_review, author, occ, now):
    Membership.objects.create(user=author, organisation=occ, role=Role.PUBLISHER, starts_on=now.date())
    client = signed_in(author)
    assert client.post(at(in_review, "approve")).status_code == 403
    assert not Approval.objects.exists()
    assert "Somebody else has to approve and publish it." in client.get(at(in_review)).text


def test_an_author_who_is_no_publisher_does_not_approve(signed_in, in_review, occ):
    colleague = signed_in(with_role("colleague", Role.AUTHOR, occ))
    assert colleague.post(at(in_review, "approve")).status_code == 403


def test_a_second_publisher_of_the_same_partner_is_not_needed(signed_in, in_review, publisher, occ, now):
    approve(in_review, by=publisher, at=now)
    third = signed_in(with_role("third", Role.PUBLISHER, occ))
    answer = third.post(at(in_review, "approve"))
    assert answer.status_code == 403
    assert "an approval that is still needed" in answer.text


def test_a_draft_cannot_be_approved(signed_in, core, publisher):
    assert signed_in(publisher).post(at(core, "approve")).status_code == 409
    assert not Approval.objects.exists()


# --- Publish ----------------------------------------------------------------------------------------------------------


def test_the_question_before_publication_says_what_it_means(signed_in, approved, publisher):
    page = signed_in(publisher).get(at(approved, "publish"))
    assert page.status_code == 200
    assert "Whoever starts from now on reads this revision." in page.text
    assert "Major" in page.text
    assert status_of(approved) == "in_review"


def test_the_owners_publisher_publishes(signed_in, approved, publisher):
    answer = signed_in(publisher).post(at(approved, "publish"), follow=True)
    assert "Published." in answer.text
    approved.refresh_from_db()
    assert approved.status == "published"
    assert approved.edition.current == approved
    assert Rendering.objects.filter(revision=approved).exists()


def test_publishing_twice_changes_nothing(signed_in, approved, publisher):
    client = signed_in(publisher)
    assert [client.post(at(approved, "publish")).status_code for _time in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(act="revision.published").count() == 1
    assert client.get(at(approved, "publish"))["Location"] == at(approved)


def test_what_lacks_approvals_is_not_published(signed_in, in_review, publisher):
    client = signed_in(publisher)
    answer = client.post(at(in_review, "publish"))
    assert answer.status_code == 409
    assert "a publisher of a partner in another country" in answer.text
    assert status_of(in_review) == "in_review"
    assert "Before this can be published it needs" in client.get(at(in_review, "publish")).text


def test_a_draft_is_not_published(signed_in, core, publisher):
    client = signed_in(publisher)
    assert client.post(at(core, "publish")).status_code == 409
    assert client.get(at(core, "publish"))["Location"] == at(core)


def test_an_author_does_not_publish_their_own(signed_in, approved, author, occ, now):
    Membership.objects.create(user=author, organisation=occ, role=Role.PUBLISHER, starts_on=now.date())
    client = signed_in(author)
    assert client.post(at(approved, "publish")).status_code == 403
    assert client.get(at(approved, "publish")).status_code == 403
    assert status_of(approved) == "in_review"


def test_a_publisher_abroad_approves_but_does_not_publish(signed_in, approved, other_publisher):
    assert signed_in(other_publisher).post(at(approved, "publish")).status_code == 403
    assert status_of(approved) == "in_review"


def test_a_layer_without_its_core_says_what_to_publish_first(signed_in, core, author, finnish_publisher, now):
    layer = submit(draft(files_of(FINNISH), by=None, at=now), by=author, at=now)
    approve(layer, by=finnish_publisher, at=now)
    answer = signed_in(finnish_publisher).post(at(layer, "publish"))
    assert answer.status_code == 409
    assert "Publish the core of this module first." in answer.text


# --- What the page shows ----------------------------------------------------------------------------------------------


def buttons(client, revision) -> set[str]:
    acts = client.get(at(revision)).context["page"].acts
    return {name for name in ("submit", "approve", "send_back", "publish") if getattr(acts, name)}


def test_buttons_are_those_that_work(signed_in, core, author, publisher, finnish_publisher, now):
    cast = {"author": author, "owner": publisher, "abroad": finnish_publisher}
    people = {name: signed_in(user) for name, user in cast.items()}
    assert {name: buttons(client, core) for name, client in people.items()} == {
        "author": {"submit"},
        "owner": {"submit"},
        "abroad": set(),
    }
    submit(core, by=author, at=now)
    assert {name: buttons(client, core) for name, client in people.items()} == {
        "author": {"send_back"},
        "owner": {"send_back", "approve"},
        "abroad": {"send_back", "approve"},
    }
    for each in (publisher, finnish_publisher):
        approve(core, by=each, at=now)
    assert {name: buttons(client, core) for name, client in people.items()} == {
        "author": {"send_back"},
        "owner": {"send_back", "publish"},
        "abroad": {"send_back"},
    }
    publish(core, by=publisher, at=now)
    assert all(buttons(client, core) == set() for client in people.values())


def test_the_page_tells_who_approved_and_what_is_missing(signed_in, in_review, publisher, now):
    approve(in_review, by=publisher, at=now)
    page = signed_in(publisher).get(at(in_review))
    assert page.context["page"].waits_for == ("a publisher of a partner in another country",)
    assert "Approved by a publisher of OCC Incubator: Publisher" in page.text


def test_history_tells_who_did_what_and_why(signed_in, in_review, publisher, author, now):
    send_back(in_review, by=publisher, at=now + timedelta(hours=1), reason="Article 8.")
    events = signed_in(author).get(at(in_review)).context["page"].history
    assert [(event.words, event.person, event.reason) for event in events] == [
        ("Sent back", "Publisher", "Article 8."),
        ("Submitted for review", "Author", ""),
        ("Imported", "Author", ""),
    ]


def test_right_answers_are_shown_to_those_who_work_on_it(signed_in, core, author):
    lessons = {
        lesson.key: lesson for lesson in signed_in(author).get(at(core)).context["page"].contents.lessons
    }
    single, multiple, truefalse, numeric = lessons["check"].questions
    assert [option.is_right for option in single.options] == [False, True]
    assert single.options[0].feedback.text == "That is Part I."
    assert [option.is_right for option in multiple.options] == [True, True, False]
    assert [(option.text.text, option.is_right) for option in truefalse.options] == [
        ("True", True),
        ("False", False),
    ]
    assert (numeric.right, numeric.unit.text, numeric.options) == ("60", "days", ())


def test_facts_show_their_state_source_and_what_is_not_answered(
    signed_in, core, author, finnish_publisher, now
):
    files = files_of(FINNISH)
    kept, _separator, _confirm = files["countries/FI/facts.yaml"].decode().partition("  - key: ct.act")
    files["countries/FI/facts.yaml"] = f"{kept}    note: Ask again in spring.\n".encode()
    files["countries/FI/panels/welcome.en.md"] = files["countries/FI/panels/welcome.en.md"].replace(
        b", ct.act", b""
    )
    layer = draft(files, by=None, at=now)
    page = signed_in(finnish_publisher).get(at(layer))
    contents = page.context["page"].contents
    assert [(entry.card.state, entry.card.source.site, entry.note) for entry in contents.facts] == [
        ("fresh", "tukija.fi", "Ask again in spring.")
    ]
    assert contents.unanswered == ("ct.act",)
    assert "Ask again in spring." in page.text
    assert [question.rests_on for question in contents.questions] == [("ct.ethics",)]


def test_stale_texts_of_a_translation_are_marked(signed_in, core, author, now):
    translation = draft(files_of(SWEDISH), by=author, at=now)
    lessons = signed_in(author).get(at(translation)).context["page"].contents.lessons
    assert [(lesson.key, lesson.kind, lesson.is_stale) for lesson in lessons] == [
        ("welcome", "text", True),
        ("check", "quiz", True),
    ]


def test_a_later_revision_shows_what_it_changes(signed_in, second, author):
    page = signed_in(author).get(at(second))
    (change,) = page.context["page"].difference.changes
    assert (change.kind, change.name) == ("changed", "Lesson: Welcome")
    assert "<ins>" in page.text
    assert page.context["page"].difference.before.number == 1


@pytest.mark.parametrize("parts", [[CORE], [CORE, SWEDISH, FINNISH]])
def test_a_revision_costs_the_same_in_any_module(signed_in, author, parts, count_queries, now, partners):
    imported(files_of(*parts), by=None, at=now)
    core = submit(Revision.objects.get(edition__kind="core"), by=author, at=now)
    client = signed_in(author)
    current_programme()
    with count_queries(17):
        client.get(at(core))
