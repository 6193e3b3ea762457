"""Every page as everybody meets it: readable by machine and eye, in light and dark, on a phone, with forced colours."""

import os
from typing import Any

import pytest

from tests.e2e import pages
from tests.e2e.house import WIDE

ALL_PICTURES = os.environ.get("LMS_SCREENSHOTS") == "1"  # to look at every page as a designer would
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # dark changes nothing else
PHONE, NARROWEST = {"width": 390, "height": 844}, {"width": 320, "height": 640}


def violations(page: Any, rules: dict[str, Any]) -> list[str]:
    """What axe finds. Only that is fetched: all that is well would be megabytes a page."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("(options) => axe.run(options).then((all) => all.violations)", options)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for violation in found
        for node in violation["nodes"]
    ]


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
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang")
    assert page.title()

    faults = looks(visitor, each)
    assert not faults, "\n".join(faults)


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
