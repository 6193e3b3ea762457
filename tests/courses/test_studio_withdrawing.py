"""Withdrawing in the studio: asked in numbers, done once, taken back while it can be; and publishing for a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.models import Course, Revision
from courses.services import approve, submit, withdraw
from enrollment.services import enroll
from tests.courses.builders import build_course
from tests.courses.studio_builders import SWEDISH, changed_core, core_files, draft, files_of, published

Status = Revision.Status


@pytest.fixture
def core(author, publisher, other_publisher, now) -> Revision:
    written = draft(core_files(), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def other(author, publisher, other_publisher, now) -> Revision:
    written = draft(core_files("other-module"), by=author, at=now)
    return published(written, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def course(core) -> Course:
    return build_course("of-it", modules=[core.edition.module], owner=core.edition.owner)


def address(revision: Revision, act: str = "withdraw/") -> str:
    return f"/studio/revisions/{revision.pk}/{act}"


def later() -> date:
    return timezone.localdate() + timedelta(days=10)


def again(revision: Revision) -> Revision:
    return Revision.objects.get(pk=revision.pk)


# --- Withdrawing ------------------------------------------------------------------------------------------------------


def test_it_is_asked_in_numbers_first(signed_in, publisher, learner, course, core, now):
    enroll(learner, course, country="FI", language="en", by=learner, at=now)
    page = signed_in(publisher).get(address(core)).text
    assert "1 learner is in the middle of this." in page
    assert "1 course teaches the module and takes no new learners then:" in page
    assert "Until its day comes you can take it back." in page


def test_withdrawn_with_reason_and_successor(signed_in, publisher, core, other):
    browser = signed_in(publisher)
    sent = {"reason_en": "The rules have changed.", "reason_sv": "Nya regler.", "successor": other.pk}
    page = browser.post(address(core), sent, follow=True).text
    assert "Withdrawn. Whoever has started can finish." in page
    assert "Its successor is “A small module: Core”." in page
    gone = again(core)
    assert (gone.status, gone.successor) == (Status.WITHDRAWN, other)
    assert gone.withdrawal_reason == {"en": "The rules have changed.", "sv": "Nya regler."}
    assert browser.get(address(core)).headers["Location"] == address(core, "")


def test_for_a_later_day_changed_and_taken_back(signed_in, publisher, core):
    browser = signed_in(publisher)
    page = browser.post(address(core), {"reason_en": "Old.", "on": later().isoformat()}, follow=True).text
    assert "Until then you can take that back." in page
    assert again(core).withdraw_on == later()
    form = browser.get(address(core)).text
    assert (">\nOld.</textarea>" in form, f'value="{later().isoformat()}"' in form) == (True, True)
    assert "It stays published." in browser.post(address(core, "withdraw/take-back/"), follow=True).text
    assert again(core).withdraw_on is None


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Say why it is withdrawn, so that learners understand, in at least one language."),
        ({"reason_en": "Old.", "on": "2020-01-01"}, "This day has passed. Choose today or a later day."),
        ({"reason_en": "Old.", "on": "soon"}, "Enter a valid date."),
        (
            {"reason_en": "Old.", "successor": "0"},
            "Select a valid choice. 0 is not one of the available choices.",
        ),
        ({"reason_en": "x" * 1_001}, "Ensure this value has at most 1000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(signed_in, publisher, core, sent, message):
    page = signed_in(publisher).post(address(core), {"reason_sv": "Gammal.", **sent} if sent else {})
    assert (page.status_code, message in page.text) == (422, True)
    assert ("Gammal." in page.text) == bool(sent)
    assert (again(core).status, again(core).withdraw_on) == (Status.PUBLISHED, None)


def test_what_is_withdrawn_cannot_be_taken_back(signed_in, publisher, core, now):
    withdraw(core, reason={"en": "Old."}, by=publisher, at=now)
    page = signed_in(publisher).post(address(core, "withdraw/take-back/"))
    assert (page.status_code, "This has been withdrawn and stays so." in page.text) == (409, True)


@pytest.mark.parametrize("act", ["withdraw/", "withdraw/take-back/", "publish/take-back/"])
def test_a_publisher_of_another_partner_may_look_and_not_act(signed_in, other_publisher, core, act):
    assert signed_in(other_publisher).post(address(core, act), {"reason_en": "Mine."}).status_code == 403
    assert "Withdraw" not in signed_in(other_publisher).get(address(core, "")).text


def test_the_studio_tells_the_publishers_of_a_course(signed_in, publisher, author, core, course, now):
    withdraw(core, reason={"en": "Old."}, by=publisher, at=now)
    for who, task in ((publisher, True), (author, False)):
        page = signed_in(who).get("/studio/").text
        assert ("Take the module out, put its successor in its place, or close the course." in page) == task
        assert "Takes no new learners: a module is withdrawn" in page
    assert "Withdrawn: nobody new reads it." in signed_in(author).get("/studio/modules/small-module/").text


# --- Publishing for a day ---------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(core, author, publisher, other_publisher, now) -> Revision:
    again = draft(changed_core("One core", "A core"), by=author, at=now)
    submit(again, change_class="major", by=author, at=now)
    for each in (publisher, other_publisher):
        approve(again, by=each, at=now)
    return Revision.objects.get(pk=again.pk)


def test_published_for_a_later_day_and_taken_back(signed_in, publisher, core, reviewed):
    browser = signed_in(publisher)
    sent = {
        "effective_on": later().isoformat(),
        "retake_by": (later() + timedelta(days=30)).isoformat(),
        "note_en": "New.",
    }
    page = browser.post(address(reviewed, "publish/"), sent, follow=True).text
    assert "Published. It takes effect on" in page
    assert (again(reviewed).effective_on, again(core).edition.current) == (later(), core)
    assert "is asked to take it again by" in page
    for path in ("/studio/", "/studio/modules/small-module/"):
        assert "Takes effect on" in browser.get(path).text
    page = browser.post(address(reviewed, "publish/take-back/"), follow=True).text
    assert "Taken back: it never takes effect." in page
    assert "Its publication was taken back before it took effect." in page


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"effective_on": "2020-01-01"}, "This day has passed. Choose today or a later day."),
        (
            {"retake_by": "2020-01-01"},
            "Give learners time: choose a day after the one on which it takes effect.",
        ),
    ],
)
def test_a_day_that_cannot_be_publishes_nothing(signed_in, publisher, reviewed, sent, message):
    page = signed_in(publisher).post(address(reviewed, "publish/"), {"note_en": "New.", **sent})
    assert (page.status_code, message in page.text, "New." in page.text) == (422, True, True)
    assert again(reviewed).status == Status.IN_REVIEW


def test_only_a_major_change_is_asked_for_a_day_to_take_it_again(signed_in, publisher, reviewed):
    browser = signed_in(publisher)
    assert "Learners should take it again by" in browser.get(address(reviewed, "publish/")).text
    Revision.objects.filter(pk=reviewed.pk).update(change_class="minor")
    assert "Learners should take it again by" not in browser.get(address(reviewed, "publish/")).text


def test_what_is_ready_goes_out_with_it(signed_in, author, publisher, reviewed, now):
    swedish = draft(files_of(SWEDISH), by=author, at=now)
    browser = signed_in(publisher)
    assert "Publish together with it" not in browser.get(address(reviewed, "publish/")).text
    submit(swedish, by=author, at=now)
    approve(swedish, by=publisher, at=now)
    assert "Svenska, revision 1" in browser.get(address(reviewed, "publish/")).text
    browser.post(address(reviewed, "publish/"), {"together": [swedish.pk]})
    assert [again(each).status for each in (reviewed, swedish)] == [Status.PUBLISHED] * 2


# --- Over the API -----------------------------------------------------------------------------------------------------


def api(browser, revision: Revision, act: str, body: dict | None = None):
    return browser.post(f"/api/v1/revisions/{revision.pk}/{act}", body or {}, content_type="application/json")


def test_the_api_does_the_same(signed_in, publisher, core, other, reviewed):
    browser = signed_in(publisher)
    sent = {"effective_on": later().isoformat(), "change_note": {"en": "New."}}
    body = api(browser, reviewed, "publish/", sent).json()
    assert (body["effective_on"], body["change_note"]) == (later().isoformat(), {"en": "New."})
    assert api(browser, reviewed, "publish/take-back/").json()["status"] == "withdrawn"
    sent = {"reason": {"en": "Old."}, "on": later().isoformat(), "successor": other.pk}
    body = api(browser, core, "withdraw/", sent).json()
    assert (body["withdraw_on"], body["successor"]) == (later().isoformat(), other.pk)
    assert api(browser, core, "withdraw/take-back/").json()["withdraw_on"] is None
    body = api(browser, core, "withdraw/", {"reason": {"en": "Old."}}).json()
    assert (body["status"], body["withdrawal_reason"]) == ("withdrawn", {"en": "Old."})


@pytest.mark.parametrize(
    ("act", "sent", "status", "code"),
    [
        ("withdraw/", {}, 400, "invalid"),
        ("withdraw/", {"reason": {"xx": "Old."}}, 400, "invalid"),
        ("withdraw/", {"reason": {}}, 422, "reason-missing"),
        ("withdraw/", {"reason": {"en": "Old."}, "successor": 0}, 400, "invalid"),
        ("withdraw/", {"reason": {"en": "Old."}, "on": "2020-01-01"}, 422, "day-has-passed"),
        ("publish/take-back/", {}, 409, "in-effect-already"),
    ],
)
def test_the_api_refuses_with_a_problem(signed_in, publisher, core, act, sent, status, code):
    answer = api(signed_in(publisher), core, act, sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert again(core).withdraw_on is None


def test_nobody_publishes_together_what_they_may_not_publish(
    signed_in, author, publisher, other_publisher, finnish_publisher, reviewed, now
):
    layer = draft(files_of("countries/"), by=None, at=now)
    submit(layer, by=author, at=now)
    approve(layer, by=finnish_publisher, at=now)
    assert api(signed_in(publisher), reviewed, "publish/", {"together": [layer.pk]}).status_code == 403
    assert [again(each).status for each in (reviewed, layer)] == [Status.IN_REVIEW] * 2
