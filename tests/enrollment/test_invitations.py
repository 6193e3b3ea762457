"""Invitations as both ends see them: the organisation's list, and the page behind the link."""

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Course
from enrollment.models import Assignment, Enrollment, Invitation
from enrollment.services.accepting import accept_invitation
from enrollment.services.inviting import invite, revoke_invitation
from enrollment.views.invitations import masked
from lms.accounts.models import Membership, User
from lms.records.models import Mail
from tests.courses.builders import build_course
from tests.enrollment.people_builders import last_token

PEOPLE = "/people/lakemedelsakademin/invitations/"


@pytest.fixture
def learner(learner: User) -> User:
    """These tests read the words of pages."""
    learner.language = "en"
    learner.save(update_fields=["language"])
    return learner


@pytest.fixture
def course(db) -> Course:
    return build_course("trials")


def send(email, course, organisation, by, *, ago=timedelta(0)) -> Invitation:
    at = timezone.now() - ago
    return invite(email, organisation=organisation, course=course, by=by, at=at, language="en")


@pytest.fixture
def invitation(course, academy, coordinator, learner) -> Invitation:
    return send(learner.email, course, academy, coordinator)


@pytest.fixture
def link(invitation) -> str:
    return f"/invitations/{last_token()}/"


def opened(client: Client, link: str) -> Client:
    """The browser after it followed the link."""
    response = client.get(link)
    assert (response.status_code, response["Location"]) == (302, "/invitations/")
    return client


# --- Following the link -----------------------------------------------------------------------------------------------


def test_link_leaves_its_token_behind(client, link):
    """Neither the page's address nor its content, nor a Referer, carries the token further."""
    response = client.get(link)
    page = client.get(response["Location"])
    token = link.split("/")[2]
    assert response["Referrer-Policy"] == "no-referrer"
    assert token not in page.content.decode() + str(page.headers) + response["Location"]


def test_nothing_of_an_invitation_is_stored_on_the_way(client, link):
    responses = [client.get(link), client.get("/invitations/"), client.get("/invitations/none/")]
    assert ["no-store" in response["Cache-Control"] for response in responses] == [True] * 3


def test_anonymous_reads_who_invites_to_what_and_what_will_be_seen(client, link, invitation, academy):
    page = opened(client, link).get("/invitations/").content.decode()
    for words in (
        f"{academy.name} invites you to a course",
        "Course trials",
        "your name and your e-mail address",
        "the country and the language in which you take them",
        "It does not see your answers and scores",
        "Sent to l…@example.org",
        "/accounts/login/?next=%2Finvitations%2F",
        "/accounts/signup/?next=%2Finvitations%2F",
    ):
        assert words in page
    assert "Accept the invitation" not in page
    assert invitation.email not in page


def test_opening_uses_nothing_up(client, link, invitation):
    for _time in range(3):
        opened(Client(), link)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_sign_in_keeps_the_invitation(client, link, learner):
    opened(client, link)
    client.force_login(learner)
    assert "Accept the invitation" in client.get("/invitations/").content.decode()


def test_accepting_enrols_and_leads_to_my_learning(signed_in, link, learner, academy, course):
    client = opened(signed_in(learner), link)
    response = client.post("/invitations/accept/")
    assert (response.status_code, response["Location"]) == (302, reverse("my_learning"))
    assert Assignment.objects.get().organisation == academy
    assert Enrollment.objects.get().learner == learner
    assert Membership.objects.get(user=learner).organisation == academy


def test_accepting_twice_is_once(signed_in, link, learner):
    client = opened(signed_in(learner), link)
    codes = [client.post("/invitations/accept/").status_code for _time in range(2)]
    assert codes == [302, 302]
    assert (Enrollment.objects.count(), Membership.objects.filter(user=learner).count()) == (1, 1)


def test_used_link_opens_nothing(signed_in, client, link, learner):
    opened(signed_in(learner), link).post("/invitations/accept/")
    assert client.get(link).status_code == 404


def test_wrong_account_is_told_and_cannot_accept(signed_in, link, other_learner, invitation):
    client = opened(signed_in(other_learner), link)
    page = client.get("/invitations/").content.decode()
    refused = client.post("/invitations/accept/")
    assert "You are logged in as other-learner@example.org" in page
    assert "Accept the invitation" not in page
    assert f" {invitation.email}" not in page
    assert (refused.status_code, Enrollment.objects.count()) == (403, 0)


