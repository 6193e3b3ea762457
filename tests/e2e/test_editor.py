"""A module is written in the Studio: saved while it is typed, looked at, written by two at once, undone, submitted."""

from typing import Any

import pytest

from tests.e2e.house import expect

AUTHOR, COLLEAGUE = "author@example.org", "publisher-no@example.org"
KEY = "written-in-a-browser"
WORDS = {
    "title": "Written in a browser",
    "key": KEY,
    "summary": "About it.",
    "audience": "Everyone",
    "hours": "1",
    "first_lesson": "Welcome",
}


@pytest.mark.slow
def test_a_module_is_written_by_two_and_submitted(visit, watch):
    author = visit(AUTHOR)
    draft = begin(author)
    text = f"{draft}lessons/welcome/"
    write(author, text)

    watch.expect_status(409)
    watch.expect_status(422)
    colleague = visit(COLLEAGUE)
    colleague.go(text)
    type_at_the_start(author, "First. ")
    expect(author.page.locator("#saved")).to_contain_text("Saved at")
    choose(colleague, text)

    undo(author, draft)
    submit(author, draft)


def begin(visitor: Any) -> str:
    """The address of the new draft."""
    visitor.go("/studio/new/")
    page = visitor.page
    for name, words in WORDS.items():
        page.locator(f"#id_{name}").fill(words)
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/studio/revisions/*/edit/")
    visitor.keep("editor-01-outline")
    return str(page.url).removesuffix("edit/")


def write(visitor: Any, text: str) -> None:
    """Saved and shown without a button, with what is wrong at its line."""
    visitor.go(text)
    page = visitor.page
    page.locator("#id_body").fill("One.\n\n:::note\nNot closed.")
    expect(page.locator("#problems")).to_contain_text("Line 3:")
    expect(page.locator("#shown")).to_contain_text("One.")
    page.locator("#id_body").fill("One.\n\n:::note\nClosed.\n:::")
    expect(page.locator("#problems section")).to_have_count(0)
    expect(page.locator("#shown .box.note")).to_contain_text("Closed.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    visitor.keep("editor-02-text")
    print_it(visitor)
    visitor.go(text)  # taking a picture leaves empty styles behind, of which the next swap would complain


def print_it(visitor: Any) -> None:
    """The preview opens beside the editor and asks the browser to print; on paper stands the text and no menu."""
    visitor.page.context.add_init_script("window.print = () => { document.body.dataset.printed = 'yes'; }")
    with visitor.page.context.expect_page() as opened:
        visitor.page.locator("button[name=print]").click()
    paper = opened.value
    expect(paper.locator("body[data-printed=yes]")).to_have_count(1)
    paper.emulate_media(media="print")
    expect(paper.locator(".box.note")).to_be_visible()
    expect(paper.locator(".masthead-row")).to_be_hidden()
    expect(paper.locator(".lesson-tools")).to_be_hidden()
    paper.close()


def type_at_the_start(visitor: Any, words: str) -> None:
    body = visitor.page.locator("#id_body")
    body.press("Control+Home")
    body.press_sequentially(words)
    expect(visitor.page.locator("#shown")).to_contain_text(words.strip())


def choose(visitor: Any, text: str) -> None:
    """Whoever saves second sees both texts, and takes the place of the other knowingly."""
    page = visitor.page
    page.locator("#id_body").fill("Two.")
    page.locator("#saved button").click()
    main = page.locator("main")
    expect(main).to_contain_text("Two.")
    expect(main).to_contain_text("First. One.")
    visitor.keep("editor-03-two-texts")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url(f"**{text[text.index('/studio/') :]}")
    expect(page.locator("#id_body")).to_have_value("Two.")


def undo(visitor: Any, draft: str) -> None:
    """The text that gave way is among the saved states, and comes back."""
    visitor.go(f"{draft}states/")
    visitor.keep("editor-04-states")
    visitor.page.locator(".timeline a").first.click()
    expect(visitor.page.locator("main")).to_contain_text("First.")
    visitor.page.locator("main form button[data-variant=primary]").click()
    visitor.page.wait_for_url("**/edit/")
    visitor.go(f"{draft}lessons/welcome/")
    expect(visitor.page.locator("#id_body")).to_have_value("First. One.\n\n:::note\nClosed.\n:::")


def submit(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    visitor.page.locator('form[action$="/submit/"] button').click()
    expect(visitor.page.locator(".page-head")).to_contain_text("In review")
