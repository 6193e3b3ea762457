"""On paper, without motion, in the reader's own colours, and in the language of the browser."""

import shutil
import subprocess
from typing import Any

import pytest

from tests.e2e.house import expect

LESSON = "/learn/clinical-trials/clinical-trials/one-application/"


def ground(page: Any) -> str:
    """The colour behind everything."""
    return page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")


def test_a_lesson_on_paper(visit):
    visitor = visit("light@example.org", color_scheme="dark")
    page = visitor.page
    page.goto(LESSON)
    page.emulate_media(media="print")
    for gone in ("header.masthead nav", ".lesson-side", "nav.lesson-bar", ".lesson-tools", ".footer"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("article h1")).to_be_visible()
    assert ground(page) == "rgb(255, 255, 255)"
    visitor.keep("print-lesson")


def test_a_verification_on_paper(visit, house):
    visitor = visit()
    visitor.page.goto(f"/v/{house.told['certificate']}")
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator("section.state h1")).to_be_visible()
    visitor.keep("print-verification")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="reads the paper with poppler's pdftotext")
@pytest.mark.parametrize("room", [90, 110, 130])
def test_no_heading_stays_alone_at_the_foot_of_a_page(visit, room):
    """What follows it needs more than `room`, which is what the first page has left."""
    page = visit().page
    page.goto("/verify/")
    page.emulate_media(media="print")
    page.evaluate(
        """(room) => {
        document.body.innerHTML = `<section class="stack"><p>Before</p><h2>Heading</h2>
        <ul class="stack"><li class="card"><p>After</p></li></ul></section>`;
        document.body.style.display = "block";
        document.querySelector("p").style.blockSize = `${986 - room}px`;
        document.querySelector("li p").style.blockSize = "200px" }""",
        room,
    )
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    words = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout
    first, second, *_rest = [sheet.split() for sheet in words.decode().split("\f")]
    assert (first, second) == (["Before"], ["Heading", "After"])


@pytest.mark.parametrize("path", ["/", "/courses/", "/accounts/login/"])
def test_nothing_moves_for_those_who_asked_for_rest(visit, path):
    page = visit(reduced_motion="reduce").page
    page.goto(path)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e);
        const long = (t) => t.split(",").some((each) => parseFloat(each) > 0.011);
        return long(s.transitionDuration) || (s.animationName !== "none" && long(s.animationDuration)) })
        .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_the_chosen_colours_stay(visit):
    page = visit(color_scheme="light").page
    page.goto("/")
    light = ground(page)
    page.locator("[popovertarget=preferences]").click()
    page.locator("#preferences button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ground(page) != light
    with page.expect_response("**/theme/"):
        page.locator("#preferences button[value=light]").click()
    with page.expect_response("**/theme/"):
        page.locator("#preferences button[value=dark]").click()
    page.goto("/courses/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("wish", "language"), [("nn-NO", "nb"), ("sv-FI", "sv"), ("fi-FI", "fi"), ("de-DE", "en")]
)
def test_the_browser_says_which_language(visit, wish, language):
    page = visit(locale=wish).page
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
