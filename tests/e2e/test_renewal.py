"""Published again and withdrawn: minor is offered, after major they finish, and a successor is shown."""

from typing import Any

import pytest

from tests.e2e.filling_renewal import COURSE, FINISHER, NEXT, TAKER
from tests.e2e.house import expect

OWNER = "publisher-no@example.org"  # reads Norwegian
PUBLISHED, WITHDRAWN = "Publisert", "Trukket tilbake"
LEARN, NEWER = f"/learn/{COURSE}/", f"/learn/{COURSE}/newer/"
LESSON, QUIZ = f"{LEARN}renewal/two/", f"{LEARN}renewal/check/"
PHONE = {"viewport": {"width": 390, "height": 844}}


def run(house: Any, call: str) -> str:
    """A function of `filling_renewal` in the installation, and what it prints."""
    done = house.installation.manage(
        "shell", "--verbosity=0", "-c", f"from tests.e2e.filling_renewal import *; {call}"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition("\n")[2]


@pytest.mark.slow
def test_a_module_is_renewed_and_withdrawn(visit, house):
    run(house, "begin()")
    owner, taker, finisher = visit(OWNER), visit(TAKER), visit(FINISHER)

    publish(owner, run(house, 'ready(45, "minor")'), note="Sponsors answer sooner.")
    compare_and_take(taker)
    look_around(visit)

    publish(owner, run(house, 'ready(30, "major")'), note="Sponsors answer in 30 days.")
    finish_the_old(taker)

    withdraw(owner, house)
    see_the_successor(finisher)
    see_the_catalogue(visit())

    close(owner)
    see_it_closed(visit())
    go_on_in_the_closed(finisher)


def publish(visitor: Any, pk: str, *, note: str) -> None:
    page = visitor.page
    visitor.go(f"/studio/revisions/{pk}/publish/")
    page.locator("#id_note_en").fill(note)
    visitor.keep("renewal-01-publish")
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url(f"**/studio/revisions/{pk}/")
    expect(page.locator(".page-head .badge").first).to_have_text(PUBLISHED)


def compare_and_take(visitor: Any) -> None:
    """The worker brings the offer; what was done stays done, but for the lesson that is ticked."""
    page = visitor.page
    for _try in range(60):
        visitor.go(LESSON)
        if page.locator(f'a[href="{NEWER}"]').count():
            break
        page.wait_for_timeout(500)
    page.locator(f'a[href="{NEWER}"]').first.click()
    expect(page.locator("main")).to_contain_text("Sponsors answer sooner.")
    page.get_by_text("Compare the words: Title of two").click()
    expect(page.locator("main del")).to_contain_text("60")
    expect(page.locator("main ins")).to_contain_text("45")
    visitor.keep("renewal-02-offer")
    page.get_by_role("checkbox", name="Title of two").press("Space")
    page.get_by_role("button", name="Take the newer version").press("Enter")
    page.wait_for_url("**/two/")
    expect(page.locator("article")).to_contain_text("within 45 days")
    expect(page.locator(".lesson-side, nav").first).to_be_attached()


def look_around(visit: Any) -> None:
    """The same page on a phone and in the dark; nothing is wider than the window."""
    for name, modes in (("phone", PHONE), ("dark", {"color_scheme": "dark"})):
        visitor = visit(FINISHER, **modes)
        visitor.go(NEWER)
        visitor.page.get_by_text("Compare the words: Title of two").click()
        visitor.keep(f"renewal-03-offer-{name}")
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not visitor.page.evaluate(wide)


def finish_the_old(visitor: Any) -> None:
    """Nobody is asked; the words they began with stay, and so does the way to the end."""
    page = visitor.page
    page.wait_for_timeout(2_000)
    visitor.go(LESSON)
    expect(page.locator("article")).to_contain_text("within 45 days")
    expect(page.locator(f'a[href="{NEWER}"]')).to_have_count(0)
    page.locator('form[action$="/two/done/"] button').first.click()
    visitor.go(QUIZ)
    page.locator('form[action$="/start/"] button').click()
    page.get_by_text("Option yes of which").click()
    page.locator('form[action$="/submit/"] button[data-variant=primary]').click()
    visitor.go("/learn/")
    expect(page.locator("section[aria-labelledby=completed]")).to_contain_text("Renewal")


def withdraw(visitor: Any, house: Any) -> None:
    page = visitor.page
    pk = house.installation.ask("Edition.objects.get(module__key='renewal', kind='core').current_id")
    visitor.go(f"/studio/revisions/{pk}/")
    page.locator('a[href$="/withdraw/"]').click()
    expect(page.locator("main")).to_contain_text("1 deltaker er midt i dette.")
    page.locator("#id_successor").select_option(label="Module renewal-next: Felles del, revisjon 1")
    page.locator("#id_reason_en").fill("The guideline was repealed.")
    visitor.keep("renewal-04-withdraw")
    page.locator("main form button[data-variant=danger]").click()
    page.wait_for_url(f"**/studio/revisions/{pk}/")
    expect(page.locator(".page-head .badge").first).to_have_text(WITHDRAWN)
    visitor.keep("renewal-05-withdrawn")


def see_the_successor(visitor: Any) -> None:
    page = visitor.page
    visitor.go(LESSON)
    expect(page.locator("article")).to_contain_text("within 60 days")
    page.get_by_role("link", name="See why, and what takes its place").click()
    expect(page.locator("main")).to_contain_text("The guideline was repealed.")
    expect(page.locator(f'main a[href="/courses/{NEXT}/"]')).to_have_count(1)
    visitor.keep("renewal-06-withdrawn-for-learners")


def see_the_catalogue(visitor: Any) -> None:
    page = visitor.page
    visitor.go(f"/courses/{COURSE}/")
    expect(page.locator("main")).to_contain_text("Takes no new learners: a module is withdrawn")
    expect(page.get_by_role("link", name="Log in to enrol")).to_have_count(0)
    visitor.keep("renewal-07-course")
    visitor.go("/courses/?q=renewal")
    expect(page.locator("main")).to_contain_text("Renewal, the next")
    expect(page.locator(f'main a[href="/courses/{COURSE}/"]')).to_have_count(0)


def close(visitor: Any) -> None:
    page = visitor.page
    visitor.go(f"/studio/courses/{NEXT}/close/")
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/studio/courses/{NEXT}/")
    expect(page.locator("main")).to_contain_text("Stengt for nye deltakere")


def see_it_closed(visitor: Any) -> None:
    visitor.go(f"/courses/{NEXT}/")
    expect(visitor.page.locator("main")).to_contain_text("Closed to new learners")
    expect(visitor.page.get_by_role("link", name="Log in to enrol")).to_have_count(0)
    visitor.go("/courses/?q=renewal")
    expect(visitor.page.locator(f'main a[href="/courses/{NEXT}/"]')).to_have_count(0)


def go_on_in_the_closed(visitor: Any) -> None:
    page = visitor.page
    visitor.go(f"/learn/{NEXT}/{NEXT}/one/")
    page.locator('form[action$="/one/done/"] button').first.click()
    expect(page.locator('form[action$="/one/undo/"]').first).to_be_attached()
    visitor.go(f"/learn/{NEXT}/{NEXT}/two/")
    expect(page.locator("article h1")).to_contain_text("Title of two")
