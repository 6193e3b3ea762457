"""Spoken of and mended: a reviewer's comment at its place, and a reader's correction that becomes a draft."""

from typing import Any

import pytest

from tests.e2e.house import expect
from tests.e2e.test_editor import WORDS

AUTHOR, REVIEWER, READER = "author@example.org", "publisher-no@example.org", "corrector@example.org"
LESSON = "/learn/trials-and-devices/medical-devices/is-it-a-device/"
KEY = "spoken-of"


# --- A comment --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_comment_is_made_answered_and_resolved(visit):
    author, reviewer = visit(AUTHOR), visit(REVIEWER)
    draft = write(author)
    submit(author, draft)
    comment(reviewer, draft)
    send_back(reviewer, draft)
    mend_and_answer(author, draft)
    submit(author, draft)
    resolve_and_approve(reviewer, draft)


def write(visitor: Any) -> str:
    """The address of a new draft with one lesson."""
    visitor.go("/studio/new/")
    page = visitor.page
    for name, words in {**WORDS, "key": KEY, "title": "Spoken of"}.items():
        page.locator(f"#id_{name}").fill(words)
    press(page)
    page.wait_for_url("**/studio/revisions/*/edit/")
    draft = str(page.url).removesuffix("edit/")
    visitor.go(f"{draft}lessons/welcome/")
    page.locator("#id_body").fill("The law asks for a report.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    return draft


def press(page: Any) -> None:
    page.locator("main form button[data-variant=primary]").first.click()


def submit(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    visitor.page.locator('form[action$="/submit/"] button').click()
    expect(visitor.page.locator('form[action$="/submit/"]')).to_have_count(0)


def comment(visitor: Any, draft: str) -> None:
    """From the revision to the place; words that are marked there become the passage."""
    page = visitor.page
    visitor.go(draft)
    page.locator("#place").select_option("lesson/welcome")
    page.locator('form[action$="/comments/"] button').click()
    page.wait_for_url("**/comments/?place=**")
    page.locator("pre[data-quotable]").evaluate(
        """(text) => {
          const words = text.firstChild, from = words.data.indexOf("The law");
          getSelection().setBaseAndExtent(words, from, words, from + "The law asks".length);
        }"""
    )
    expect(page.locator("#id_quote")).to_have_value("The law asks")
    page.locator("#id_words").fill("Which law, and which article?")
    visitor.keep("review-01-comment")
    press(page)
    expect(page.locator("article")).to_contain_text("Which law, and which article?")


def send_back(visitor: Any, draft: str) -> None:
    page = visitor.page
    visitor.go(draft)
    expect(page.locator('.ticks a[href="#comments"]')).to_have_count(1)
    page.locator("details:has(#id_reason) summary").click()
    page.locator("#id_reason").fill("See the comment.")
    page.locator('form[action$="/send-back/"] button').click()
    expect(page.locator('form[action$="/send-back/"]')).to_have_count(0)


def mend_and_answer(visitor: Any, draft: str) -> None:
    page = visitor.page
    visitor.go("/studio/")
    waiting = page.locator("section[aria-labelledby=waiting]")
    expect(waiting).to_contain_text("1 comment waits for your answer")
    visitor.go(f"{draft}lessons/welcome/")
    beside = page.locator("section[aria-labelledby=comments-here]")
    expect(beside).to_contain_text("Which law, and which article?")
    page.locator("#id_body").fill("Regulation (EU) 536/2014 asks for a report in Article 42.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    visitor.keep("review-02-beside")
    beside.get_by_role("link", name="Answer or resolve").click()
    page.wait_for_url("**/comments/?place=**")
    expect(page.locator("article")).to_contain_text("Changed since")
    page.locator("summary", has_text="Answer").click()
    page.locator('form[action$="/answer/"] textarea').fill("Article 42, it says so now.")
    page.locator('form[action$="/answer/"] button').click()
    expect(page.locator("article .timeline")).to_contain_text("Article 42, it says so now.")


def resolve_and_approve(visitor: Any, draft: str) -> None:
    page = visitor.page
    visitor.go("/studio/")
    expect(page.locator(f'a[href="{draft[draft.index("/studio/") :]}#comments"]')).to_have_count(1)
    visitor.go(f"{draft}comments/?place=lesson/welcome")
    page.locator('form[action$="/resolve/"] button').click()
    expect(page.locator('form[action$="/reopen/"]')).to_have_count(1)
    visitor.keep("review-03-resolved")
    visitor.go(draft)
    page.locator('form[action$="/approve/"] button').click()
    expect(page.locator('form[action$="/approve/"]')).to_have_count(0)


# --- A suggestion -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_reader_suggests_and_is_answered(visit):
    reader, author = visit(READER), visit(AUTHOR)
    suggest(reader)
    draft = take_up(author)
    answer(author)
    reader.go("/suggestions/")
    expect(reader.page.locator("main")).to_contain_text("Right, it is mended.")
    expect(reader.page.locator("main")).to_contain_text("Corrected")
    reader.keep("review-06-my-suggestions")
    discard(author, draft)


def suggest(visitor: Any) -> None:
    """Words that are marked in the lesson go along."""
    page = visitor.page
    visitor.go(LESSON)
    marked = page.locator("article .prose p").first.evaluate(
        """(text) => { getSelection().selectAllChildren(text); return getSelection().toString().trim(); }"""
    )
    page.get_by_role("link", name="Suggest a correction").click()
    page.wait_for_url("**/suggest/**")
    expect(page.locator("#id_quote")).to_have_value(marked[:600])
    page.locator('input[name=kind][value="wrong"]').check()
    page.locator("#id_words").fill("A word is missing here.")
    visitor.keep("review-04-suggest")
    press(page)
    page.wait_for_url(f"**{LESSON}")
    expect(page.locator("main, #messages").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("Thank you. The answer comes by e-mail")


def take_up(visitor: Any) -> str:
    """To the lesson in the draft, with the suggestion beside it."""
    page = visitor.page
    visitor.go("/studio/suggestions/?state=open")
    page.locator("li", has_text="A word is missing here.").get_by_role("link").click()
    page.wait_for_url("**/studio/suggestions/*/")
    page.get_by_role("button", name="Take it up in a draft").click()
    page.wait_for_url("**/lessons/is-it-a-device/")
    expect(page.locator(".desk-side")).to_contain_text("A word is missing here.")
    visitor.keep("review-05-beside")
    return str(page.url).partition("lessons/")[0]


def answer(visitor: Any) -> None:
    page = visitor.page
    page.get_by_role("link", name="Answer the sender").click()
    page.locator('input[name=outcome][value="answered"]').check()
    page.locator("#id_words").fill("Right, it is mended.")
    press(page)
    expect(page.locator("#answer + div")).to_contain_text("Right, it is mended.")


def discard(visitor: Any, draft: str) -> None:
    visitor.go(f"{draft}discard/")
    visitor.page.locator("main form button[data-variant=danger]").click()
    visitor.page.wait_for_url("**/studio/modules/medical-devices/")
