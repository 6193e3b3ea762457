"""The lesson player: what a learner reads, in which language, for which country, and the acts on it."""

import pickle
import re
from datetime import UTC, date, datetime

import pytest
from django.core.cache import caches
from django.test import Client

from courses.models import Fact
from courses.selectors.keeping import forget_kept
from courses.services import check_fact
from enrollment.models import Enrollment, LessonProgress
from enrollment.services import complete_lesson, set_country, set_language, withdraw
from lms.accounts.models import User
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    fact,
    finish,
    layer,
    opened,
    quiz_lesson,
    start,
    step_of,
    text_lesson,
    translation,
    with_place,
)

LESSON = "/learn/nordic-trials/trials/one/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def english_pages(learner):
    """The words asserted here are those of the catalogue's source."""
    learner.language = "en"
    learner.save()


@pytest.fixture
def reader(signed_in, learner, learning) -> Client:
    return signed_in(learner)


def page(reader: Client, url: str = LESSON) -> str:
    response = reader.get(url)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- Reading --------------------------------------------------------------------------------------------------------


def test_a_lesson_shows_its_words_with_the_panel_at_its_place(reader):
    words = text_of(page(reader))
    before, panel, after = (
        words.index(part) for part in ("Before, in one", "en: What FI adds", "After, in one")
    )
    assert before < panel < after
    assert "In your country: Finland" in words
    assert "Module trials · lesson 1 of 4" in words


