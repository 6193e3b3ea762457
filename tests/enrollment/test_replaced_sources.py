"""What learners of a country are told when a source of a panel is replaced."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from courses import services
from courses.models import SourceReplacement
from courses.selectors.keeping import forget_kept
from lms.accounts.models import Organisation
from tests.enrollment.builders import build_course, build_module, fact, layer, start
from tests.hostile import MARKUP

LESSON, OTHER = "/learn/nordic-trials/trials/one/", "/learn/nordic-trials/trials/two/"
URL = "https://authority.example.org/page"


@pytest.fixture
def reader(signed_in, learner):
    learner.language = "en"
    learner.save()
    return signed_in(learner)


@pytest.fixture
def learning(learner, occ):
    """Two facts of Finland from one address, and Norway's from another."""
    elsewhere = fact(source_url="https://elsewhere.example.org/page")
    module = build_module(
        layers=[layer("FI", facts=[fact(), fact("ethics")]), layer("NO", facts=[elsewhere])]
    )
    return start(learner, build_course(modules=[module]), country="FI")


def announce(on: date, *, by, at, **changes) -> SourceReplacement:
    return services.announce_replacement(
        URL,
        replaced_on=on,
        organisation=Organisation.objects.get(slug="occ-incubator"),
        by=by,
        at=at,
        **{"successor": "Act 5/2027", **changes},
    )


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.text.split())


def banners(response) -> int:
    return text_of(response).count("A source of what is said here about Finland")


def test_before_the_day_learners_of_the_country_are_told_that_it_will_be_replaced(
    reader, learning, author, now
):
    day = timezone.localdate() + timedelta(days=1)
    announce(day, by=author, at=now, successor_url="https://law.example.org/5-2027", note="For owners only.")
    response = reader.get(LESSON)
    assert banners(response) == 1
    assert "A source of what is said here about Finland will be replaced on" in text_of(response)
    assert text_of(response).count("Source will be replaced on") == 2
    assert (
        '<a href="https://law.example.org/5-2027" rel="noopener noreferrer">Act 5/2027</a>' in response.text
    )
    assert "For owners only." not in response.text


def test_from_the_day_on_they_are_told_that_it_is_replaced(reader, learning, author, now):
    announce(timezone.localdate(), by=author, at=now)
    page = text_of(reader.get(LESSON))
    assert "A source of what is said here about Finland has been replaced since" in page
    assert "Source replaced since" in page


def test_lessons_without_such_a_panel_and_other_countries_are_not_told(
    reader, learning, learner, author, now
):
    announce(timezone.localdate(), by=author, at=now)
    assert banners(reader.get(OTHER)) == 0
    reader.post("/learn/nordic-trials/country/", {"country": "NO"})
    page = text_of(reader.get(LESSON))
    assert "In your country: Norway" in page
    assert "A source of what is said here" not in page


def test_what_is_withdrawn_or_looked_at_is_not_told_any_more(
    reader, learning, author, now, django_capture_on_commit_callbacks
):
    """Each act at once, although the text of a lesson is kept for a minute."""

    def after(act) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return banners(reader.get(LESSON))

    assert banners(reader.get(LESSON)) == 0
    assert after(lambda: announce(timezone.localdate(), by=author, at=now)) == 1
    replacement = SourceReplacement.objects.get()
    (task,) = replacement.tasks.all()
    look = {"reason": "Same.", "by": author, "at": now}
    assert after(lambda: services.withdraw_replacement(replacement, by=author, at=now)) == 0
    assert after(lambda: services.restore_replacement(replacement, by=author, at=now)) == 1
    assert after(lambda: services.look_at_replacement([task], **look)) == 0
    assert after(lambda: services.reopen_source_task(task, by=author, at=now)) == 1


def test_the_comparison_and_the_page_of_the_fact_say_it_at_the_card(reader, client, learning, author, now):
    announce(timezone.localdate(), by=author, at=now)
    assert "Source replaced since" in text_of(reader.get(f"{LESSON}compare/"))
    assert text_of(client.get("/facts/authority/")).count("Source replaced since") == 1


def test_hostile_words_are_only_words_wherever_they_are_shown(reader, client, learning, learner, author, now):
    words = " ".join(MARKUP)
    replacement = announce(timezone.localdate(), by=author, at=now, successor=words[:400], note=words)
    reader.get(LESSON)
    pages = [reader.get(LESSON), reader.get(f"{LESSON}compare/"), client.get("/facts/authority/")]
    client.force_login(author)
    shown = f"/studio/facts/replacements/{replacement.pk}/"
    pages += [client.get(url) for url in ("/studio/", "/studio/facts/", shown)]
    tasks = list(replacement.tasks.all())
    services.look_at_replacement(tasks, reason=words, by=author, at=now)
    pages += [client.get(shown), client.get(f"/studio/facts/source/?source={URL}")]
    for page in pages:
        assert page.status_code == 200
        assert not [markup for markup in MARKUP if markup in page.text]
    assert escape(MARKUP[0]) in pages[0].text


def test_a_lesson_costs_what_it_did(reader, learning, author, now, count_queries):
    announce(timezone.localdate(), by=author, at=now)
    reader.get(LESSON)
    with count_queries(4):  # as its text is kept
        reader.get(LESSON)
    forget_kept()
    with count_queries(6):
        reader.get(LESSON)
