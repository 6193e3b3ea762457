"""Where logging in leads: to the page on which the person's work waits."""

import pytest
from django.test import Client

from lms.accounts.models import Membership, Role
from tests.conftest import LONG_AGO
from tests.enrollment.builders import build_course, start

PASSWORD = "correct horse battery"


def led_to(user, query: str = "") -> str:
    browser = Client()
    landed = browser.post(
        f"/accounts/login/{query}", {"login": user.email, "password": PASSWORD}, follow=True
    )
    return landed.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("learner", "/learn/"),
        ("author", "/studio/"),
        ("publisher", "/studio/"),
        ("coordinator", "/people/lakemedelsakademin/"),
        ("administrator", "/administration/"),
    ],
)
def test_everybody_starts_where_their_work_is(request, who, page):
    assert led_to(request.getfixturevalue(who)) == page


def test_who_learns_something_starts_there_whatever_else_they_do(administrator, occ):
    start(administrator, build_course())
    assert led_to(administrator) == "/learn/"


def test_following_people_comes_before_writing(author, academy):
    Membership.objects.create(user=author, organisation=academy, role=Role.COORDINATOR, starts_on=LONG_AGO)
    assert led_to(author).startswith("/people/")


def test_the_page_that_asked_for_the_login_wins(coordinator):
    assert led_to(coordinator, "?next=/profile/") == "/profile/"


def test_who_is_in_already_is_led_there_too(client, administrator):
    client.force_login(administrator)
    assert client.get("/accounts/login/", follow=True).redirect_chain[-1][0] == "/administration/"


def test_it_costs_one_query_beside_the_session_and_the_person(client, coordinator, count_queries):
    client.force_login(coordinator)
    with count_queries(3):
        assert client.get("/start/").headers["Location"] == "/people/"
