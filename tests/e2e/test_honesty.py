"""What learners are told of how far they can rely on a text: replaced sources, and reviews that are still to come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.house import expect

AUTHOR, LEARNER = "author@example.org", "informed@example.org"
SOURCE = "vestnesis.lv"
LESSON = "/learn/clinical-trials/clinical-trials/one-application/"
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.slow
def test_a_replaced_source_reaches_owners_and_learners_and_is_settled(visit):
    author, learner = visit(AUTHOR), visit(LEARNER)
    read_for(learner, "Latvia")
    banner = learner.page.locator("article .notice", has_text="will be replaced on")
    expect(banner).to_have_count(0)

    announce(author)
    learner.page.reload()
    expect(banner).to_have_count(1)
    expect(banner.get_by_role("link", name="Jaunie noteikumi")).to_have_attribute(
        "href", "https://likumi.lv/jaunie"
    )
    expect(learner.page.locator(".fact", has_text="Source will be replaced on")).to_have_count(1)
    learner.keep("honesty-replaced")
    learner.page.emulate_media(media="print")
    expect(banner).to_be_visible()
    expect(learner.page.locator(".fact .badge").first).to_be_visible()
    learner.page.emulate_media(media="screen")
    pocket = visit(LEARNER, **PHONE)
    pocket.go(LESSON)
    pocket.keep("honesty-replaced-phone-dark")

    say_that_nothing_changes(author)
    learner.page.reload()
    expect(banner).to_have_count(0)
    take_back(author)
    learner.page.reload()
    expect(banner).to_have_count(1)

    author.page.get_by_role("button", name="Withdraw the announcement").click()
    expect(author.page.locator("main")).to_contain_text("Announcement withdrawn")
    learner.page.reload()
    expect(banner).to_have_count(0)


def read_for(learner: Any, country: str) -> None:
    learner.go(LESSON)
    countries = learner.page.get_by_role("group", name="Country", exact=True)
    countries.get_by_role("button", name=country).click()
    expect(learner.page.locator(".country-head").first).to_contain_text(country)


def announce(author: Any) -> None:
    page = author.page
    author.go(f"/studio/facts/source/?source={SOURCE}")
    author.keep("honesty-source")
    page.get_by_role("link", name="Announce that it is replaced").first.click()
    expect(page.locator("main")).to_contain_text("national layer")
    page.get_by_label("Replaced from").fill((datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    page.get_by_label("What replaces it").fill("Jaunie noteikumi")
    page.get_by_label("Its address").fill("https://likumi.lv/jaunie")
    page.get_by_label("Note").fill("The sections are numbered anew.")
    author.keep("honesty-announce")
    page.get_by_role("button", name="Announce").click()
    expect(page.locator("main")).to_contain_text("To be looked at")
    author.keep("honesty-announced")
    author.go("/studio/")
    waiting = page.locator("section", has=page.locator("#waiting"))
    waiting.locator("li", has_text=SOURCE).get_by_role("link").first.click()


def say_that_nothing_changes(author: Any) -> None:
    page = author.page
    for box in page.locator("input[name=task]").all():
        box.check()
    page.get_by_label("Why nothing changes").fill("Only the numbers of the sections change.")
    page.get_by_role("button", name="Looked at, nothing changes").click()
    expect(page.locator("tbody")).to_contain_text("Only the numbers of the sections change.")
    author.keep("honesty-looked-at")


def take_back(author: Any) -> None:
    page = author.page
    while (buttons := page.get_by_role("button", name="Take this back")).count():
        before = buttons.count()
        buttons.first.click()
        expect(buttons).to_have_count(before - 1)


def test_a_panel_of_a_country_without_a_partner_says_so(visit):
    learner = visit(LEARNER)
    read_for(learner, "Latvia")
    panel = learner.page.locator("section.country").first
    expect(panel).to_contain_text("Not yet reviewed in Latvia")
    expect(panel).not_to_contain_text("the programme has no partner there")
    card = learner.page.locator(".fact").first
    card.get_by_role("link", name="All countries").click()
    expect(learner.page.locator("h1")).to_contain_text("Compare countries")
    learner.page.go_back()
    learner.keep("honesty-latvia")
    learner.go("/courses/clinical-trials/")
    expect(learner.page.locator("main")).to_contain_text("Not yet reviewed there")
    learner.keep("honesty-course")
    pocket = visit(LEARNER, **PHONE)
    pocket.go(LESSON)
    pocket.keep("honesty-latvia-phone-dark")


def test_a_translation_that_no_native_speaker_has_read_says_so_and_is_marked_in_the_studio(visit):
    learner = visit(LEARNER)
    learner.go("/courses/landscape/")
    expect(learner.page.locator("body")).to_contain_text("6 translations await review by a native speaker")
    owner = visit("publisher@example.org")
    owner.go("/studio/modules/landscape/")
    badges = owner.page.locator(".badge", has_text="6 översättningar väntar på granskning")
    expect(badges).to_have_count(3)
    owner.keep("honesty-module")
    owner.go("/studio/")
    owner.keep("honesty-map")
    pocket = visit("publisher@example.org", **PHONE)
    pocket.go("/studio/")
    pocket.keep("honesty-map-phone-dark")
