"""The main job from end to end, as one story: from the catalogue to a certificate that anybody verifies."""

import io
import re
from typing import Any

import pytest
from django.utils.translation import override

from certificates.models import Certificate
from tests.e2e.answers import answer
from tests.e2e.house import expect

LEARNER, ADMINISTRATOR = "learner-fi@example.org", "administrator@example.org"
NAME, COURSE = "Åsa Sjöström", "trials-and-devices"
HERE = f"/learn/{COURSE}"
FIRST = f"{HERE}/clinical-trials/one-application/"
INTERNAL = "The name was changed at the learner's request."
DONE = 'form[action$="/done/"] button'
UNDO = 'form[action$="/undo/"] button'


@pytest.mark.pdf
@pytest.mark.slow
def test_from_the_catalogue_to_a_verified_certificate(visit):
    learner = visit(locale="sv-SE")
    find_the_course(learner)
    log_in_by_card(learner)
    read_in_swedish(learner)
    switch_and_keep_place(learner)
    fail_and_pass_the_quiz(learner)
    do_the_rest(learner)

    administrator = visit(ADMINISTRATOR)
    issue_everything_due(administrator)
    printed = download_the_certificate(learner)

    anybody = visit(locale="sv-SE")
    verify_by_code(anybody, printed)
    verify_by_link(anybody, printed)
    revoke(administrator, printed)
    see_that_it_is_revoked(anybody, printed)


# --- The learner ----------------------------------------------------------------------------------------------------


def find_the_course(visitor: Any) -> None:
    page = visitor.page
    visitor.go("/")
    page.locator('main a[href="/courses/"]').first.click()
    page.locator("#id_q").fill("CE-märke")
    expect(page.locator("#results .course-card")).to_have_count(1)
    page.locator("#id_country").select_option("FI")
    expect(page).to_have_url(re.compile("country=FI"))
    expect(page.locator("#results .course-card")).to_have_count(1)
    visitor.keep("story-01-found")
    page.locator("#results .course-card a").first.click()
    page.wait_for_url(f"**/courses/{COURSE}/")
    expect(page.locator("#outcomes")).to_be_visible()
    visitor.keep("story-02-course")


def log_in_by_card(visitor: Any) -> None:
    visitor.log_in(LEARNER)
    page = visitor.page
    expect(page.locator("h2#resume")).to_be_visible()
    visitor.keep("story-03-my-learning")
    page.locator(".resume .button[data-variant=primary]").click()
    page.wait_for_url(f"**{HERE}/clinical-trials/check/")


def read_in_swedish(visitor: Any) -> None:
    """The lesson in Swedish, the panel for Finland; taken back and done again."""
    page = visitor.page
    visitor.go(FIRST)
    expect(page.locator("article h1")).to_have_text("En ansökan, två delar")
    assert page.locator("article .prose").first.get_attribute("lang") == "sv"
    panel = page.locator("section.country")
    expect(panel).to_contain_text("En nationell kommitté, Tukija")
    visitor.keep("story-04-lesson")
    page.locator(UNDO).click()
    expect(page.locator(DONE)).to_be_visible()
    expect(progress(page)).to_contain_text("3")
    page.locator(DONE).click()
    expect(page.locator(UNDO)).to_be_visible()
    expect(progress(page)).to_contain_text("4")


def progress(page: Any) -> Any:
    return page.locator("#course-outline .explain summary")