def test_changing_the_account_keeps_the_invitation(signed_in, link, learner, other_learner):
    client = opened(signed_in(other_learner), link)
    response = client.post("/invitations/change-account/")
    assert response["Location"] == "/accounts/login/?next=%2Finvitations%2F"
    assert "Log in to accept" in client.get("/invitations/").content.decode()
    client.force_login(learner)
    assert "Accept the invitation" in client.get("/invitations/").content.decode()


def test_posted_address_role_or_course_changes_nothing(signed_in, link, learner, course):
    client = opened(signed_in(learner), link)
    client.post("/invitations/accept/", {"role": "publisher", "email": "x@example.org", "course": "other"})
    assert Membership.objects.get(user=learner).role == "member"
    assert Enrollment.objects.get().course == course


def test_ended_and_unknown_links_look_the_same(client, course, academy, coordinator, learner):
    """Nobody learns from the answer whether a link was ever good."""
    tokens = ["x" * 43]
    for ending in ("withdrawn", "accepted", "run out"):
        ago = timedelta(days=30) if ending == "run out" else timedelta(0)
        sent = send(learner.email, course, academy, coordinator, ago=ago)
        tokens.append(last_token())
        if ending == "withdrawn":
            revoke_invitation(sent, by=coordinator, at=timezone.now())
        if ending == "accepted":
            accept_invitation(sent, by=learner, at=timezone.now())
    responses = [client.get(f"/invitations/{token}/") for token in tokens]
    pages = {
        response.content.decode().replace(token, "…")
        for response, token in zip(responses, tokens, strict=True)
    }
    assert [response.status_code for response in responses] == [404] * 4
    assert len({strip_tokens(page) for page in pages}) == 1
    assert "ask whoever invited you for a new one" in pages.pop()


def strip_tokens(page: str) -> str:
    """Without what differs in every answer: the form token and the script nonce."""
    return re.sub(r'(?:value|nonce)="[\w-]{20,}={0,2}"|nonce="[^"]*"', "", page)


@pytest.mark.parametrize("ending", ["withdrawn", "run out"])
def test_invitation_that_ends_while_it_is_read(signed_in, link, learner, invitation, coordinator, ending):
    client = opened(signed_in(learner), link)
    if ending == "withdrawn":
        revoke_invitation(invitation, by=coordinator, at=timezone.now())
    else:
        Invitation.objects.update(expires_at=timezone.now())
    assert [client.get("/invitations/").status_code, client.post("/invitations/accept/").status_code] == [
        404
    ] * 2
    assert not Enrollment.objects.exists()


def test_course_that_closed_says_so_and_keeps_the_invitation(signed_in, link, learner, course, invitation):
    client = opened(signed_in(learner), link)
    Course.objects.filter(pk=course.pk).update(status=Course.Status.CLOSED)
    page = client.post("/invitations/accept/", follow=True).content.decode()
    invitation.refresh_from_db()
    assert "does not take new learners" in page
    assert invitation.accepted_at is None


def test_without_a_link_there_is_nothing_to_accept(signed_in, client, learner):
    browser = signed_in(learner)
    assert [client.get("/invitations/").status_code, browser.get("/invitations/").status_code] == [404, 404]
    assert browser.post("/invitations/accept/").status_code == 404


def test_anonymous_cannot_accept(client, link):
    response = opened(client, link).post("/invitations/accept/")
    assert response["Location"].startswith("/accounts/login/")
    assert not Enrollment.objects.exists()


def test_acts_are_posts_with_a_token(client, signed_in, link, learner):
    browser = opened(signed_in(learner), link)
    assert [browser.get(f"/invitations/{act}/").status_code for act in ("accept", "change-account")] == [
        405,
        405,
    ]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert strict.post("/invitations/accept/").status_code == 403


def test_no_log_holds_a_token(signed_in, link, learner, caplog):
    caplog.set_level(logging.DEBUG)
    client = opened(signed_in(learner), link)
    client.get("/invitations/")
    client.post("/invitations/accept/")
    assert link.split("/")[2] not in caplog.text


def test_masked_address_tells_its_owner_alone():
    assert masked("learner@example.org") == "l…@example.org"


# --- The organisation's list ----------------------------------------------------------------------------------


