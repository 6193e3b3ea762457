"""The administrator's pages about people."""

import pytest

from lms.accounts.models import User

LIST = "/administration/people/"


def test_people_are_listed_with_their_roles(signed_in, administrator, coordinator):
    content = signed_in(administrator).get(LIST).content.decode()
    assert "coordinator@example.org" in content
    assert "Coordinator, Läkemedelsakademin" in content


@pytest.mark.parametrize("words", ["öberg", "ÖBERG", "Öberg", "learner@"])
def test_people_are_found_by_name_and_address_whatever_the_case(signed_in, administrator, learner, words):
    User.objects.filter(pk=learner.pk).update(full_name="Åsa Öberg")
    found = signed_in(administrator).get(LIST, {"q": words}).context["page"]
    assert [each.pk for each in found] == [learner.pk]


def test_nobody_found_says_so(signed_in, administrator):
    assert b"Nobody found" in signed_in(administrator).get(LIST, {"q": "zzz"}).content
    assert signed_in(administrator).get(LIST, {"q": "\x00", "page": "x"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(signed_in, administrator, academy, count, count_queries):
    from tests.conftest import with_role

    for number in range(count):
        with_role(f"coordinator-{number}", "coordinator", academy)
    browser = signed_in(administrator)
    browser.get(LIST)
    with count_queries(5):
        browser.get(LIST)


def test_a_person_becomes_administrator_and_stops(signed_in, administrator, learner):
    browser, page = signed_in(administrator), f"{LIST}{learner.pk}/"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}administrator/").headers["Location"] == page
    assert User.objects.get(pk=learner.pk).is_administrator
    assert browser.post(f"{page}administrator/end/").headers["Location"] == page
    assert not User.objects.get(pk=learner.pk).is_administrator


def test_the_last_administrator_is_told_why_not(signed_in, administrator):
    browser, page = signed_in(administrator), f"{LIST}{administrator.pk}/"
    response = browser.post(f"{page}administrator/end/", follow=True)
    assert b"last administrator" in response.content
    response = browser.post(f"{page}deactivate/", follow=True)
    assert b"last administrator" in response.content
    assert User.objects.get(pk=administrator.pk).is_administrator


def test_whoever_stops_administering_lands_where_they_may_be(signed_in, administrator, learner):
    browser = signed_in(administrator)
    browser.post(f"{LIST}{learner.pk}/administrator/")
    response = browser.post(f"{LIST}{administrator.pk}/administrator/end/")
    assert response.headers["Location"] == "/profile/"
    assert browser.get(LIST).status_code == 403


def test_an_account_is_closed_and_opened(signed_in, administrator, learner):
    browser, page = signed_in(administrator), f"{LIST}{learner.pk}/"
    browser.post(f"{page}deactivate/")
    assert not User.objects.get(pk=learner.pk).is_active
    assert b"Activate the account again" in browser.get(page).content
    browser.post(f"{page}reactivate/")
    assert User.objects.get(pk=learner.pk).is_active


ACTS = ["administrator/", "administrator/end/", "deactivate/", "reactivate/"]


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_posts_of_administrators(client, signed_in, administrator, learner, coordinator, act):
    path = f"{LIST}{learner.pk}/{act}"
    assert client.post(path).status_code == 302
    assert signed_in(coordinator).post(path).status_code == 403
    assert signed_in(learner).post(path).status_code == 403
    assert signed_in(administrator).get(path).status_code == 405
    assert signed_in(administrator).post(f"{LIST}999999/{act}").status_code == 404
    unchanged = User.objects.get(pk=learner.pk)
    assert unchanged.is_active
    assert not unchanged.is_administrator


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/", "/administration/audit/"])
def test_only_administrators_see_the_pages(client, signed_in, learner, coordinator, publisher, path):
    assert client.get(path).status_code == 302
    for person in (learner, coordinator, publisher):
        assert signed_in(person).get(path).status_code == 403


def test_a_person_who_is_not_there_is_404(signed_in, administrator):
    assert signed_in(administrator).get(f"{LIST}999999999999999999999999/").status_code == 404
