"""Without a mouse: what is reached, in which order, and that the ring is seen where one is."""

from typing import Any

from tests.e2e.house import expect

LESSON = "/learn/clinical-trials/clinical-trials/one-application/"
PHONE = {"width": 390, "height": 844}


def focused(page: Any, attribute: str) -> str:
    return page.evaluate(f"() => document.activeElement.getAttribute('{attribute}') || ''")


def tab_to(page: Any, selector: str, *, at_most: int) -> int:
    """How many presses of Tab it takes; too many is red."""
    for presses in range(1, at_most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return presses
    raise AssertionError(f"{selector} is not reached with {at_most} presses of Tab")


def ring(page: Any) -> tuple[str, float]:
    """The outline of what has the focus, and its distance."""
    return tuple(
        page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)] }"
        )
    )


def test_the_first_tab_skips_to_the_content(visit):
    page = visit().page
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page, "href") == "#main"
    assert page.evaluate("() => document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert focused(page, "id") == "main"


def test_from_the_skip_link_to_the_main_act(visit):
    page = visit().page
    page.goto("/courses/clinical-trials/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "main [data-variant=primary]", at_most=4)
    style, width = ring(page)
    assert style == "solid"
    assert width >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/**")


def test_a_lesson_is_read_and_left_with_the_keyboard(visit):
    page = visit("keyboard@example.org").page
    page.goto(LESSON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "#lesson-act", at_most=80)
    page.keyboard.press("Enter")
    undo = page.locator('form[action$="/undo/"] #lesson-act')
    expect(undo).to_be_focused()
    tab_to(page, "a[rel=next]", at_most=3)
    page.keyboard.press("Enter")
    page.wait_for_url("**/the-clock/")


def test_the_menu_on_a_phone_opens_and_closes_with_keys(visit):
    page = visit("keyboard@example.org", viewport=PHONE).page
    page.goto("/courses/")
    menu, opener = page.locator("#menu"), page.locator("[popovertarget=menu]")
    expect(menu).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    tab_to(page, "#menu a", at_most=3)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_outline_on_a_phone_opens_and_closes_with_keys(visit):
    page = visit("keyboard@example.org", viewport=PHONE).page
    page.goto(LESSON)
    outline, opener = page.locator("#outline"), page.locator("[popovertarget=outline]")
    expect(outline).to_be_hidden()
    opener.press("Enter")
    expect(outline).to_be_visible()
    page.keyboard.press("Escape")
    expect(outline).to_be_hidden()


def test_errors_of_a_form_take_the_focus(visit, watch):
    watch.expect_status(422)
    page = visit().page
    page.goto("/verify/")
    page.locator("#id_code").fill("ABC")
    page.locator("#id_code").press("Enter")
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
    assert page.locator("#id_code_error").is_visible()
