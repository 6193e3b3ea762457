"""Published again: editorial moves, minor is offered, major lets them finish; nothing moves after completion."""

import pytest

from courses.models import Revision
from enrollment.errors import CompletedStays, OfferGone
from enrollment.models import Enrollment, LayerPin, LearningEvent, Offer, Pin
from enrollment.selectors import learner_course
from enrollment.services import (
    complete_lesson,
    keep_revision,
    set_country,
    spread,
    spread_all,
    take_offer,
    withdraw,
)
from lms.accounts.models import User
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

Kind = LearningEvent.Kind
LEARN, NEWER = "/learn/nordic-trials/", "/learn/nordic-trials/newer/"
CHANGED = (with_place("one"), text_lesson("two", body="Clearer words."), quiz_lesson())
LONGER = (*CHANGED, text_lesson("three"))


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


def republish(lessons=CHANGED, change_class="minor", note="", layers=None) -> Revision:
    """The next revision of the core, or of a layer, brought to those who are learning."""
    before = set(Revision.objects.published().values_list("pk", flat=True))
    layers = [layer("FI")] if layers is None else layers
    build_module(lessons=lessons, layers=layers, change_class=change_class, note=note)
    newest = Revision.objects.published().exclude(pk__in=before).exclude(edition__kind="translation")
    revision = newest.get()
    spread(revision.pk, at=NOW)
    return revision


def pin(learner: User) -> tuple[int, int]:
    """The numbers of the core and of the Finnish layer that are read."""
    found = Pin.objects.get(enrollment__learner=learner)
    layers = LayerPin.objects.filter(pin=found, country="FI")
    return found.core_revision.number, layers.get().layer_revision.number if layers else 0


def events(kind: str = Kind.MOVED_REVISION) -> list[dict]:
    return list(LearningEvent.objects.filter(kind=kind).values_list("payload", flat=True))


# --- Editorial --------------------------------------------------------------------------------------------------------


