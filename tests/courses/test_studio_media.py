"""The files of a draft: what is taken, what is refused with nothing left behind, what replaces and goes."""

import hashlib
import html
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from courses import services
from courses.bundle import Limits
from courses.bundle.pictures import PIXELS
from courses.bundle.tree import MOST, TEXT_LIMIT
from courses.models import Asset, Revision, RevisionAsset
from courses.rendering import render_markdown
from courses.selectors import current_programme
from courses.selectors.bundles import assets_of
from courses.services.storing import file_of
from lms.accounts.models import Role
from tests.conftest import with_role

from .bundle.samples import PNG, SVG, png
from .studio_builders import core_files, draft, published

OTHER = png(20, 10)


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def out(core, author, publisher, other_publisher, now):
    return published(core, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def desk(signed_in, author):
    return signed_in(author)


@pytest.fixture
def stranger(lif):
    return with_role("stranger", Role.AUTHOR, lif)


def at(revision, rest=""):
    return f"/studio/revisions/{revision.pk}/media/{rest}"


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def upload(data, name="new.png"):
    return {"file": SimpleUploadedFile(name, data)}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def everything(revision):
    """What a refusal must leave as it was: rows, the draft, its states, the files of the storage."""
    revision.refresh_from_db()
    folder = Path(default_storage.path("content"))
    return (
        revision.version,
        revision.saved_states.count(),
        list(RevisionAsset.objects.order_by("pk").values_list("path", "asset")),
        Asset.objects.count(),
        sorted(path.name for path in folder.rglob("*") if path.is_file()),
    )


# --- Who may come in --------------------------------------------------------------------------------------------------

ACTS = ("", "assets/parts.svg/replace/", "assets/parts.svg/remove/")


@pytest.mark.parametrize("rest", ACTS)
def test_nobody_else_writes(signed_in, core, stranger, other_publisher, learner, rest):
    core.edition.module.co_owners.clear()
    before = everything(core)
    codes = [
        signed_in(who).post(at(core, rest), upload(PNG)).status_code
        for who in (stranger, other_publisher, learner)
    ]
    assert codes == [404, 403, 403]
    assert everything(core) == before


def test_what_is_published_leads_to_its_own_page(desk, out):
    before = everything(out)
    assert desk.get(at(out)).url == f"/studio/revisions/{out.pk}/"
    for rest in ACTS:
        answer = desk.post(at(out, rest), {**upload(PNG), "base": sha(SVG)}, follow=True)
        assert "This is no longer a draft." in text_of(answer) or answer.redirect_chain
    assert everything(out) == before


# --- The page ---------------------------------------------------------------------------------------------------------


def test_files_are_shown_with_sizes_and_places(desk, out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    shown = text_of(desk.get(at(again)))
    assert f"5 files</span><span>{sum_of(again)} bytes of 2.0 GB" in shown
    assert f'Used in: <a href="/studio/revisions/{again.pk}/lessons/welcome/">Welcome</a>' in shown
    assert f'Used in: <a href="/studio/revisions/{again.pk}/lessons/clock/">The clock</a>' in shown
    assert "Published in: Core, revision 1" in shown


def sum_of(revision):
    return sum(use.asset.size for use in revision.assets.all())


@pytest.mark.parametrize("more", [0, 2])
def test_page_takes_the_same_queries(desk, core, author, now, more, django_assert_num_queries):
    for number in range(more):
        services.add_file(core, f"{number}.png", SimpleUploadedFile("x", PNG), by=author, at=now)
    current_programme()
    with django_assert_num_queries(11):
        assert desk.get(at(core)).status_code == 200


def test_a_translation_shows_what_the_original_has(desk, out, occ, author, now):
    swedish = services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    shown = text_of(desk.get(at(swedish)))
    assert "There is no file yet." in shown
    assert "In the original" in shown
    assert "parts.svg" in shown


# --- Upload -----------------------------------------------------------------------------------------------------------


def test_a_file_is_taken(desk, core):
    answer = desk.post(at(core), upload(PNG + b"", "Two boxes (final).PNG"), follow=True)
    assert "“two-boxes-final.png” is here." in text_of(answer)
    use = core.assets.select_related("asset").get(path="assets/two-boxes-final.png")
    assert (use.asset.sha256, use.asset.mime, use.asset.size) == (sha(PNG), "image/png", len(PNG))
    with default_storage.open(use.asset.file) as stream:
        assert stream.read() == PNG
    assert b"".join(desk.get(f"/files/{sha(PNG)}/two-boxes-final.png").streaming_content) == PNG
    assert core.authors.filter(email="author@example.org").exists()


def test_the_same_content_is_kept_once(desk, core):
    for name in ("a.png", "b.png"):
        desk.post(at(core), upload(OTHER, name))
    assert Asset.objects.filter(sha256=sha(OTHER)).count() == 1
    assert core.assets.filter(asset__sha256=sha(OTHER)).count() == 2


def test_the_same_file_again_changes_nothing(desk, core):
    desk.post(at(core), upload(OTHER))
    before = everything(core)
    assert "“new.png” is here." in text_of(desk.post(at(core), upload(OTHER), follow=True))
    assert everything(core) == before


def test_a_large_file_is_not_held_in_memory(core, author, now, monkeypatch):
    """Every read is a piece, of the check and of the writing."""
    asked = []

    class Film(SimpleUploadedFile):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    film = Film("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 3_000_000)
    services.add_file(core, "film.mp4", film, by=author, at=now)
    assert asked
    assert 0 < min(asked) <= max(asked) <= 1024**2


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
            "&lt;script&gt; is not accepted",
        ),
        (
            "a.png",
            PNG + b"<html><script>x</script>",
            "The picture is damaged or has something behind its end.",
        ),
        ("a.png", png(more=b"<html><script>x</script>"), "There is a page or a program inside the picture."),
        ("a.png", png(9_999, 99_999), "The picture has 9999 × 99999 pixels."),
        ("a.png", b"<html>", "Its content is not what “.png” says."),
        ("a.html", b"<html>", "Files of this type are not accepted."),
        ("a.md", b"# A", "It is in the wrong folder"),
        (
            "a.vtt",
            b"WEBVTT\n\n00:00.000 --> 00:01.000\n<script>x</script>",
            "Line 4: “&lt;script&gt;” is not accepted",
        ),
        ("a.vtt", b"WEBVTT\n\nsoon\nHello", "Line 4: “Hello” is no line of times."),
        ("a.png", b"", "The file is empty. Choose another."),
        ("parts.svg", SVG + b"<!-- mine -->", "Another file of this module is called “parts.svg”."),
        ("../../parts.svg", SVG + b"<!-- mine -->", "Another file of this module is called “parts.svg”."),
    ],
)
def test_what_is_refused_leaves_nothing(desk, core, name, data, words):
    before = everything(core)
    file = SimpleUploadedFile("x", data)
    file._name = name
    answer = desk.post(at(core), {"file": file})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert everything(core) == before