def test_the_outline_says_every_state_in_words(reader, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    words = text_of(page(reader, "/learn/nordic-trials/trials/two/"))
    assert "Title of one Done · 10 min" in words
    assert "Title of two You are here · 10 min" in words
    assert "Title of check Quiz · 15 min" in words
    assert "Still to do, about 30 min: Title of two Title of check FI: check what you know" in words


@pytest.mark.parametrize("count", [1, 3])
def test_a_lesson_costs_the_same_with_one_and_three_of_everything(signed_in, learner, count_queries, count):
    lessons = [with_place("one"), *(text_lesson(f"more-{n}") for n in range(count)), quiz_lesson()]
    layers = [layer(code) for code in ("FI", "NO", "SE")[:count]]
    modules = [build_module(f"m{n}", lessons=lessons, layers=layers) for n in range(count)]
    start(learner, build_course(modules=modules))
    reader = signed_in(learner)
    address = "/learn/nordic-trials/m0/one/"
    page(reader, address)  # the programme is read once a minute
    forget_kept()
    with count_queries(6):
        drawn = page(reader, address)
    with count_queries(4):
        kept = page(reader, address)
    assert article_of(kept) == article_of(drawn)


# --- What is kept for all readers -----------------------------------------------------------------------------------


def article_of(html: str) -> str:
    """Head and text of the lesson, without the bar, whose form has a new token each time."""
    return html[html.index("<article") : html.index('<div id="lesson-bar"')]


def test_what_is_kept_for_all_says_nothing_of_the_first_reader(reader, learner, learning):
    learner.full_name = "CANARY Name"
    learner.save()
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    page(reader)
    kept = [pickle.loads(value) for value in caches["pages"]._cache.values()]
    texts = [value for value in kept if "Before, in one" in value]
    assert len(texts) == 1
    for word in ("CANARY", learner.email, "Undo", "csrf", "1 of 4 done"):
        assert word not in texts[0]


def test_readers_of_one_lesson_get_their_own_language_and_country(reader, learning, signed_in):
    swede = User.objects.create_user("swede@example.org", language="en")
    start(swede, learning.enrollment.course, language="sv", country="SE")
    assert "In your country: Finland" in page(reader)
    theirs = page(signed_in(swede))
    assert "sv: Before, in one" in theirs
    assert "In your country: Sweden" in theirs
    assert "sv: Before, in one" not in page(reader)


def test_a_check_of_a_fact_shows_at_once(reader, django_capture_on_commit_callbacks, finnish_publisher):
    assert "Disputed" not in page(reader)
    fact = Fact.objects.filter(country="FI").first()
    with django_capture_on_commit_callbacks(execute=True):
        check_fact(fact, status="disputed", organisation=fact.checked_by, by=finnish_publisher, at=NOW)
    assert "Disputed" in page(reader)


def test_reading_writes_nothing(reader, learning):
    before = Enrollment.objects.values().get()
    page(reader)
    assert Enrollment.objects.values().get() == before


def test_the_page_remembers_the_place_by_itself(reader, learner, course):
    assert f'hx-post="{LESSON}visit/"' in page(reader)
    assert reader.post(f"{LESSON}visit/").status_code == 204
    assert opened(learner, course).enrollment.last_lesson_key == "one"
    assert "visit/" not in page(reader)


def test_a_film_has_poster_captions_and_its_words(signed_in, learner):
    outline = {
        "src": "/files/f/clock.mp4",
        "poster": "/files/p/clock.png",
        "captions": {"en": "/files/e/clock.en.vtt", "sv": "/files/s/clock.sv.vtt"},
        "seconds": 60,
    }
    learning = start(learner, build_course(), language="sv")
    with_video(learning.pins[0].core_revision, outline)
    html = page(signed_in(learner))
    assert 'poster="/files/p/clock.png"' in html
    assert '<source src="/files/f/clock.mp4">' in html
    assert re.search(
        r'<track kind="captions" src="/files/s/clock.sv.vtt" srclang="sv" label="Svenska" default>', html
    )
    assert re.search(
        r'<track kind="captions" src="/files/e/clock.en.vtt" srclang="en" label="English">', html
    )
    assert "Read what is said in the video" in html


def test_a_recording_is_heard_and_its_words_are_there(signed_in, learner):
    learning = start(learner, build_course())
    with_video(learning.pins[0].core_revision, {"src": "/files/f/talk.mp3", "seconds": 60}, kind="audio")
    html = page(signed_in(learner))
    assert '<audio controls preload="metadata" src="/files/f/talk.mp3"' in html
    assert "Read what is said in the recording" in html
    assert ">Audio</span>" in html


def test_a_file_is_offered_with_its_size(signed_in, learner):
    learning = start(learner, build_course())
    file = {"src": "/files/f/form.pdf", "name": "form.pdf", "size": 2048}
    with_video(learning.pins[0].core_revision, file, kind="file", name="download")
    html = page(signed_in(learner)).replace("\xa0", " ")
    assert 'href="/files/f/form.pdf" download="form.pdf"' in html
    assert "Download form.pdf (2.0 KB)" in html


def with_video(revision, video, *, kind="video", name=""):
    """As an outline of a film looks; the guard against changing published content is lifted as erasure does."""
    from lms.records.services import erasing

    revision.outline[0] = {**revision.outline[0], "kind": kind, name or kind: video}
    with erasing("test"):
        revision.save(update_fields=["outline"])


# --- Languages ------------------------------------------------------------------------------------------------------


def test_a_translated_lesson_is_marked_with_its_language(reader, learning):
    set_language(learning.enrollment, "sv", at=NOW)
    html = page(reader)
    assert "sv: Before, in one" in html
    assert '<div class="prose" lang="sv">' in html
    assert "is not translated into" not in html.partition('<section class="country"')[0]


def test_a_lesson_without_a_translation_says_which_language_it_is_in_and_why(reader, learning):
    set_language(learning.enrollment, "fi", at=NOW)
    html = page(reader)
    assert '<div class="prose" lang="en">' in html
    assert "it is not translated into" in html


def test_a_stale_translation_is_not_shown_and_the_reason_is(signed_in, learner):
    old = translation("sv", [text_lesson("one", body="Older words.")])
    start(learner, build_course(modules=[build_module(translations={"sv": old})]), language="sv")
    html = page(signed_in(learner))
    assert "sv: Older words" not in html
    assert "the text has changed" in html


def test_a_panel_in_another_language_is_marked(reader, learning):
    set_language(learning.enrollment, "sv", at=NOW)
    panel = page(reader).partition('<section class="country"')[2]
    assert '<div class="prose" lang="en">' in panel
    assert "this part is not translated into" in panel


def test_switching_language_comes_back_to_the_same_lesson(reader, learner, course):
    response = reader.post(
        "/learn/nordic-trials/language/", {"language": "sv", "next": "/learn/nordic-trials/trials/two/"}
    )
    assert (response.status_code, response["Location"]) == (302, "/learn/nordic-trials/trials/two/")
    assert opened(learner, course).enrollment.language == "sv"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "/learn/other-course/trials/two/",
        "/learn/nordic-trials/trials/gone/",
        "/courses/nordic-trials/",
        "https://elsewhere.example.org/",
        "//[",
    ],
)
def test_a_switch_from_anywhere_else_leads_to_the_next_step(reader, elsewhere):
    response = reader.post("/learn/nordic-trials/language/", {"language": "sv", "next": elsewhere})
    assert response["Location"] == "/learn/nordic-trials/"


