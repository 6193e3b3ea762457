"""A module is adapted to a country: begun from the map, written, sent back, mended, approved there, and read there."""

import re
from typing import Any

import pytest

from tests.e2e.house import expect

AUTHOR, OWNER, THERE = "author@example.org", "publisher-no@example.org", "publisher-fi@example.org"
LEARNER = "reader@example.org"
MODULE = COURSE = "to-be-adapted"
STATEMENT = "Finland has one act."
REASON = "Say in which act."


@pytest.mark.slow
def test_a_layer_from_the_map_to_a_learner(visit, watch):
    author = visit(AUTHOR)
    draft = begin(author)
    watch.expect_status(422)
    state_the_fact(author, draft)
    panel = write_the_panel(author, draft)
    ask_a_question(author, draft)
    submit(author, draft)

    send_back(visit(THERE), draft)
    mend(author, draft, panel)
    approve(visit(THERE), draft)
    publish(visit(OWNER), draft)
    read(visit(LEARNER))


def begin(visitor: Any) -> str:
    """The address of the draft, which claims nothing yet."""
    visitor.go("/studio/")
    page = visitor.page
    page.locator(f'a[href="/studio/modules/{MODULE}/adapt/?country=FI"]').click()
    page.wait_for_url("**/adapt/?country=FI")
    expect(page.locator("#id_country")).to_have_value("FI")
    visitor.keep("layer-01-begin")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/studio/revisions/*/edit/")
    expect(page.locator("main")).to_contain_text("At the place “act”: Write a panel")
    expect(page.locator("main")).to_contain_text("adapted.act")
    visitor.keep("layer-02-scaffold")
    return str(page.url).removesuffix("edit/")


def state_the_fact(visitor: Any, draft: str) -> None:
    """Verified only once it has its reference."""
    visitor.go(f"{draft}edit/")
    page = visitor.page
    page.locator('a[href*="/new-fact/?key=adapted.act"]').click()
    page.locator("#id_statement").fill(STATEMENT)
    page.locator("#id_status").select_option("verified")
    page.locator("#id_source_url").fill("https://example.org/act")
    page.locator("#id_verified_on").fill("2026-11-19")
    page.locator("#id_term-1").fill("Laki")
    page.locator("#id_term-1-lang").select_option("fi")
    page.locator("main form button[data-variant=primary]").click()
    expect(page.locator("#id_legal_ref_error")).to_contain_text("A verified fact needs a reference")
    expect(page.locator("#id_statement")).to_have_value(STATEMENT)
    visitor.keep("layer-03-fact-without-reference")
    page.locator("#id_legal_ref").fill("Act 1/2020")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/edit/#f-adapted.act")


def write_the_panel(visitor: Any, draft: str) -> str:
    """Its address. Saved and shown without a button, as a learner in Finland reads it."""
    visitor.go(f"{draft}edit/")
    page = visitor.page
    page.locator('a[href*="anchor=act"]').click()
    page.wait_for_url("**/panels/the-act/**")
    page.locator("#id_body").fill("There is **an** act.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    shown = page.locator("#shown")
    expect(shown.locator(".country")).to_contain_text("There is an act.")
    page.locator("#id_attach").select_option("adapted.act")
    page.locator("button[name=act][value=in]").click()
    page.wait_for_url("**#facts")
    expect(page.locator("input[name=facts]")).to_have_value("adapted.act")
    expect(shown.locator(".fact")).to_contain_text(STATEMENT)
    expect(shown.locator("i[lang=fi]")).to_have_text("Laki")
    visitor.keep("layer-04-panel")
    return str(page.url).partition("#")[0]


def ask_a_question(visitor: Any, draft: str) -> None:
    visitor.go(f"{draft}quizzes/country-check/add/?kind=truefalse")
    page = visitor.page
    page.locator("#id_prompt").fill("Finland has one act.")
    page.locator("input[name=correct][value=true]").check()
    page.locator("input[name=rests_on][value='adapted.act']").check()
    page.locator("#id_explanation").fill("So says Act 1/2020.")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/quizzes/country-check/**")
    page.locator("#id_pass_percent").fill("100")
    page.locator('form[action$="/settings/"] button').click()
    expect(page.locator("#id_pass_percent")).to_have_value("100")
    visitor.keep("layer-05-questions")


def submit(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    visitor.page.locator('form[action$="/submit/"] button').click()
    expect(visitor.page.locator(".page-head")).to_contain_text("In review")


def send_back(visitor: Any, draft: str) -> None:
    """By a publisher of a partner there, who reads the Studio in Finnish."""
    visitor.go(draft)
    page = visitor.page
    page.locator("details:has(#id_reason) summary").click()
    page.locator("#id_reason").fill(REASON)
    page.locator('form[action$="/send-back/"] button').click()
    expect(page.locator('form[action$="/send-back/"]')).to_have_count(0)
    expect(page.locator("main")).to_contain_text(REASON)


def mend(visitor: Any, draft: str, panel: str) -> None:
    visitor.go(draft)
    expect(visitor.page.locator("main")).to_contain_text(REASON)
    visitor.go(panel)
    visitor.page.locator("#id_body").fill("There is an act, **Act 1/2020**.")
    visitor.page.locator(".desk-bar button").click()
    visitor.page.wait_for_url("**/panels/the-act/**")
    submit(visitor, draft)


def approve(visitor: Any, draft: str) -> None:
    """It waits on the front page of the publisher there."""
    visitor.go("/studio/")
    page = visitor.page
    page.locator(f'section[aria-labelledby=waiting] a[href="{draft[draft.index("/studio/") :]}"]').click()
    page.wait_for_url(draft)
    visitor.keep("layer-06-review")
    page.locator('form[action$="/approve/"] button').click()
    expect(page.locator('form[action$="/approve/"]')).to_have_count(0)


def publish(visitor: Any, draft: str) -> None:
    visitor.go(f"{draft}publish/")
    visitor.page.locator("main form button[data-variant=primary]").click()
    visitor.page.wait_for_url(draft)
    expect(visitor.page.locator('a[href$="/publish/"]')).to_have_count(0)


def read(visitor: Any) -> None:
    """Somebody in Finland who begins now."""
    visitor.go(f"/courses/{COURSE}/enrol/")
    page = visitor.page
    page.locator("#id_country").select_option("FI")
    page.locator("#id_language").select_option("en")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url(re.compile("/(learn|courses)/"))
    visitor.go(f"/learn/{COURSE}/{MODULE}/the-act/")
    country = page.locator(".country")
    expect(country).to_contain_text("There is an act, Act 1/2020.")
    expect(country.locator(".fact")).to_contain_text(STATEMENT)
    expect(country.locator("i[lang=fi]")).to_have_text("Laki")
    visitor.keep("layer-07-read")