def test_no_file_is_said(desk, core):
    answer = desk.post(at(core))
    assert (answer.status_code, "Choose the file." in text_of(answer)) == (422, True)


def test_past_the_limit_of_a_request_the_form_says_so(desk, core, settings):
    settings.BUNDLE_MAX_UPLOAD = 3_000
    before = everything(core)
    answer = desk.post(at(core), upload(b"\0\0\0\x18ftypmp42" + b"\0" * 9_000, "film.mp4"))
    assert answer.status_code == 422
    assert "The file has 8.8 KB; at most 2.9 KB can be uploaded. Make it smaller." in text_of(answer)
    assert everything(core) == before


def test_a_full_library_takes_no_more(desk, core, monkeypatch):
    monkeypatch.setattr("courses.services.media.LIMITS", Limits(total=sum_of(core) + len(OTHER) - 1))
    before = everything(core)
    answer = desk.post(at(core), upload(OTHER))
    assert (answer.status_code, "All files of a draft together may have" in text_of(answer)) == (422, True)
    assert everything(core) == before


def test_a_name_of_another_edition_is_taken(desk, signed_in, out, occ, author, now):
    """An export has one file of each name."""
    swedish = services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    answer = desk.post(at(swedish), upload(SVG + b"<!-- mine -->", "parts.svg"))
    assert "Another file of this module is called “parts.svg”." in text_of(answer)
    assert desk.post(at(swedish), upload(SVG, "parts.svg")).status_code == 302


def test_a_file_cut_short_on_the_disk_is_written_again(desk, core):
    name = file_of(sha(OTHER))
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(OTHER[:10])
    desk.post(at(core), upload(OTHER))
    assert path.read_bytes() == OTHER


# --- Replace ----------------------------------------------------------------------------------------------------------