def switch_and_keep_place(visitor: Any) -> None:
    page = visitor.page
    before = progress(page).inner_text()
    press(page, "language", "en")
    expect(page.locator("article h1")).to_have_text("One application, two parts")
    press(page, "country", "NO")
    expect(page.locator("button[name=country][value=NO]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("section.country").first).not_to_contain_text("Tukija")
    visitor.keep("story-05-norway")
    assert page.url.endswith(FIRST)
    assert progress(page).inner_text() == before
    press(page, "country", "FI")
    press(page, "language", "sv")
    expect(page.locator("article h1")).to_have_text("En ansökan, två delar")


def press(page: Any, what: str, value: str) -> None:
    with page.expect_navigation():
        page.locator(f'article button[formaction$="/{what}/"][value={value}]').first.click()


def fail_and_pass_the_quiz(visitor: Any) -> None:
    page = visitor.page
    take_quiz(visitor, f"{HERE}/clinical-trials/check/", right=False)
    expect(page.locator(".score")).to_have_attribute("data-kind", "warn")
    expect(page.locator(".explanation").first).to_contain_text("Del II handlar om människor och platser")
    visitor.keep("story-06-not-passed")
    take_quiz(visitor, f"{HERE}/clinical-trials/check/", right=True)
    expect(page.locator(".score")).to_have_attribute("data-kind", "ok")
    visitor.keep("story-07-passed")


def take_quiz(visitor: Any, path: str, *, right: bool) -> None:
    page = visitor.page
    visitor.go(path)
    page.locator('form[action$="/start/"] button').click()
    page.wait_for_url("**/attempt/")
    answer(page, right=right)
    page.wait_for_load_state("networkidle")  # people are slower than the saving of their answers
    page.locator("form#quiz .buttons button").click()
    page.wait_for_url("**/result/")


def do_the_rest(visitor: Any) -> None:
    """Resume, do what stands there, and again, until nothing is left."""
    page = visitor.page
    for _step in range(20):
        visitor.go("/learn/")
        card = page.locator(".resume .button[data-variant=primary]")
        if not card.count() or f"{HERE}/" not in (card.get_attribute("href") or ""):
            break
        path = card.get_attribute("href")
        page.goto(path)
        if page.locator('form[action$="/start/"]').count():
            take_quiz(visitor, path, right=True)
            expect(page.locator(".score")).to_have_attribute("data-kind", "ok")
        else:
            page.locator(DONE).click()
            expect(page.locator(UNDO)).to_be_visible()
    visitor.keep("story-08-completed")
    expect(page.locator("#completed")).to_be_visible()


# --- The administrator ----------------------------------------------------------------------------------------------


def issue_everything_due(visitor: Any) -> None:
    page = visitor.page
    visitor.go("/administration/certificates/due/")
    expect(page.locator("tbody")).to_contain_text(NAME)
    visitor.keep("story-09-due")
    page.locator("button[name=all]").click()
    page.wait_for_url("**/administration/jobs/*/")
    visitor.keep("story-10-at-work")
    page.reload()
    job = page.locator("#job")
    expect(job.locator("h2").first).to_have_text("Done", timeout=90_000)
    assert not job.get_attribute("hx-get")
    visitor.keep("story-11-issued")


def download_the_certificate(visitor: Any) -> dict[str, str]:
    """The learner's own page of it, and the file. Returns what was printed."""
    page = visitor.page
    visitor.go("/certificates/")
    page.locator(".certificate-card h2 a").click()
    expect(page.locator("h1")).to_have_text(NAME)
    visitor.keep("story-12-certificate")
    with page.expect_download() as download:
        page.locator("#status a[download]").click()
    check_pdf(download.value.path().read_bytes())
    serial, code = page.locator("dd.code").all_inner_texts()[:2]
    return {
        "serial": serial,
        "code": code,
        "link": page.locator("#address").input_value(),
        "facts": page.locator("main dl.pairs").first.inner_text(),
        "modules": page.locator("section[aria-labelledby=modules] ul").inner_text(),
        "partners": page.locator("section[aria-labelledby=partners] ul").inner_text(),
        "outcomes": page.locator("section[aria-labelledby=outcomes] ul").inner_text(),
    }


def check_pdf(content: bytes) -> None:
    """A tagged PDF in the learner's language with the holder's file in it."""
    import pikepdf

    assert content.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "sv"
        assert "holder.json" in pdf.attachments


# --- Anybody --------------------------------------------------------------------------------------------------------


def verify_by_code(visitor: Any, printed: dict[str, str]) -> None:
    page = visitor.page
    visitor.go("/verify/")
    page.locator("#id_code").fill(printed["code"].lower())
    page.locator("#id_code").press("Enter")
    see_every_fact(page, printed)
    visitor.keep("story-13-verified")


def see_every_fact(page: Any, printed: dict[str, str]) -> None:
    expect(page.locator("section.state")).to_have_attribute("data-kind", "ok")
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).to_contain_text("Från klinisk prövning till CE-märke")
    expect(page.locator("main")).to_contain_text(printed["serial"])
    for part in ("modules", "partners", "outcomes"):
        shown = page.locator(f"section[aria-labelledby={part}] ul").inner_text()
        assert shown == printed[part]


def verify_by_link(visitor: Any, printed: dict[str, str]) -> None:
    """The address in the square code is in capitals, because that makes the code smaller."""
    page = visitor.page
    assert printed["link"].startswith(visitor.house.address)
    page.goto(printed["link"])
    see_every_fact(page, printed)
    page.goto(printed["link"].replace("/v/", "/V/"))
    see_every_fact(page, printed)


def revoke(visitor: Any, printed: dict[str, str]) -> None:
    page = visitor.page
    visitor.go(f"/administration/certificates/?q={printed['serial']}")
    page.locator("tbody th a").click()
    page.get_by_role("link", name="Revoke …").click()
    page.locator("#id_reason_code").select_option("data_error")
    page.locator("#id_reason_text").fill(INTERNAL)
    page.get_by_role("button", name="Continue").click()
    visitor.keep("story-14-revoke")
    page.get_by_role("button", name="Revoke for good").click()
    expect(page.locator("main")).to_contain_text("Revoked")


def see_that_it_is_revoked(visitor: Any, printed: dict[str, str]) -> None:
    page = visitor.page
    page.goto(printed["link"])
    expect(page.locator("section.state")).to_have_attribute("data-kind", "danger")
    with override("sv"):
        reason = str(Certificate.Reason.DATA_ERROR.label)
    expect(page.locator("section.state")).to_contain_text(reason)
    expect(page.locator("main")).not_to_contain_text(INTERNAL)
    visitor.keep("story-15-revoked")
