"""A change of a module travels from a zip file through review in two countries to publication."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.answers import LIBRARY
from tests.e2e.house import expect

AUTHOR, OWNER, ABROAD = "author@example.org", "publisher-no@example.org", "publisher@example.org"
MODULE = LIBRARY / "medical-devices"
LESSON, QUIZ = "core/010-is-it-a-device.md", "core/060-check.quiz.yaml"
SENTENCE = "And this sentence is new."


def bundle(**changes: Any) -> bytes:
    """The core of the module as a zip file; `changes` are functions of a file's text."""
    files = [MODULE / "module.yaml", *(MODULE / "core").iterdir(), *(MODULE / "assets").iterdir()]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in sorted(files):
            name = str(file.relative_to(MODULE))
            change = changes.get(Path(name).suffix.strip("."))
            text = change(name, file.read_text()) if change else file.read_bytes()
            archive.writestr(name, text)
    return content.getvalue()


def with_a_sentence(name: str, text: str) -> str:
    return f"{text.rstrip()}\n\n{SENTENCE}\n" if name == LESSON else text


def with_a_riddle(name: str, text: str) -> str:
    return text.replace("kind: single", "kind: riddle", 1) if name == QUIZ else text


@pytest.mark.slow
def test_a_change_is_imported_reviewed_and_published(visit, watch):
    author = visit(AUTHOR)
    watch.expect_status(422)
    see_what_is_wrong(author)
    draft = import_the_change(author)
    submit(author, draft)

    for publisher in (visit(ABROAD), visit(OWNER)):
        approve(publisher, draft)
    publish(visit(OWNER), draft)
    see_it_published(author, draft)


def upload(visitor: Any, content: bytes) -> None:
    visitor.go("/studio/import/")
    file = {"name": "medical-devices.mod.zip", "mimeType": "application/zip", "buffer": content}
    visitor.page.locator("#id_bundle").set_input_files(file)
    visitor.page.locator("main form button[data-variant=primary]").click()


def see_what_is_wrong(visitor: Any) -> None:
    """By file and line, and nothing is kept."""
    upload(visitor, bundle(yaml=with_a_riddle))
    line = (MODULE / QUIZ).read_text().partition("kind: single")[0].count("\n") + 1
    report = visitor.page.locator("section.card", has_text=QUIZ)
    expect(report).to_contain_text("riddle")
    expect(report.locator("b").first).to_contain_text(str(line))
    visitor.keep("studio-01-what-is-wrong")


def import_the_change(visitor: Any) -> str:
    """The address of the draft."""
    upload(visitor, bundle(md=with_a_sentence))
    page = visitor.page
    draft = page.locator("tbody tr", has_text="New draft").locator("a")
    expect(draft).to_have_count(1)
    visitor.keep("studio-02-imported")
    draft.click()
    page.wait_for_url("**/studio/revisions/*/")
    expect(page.locator("main")).to_contain_text(SENTENCE)
    return page.url


def submit(visitor: Any, draft: str) -> None:
    page = visitor.page
    visitor.go(draft)
    page.locator('input[name=change_class][value="major"]').check()
    page.locator("#id_note").fill("A sentence was added.")
    visitor.keep("studio-03-draft")
    page.locator('form[action$="/submit/"] button').click()
    expect(page.locator('form[action$="/approve/"]')).to_have_count(0)
    visitor.keep("studio-04-in-review")


def approve(visitor: Any, draft: str) -> None:
    """It waits on the front page of those who can give the approval."""
    page = visitor.page
    visitor.go("/studio/")
    page.locator(f'section[aria-labelledby=waiting] a[href="{draft[draft.index("/studio/") :]}"]').click()
    page.wait_for_url(draft)
    page.locator('form[action$="/approve/"] button').click()
    expect(page.locator('form[action$="/approve/"]')).to_have_count(0)


def publish(visitor: Any, draft: str) -> None:
    page = visitor.page
    visitor.go(draft)
    page.locator('a[href$="/publish/"]').click()
    visitor.keep("studio-05-publish")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url(draft)


def see_it_published(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    expect(visitor.page.locator(".page-head")).to_contain_text("Published")
    expect(visitor.page.locator('form[action$="/submit/"]')).to_have_count(0)
    visitor.keep("studio-06-published")