def test_a_replacement_is_shown_by_all_that_showed_the_file(desk, core):
    hash_before = core.content_hash
    mine = SVG.replace(b"#123456", b"#654321")
    answer = desk.post(
        at(core, "assets/parts.svg/replace/"), {**upload(mine, "x.svg"), "base": sha(SVG)}, follow=True
    )
    assert "“parts.svg” is replaced." in text_of(answer)
    core.refresh_from_db()
    assert core.content_hash != hash_before
    shown = text_of(desk.get(f"/studio/revisions/{core.pk}/preview/?lesson=welcome"))
    assert f"/files/{sha(mine)}/parts.svg" in shown


def test_reviewers_see_that_a_file_is_another(desk, out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    mine = SVG.replace(b"#123456", b"#654321")
    desk.post(at(again, "assets/parts.svg/replace/"), {**upload(mine, "x.svg"), "base": sha(SVG)})
    shown = text_of(desk.get(f"/studio/revisions/{again.pk}/"))
    assert "File: parts.svg" in shown
    assert "form.pdf" not in shown.partition("Contents")[0]


def test_what_is_published_keeps_its_file(desk, out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    mine = SVG.replace(b"#123456", b"#654321")
    desk.post(at(again, "assets/parts.svg/replace/"), {**upload(mine, "x.svg"), "base": sha(SVG)})
    assert out.assets.get(path="assets/parts.svg").asset.sha256 == sha(SVG)
    assert again.assets.get(path="assets/parts.svg").asset.sha256 == sha(mine)


@pytest.mark.parametrize(
    ("data", "base", "words"),
    [
        (PNG, sha(SVG), "This is not well-formed XML: not well-formed (invalid token)."),
        (b"", sha(SVG), "The file is empty. Choose another."),
        (SVG + b" ", "0" * 64, "Somebody else has replaced “parts.svg” since you opened this page."),
    ],
)
def test_a_replacement_is_refused(desk, core, data, base, words):
    before = everything(core)
    answer = desk.post(
        at(core, "assets/parts.svg/replace/"), {**upload(data, "x.svg"), "base": base}, follow=True
    )
    assert words in text_of(answer)
    assert everything(core) == before


def test_a_file_that_is_gone_is_not_replaced(desk, core):
    answer = desk.post(at(core, "assets/no.svg/replace/"), {**upload(SVG), "base": sha(SVG)}, follow=True)
    assert "This file is not in the draft any more. Saved states still have it." in text_of(answer)


def test_what_the_core_shows_now_is_what_an_export_holds(
    desk, out, occ, author, publisher, other_publisher, now
):
    """A translation may still have the file of an earlier core under the same name."""
    swedish = services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    services.take_from_original(swedish, "assets/parts.svg", by=author, at=now)
    again = services.start_draft(out.edition, by=author, at=now)
    mine = SVG.replace(b"#123456", b"#654321")
    desk.post(at(again, "assets/parts.svg/replace/"), {**upload(mine, "x.svg"), "base": sha(SVG)})
    for revisions in ([again, swedish], [swedish, again]):
        assert assets_of(revisions)["assets/parts.svg"].sha256 == sha(mine)


# --- Remove, and undo -------------------------------------------------------------------------------------------------


def test_what_is_used_is_not_removed(desk, core):
    before = everything(core)
    for name, place in (("parts.svg", "Welcome"), ("clock.en.vtt", "The clock"), ("clock.png", "The clock")):
        answer = desk.post(at(core, f"assets/{name}/remove/"), follow=True)
        assert f"“{name}” is used: {place}. Take it out there first." in text_of(answer)
    assert everything(core) == before


def test_a_removal_is_undone(desk, core):
    desk.post(at(core), upload(OTHER))
    answer = desk.post(at(core, "assets/new.png/remove/"), follow=True)
    assert "The file is removed." in text_of(answer)
    assert not core.assets.filter(path="assets/new.png").exists()
    core.refresh_from_db()
    state = core.saved_states.order_by("-pk").first()
    assert (
        "before the file new.png was changed"
        in text_of(desk.get(f"/studio/revisions/{core.pk}/states/")).lower()
    )
    desk.post(f"/studio/revisions/{core.pk}/states/{state.pk}/restore/", {"version": core.version})
    assert core.assets.get(path="assets/new.png").asset.sha256 == sha(OTHER)


def test_a_replacement_is_undone(desk, core):
    mine = SVG.replace(b"#123456", b"#654321")
    desk.post(at(core, "assets/parts.svg/replace/"), {**upload(mine, "x.svg"), "base": sha(SVG)})
    core.refresh_from_db()
    state = core.saved_states.order_by("-pk").first()
    shown = text_of(desk.get(f"/studio/revisions/{core.pk}/states/{state.pk}/"))
    assert "File: parts.svg" in shown
    assert sha(SVG)[:16] in shown
    desk.post(f"/studio/revisions/{core.pk}/states/{state.pk}/restore/", {"version": core.version})
    assert core.assets.get(path="assets/parts.svg").asset.sha256 == sha(SVG)


# --- Publication ------------------------------------------------------------------------------------------------------


def test_what_nothing_uses_is_not_published(
    core, author, publisher, other_publisher, now, signed_in, learner
):
    services.add_file(core, "secret.png", SimpleUploadedFile("x", OTHER), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    assert not Revision.objects.get(pk=core.pk).assets.filter(path="assets/secret.png").exists()
    assert signed_in(learner).get(f"/files/{sha(OTHER)}/secret.png").status_code == 404
    assert core.assets.count() == 5


# --- Figures ----------------------------------------------------------------------------------------------------------


def figure(revision):
    return f"/studio/revisions/{revision.pk}/figure/"


def test_a_figure_is_made_of_a_picture_that_is_here(desk, core):
    values = {"path": "assets/parts.svg", "alt": "Two  boxes", "caption": "One application"}
    answer = desk.post(figure(core), values)
    assert "data-figure>![Two boxes](../assets/parts.svg &quot;One application&quot;)</pre>" in text_of(
        answer
    )


def test_a_figure_is_made_of_an_upload(desk, core):
    answer = desk.post(figure(core), {**upload(OTHER), "alt": "A grey field"}, headers={"HX-Request": "true"})
    assert "data-figure>![A grey field](../assets/new.png)</pre>" in text_of(answer)
    assert "<html" not in text_of(answer)
    assert core.assets.filter(path="assets/new.png").exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"path": "assets/parts.svg"}, "Say what the picture shows"),
        ({"path": "assets/parts.svg", "alt": "  "}, "Say what the picture shows"),
        ({"alt": "A"}, "Choose a picture, or upload one."),
        ({"path": "assets/form.pdf", "alt": "A"}, "Select a valid choice."),
        (
            {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "alt": "A"},
            "This is no picture. Accepted are .jpeg",
        ),
        (
            {"file": SimpleUploadedFile("a.png", b"GIF89a"), "alt": "A"},
            "Its content is not what “.png” says.",
        ),
    ],
)
def test_a_figure_is_refused(desk, core, values, words):
    before = everything(core)
    answer = desk.post(figure(core), values)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert everything(core) == before


