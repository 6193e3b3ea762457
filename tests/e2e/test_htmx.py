"""Where a part of a page comes alone: going back, a session that ran out, the same quiz in two windows."""

import re
from typing import Any

from tests.e2e.answers import answer
from tests.e2e.house import expect

LESSONS = "/learn/clinical-trials/clinical-trials"


def test_going_back_after_a_swap_shows_whole_pages(visit):
    page = visit().page
    page.goto("/courses/")
    page.locator("#id_country").select_option("NO")
    expect(page).to_have_url(re.compile("country=NO"))
    expect(page.locator("#results .chip")).to_have_count(1)
    page.locator("#results .course-card a").first.click()
    expect(page.locator("#outcomes")).to_be_visible()
    page.go_back()
    expect(page.locator("header.masthead")).to_be_visible()
    expect(page.locator("#id_country")).to_have_value("NO")
    expect(page.locator("#results .chip")).to_have_count(1)
    page.go_back()
    expect(page.locator("header.masthead")).to_be_visible()
    expect(page.locator("#results .chip")).to_have_count(0)
    expect(page.locator("#id_country")).to_have_value("")


def test_going_back_after_comparing_countries(visit):
    page = visit("back@example.org").page
    page.goto(f"{LESSONS}/one-application/compare/")
    first = page.locator("#compare [aria-current=true]").inner_text()
    page.locator("#compare nav a:not([aria-current])").first.click()
    expect(page).to_have_url(re.compile("with="))
    expect(page.locator("#compare [aria-current=true]")).not_to_have_text(first)
    page.go_back()
    expect(page.locator("header.masthead")).to_be_visible()
    expect(page.locator("#compare [aria-current=true]")).to_have_text(first)


def test_a_session_that_ran_out_leads_to_the_whole_login_page_and_back(visit):
    visitor = visit("expired@example.org")
    page = visitor.page
    page.goto(f"{LESSONS}/one-application/")
    page.context.clear_cookies(name="sessionid")
    page.locator("#lesson-act").click()
    page.wait_for_url("**/accounts/login/**")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("#lesson-bar")).to_have_count(0)
    page.locator("#id_login").fill("expired@example.org")
    page.locator("#id_password").fill("demo")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url(f"**{LESSONS}/one-application/")
    page.locator("#lesson-act").click()
    expect(page.locator('form[action$="/undo/"]')).to_be_visible()


def test_an_act_says_what_happened_and_keeps_the_focus(visit):
    page = visit("back@example.org").page
    page.goto(f"{LESSONS}/one-application/")
    page.locator("#lesson-act").press("Enter")
    expect(page.locator('form[action$="/undo/"] #lesson-act')).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("1 of 6")
    expect(page.locator("#course-outline .outline li").first).to_have_attribute("data-state", "done")


def test_a_lost_connection_is_said_and_loses_nothing(visit, watch):
    page = visit("back@example.org").page
    page.goto(f"{LESSONS}/the-clock/")
    watch.expect_failures()
    page.context.set_offline(True)
    page.locator("#lesson-act").click()
    expect(page.locator("#messages [role=alert]")).to_be_visible()
    page.context.set_offline(False)
    page.locator("#lesson-act").click()
    expect(page.locator('form[action$="/undo/"]')).to_be_visible()


def test_one_quiz_in_two_windows(visit):
    """Answers are kept by the server: the other window goes on with them, and is told when it is too late."""
    one, two = visit("tabs@example.org").page, visit("tabs@example.org").page
    one.goto(f"{LESSONS}/check/")
    one.locator('form[action$="/start/"] button').click()
    choose(one, 0)
    two.goto(f"{LESSONS}/check/attempt/")
    expect(two.locator("fieldset.question input").first).to_be_checked()
    choose(two, 1)
    one.reload()
    expect(one.locator("fieldset.question").nth(1).locator("input").first).to_be_checked()
    answer(one, right=True)
    one.wait_for_load_state("networkidle")
    one.locator("form#quiz .buttons button").click()
    expect(one.locator(".score")).to_have_attribute("data-kind", "ok")
    two.locator("fieldset.question").nth(2).locator("label.option").first.click()
    two.wait_for_url("**/result/")
    expect(two.locator("h1")).to_have_count(1)


def choose(page: Any, number: int) -> None:
    page.locator("fieldset.question").nth(number).locator("label.option").first.click()
    expect(page.locator("#saved")).to_contain_text("Saved")