def test_an_unknown_language_is_refused_in_words(reader, learner, course):
    response = reader.post("/learn/nordic-trials/language/", {"language": "xx", "next": LESSON}, follow=True)
    assert "not a language or country" in response.content.decode()
    assert opened(learner, course).enrollment.language == "en"


# --- Countries ------------------------------------------------------------------------------------------------------


def test_switching_country_keeps_the_lesson_and_its_progress(reader, learner, course, learning):
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    response = reader.post("/learn/nordic-trials/country/", {"country": "LV", "next": LESSON})
    assert response["Location"] == LESSON
    after = opened(learner, course)
    assert (after.enrollment.country, after.outline.done) == ("LV", 1)


def test_switching_from_a_country_check_leads_to_the_next_step(reader):
    at_check = {"country": "LV", "next": "/learn/nordic-trials/trials/country-check/"}
    assert reader.post("/learn/nordic-trials/country/", at_check)["Location"] == "/learn/nordic-trials/"
    assert reader.get("/learn/nordic-trials/trials/country-check/").status_code == 404


def test_a_country_that_nobody_has_adapted_is_said_at_its_place(reader, learning):
    set_country(learning.enrollment, "LV", at=NOW)
    words = text_of(page(reader))
    assert "Nobody has adapted this module to Latvia yet" in words
    assert "Not yet adapted for Latvia" in words
    assert "What FI adds" not in words


def test_a_completed_course_keeps_its_country(reader, learner, learning):
    finish(learning)
    html = page(reader)
    assert "Completed for Finland" in html
    assert 'name="country"' not in html
    response = reader.post("/learn/nordic-trials/country/", {"country": "LV"}, follow=True)
    assert "stays on your record" in response.content.decode()


# --- Facts ----------------------------------------------------------------------------------------------------------


def fact_page(signed_in, learner, **details) -> str:
    module = build_module(layers=[layer("FI", facts=[fact(**details)])])
    start(learner, build_course(modules=[module]))
    return page(signed_in(learner))


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        (date(2999, 1, 1), "fresh", "Checked 1 Nov 2026"),
        (date(2026, 12, 20), "due", "To be checked by 20 Dec 2026"),
        (date(2026, 11, 19), "overdue", "Check overdue since 19 Nov 2026"),
    ],
)
def test_a_verified_fact_ages(signed_in, learner, monkeypatch, due, state, words):
    on_20_november(monkeypatch)
    html = fact_page(signed_in, learner, review_due=due)
    assert f'<article class="fact" data-state="{state}">' in html
    assert words in text_of(html)


def on_20_november(monkeypatch):
    """Views take the day from the clock; this is the edge at which time enters."""
    monkeypatch.setattr(
        "enrollment.views.learning.timezone.localdate",
        lambda *_args: datetime(2026, 11, 20, tzinfo=UTC).date(),
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("confirm", "Awaiting expert confirmation"),
        ("disputed", "Disputed: sources disagree"),
        ("open", "Not yet adapted for Finland"),
    ],
)
def test_what_is_not_settled_says_so(signed_in, learner, status, words):
    html = fact_page(signed_in, learner, status=status)
    assert f'data-state="{status}"' in html
    assert words in text_of(html)


def test_the_newest_check_counts_not_the_one_at_publication(signed_in, learner, reader):
    Fact.objects.update(status=Fact.Status.DISPUTED)
    assert 'data-state="disputed"' in page(reader)


def test_a_superseded_fact_is_gone(reader):
    Fact.objects.update(status=Fact.Status.SUPERSEDED)
    assert "Statement of authority" not in page(reader)


def test_a_fact_says_where_it_comes_from(reader):
    html = page(reader)
    assert 'href="https://authority.example.org/page"' in html
    assert "site, not page" not in html
    assert '<i lang="fi">Termi authority</i>' in html
    assert "Act 1/2020" in html


def test_a_bare_site_address_is_marked(signed_in, learner):
    assert "(site, not page)" in text_of(fact_page(signed_in, learner, source_url="https://fimea.fi/"))


