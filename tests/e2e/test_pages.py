"""Every page as everybody meets it: readable by machine and eye, in light and dark, on a phone, with forced colours."""

import os
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e import pages
from tests.e2e.axe import RULES, violations
from tests.e2e.house import WIDE
from tests.e2e.refusals import REFUSALS

ALL_PICTURES = os.environ.get("LMS_SCREENSHOTS") == "1"  # to look at every page as a designer would
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # dark changes nothing else
PHONE, NARROWEST = {"width": 390, "height": 844}, {"width": 320, "height": 640}


def sideways(page: Any) -> str:
    """What sticks out on the right, or nothing."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? "" : [...document.body.querySelectorAll("*")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))
        .join("\\n") || "something" """
    )


@pytest.mark.parametrize("each", pages.ALL, ids=str)
def test_page(each: pages.Page, visit, watch, house):
    if each.status != 200:
        watch.expect_status(each.status)
    visitor = visit(
        each.who, reduced_motion="reduce"
    )  # a colour on its way to another one has no contrast yet
    page = visitor.page
    response = page.goto(each.path(house.told))
    assert response.status == each.status
    assert each.leads_on or urlsplit(page.url).path == urlsplit(each.path(house.told)).path
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang")
    assert page.title()

    faults = looks(visitor, each)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("each", pages.BEHIND_FORMS, ids=str)
def test_page_behind_a_form(each: pages.Behind, visit, house):
    visitor = visit(each.who, reduced_motion="reduce")
    page = visitor.page
    page.goto(each.path(house.told))
    for selector, value in each.fields.items():
        page.locator(selector).select_option(value)
    for selector, words in each.words.items():
        page.locator(selector).fill(words)
    with page.expect_navigation():
        page.locator(each.button).click()
    assert page.locator("h1").count() == 1
    faults = looks(visitor, each)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("status", REFUSALS)
def test_the_page_of_a_refusal(status, visit, house):
    """Such pages come of what no visitor does, so they are looked at as they were rendered elsewhere."""
    words = f"from tests.e2e.refusals import REFUSALS; print(REFUSALS[{status}]())"
    rendered = house.installation.manage("shell", "--verbosity=0", "-c", words).stdout
    page = visit(reduced_motion="reduce").page
    page.route("**/refused/", lambda route: route.fulfill(body=rendered, content_type="text/html"))
    page.goto("/refused/")
    assert page.locator(".error-code").inner_text() == str(status)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, OF_COLOURS) == []


def looks(visitor: Any, each: pages.Page) -> list[str]:
    """Every way of looking at it, with what is wrong in each."""
    page, faults = visitor.page, []
    for name, size, media, rules in ways(each):
        page.set_viewport_size(size)
        page.emulate_media(**media)
        faults += [f"{name}: {found}" for found in violations(page, rules)]
        if ALL_PICTURES:
            visitor.keep(f"{each}.{name}")
        page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size(NARROWEST)
    out = sideways(page)
    return [*faults, f"320 pixels: wider than the window: {out}"] if out else faults


def ways(each: pages.Page) -> list[tuple[str, dict[str, int], dict[str, str], dict[str, Any]]]:
    ways = [
        ("light", WIDE, {"color_scheme": "light"}, RULES),
        ("dark", WIDE, {"color_scheme": "dark"}, OF_COLOURS),
        ("phone", PHONE, {"color_scheme": "light"}, RULES),
    ]
    if str(each) in pages.MAIN:
        ways.append(("forced", WIDE, {"forced_colors": "active"}, RULES))
    return ways