def test_words_of_a_figure_stay_what_they_are(desk, core):
    said = r'5 < 6 & "so" ](x) *b* <b> \ `c` [a]{lang=fi} &lt; https://example.org ^1'
    values = {"path": "assets/parts.svg", "alt": said, "caption": said}
    markdown = html.unescape(
        text_of(desk.post(figure(core), values)).partition("data-figure>")[2].partition("</pre>")[0]
    )
    shown = render_markdown(markdown, language="en", asset_url=lambda path: f"/{path}")
    assert f'alt="{html.escape(said)}"' in shown.replace("&#x27;", "'")
    assert f"<figcaption>{html.escape(said, quote=False)}</figcaption>" in shown


def test_a_translation_takes_a_picture_of_the_original(desk, out, occ, author, now):
    swedish = services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    answer = desk.post(figure(swedish), {"path": "assets/parts.svg", "alt": "Två rutor"})
    assert "![Två rutor](../../assets/parts.svg)" in text_of(answer)
    assert swedish.assets.get().asset.sha256 == sha(SVG)


def test_the_editor_leads_to_the_figures(desk, core):
    shown = text_of(desk.get(f"/studio/revisions/{core.pk}/lessons/welcome/"))
    assert f'hx-get="{figure(core)}"' in shown
    assert f'<noscript><p class="small"><a href="{figure(core)}">' in shown


def test_the_limits_on_the_page_are_those_that_hold(desk, core, settings):
    shown = text_of(desk.get(at(core)))
    megabyte = 1024**2
    assert (
        f"png, jpg, webp up to {MOST['image/'] // megabyte} MB and {PIXELS // 1_000_000} million pixels"
        in shown
    )
    assert f"svg drawings up to {TEXT_LIMIT // megabyte} MB" in shown
    assert f"pdf up to {MOST['application/pdf'] // megabyte} MB" in shown
    assert f"webm up to {settings.BUNDLE_MAX_UPLOAD // megabyte} MB" in shown
    assert f"ogg up to {MOST['audio/'] // megabyte} MB" in shown