def test_facts_that_the_layer_does_not_answer_are_counted(signed_in, learner):
    start(learner, build_course(modules=[build_module(fact_keys=("authority", "ethics", "fees"))]))
    words = text_of(page(signed_in(learner)))
    assert "2 of the facts that this module asks of every country are not yet adapted for Finland" in words


def test_an_open_fact_with_a_card_is_not_counted_again(signed_in, learner):
    assert "asks of every country" not in fact_page(signed_in, learner, status="open")


# --- Done and undone ------------------------------------------------------------------------------------------------


def test_marking_done_without_script_comes_back_to_the_lesson(reader):
    response = reader.post(f"{LESSON}done/")
    assert (response.status_code, response["Location"]) == (302, f"{LESSON}#lesson-bar")
    assert LessonProgress.objects.count() == 1
    assert "Undo" in page(reader)


def test_marking_done_with_htmx_answers_the_parts_that_change(reader):
    response = reader.post(f"{LESSON}done/", headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert 'data-announce="Done. 1 of 4 lessons."' in html
    assert 'id="course-outline" hx-swap-oob="true"' in html
    assert f'action="{LESSON}undo/"' in html


def test_marking_done_twice_is_done_once(reader):
    for _twice in range(2):
        assert reader.post(f"{LESSON}done/").status_code == 302
    assert LessonProgress.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_marking_done_costs_eight_queries_at_most(signed_in, learner, count_queries, count):
    modules = [build_module(f"m{n}") for n in range(count)]
    start(learner, build_course(modules=modules))
    reader = signed_in(learner)
    reader.get("/learn/nordic-trials/m0/one/")
    with count_queries(8):
        assert reader.post("/learn/nordic-trials/m0/one/done/", headers=HTMX).status_code == 200


def test_marking_the_last_lesson_done_costs_no_more(signed_in, learner, count_queries):
    module = build_module(lessons=[text_lesson("one")], layers=[])
    learning = start(learner, build_course(modules=[module]))
    reader = signed_in(learner)
    reader.get(LESSON)
    with count_queries(8):
        html = reader.post(f"{LESSON}done/", headers=HTMX).content.decode()
    assert "You have completed the course." in html
    assert Enrollment.objects.get(pk=learning.enrollment.pk).is_complete


def test_undo_takes_it_back(reader):
    reader.post(f"{LESSON}done/")
    html = reader.post(f"{LESSON}undo/", headers=HTMX).content.decode()
    assert 'data-announce="Taken back. 0 of 4 lessons."' in html
    assert not LessonProgress.objects.exists()


def test_what_a_certificate_rests_on_offers_no_undo_and_refuses_it(reader, learning):
    finish(learning)
    Enrollment.objects.update(locked_at=NOW)
    assert f"{LESSON}undo/" not in page(reader)
    response = reader.post(f"{LESSON}undo/", headers=HTMX)
    assert "A certificate has been issued" in response.content.decode()
    assert response["HX-Reswap"] == "none"
    assert Enrollment.objects.get().is_complete


def test_a_quiz_is_not_marked_done_by_hand(reader):
    response = reader.post("/learn/nordic-trials/trials/check/done/", follow=True)
    assert "A quiz is done when you pass it." in response.content.decode()
    assert not LessonProgress.objects.exists()


# --- The way in -----------------------------------------------------------------------------------------------------


def test_the_course_leads_to_the_exact_next_step(reader, learning):
    assert reader.get("/learn/nordic-trials/")["Location"] == LESSON
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    assert reader.get("/learn/nordic-trials/")["Location"] == "/learn/nordic-trials/trials/two/"


def test_a_completed_course_leads_to_its_beginning(reader, learning):
    finish(learning)
    assert reader.get("/learn/nordic-trials/")["Location"] == LESSON


# --- Who may --------------------------------------------------------------------------------------------------------

ACTS = ["done/", "undo/", "visit/", "start/", "answers/", "submit/"]
PAGES = ["", "compare/", "attempt/", "result/"]
COURSE_ACTS = ["/learn/nordic-trials/language/", "/learn/nordic-trials/country/"]


@pytest.mark.parametrize("path", [*PAGES, *ACTS])
def test_anonymous_is_asked_to_log_in(learning, client, path):
    method = client.post if path in ACTS else client.get
    response = method(f"{LESSON}{path}")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [*PAGES, *ACTS])
