"""A coordinator enrols by address: somebody known at once, somebody unknown by an invitation."""

from typing import Any

from tests.e2e.axe import violations
from tests.e2e.house import expect

COORDINATOR, KNOWN, UNKNOWN = (
    "coordinator@example.org",
    "gudrun.thorsdottir@example.org",
    "siri.nyman@example.org",
)
PEOPLE, COURSE = "/people/lakemedelsakademin", "trials-and-devices"
PASSWORD = "eleven quiet herons"


def test_known_and_unknown_addresses(visit, house, watch):
    coordinator = visit(COORDINATOR)
    enrol(coordinator)
    see_both(coordinator)
    expect_the_course(visit(KNOWN))

    invited = visit()
    invitation = house.link_in_mail(UNKNOWN, "/invitations/")
    sign_up(invited, invitation)
    confirm_the_address(invited)
    accept(invited, invitation)
    expect_the_course(invited)
    watch.expect_status(404)
    see_that_it_works_once(visit, invitation)


def enrol(visitor: Any) -> None:
    page = visitor.page
    visitor.go(f"{PEOPLE}/")
    page.locator(f'a[href="{PEOPLE}/enrol/"]').first.click()
    page.locator("#id_emails").fill(f"{KNOWN}\n{UNKNOWN}")
    page.locator("#id_course").select_option(COURSE)
    page.locator("#id_language").select_option("en")
    page.locator("main form button[data-variant=primary]").click()
    for address in (KNOWN, UNKNOWN):
        expect(page.locator("section tbody tr", has_text=address)).to_have_count(1)
    visitor.keep("people-01-enrolled")


def see_both(visitor: Any) -> None:
    page = visitor.page
    visitor.go(f"{PEOPLE}/?q=Gu%C3%B0r%C3%BAn")
    expect(page.locator("#learners tbody tr")).to_have_count(2)
    visitor.go(f"{PEOPLE}/invitations/")
    expect(page.locator("tbody tr", has_text=UNKNOWN)).to_have_count(1)
    visitor.keep("people-02-invitations")


def expect_the_course(visitor: Any) -> None:
    visitor.go("/learn/")
    expect(visitor.page.locator(f'main a[href*="/learn/{COURSE}/"]').first).to_be_visible()


def sign_up(visitor: Any, invitation: str) -> None:
    page = visitor.page
    page.goto(invitation)
    expect(page.locator("h1")).to_contain_text("Swedish Academy of Pharmaceutical Sciences")
    visitor.keep("people-03-invitation")
    assert violations(page) == []
    page.locator('main a[href*="/accounts/signup/"]').click()
    page.locator("#id_full_name").fill("Siri Nyman")
    page.locator("#id_email").fill(UNKNOWN)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/accounts/confirm-email/")


def confirm_the_address(visitor: Any) -> None:
    page = visitor.page
    page.goto(visitor.house.link_in_mail(UNKNOWN, "/accounts/confirm-email/"))
    visitor.keep("people-04-confirm")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/confirm-email/" not in url)


def accept(visitor: Any, invitation: str) -> None:
    page = visitor.page
    page.goto(invitation)
    if page.locator('main a[href*="/accounts/login/"]').count():
        page.locator('main a[href*="/accounts/login/"]').click()
        page.locator("#id_login").fill(UNKNOWN)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button[data-variant=primary]").click()
    page.locator('form[action$="/accept/"] button').click()
    page.wait_for_url("**/learn/**")


def see_that_it_works_once(visit: Any, invitation: str) -> None:
    page = visit().page
    response = page.goto(invitation)
    assert response.status == 404
