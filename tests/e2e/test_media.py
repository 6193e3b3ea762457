"""A picture and a video travel from files to a learner: uploaded, used, refused without captions, published, seen."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.answers import LIBRARY
from tests.e2e.house import expect

AUTHOR, OWNER, ABROAD, LEARNER = (
    "author@example.org",
    "publisher-no@example.org",
    "publisher@example.org",
    "both@example.org",
)
FILES = LIBRARY / "clinical-trials" / "assets"
PICTURE, VIDEO, CAPTIONS = FILES / "two-parts.en.svg", FILES / "clock.mp4", FILES / "clock.en.vtt"
MODULE = {
    "title": "Seen in a browser",
    "key": "seen-in-a-browser",
    "summary": "About it.",
    "audience": "Everyone",
    "hours": "1",
    "first_lesson": "Welcome",
}
ALT = "Two boxes beside each other"
PUBLISHED = """
from decimal import Decimal
from django.utils import timezone
from courses.models import Module, Revision
from courses.services import approve, create_course, publish, publish_course
from enrollment.services import enroll
from lms.accounts.models import Organisation, User

at = timezone.now()
person = lambda name: User.objects.get(email=f"{name}@example.org")
draft = Revision.objects.get(edition__module__key="seen-in-a-browser")
for name in ("publisher-no", "publisher"):
    approve(draft, by=person(name), at=at)
