"""A module of sixty lessons with three layers and eight translations goes out: rendered once, whole, never half."""

from collections import Counter
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from courses import errors
from courses.models import Course, Edition, Rendering, Revision
from courses.selectors.course_page import drawn
from courses.services import publish
from courses.services import publishing as service
from lms.lib.places import CONTENT_LANGUAGES
from tests.enrollment.builders import build_module, layer, partner, text_lesson, translation

LESSONS, LAYERS = 60, ("FI", "NO", "SE")
LANGUAGES = [code for code in CONTENT_LANGUAGES if code != "en"][:8]
Status = Revision.Status


def lessons(edition: str) -> list:
    return [
        text_lesson(f"lesson-{number}", body=f"{edition} words of {number}.") for number in range(LESSONS)
    ]


def written(edition: str) -> dict[str, Any]:
    texts = lessons(edition)
    return {
        "lessons": [replaced(each, edition) for each in texts],
        "layers": [
            layer(country, lesson="lesson-1" if edition == "Old" else "lesson-2") for country in LAYERS
        ],
    }


def replaced(lesson: Any, edition: str) -> Any:
    from dataclasses import replace

    return replace(lesson, title=f"{edition}: {lesson.key}")


def ready(monkeypatch, author, publishers) -> list[Revision]:
    """The next revision of every edition, in review and approved, the core first."""
    new = written("New")
    texts = {code: translation(code, new["lessons"]) for code in LANGUAGES}
    monkeypatch.setattr("tests.enrollment.builders.publish_now", lambda revision, **_at: revision)
    build_module("big", translations=texts, **new)
    monkeypatch.undo()
    waiting = Revision.objects.open().select_related("edition")
    for revision in waiting:
        for publisher in publishers:
            organisation = publisher.memberships.get().organisation
            revision.approvals.create(
                by=publisher,
                organisation=organisation,
                country=organisation.country,
                at=publisher.date_joined,
            )
    waiting.update(status=Status.IN_REVIEW)
    return sorted(waiting.all(), key=lambda each: each.edition.kind != Edition.Kind.CORE)


@pytest.fixture
def big(db, occ):
    old = written("Old")
    texts = {code: translation(code, old["lessons"]) for code in LANGUAGES}
    return build_module("big", translations=texts, **old)


@pytest.fixture
def course(big) -> Course:
    made = Course.objects.create(
        slug="big",
        owner=partner(),
        status="published",
        hours=1,
        created_at=big.editions.first().current.created_at,
    )
    made.items.create(module=big, position=1)
    return made


@pytest.fixture
def revisions(big, course, author, publisher, other_publisher, finnish_publisher, lmi, monkeypatch):
    return ready(monkeypatch, author, [publisher, other_publisher, finnish_publisher])


OLD, NEW = frozenset({("Old", True)}), frozenset({("New", True)})
MIXED = frozenset({("New", False)})  # the new original where its translation is still to come


def read(course: Course, language: str = "sv") -> frozenset[tuple[str, bool]]:
    """What one reader sees at once: whose words the titles of all lessons are, and whether they are translated."""
    page = drawn(Course.objects.select_related("owner").get(pk=course.pk), language)
    titles = [lesson.title for lesson in page.modules[0].lessons]
    return frozenset(
        (each.text.removeprefix(f"{language}: ").partition(":")[0], not each.is_fallback) for each in titles
    )


@pytest.mark.slow
def test_all_of_it_goes_out_in_one_transaction_rendered_once(revisions, course, publisher, now, monkeypatch):
    core, *others = revisions
    assert Counter(each.edition.kind for each in revisions) == {"core": 1, "layer": 3, "translation": 8}
    made: list[int] = []
    render = service.renderings_of
    monkeypatch.setattr(service, "renderings_of", lambda each: made.append(each.pk) or render(each))
    assert read(course) == OLD
    publish(core, together=others, by=publisher, at=now)
    assert sorted(made) == sorted(each.pk for each in revisions)
    assert read(course) == read(course, "fi") == NEW
    currents = set(Edition.objects.filter(module__key="big").values_list("current", flat=True))
    assert currents == {each.pk for each in revisions}
    rows = Rendering.objects.filter(revision__in=revisions).values_list(
        "revision", "lesson_key", "anchor", "language"
    )
    assert len(rows) == len(set(rows)) == LESSONS + LESSONS * 8 + 3


@pytest.mark.slow
@pytest.mark.parametrize("last", [0, 5, 11])
def test_where_one_cannot_go_out_none_does(revisions, course, publisher, now, monkeypatch, last):
    """The database is as it was, whichever of the twelve fails."""
    core, *others = revisions
    renderings = Rendering.objects.count()
    failing, render = service.core_first(revisions)[last].pk, service.renderings_of

    def broken(each):
        if each.pk == failing:
            raise errors.ContentMissing(keys="x")
        return render(each)

    monkeypatch.setattr(service, "renderings_of", broken)
    with pytest.raises(errors.ContentMissing):
        publish(core, together=others, by=publisher, at=now)
    assert set(
        Revision.objects.filter(pk__in=[each.pk for each in revisions]).values_list("status", flat=True)
    ) == {Status.IN_REVIEW}
    assert Rendering.objects.count() == renderings
    assert read(course) == OLD


class Reader:
    """Asks for the page of the course again and again, on a connection of its own, and keeps all it saw."""

    def __init__(self, course: Course) -> None:
        self.course, self.seen, self.stop = course, [], Event()
        self.thread = Thread(target=self.go_on)

    def go_on(self) -> None:
        try:
            while not self.stop.is_set():
                with transaction.atomic():
                    self.seen.append(read(self.course))
        finally:
            connection.close()

    def __enter__(self) -> "Reader":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_it_sees_the_old_or_the_new_and_never_both(revisions, course, publisher, now):
    core, *others = revisions
    with Reader(course) as reader:
        publish(core, together=others, by=publisher, at=now)
        reader.stop.wait(1)
    assert set(reader.seen) == {OLD, NEW}
    assert reader.seen == sorted(reader.seen, key=lambda each: each == NEW)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_one_after_the_other_a_reader_sees_both(revisions, course, publisher, now):
    """The red twin: core and translations in transactions of their own show new originals beside old translations."""
    with Reader(course) as reader:
        for each in revisions:
            publish(each, by=publisher, at=now)
        reader.stop.wait(1)
    assert MIXED in reader.seen