def test_somebody_elses_course_is_not_there(learning, signed_in, other_learner, path):
    reader = signed_in(other_learner)
    method = reader.post if path in ACTS else reader.get
    assert method(f"{LESSON}{path}").status_code == 404
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("url", [*COURSE_ACTS, "/learn/nordic-trials/leave/"])
def test_somebody_elses_course_cannot_be_changed(learning, signed_in, other_learner, url):
    assert signed_in(other_learner).post(url, {"language": "sv", "country": "NO"}).status_code == 404


@pytest.mark.parametrize("url", [*(f"{LESSON}{path}" for path in ACTS), *COURSE_ACTS])
def test_acts_are_posts(reader, url):
    assert reader.get(url).status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_read(reader, path):
    assert reader.post(f"{LESSON}{path}").status_code == 405


@pytest.mark.parametrize("path", ["trials/nothing/", "nothing/one/", "trials/country-check/x/"])
def test_what_is_not_in_the_course_is_not_there(reader, path):
    assert reader.get(f"/learn/nordic-trials/{path}").status_code == 404


def test_a_course_that_was_left_is_not_there(reader, learner, learning):
    withdraw(learning.enrollment, by=learner, at=NOW)
    assert reader.get(LESSON).status_code == 404
    assert reader.post(f"{LESSON}done/").status_code == 404


def test_after_access_one_may_read_but_not_act(reader, learner, learning):
    Enrollment.objects.update(own_since=None, access_until=date(2020, 1, 1))
    assert reader.get(LESSON).status_code == 200
    response = reader.post(f"{LESSON}done/", follow=True)
    assert "Your access to this course ended" in response.content.decode()
    assert not LessonProgress.objects.exists()


# --- Comparing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def compared(signed_in, learner) -> Client:
    layers = [
        layer("FI", facts=[fact("authority"), fact("ethics")]),
        layer("NO", facts=[fact("authority"), fact("fees")]),
        layer("SE"),
    ]
    start(learner, build_course(modules=[build_module(layers=layers)]))
    return signed_in(learner)


def test_two_countries_stand_beside_each_other_fact_by_fact(compared, count_queries):
    compared.get(LESSON)
    with count_queries(6):
        html = page(compared, f"{LESSON}compare/?with=NO")
    words = text_of(html)
    assert "en: What FI adds" in words
    assert "en: What NO adds" in words
    assert html.count("Statement of authority.") == 2
    assert "Nothing on this for Norway." in words
    assert "Nothing on this for Finland." in words


@pytest.mark.parametrize("wish", ["", "?with=ZZ", "?with=FI", "?with=LV"])
def test_without_a_known_country_the_first_other_one_is_compared(compared, wish):
    assert "en: What NO adds" in page(compared, f"{LESSON}compare/{wish}")


def test_the_lesson_offers_it_at_the_place_its_author_chose(signed_in, learner):
    body = "Before.\n\n:::compare\n:::\n\nAfter."
    module = build_module(lessons=[text_lesson("one", body=body)], languages=())
    start(learner, build_course(modules=[module]))
    html = page(signed_in(learner))
    before, place, after = (
        html.index(words) for words in ("Before.", "Compare with other countries", "After.")
    )
    assert before < place < after
    assert f'href="{LESSON}compare/" hx-get="{LESSON}compare/?in=lesson"' in html
    assert "data-compare-place" not in html


def test_in_a_lesson_another_country_changes_no_address(compared):
    assert "hx-push-url" in compared.get(f"{LESSON}compare/", headers=HTMX).content.decode()
    inside = compared.get(f"{LESSON}compare/?in=lesson", headers=HTMX).content.decode()
    assert "hx-push-url" not in inside
    assert "&amp;in=lesson" in inside


def test_htmx_gets_the_comparison_alone(compared):
    response = compared.get(f"{LESSON}compare/?with=SE", headers=HTMX)
    assert response.content.decode().lstrip().startswith('<div class="stack" id="compare"')
    assert "HX-Request" in response["Vary"]


def test_with_nothing_to_compare_the_page_says_so(reader):
    assert "No other country has adapted this module so far." in page(reader, f"{LESSON}compare/")


def test_a_country_without_a_layer_may_look_at_the_others(compared, learner):
    set_country(Enrollment.objects.get(), "LV", at=NOW)
    html = page(compared, f"{LESSON}compare/")
    assert "Nobody has adapted this module to Latvia yet." in html
    assert "en: What FI adds" in html
