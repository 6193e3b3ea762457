"""What learners see of a withdrawal, and of a change that is to be taken again, on each of their pages."""

from datetime import date

import pytest

from courses.models import Revision
from courses.services.publishing import refresh_module
from courses.services.withdrawing import end
from courses.signals import revision_withdrawn
from enrollment.errors import ModuleWithdrawn
from enrollment.models import Enrollment, Offer, Pin
from enrollment.services import complete_lesson, enroll, spread, take_offer
from enrollment.services.moving import end_offers_of_withdrawn
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    finish,
    layer,
    opened,
    quiz_lesson,
    start,
    step_of,
    text_lesson,
    with_place,
)

LEARN, NEWER, COURSE = "/learn/nordic-trials/", "/learn/nordic-trials/newer/", "/courses/nordic-trials/"
REASON = {"en": "The directive was repealed."}
CHANGED = (with_place("one"), text_lesson("two", body="Other rules."), quiz_lesson())
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def english_pages(learner):
    learner.language = "en"
    learner.save()


@pytest.fixture
def module(db):
    return build_module()


@pytest.fixture
def course(module):
    return build_course(modules=[module])


@pytest.fixture
def learning(learner, course):
    return start(learner, course)


@pytest.fixture
def reader(signed_in, learner, learning):
    return signed_in(learner)


def withdrawn(kind: str = "core", successor: Revision | None = None) -> Revision:
    revision = Revision.objects.select_related("edition__module").get(
        edition__kind=kind, edition__module__key="trials", pk__in=Revision.objects.published()
    )
    revision.withdraw_on, revision.withdrawal_reason, revision.successor = NOW.date(), REASON, successor
    revision.save()
    end(revision, by=None, at=NOW)
    refresh_module(revision.edition.module)
    return revision


# --- Withdrawn --------------------------------------------------------------------------------------------------------


@pytest.fixture
def successor(db) -> Revision:
    """The core of another module, which a course teaches."""
    module = build_module("new-rules")
    build_course("new-course", modules=[module])
    return module.editions.get(kind="core").current


def test_whoever_is_in_the_middle_is_told_why_and_what_takes_its_place(reader, learning, successor):
    withdrawn(successor=successor)
    for path in (f"{LEARN}trials/one/", f"{LEARN}trials/check/", "/learn/"):
        assert "Something that you read here has been withdrawn since you began." in reader.get(path).text, (
            path
        )
    page = reader.get(NEWER).text
    assert "The directive was repealed." in page
    assert "“Module new-rules” takes its place." in page
    assert 'href="/courses/new-course/"' in page


def test_they_finish_what_they_started(learner, learning):
    withdrawn()
    finish(learning)
    assert Enrollment.objects.get().is_complete
    assert not opened(learner, learning.enrollment).has_withdrawn


def test_a_layer_that_was_withdrawn_is_told_for_its_country_alone(reader, learner, learning):
    withdrawn("layer")
    page = reader.get(NEWER).text
    assert "Module trials · Finland" in page
    assert opened(learner, learning.enrollment).has_withdrawn


def test_nobody_new_is_enrolled_and_the_page_says_why(
    client, signed_in, learner, other_learner, course, successor
):
    withdrawn(successor=successor)
    page = client.get(COURSE).text
    assert "Takes no new learners: a module is withdrawn" in page
    assert "Log in to enrol" not in page
    assert "The directive was repealed." in page
    assert COURSE not in client.get("/courses/").text
    with pytest.raises(ModuleWithdrawn, match=r"a module of it has been withdrawn \(Module trials\)"):
        enroll(other_learner, course, country="FI", language="en", by=other_learner, at=NOW)
    sent = {"country": "FI", "language": "en"}
    refused = signed_in(other_learner).post("/courses/nordic-trials/enrol/", sent, follow=True)
    assert "a module of it has been withdrawn (Module trials)" in refused.text
    assert not Enrollment.objects.exists()


def test_whoever_left_may_come_back_to_what_they_started(learner, course, learning):
    from enrollment.services import withdraw as leave

    leave(learning.enrollment, by=learner, at=NOW)
    withdrawn()
    enroll(learner, course, country="FI", language="en", by=learner, at=NOW)
    assert Enrollment.objects.get().withdrawn_at is None


def test_an_offer_of_something_withdrawn_is_gone(reader, learner, learning):
    build_module(lessons=CHANGED, change_class="minor")
    newest = Revision.objects.get(edition__kind="core", number=2)
    spread(newest.pk, at=NOW)
    offer = Offer.objects.get()
    Revision.objects.filter(pk=newest.pk).update(withdraw_on=NOW.date(), withdrawal_reason=REASON)
    end(Revision.objects.get(pk=newest.pk), by=None, at=NOW)
    assert "Take the newer version" not in reader.get(NEWER).text
    assert "has been withdrawn" in reader.post(f"{NEWER}{offer.pk}/take/", follow=True).text
    assert Pin.objects.get().core_revision.number == 1
    assert (end_offers_of_withdrawn(at=NOW), end_offers_of_withdrawn(at=NOW)) == (1, 0)
    assert not opened(learner, learning.enrollment).has_offers