publish(draft, by=person("publisher-no"), at=at)
course = create_course(
    "seen", owner=Organisation.objects.get(slug="occ-incubator"), title={"en": "Seen"}, summary={"en": "Seen."},
    hours=Decimal(1), items=[(Module.objects.get(key="seen-in-a-browser"), None)], by=person("publisher-no"), at=at,
)
course = publish_course(course, by=person("publisher-no"), at=at)
enroll(person("both"), course, country="FI", language="en", by=person("both"), at=at)
"""


@pytest.mark.slow
def test_a_picture_and_a_video_reach_a_learner(visit, watch, house):
    watch.expect_status(422)
    author = visit(AUTHOR)
    draft = begin(author)
    upload(author, draft)
    use_the_picture(author, draft)
    video = add_the_video(author, draft)
    try_without_captions(author, draft)
    add_captions(author, video)
    look_at_it(author, draft)
    submit(author, draft)

    done = house.installation.manage("shell", "--verbosity=0", "-c", PUBLISHED)
    assert done.returncode == 0, done.stderr
    learn(visit(LEARNER))


def begin(visitor: Any) -> str:
    visitor.go("/studio/new/")
    page = visitor.page
    for name, words in MODULE.items():
        page.locator(f"#id_{name}").fill(words)
    page.locator("main form button[data-variant=primary]").click()
    page.wait_for_url("**/studio/revisions/*/edit/")
    return str(page.url).removesuffix("edit/")


def send(page: Any) -> None:
    page.locator("main form button[data-variant=primary]").click()


def upload(visitor: Any, draft: str) -> None:
    """What is wrong is said at the field; what is right stands in the list."""
    visitor.go(f"{draft}media/")
    page = visitor.page
    page.locator("#id_file").set_input_files(
        {"name": "page.png", "mimeType": "image/png", "buffer": b"<html><script>alert(1)</script>"}
    )
    send(page)
    expect(page.locator("#id_file_error")).to_contain_text("Its content is not what “.png” says.")
    visitor.keep("media-01-refused")
    page.locator("#id_file").set_input_files(PICTURE)
    send(page)
    expect(page.locator(".media-list")).to_contain_text("two-parts.en.svg")
    expect(page.locator("#messages")).to_contain_text("“two-parts.en.svg” is here.")
    visitor.keep("media-02-library")


def use_the_picture(visitor: Any, draft: str) -> None:
    """By keyboard alone, from the toolbar to the text."""
    visitor.go(f"{draft}lessons/welcome/")
    page = visitor.page
    page.locator("#id_body").fill("Before it.")
    tool = page.locator("#tool-figure")
    tool.focus()
    page.keyboard.press("Enter")
    picker = page.locator("#picker")
    expect(picker).to_be_visible()
    picker.locator("input[name=path]").first.focus()
    page.keyboard.press("Space")
    picker.locator("button[data-variant=primary]").press("Enter")
    expect(picker.locator("#id_alt_error")).to_contain_text("Say what the picture shows")
    picker.locator("#id_alt").fill(ALT)
    picker.locator("#id_caption").fill("Part I and Part II")
    picker.locator("button[data-variant=primary]").press("Enter")
    expect(picker).to_be_hidden()
    figure = f'![{ALT}](../assets/two-parts.en.svg "Part I and Part II")'
    expect(page.locator("#id_body")).to_have_value(f"Before it.\n\n{figure}\n\n")
    expect(page.locator("#shown figure figcaption")).to_have_text("Part I and Part II")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    tool.click()
    expect(picker).to_be_visible()
    visitor.keep("media-03-figure")  # the last on this page: a picture leaves empty styles behind


def add_the_video(visitor: Any, draft: str) -> str:
    """The address of its files."""
    visitor.go(f"{draft}edit/")
    page = visitor.page
    page.locator("#id_title").fill("The clock")
    page.locator("#id_kind").select_option("video")
    page.locator('form[action$="/lessons/"] button').click()
    page.wait_for_url("**/lessons/the-clock/files/")
    video = page.url
    page.locator("#id_src_file").set_input_files(VIDEO)
    page.locator("#id_captions_en_file").set_input_files(
        {"name": "clock.en.vtt", "mimeType": "text/vtt", "buffer": b"WEBVTT\n\nsoon\nHello\n"}
    )
    send(page)
    expect(page.locator("#id_captions_en_file_error")).to_contain_text("Line 4: “Hello” is no line of times.")
    expect(page.locator("#id_src")).to_have_value("assets/clock.mp4")
    visitor.keep("media-04-video")
    if not page.locator("#id_seconds").input_value():  # a browser without the codec cannot tell
        page.locator("#id_seconds").fill("60")
    send(page)
    page.wait_for_url("**/lessons/the-clock/")
    page.locator("#id_body").fill("What the video says.")
    send(page)
    expect(page.locator("#messages")).to_contain_text("Saved.")
    return str(video)


def try_without_captions(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    page = visitor.page
    page.locator('form[action$="/submit/"] button').click()
    main = page.locator("main")
    expect(main).to_contain_text("Captions in the source language, “en”, are missing.")
    visitor.keep("media-05-no-captions")
    main.locator('a[href$="/lessons/the-clock/"]', has_text="020-the-clock").click()
    page.wait_for_url("**/lessons/the-clock/")


def add_captions(visitor: Any, video: str) -> None:
    visitor.go(video)
    page = visitor.page
    page.locator("#id_captions_en_file").set_input_files(CAPTIONS)
    send(page)
    page.wait_for_url("**/lessons/the-clock/")


def look_at_it(visitor: Any, draft: str) -> None:
    visitor.go(f"{draft}preview/?lesson=the-clock")
    expect(visitor.page.locator("video track[srclang=en]")).to_have_count(1)
    visitor.keep("media-06-preview")


def submit(visitor: Any, draft: str) -> None:
    visitor.go(draft)
    visitor.page.locator('form[action$="/submit/"] button').click()
    expect(visitor.page.locator(".page-head")).to_contain_text("In review")


def learn(visitor: Any) -> None:
    """The figure is drawn, the captions are those of the file."""
    visitor.go("/learn/seen/seen-in-a-browser/welcome/")
    page = visitor.page
    picture = page.locator(f'figure img[alt="{ALT}"]')
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    visitor.keep("media-07-learner-figure")
    visitor.go("/learn/seen/seen-in-a-browser/the-clock/")
    first = Path(CAPTIONS).read_text().split("-->")[1].splitlines()[1]
    cues = page.locator("video").evaluate(
        """video => new Promise((done) => {
          const track = video.querySelector("track");
          const told = () => done([...track.track.cues].map((cue) => cue.text));
          track.addEventListener("load", told);
          track.track.mode = "showing";
          if (track.readyState === 2) told();
        })"""
    )
    assert cues[0].splitlines()[0] == first
    visitor.keep("media-08-learner-video")
