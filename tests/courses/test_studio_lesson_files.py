"""Lessons that are seen, heard or taken along: written in the studio, refused without captions, shown to learners."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses import services
from courses.bundle import read_zip
from courses.bundle.problems import BundleRefused
from courses.content import AudioContent
from courses.errors import DraftHasProblems
from courses.models import Lesson, Revision
from courses.selectors import current_programme
from courses.selectors.bundles import bundle_of
from courses.selectors.drafts import version_of
from courses.services.lesson_files import version_of_files

from .bundle.samples import CLOCK, MP4, PDF, PNG, VTT, changed, said, zipped
from .studio_builders import core_files, draft, published

MP3 = b"ID3\x04" + b"\0" * 60


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def desk(signed_in, author):
    return signed_in(author)


def at(revision, rest=""):
    return f"/studio/revisions/{revision.pk}/{rest}"


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def file(name, data):
    return SimpleUploadedFile(name, data)


def add(desk, core, kind, title="Seen"):
    """The address of the files of a new lesson."""
    answer = desk.post(at(core, "lessons/"), {"title": title, "kind": kind, "minutes": 5})
    return answer.url


def lesson_of(core, key="seen"):
    return core.lessons.get(key=key)


def base_of(core, key="seen"):
    return {"base": version_of_files(lesson_of(core, key))}


def written(core, author, now, key="seen"):
    base = version_of(lesson_of(core, key))
    services.save_lesson(core, key, {"body": "What is said."}, base=base, by=author, at=now)


# --- Written ----------------------------------------------------------------------------------------------------------


def test_a_video_is_written(desk, core, author, now):
    url = add(desk, core, "video")
    assert url == at(core, "lessons/seen/files/")
    sent = {
        **base_of(core),
        "src_file": file("new.mp4", MP4),
        "seconds": "75",
        "poster": "assets/clock.png",
        "captions_en_file": file("new.en.vtt", VTT.encode()),
    }
    assert desk.post(url, sent).url == at(core, "lessons/seen/")
    assert lesson_of(core).data["video"] == {
        "src": "assets/new.mp4",
        "seconds": 75,
        "poster": "assets/clock.png",
        "captions": {"en": "assets/new.en.vtt"},
    }
    written(core, author, now)
    services.submit(core, by=author, at=now)


def test_a_recording_is_streamed_in_parts(desk, core):
    desk.post(add(desk, core, "audio"), {**base_of(core), "src_file": file("a.mp3", MP3), "seconds": "9"})
    asset = core.assets.select_related("asset").get(path="assets/a.mp3").asset
    answer = desk.get(f"/files/{asset.sha256}/a.mp3", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer["Content-Type"]) == (206, "audio/mpeg")
    assert answer["Content-Range"] == f"bytes 0-3/{len(MP3)}"
    assert b"".join(answer.streaming_content) == MP3[:4]
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "name", "data", "made"),
    [
        ("audio", "new.mp3", MP3, {"audio": {"src": "assets/new.mp3", "seconds": 9}}),
        ("file", "new.pdf", PDF, {"download": "assets/new.pdf"}),
    ],
)
def test_a_recording_and_a_file_are_written(desk, core, author, now, kind, name, data, made):
    url = add(desk, core, kind)
    desk.post(url, {**base_of(core), "src_file": file(name, data), "seconds": "9"})
    assert lesson_of(core).data == made
    written(core, author, now)
    shown = text_of(desk.get(at(core, "preview/?lesson=seen")))
    assert {"audio": "<audio controls", "file": f"Download {name} ({len(data)} bytes)"}[kind] in shown
    services.submit(core, by=author, at=now)


def test_what_is_uploaded_stays_when_something_else_is_wrong(desk, core):
    url = add(desk, core, "video")
    answer = desk.post(
        url,
        {
            **base_of(core),
            "src_file": file("new.mp4", MP4),
            "captions_en_file": file("a.vtt", b"WEBVTT\n\nx\n"),
        },
    )
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Say how long it is." in shown
    assert "Line 3: “x” is no line of times." in shown
    assert '<option value="assets/new.mp4" selected>new.mp4</option>' in shown
    assert core.assets.filter(path="assets/new.mp4").exists()
    assert not core.assets.filter(path="assets/a.vtt").exists()
    assert lesson_of(core).data == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose the file."),
        ({"src": "assets/clock.mp4"}, "Say how long it is."),
        ({"src": "assets/clock.mp4", "seconds": "0"}, "greater than or equal to 1"),
        ({"src": "assets/clock.png", "seconds": "9"}, "Select a valid choice."),
        ({"src": "assets/no.mp4", "seconds": "9"}, "Select a valid choice."),
        (
            {"src": "assets/clock.mp4", "seconds": "9", "captions_en": "assets/parts.svg"},
            "Select a valid choice.",
        ),
        ({"src_file": file("a.mp4", PNG), "seconds": "9"}, "Its content is not what “.mp4” says."),
        ({"src_file": file("a.mp4", b""), "seconds": "9"}, "The file is empty. Choose another."),
    ],
)
def test_a_video_is_refused(desk, core, sent, words):
    url = add(desk, core, "video")
    before = core.assets.count()
    answer = desk.post(url, {**base_of(core), **sent})
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert (lesson_of(core).data, core.assets.count()) == ({}, before)


def test_from_an_old_page_nothing_is_saved(desk, core):
    sent = {"base": "old", "src": "assets/clock.mp4", "seconds": "7", "captions_en": "assets/clock.en.vtt"}
    answer = desk.post(at(core, "lessons/clock/files/"), sent)
    assert "Somebody else has changed the files of this lesson since you opened this page." in text_of(answer)
    assert lesson_of(core, "clock").data["video"]["seconds"] == 75


def test_a_text_has_no_files(desk, core):
    assert [
        desk.get(at(core, f"lessons/{key}/files/")).status_code for key in ("welcome", "check", "no")
    ] == [
        404,
        404,
        404,
    ]


@pytest.mark.parametrize("more", [0, 2])
def test_page_takes_the_same_queries(desk, core, author, now, more, django_assert_num_queries):
    for number in range(more):
        services.add_file(core, f"{number}.png", file("x", PNG), by=author, at=now)
    current_programme()
    with django_assert_num_queries(13):
        assert desk.get(at(core, "lessons/clock/files/")).status_code == 200


def test_undo_brings_the_files_of_a_lesson_back(desk, core):
    sent = {**base_of(core, "clock"), "src": "assets/clock.mp4", "seconds": "7"}
    desk.post(at(core, "lessons/clock/files/"), sent)
    core.refresh_from_db()
    assert lesson_of(core, "clock").data["video"]["captions"] == {}
    state = core.saved_states.order_by("-pk").first()
    assert "before the files of clock were changed" in text_of(desk.get(at(core, "states/"))).lower()
    desk.post(at(core, f"states/{state.pk}/restore/"), {"version": core.version})
    assert lesson_of(core, "clock").data["video"]["captions"] == {"en": "assets/clock.en.vtt"}


# --- Before publication -----------------------------------------------------------------------------------------------


def test_without_captions_it_is_not_submitted_and_the_place_is_said(desk, core):
    sent = {**base_of(core, "clock"), "src": "assets/clock.mp4", "seconds": "7"}
    desk.post(at(core, "lessons/clock/files/"), sent)
    answer = desk.post(at(core, "submit/"), {"note": ""})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Captions in the source language, “en”, are missing." in shown
    assert f'<a href="{at(core, "lessons/clock/")}">core/020-clock.md, line 2</a>' in shown
    assert Revision.objects.get().status == "draft"


def test_a_picture_without_words_is_not_submitted_and_the_place_is_said(desk, core, author, now):
    base = version_of(lesson_of(core, "welcome"))
    services.save_lesson(
        core, "welcome", {"body": "One.\n\n![](../assets/parts.svg)"}, base=base, by=author, at=now
    )
    shown = text_of(desk.post(at(core, "submit/"), {"note": ""}))
    assert "The picture has no alternative text. Say in [ ] what it shows" in shown
    assert f'<a href="{at(core, "lessons/welcome/")}">core/010-welcome.md, line ' in shown


@pytest.mark.parametrize("kind", ["video", "audio", "file"])
def test_without_its_file_it_is_not_submitted_but_shown(desk, core, author, now, kind):
    add(desk, core, kind)
    written(core, author, now)
    assert "This lesson has no file yet." in text_of(desk.get(at(core, "preview/?lesson=seen")))
    with pytest.raises(DraftHasProblems) as refused:
        services.submit(core, by=author, at=now)
    assert [str(problem) for problem in refused.value.problems] == [
        "core/040-seen.md, line 3: The file of this lesson is missing. Choose it: “src” is where it stands."
    ]


def test_without_what_is_said_a_recording_is_not_submitted(desk, core, author, now):
    desk.post(add(desk, core, "audio"), {**base_of(core), "src_file": file("a.mp3", MP3), "seconds": "9"})
    with pytest.raises(DraftHasProblems) as refused:
        services.submit(core, by=author, at=now)
    assert "There is no text below the front matter. Write it." in str(refused.value.problems[0])


# --- Captions of a translation ----------------------------------------------------------------------------------------


@pytest.fixture
def swedish(core, author, publisher, other_publisher, occ, now):
    out = published(core, author=author, publishers=[publisher, other_publisher], at=now)
    return services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)


def translated(swedish, author, now):
    words = {"title": "Klockan", "body": "Vad filmen säger.", "questions": {}}
    source = Lesson.objects.get(key="clock").text_hash
    return services.save_translation(swedish, "clock", words, base="", source=source, by=author, at=now)


def test_captions_of_a_translation_are_its_own(desk, swedish, author, publisher, other_publisher, now):
    translated(swedish, author, now)
    url = at(swedish, "lessons/clock/files/")
    assert url in text_of(desk.get(at(swedish, "lessons/clock/")))
    shown = text_of(desk.get(url))
    assert "captions_sv_file" in shown
    assert "src_file" not in shown
    desk.post(url, {"base": "", "captions_sv_file": file("clock.sv.vtt", VTT.encode())})
    assert swedish.lesson_translations.get().captions == "assets/clock.sv.vtt"
    shown = text_of(desk.get(at(swedish, "preview/?lesson=clock&language=sv")))
    assert 'srclang="sv"' in shown
    assert 'srclang="en"' in shown
    published(swedish, author=author, publishers=[publisher], at=now)
    swedish.refresh_from_db()
    assert swedish.outline[0]["captions"].endswith("/clock.sv.vtt")
    assert swedish.assets.get().path == "assets/clock.sv.vtt"


def test_captions_wait_for_the_text(desk, swedish):
    answer = desk.post(
        at(swedish, "lessons/clock/files/"), {"base": "", "captions_sv_file": file("c.vtt", VTT.encode())}
    )
    assert "Translate the text of this lesson first; then it can have captions." in text_of(answer)


def test_captions_of_an_outdated_translation_are_not_shown(desk, core, swedish, author, now):
    translated(swedish, author, now)
    services.add_file(swedish, "clock.sv.vtt", file("x", VTT.encode()), by=author, at=now)
    services.save_captions(swedish, "clock", "assets/clock.sv.vtt", base="", by=author, at=now)
    swedish.lesson_translations.update(source_hash="0" * 64)
    assert 'srclang="sv"' not in text_of(desk.get(at(swedish, "preview/?lesson=clock&language=sv")))


# --- The same as files ------------------------------------------------------------------------------------------------

AUDIO = CLOCK.replace("kind: video", "kind: audio").replace("../assets/clock.mp4", "../assets/talk.mp3")
AUDIO = AUDIO.replace("captions: {en: ../assets/clock.en.vtt}\nposter: ../assets/clock.png\n", "")
FILE = AUDIO.replace("kind: audio", "kind: file").replace("talk.mp3", "form.pdf").replace("seconds: 75\n", "")
CLOCK_SV = "---\nkey: clock\ntitle: Klockan\ncaptions: ../../assets/clock.sv.vtt\n---\nVad filmen säger.\n"


def test_recordings_files_and_captions_are_read():
    bundle = read_zip(zipped(changed({"core/020-clock.md": AUDIO, "assets/talk.mp3": MP3})))
    assert bundle.core.lesson("clock").audio == AudioContent("assets/talk.mp3", 75)
    bundle = read_zip(zipped(changed({"core/020-clock.md": FILE})))
    assert bundle.core.lesson("clock").download == "assets/form.pdf"
    files = changed({"translations/sv/020-clock.md": CLOCK_SV, "assets/clock.sv.vtt": VTT})
    assert read_zip(zipped(files)).translations["sv"].lessons["clock"].captions == "assets/clock.sv.vtt"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"core/020-clock.md": AUDIO.replace("talk.mp3", "clock.mp4")}, "it must end in .mp3, .m4a, .ogg."),
        ({"core/020-clock.md": FILE.replace("form.pdf", "parts.svg")}, "it must end in .pdf."),
        (
            {"core/020-clock.md": FILE, "translations/sv/020-clock.md": CLOCK_SV, "assets/clock.sv.vtt": VTT},
            "In the core, the lesson “clock” is no video, so it has no captions. Remove them.",
        ),
        ({"translations/sv/020-clock.md": CLOCK_SV}, "leads to no file in assets/"),
    ],
)
def test_wrong_files_are_refused(files, words):
    assert words in "\n".join(said(changed(files)))


@pytest.mark.parametrize("lesson", [AUDIO, FILE, CLOCK])
def test_what_comes_in_goes_out(lesson, author, partners, now):
    more = {"assets/talk.mp3": MP3} if lesson == AUDIO else {}
    more |= {"translations/sv/020-clock.md": CLOCK_SV, "assets/clock.sv.vtt": VTT} if lesson == CLOCK else {}
    bundle = read_zip(zipped(changed({"core/020-clock.md": lesson, **more})))
    outcome = services.import_bundle(bundle, by=None, at=now)
    out = bundle_of(outcome.module, [each.revision for each in outcome.editions])
    assert (out.core, out.translations) == (bundle.core, bundle.translations)
    assert "assets/talk.mp3" not in more or "assets/talk.mp3" in out.assets
    assert "assets/clock.sv.vtt" not in more or "assets/clock.sv.vtt" in out.assets


def test_a_bundle_without_the_file_says_so():
    with pytest.raises(BundleRefused):
        read_zip(zipped(changed({"core/020-clock.md": FILE.replace("src: ../assets/form.pdf\n", "")})))