def test_editorial_moves_silently_and_keeps_what_is_done(learner, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    republish(change_class="editorial")
    assert pin(learner) == (2, 1)
    course = opened(learner, learning.enrollment)
    assert (course.enrollment.lessons_done, course.has_offers) == (1, False)
    assert events() == [{"from": 1, "to": 2, "again": []}]
    assert not Offer.objects.exists()


def test_editorial_again_changes_nothing(learner, learning):
    revision = republish(change_class="editorial")
    spread(revision.pk, at=NOW)
    spread_all(at=NOW)
    assert len(events()) == 1


def test_a_new_required_lesson_is_counted(learner, learning):
    republish(LONGER, change_class="editorial")
    assert Enrollment.objects.get().lessons_required == 5


def test_an_editorial_change_of_a_layer_moves_too(learner, learning):
    republish(
        lessons=(with_place("one"), text_lesson("two"), quiz_lesson()),
        change_class="editorial",
        layers=[layer("FI", lesson="two")],
    )
    assert pin(learner) == (1, 2)
    assert LearningEvent.objects.get(kind=Kind.MOVED_REVISION).country == "FI"


def test_whoever_declined_a_minor_one_does_not_get_it_by_the_back_door(learner, learning):
    republish(change_class="minor")
    keep_revision(Offer.objects.get(), by=learner, at=NOW)
    republish(LONGER, change_class="editorial")
    assert pin(learner) == (1, 1)
    assert list(Offer.objects.values_list("revision__number", "taken")) == [(2, False), (3, None)]


# --- Major ------------------------------------------------------------------------------------------------------------


def test_major_lets_them_finish(learner, learning):
    republish(change_class="major")
    republish(LONGER, change_class="minor")
    republish((*LONGER, text_lesson("four")), change_class="editorial")
    spread_all(at=NOW)
    assert pin(learner) == (1, 1)
    assert not Offer.objects.exists()


# --- Minor ------------------------------------------------------------------------------------------------------------


def test_minor_is_offered_on_lesson_and_my_learning_with_what_changed(reader, learner, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    complete_lesson(learning, step_of(learning, "one"), at=NOW)
    republish(LONGER, note="Clearer, and one more.")
    assert pin(learner) == (1, 1)
    for path in ("/learn/", f"{LEARN}trials/one/", f"{LEARN}trials/check/"):
        assert f'href="{NEWER}"' in reader.get(path).text, path
    page = reader.get(NEWER)
    (offer,) = page.context["offers"]
    assert [(each.key, each.what, each.is_done) for each in offer.changes] == [
        ("two", "changed", True),
        ("three", "new", False),
    ]
    assert (offer.unchanged, [each.key for each in offer.to_ask]) == (2, ["two"])
    assert "Clearer, and one more." in page.text


def test_taking_it_keeps_what_is_equal_and_what_is_not_asked_again(reader, learner, learning):
    for key in ("one", "two"):
        complete_lesson(learning, step_of(learning, key), at=NOW)
    republish(LONGER)
    offer = Offer.objects.get()
    assert reader.post(f"{NEWER}{offer.pk}/take/").headers["Location"] == LEARN
    assert pin(learner) == (2, 1)
    enrollment = Enrollment.objects.get()
    assert (enrollment.lessons_done, enrollment.lessons_required) == (2, 5)
    assert events() == [{"from": 1, "to": 2, "again": []}]
    assert f'href="{NEWER}"' not in reader.get("/learn/").text


def test_what_they_want_again_is_to_do_again_and_stays_on_the_record(reader, learner, learning):
    for key in ("one", "two"):
        complete_lesson(learning, step_of(learning, key), at=NOW)
    republish(LONGER)
    reader.post(f"{NEWER}{Offer.objects.get().pk}/take/", {"again": ["two", "one", "nothing"]})
    assert list(learning.enrollment.progress.values_list("lesson_key", flat=True)) == ["one"]
    assert events() == [{"from": 1, "to": 2, "again": ["two"]}]
    assert LearningEvent.objects.filter(kind=Kind.COMPLETED_LESSON, lesson_key="two").exists()


def test_staying_is_remembered(reader, learner, learning):
    revision = republish()
    reader.post(f"{NEWER}{Offer.objects.get().pk}/keep/")
    spread(revision.pk, at=NOW)
    assert (pin(learner), Offer.objects.get().taken) == ((1, 1), False)
    assert f'href="{NEWER}"' not in reader.get("/learn/").text
    assert len(events(Kind.KEPT_REVISION)) == 1


def test_a_newer_offer_replaces_one_that_waits(learner, learning):
    republish()
    old = Offer.objects.get()
    republish(LONGER)
    assert list(Offer.objects.values_list("revision__number", "answered_at")) == [(2, NOW), (3, None)]
    with pytest.raises(OfferGone):
        take_offer(old, by=learner, at=NOW)
    assert pin(learner) == (1, 1)


def test_taking_twice_changes_nothing(learner, learning):
    republish()
    offer = Offer.objects.get()
    take_offer(offer, by=learner, at=NOW)
    take_offer(offer, by=learner, at=NOW)
    assert len(events()) == 1
    with pytest.raises(OfferGone):
        keep_revision(offer, by=learner, at=NOW)


# --- A layer that comes later -----------------------------------------------------------------------------------------


@pytest.fixture
def without_layer(learner):
    return start(learner, build_course(modules=[build_module(layers=[])]))


def test_the_first_layer_of_ones_country_is_offered(signed_in, learner, without_layer):
    republish(lessons=(with_place("one"), text_lesson("two"), quiz_lesson()), change_class="major")
    page = signed_in(learner).get(NEWER)
    assert "Since you began, this module has been adapted to Finland" in page.text
    take_offer(Offer.objects.get(), by=learner, at=NOW)
    assert (pin(learner), Enrollment.objects.get().lessons_required) == ((1, 1), 4)
    assert events() == [{"from": None, "to": 1, "again": []}]


def test_the_layer_of_another_country_is_not(learner, without_layer):
    republish(lessons=(with_place("one"), text_lesson("two"), quiz_lesson()), layers=[layer("NO")])
    assert not Offer.objects.exists()


def test_an_offer_of_a_country_that_was_left_is_not_shown(reader, learner, learning):
    republish(
        lessons=(with_place("one"), text_lesson("two"), quiz_lesson()), layers=[layer("FI", lesson="two")]
    )
    assert opened(learner, learning.enrollment).has_offers
    set_country(learning.enrollment, "NO", at=NOW)
    assert not opened(learner, learning.enrollment).has_offers
    assert "You read the newest that is offered to you." in reader.get(NEWER).text


# --- After completion, and after leaving ------------------------------------------------------------------------------


def test_no_pin_moves_after_completion(learner, learning):
    republish(LONGER)
    offer = Offer.objects.get()
    finish(learning)
    assert not opened(learner, learning.enrollment).has_offers
    for act in (take_offer, keep_revision):
        with pytest.raises(CompletedStays):
            act(offer, by=learner, at=NOW)
    republish((*LONGER, text_lesson("four")), change_class="editorial")
    spread_all(at=NOW)
    assert pin(learner) == (1, 1)
    assert Offer.objects.count() == 1


def test_whoever_left_is_left_alone(learner, learning):
    withdraw(learning.enrollment, by=learner, at=NOW)
    republish(change_class="editorial")
    assert pin(learner) == (1, 1)


def test_what_was_prepared_on_the_plan_of_before_counts_by_the_plan_of_now(learner, learning):
    """A tab read the pins, the module moved, the tab's act arrives: nothing is counted by what is no longer read."""
    stale = learner_course(learner, "nordic-trials")
    republish(LONGER, change_class="editorial")
    complete_lesson(stale, step_of(stale, "one"), at=NOW)
    assert (Enrollment.objects.get().lessons_done, Enrollment.objects.get().lessons_required) == (1, 5)


# --- Who, how and at what cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["take", "keep"])
def test_an_offer_of_somebody_else_is_not_there(signed_in, learner, other_learner, course, learning, act):
    start(other_learner, course)
    republish()
    theirs = Offer.objects.get(pin__enrollment__learner=other_learner)
    reader = signed_in(learner)
    assert reader.post(f"{NEWER}{theirs.pk}/{act}/").status_code == 404
    assert reader.get(f"{NEWER}{theirs.pk}/{act}/").status_code == 405
    theirs.refresh_from_db()
    assert theirs.answered_at is None


def test_a_refusal_is_said_on_the_page(reader, learner, learning):
    republish()
    offer = Offer.objects.get()
    republish(LONGER)
    page = reader.post(f"{NEWER}{offer.pk}/take/", follow=True)
    assert "This newer version is no longer offered" in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_one_offer_and_three(signed_in, learner, count_queries, count):
    names = [f"m{number}" for number in range(count)]
    start(learner, build_course(modules=[build_module(name) for name in names]))
    for name in names:
        module = build_module(name, lessons=LONGER, change_class="minor")
        spread(module.editions.get(kind="core").current_id, at=NOW)
    assert Offer.objects.count() == count
    reader = signed_in(learner)
    reader.get("/learn/")
    with count_queries(6):
        assert NEWER in reader.get("/learn/").text
    with count_queries(6):
        assert NEWER in reader.get(f"{LEARN}m0/one/").text
    with count_queries(8):
        assert len(reader.get(NEWER).context["offers"]) == count