@pytest.mark.parametrize("gone", [0, 1])
def test_the_lesson_costs_the_same_with_a_withdrawal(reader, learning, count_queries, gone):
    if gone:
        withdrawn()
    reader.get(f"{LEARN}trials/one/")
    with count_queries(4):  # where the text of the lesson is kept, six where it is read
        reader.get(f"{LEARN}trials/one/")
    reader.get("/learn/")  # whether anything at all is withdrawn is asked once a minute
    with count_queries(6):
        reader.get("/learn/")


def test_the_first_withdrawal_of_the_programme_shows_at_once(reader, learning):
    assert "has been withdrawn" not in reader.get("/learn/").text
    gone = withdrawn()
    revision_withdrawn.send(sender=Revision, revision_id=gone.pk)
    assert "withdrawn" in reader.get("/learn/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_what_has_changed_costs_the_same(signed_in, learner, count, count_queries, successor):
    modules = [build_module("trials"), *(build_module(f"more-{number}") for number in range(1, count))]
    start(learner, build_course(modules=modules))
    for module in modules:
        core = module.editions.get(kind="core").current
        Revision.objects.filter(pk=core.pk).update(
            status="withdrawn",
            withdrawn_at=NOW,
            withdraw_on=NOW.date(),
            withdrawal_reason=REASON,
            successor=successor,
        )
    reader = signed_in(learner)
    reader.get(NEWER)
    with count_queries(7):
        reader.get(NEWER)


# --- To be taken again ------------------------------------------------------------------------------------------------


def republish(retake_by: date | None = DAY, layers=None) -> Revision:
    """The next revision of the core or of the layer, major, to be taken again."""
    before = set(Revision.objects.values_list("pk", flat=True))
    lessons = CHANGED if layers is None else None
    build_module(
        **({"lessons": lessons} if lessons else {}),
        layers=layers or [layer("FI")],
        change_class="major",
        note="Other rules.",
        retake_by=retake_by,
    )
    newest = Revision.objects.exclude(pk__in=before).exclude(edition__kind="translation").get()
    spread(newest.pk, at=NOW)
    return newest


def test_whoever_has_finished_sees_until_when_to_take_it_again(reader, learner, learning):
    finish(learning)
    republish()
    assert "Changed in what matters: take the newer version by 1 Mar 2027." in reader.get("/learn/").text
    assert "You are asked to take the newer version by 1 Mar 2027." in reader.get(COURSE).text
    page = reader.get(NEWER).text
    assert "Other rules." in page
    assert not Offer.objects.exists()


def test_whoever_is_in_the_middle_may_take_it_at_once_or_finish(reader, learner, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    republish()
    assert "You are asked to take the newer version by 1 Mar 2027." in reader.get("/learn/").text
    assert "Take the newer version" in reader.get(NEWER).text
    assert Pin.objects.get().core_revision.number == 1
    take_offer(Offer.objects.get(), again=["two"], by=learner, at=NOW)
    assert Pin.objects.get().core_revision.number == 2
    assert "You are asked to take the newer version" not in reader.get("/learn/").text


def test_a_major_one_that_asks_for_nothing_says_nothing(reader, learner, learning):
    republish(None)
    for path in ("/learn/", COURSE):
        assert "newer version" not in reader.get(path).text
    assert not Offer.objects.exists()


def test_a_layer_asks_those_of_its_country(reader, learner, learning):
    republish(layers=[layer("FI", lesson="two")])
    assert "by 1 Mar 2027" in reader.get("/learn/").text
    Enrollment.objects.update(country="NO")
    assert "by 1 Mar 2027" not in reader.get("/learn/").text


def test_before_it_takes_effect_nobody_is_asked(reader, learner, learning):
    newest = republish()
    edition = newest.edition
    Offer.objects.all().delete()
    edition.current, edition.upcoming = Revision.objects.get(edition=edition, number=1), newest
    edition.save()
    assert "by 1 Mar 2027" not in reader.get("/learn/").text
    assert "by 1 Mar 2027" not in reader.get(NEWER).text


@pytest.mark.parametrize("asked", [0, 1])
def test_my_learning_and_the_course_page_cost_the_same(reader, learning, count_queries, asked):
    if asked:
        republish()
    for path, queries in (
        ("/learn/", 6),
        (COURSE, 4),
    ):  # four where the page of the course is kept, six where drawn
        reader.get(path)
        with count_queries(queries):
            reader.get(path)