def test_list_shows_the_state_of_each(signed_in, coordinator, academy, course, learner):
    send("old@example.org", course, academy, coordinator, ago=timedelta(days=30))
    revoke_invitation(
        send("back@example.org", course, academy, coordinator), by=coordinator, at=timezone.now()
    )
    accept_invitation(send(learner.email, course, academy, coordinator), by=learner, at=timezone.now())
    send("new@example.org", course, academy, coordinator)
    rows = signed_in(coordinator).get(PEOPLE).context["invitations"]
    assert [(row.email, row.state, row.can_be_sent_again, row.can_be_withdrawn) for row in rows] == [
        ("new@example.org", "open", True, True),
        ("learner@example.org", "accepted", False, False),
        ("back@example.org", "withdrawn", False, False),
        ("old@example.org", "run-out", True, False),
    ]


def test_list_leaves_out_what_was_replaced_and_what_is_foreign(
    signed_in, coordinator, other_coordinator, academy, lmi, course
):
    for _time in range(2):
        send("new@example.org", course, academy, coordinator)
    send("theirs@example.org", course, lmi, other_coordinator)
    rows = signed_in(coordinator).get(PEOPLE).context["invitations"]
    assert [row.email for row in rows] == ["new@example.org"]


def test_empty_list_leads_to_enrolling(signed_in, coordinator):
    assert "No invitations yet" in signed_in(coordinator).get(PEOPLE).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_five_queries(signed_in, coordinator, academy, course, count_queries, number):
    for each in range(number):
        send(f"p{each}@example.org", course, academy, coordinator)
    client = signed_in(coordinator)
    client.get(PEOPLE)
    with count_queries(5):
        assert len(client.get(PEOPLE).context["invitations"]) == number


def test_resending_replaces_the_link_once(signed_in, client, coordinator, invitation, link):
    browser = signed_in(coordinator)
    codes = [browser.post(f"{PEOPLE}{invitation.pk}/resend/").status_code for _time in range(2)]
    assert (codes, Mail.objects.count()) == ([302, 302], 2)
    assert client.get(link).status_code == 404
    opened(Client(), f"/invitations/{last_token()}/")


def test_withdrawing_ends_the_link(signed_in, client, coordinator, invitation, link):
    browser = signed_in(coordinator)
    codes = [browser.post(f"{PEOPLE}{invitation.pk}/withdraw/").status_code for _time in range(2)]
    assert (codes, client.get(link).status_code) == ([302, 302], 404)


@pytest.mark.parametrize("act", ["resend", "withdraw"])
def test_foreign_invitations_are_not_there(signed_in, client, other_coordinator, learner, invitation, act):
    paths = [f"{PEOPLE}{invitation.pk}/{act}/", f"/people/lmi/invitations/{invitation.pk}/{act}/"]
    codes = [
        signed_in(user).post(path).status_code for user in (other_coordinator, learner) for path in paths
    ]
    assert codes == [404] * 4
    assert client.post(paths[0]).status_code == 302
    invitation.refresh_from_db()
    assert (invitation.revoked_at, Mail.objects.count()) == (None, 1)


@pytest.mark.parametrize("act", ["resend", "withdraw"])
def test_list_acts_are_posts(signed_in, coordinator, invitation, act):
    assert signed_in(coordinator).get(f"{PEOPLE}{invitation.pk}/{act}/").status_code == 405


def test_newcomer_signs_up_confirms_and_accepts(course, academy, coordinator):
    """The address must be confirmed as for everybody: an invitation that was forwarded opens no account for another."""
    invitation = send("new@example.org", course, academy, coordinator)
    link, browser = f"/invitations/{last_token()}/", Client()
    opened(browser, link)
    account = {"email": "new@example.org", "password1": "correct horse battery", "full_name": "New Person"}
    browser.post("/accounts/signup/?next=/invitations/", account)
    assert browser.post("/invitations/accept/")["Location"].startswith("/accounts/login/")
    (confirmation,) = re.findall(r"/accounts/confirm-email/[^/\s]+/", Mail.objects.latest("pk").body)
    browser.post(confirmation)
    browser.post("/accounts/login/", {"login": account["email"], "password": account["password1"]})
    opened(browser, link).post("/invitations/accept/")
    invitation.refresh_from_db()
    assert invitation.accepted_by.email == "new@example.org"
    assert Enrollment.objects.get().learner.full_name == "New Person"
