"""Every act is a form: without JavaScript it takes a page more and does the same."""

from tests.e2e.answers import answer
from tests.e2e.house import expect

BARE = "bare@example.org"
LESSON = "/learn/clinical-trials/clinical-trials/one-application/"


def test_logging_in_and_out(visit):
    visitor = visit(java_script_enabled=False)
    visitor.log_in(BARE)
    page = visitor.page
    expect(page.locator("#resume")).to_be_visible()
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.goto("/learn/")
    assert "/accounts/login/" in page.url


def test_a_lesson_done_and_taken_back(visit):
    page = visit(BARE, java_script_enabled=False).page
    page.goto(LESSON)
    page.locator('form[action$="/done/"] button').click()
    assert page.url.endswith("#lesson-bar")
    page.locator('form[action$="/undo/"] button').click()
    expect(page.locator('form[action$="/done/"] button')).to_be_visible()


def test_language_and_country_of_a_course(visit):
    page = visit(BARE, java_script_enabled=False).page
    page.goto(LESSON)
    page.locator('article button[formaction$="/language/"][value=sv]').click()
    expect(page.locator("article h1")).to_have_text("En ansökan, två delar")
    page.locator('article button[formaction$="/country/"][value=NO]').click()
    expect(page.locator("button[name=country][value=NO]")).to_have_attribute("aria-pressed", "true")
    page.locator('article button[formaction$="/language/"][value=en]').click()
    expect(page.locator("article h1")).to_have_text("One application, two parts")


def test_a_quiz(visit, watch):
    """Handed in half done it comes back with what was chosen; then it is passed."""
    watch.expect_status(422)
    page = visit(BARE, java_script_enabled=False).page
    page.goto("/learn/clinical-trials/clinical-trials/check/")
    page.locator('form[action$="/start/"] button').click()
    page.locator("fieldset.question label.option").first.click()
    page.locator("form#quiz .buttons button").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("fieldset.question input").first).to_be_checked()
    answer(page, right=True)
    page.locator("form#quiz .buttons button").click()
    expect(page.locator(".score")).to_have_attribute("data-kind", "ok")


def test_enrolling(visit):
    page = visit("newcomer@example.org", java_script_enabled=False).page
    page.goto("/courses/trials-and-devices/")
    page.locator('form[action$="/enrol/"] button').click()
    page.wait_for_url("**/learn/**")
    page.goto("/courses/trials-and-devices/")
    expect(page.locator('form[action$="/enrol/"]')).to_have_count(0)


def test_the_menu_language_and_appearance_are_reached(visit):
    """Popovers open without a script; their forms are forms."""
    page = visit(java_script_enabled=False).page
    page.goto("/")
    page.locator("[popovertarget=preferences]").click()
    page.locator("#preferences button[value=fi]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    page.locator("[popovertarget=preferences]").click()
    page.locator("#preferences button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
