"""Answers and moves at the same moment, on PostgreSQL; each beside a control without the guard."""

import pytest
from django.db.models import F

from enrollment.models import Enrollment, LearningEvent, Offer, Pin
from enrollment.selectors import learner_course
from enrollment.services import complete_lesson, moving, spread, take_offer
from tests.conftest import person
from tests.enrollment.builders import NOW, build_course, build_module, start, step_of, text_lesson
from tests.races import CLIENTS, at_once, errors, line

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Kind = LearningEvent.Kind
SHORT, LONGER = [text_lesson("one")], [text_lesson("one"), text_lesson("two")]


@pytest.fixture
def racer(transactional_db):
    racer = person("racer")
    start(racer, build_course(modules=[build_module(lessons=SHORT, layers=[])]))
    return racer


def republished(change_class: str):
    module = build_module(lessons=LONGER, layers=[], change_class=change_class)
    return module.editions.get(kind="core").current


def moves() -> int:
    return LearningEvent.objects.filter(kind=Kind.MOVED_REVISION).count()


def take_everywhere(racer) -> list[object]:
    spread(republished("minor").pk, at=NOW)
    offer = Offer.objects.get()
    return at_once([lambda: take_offer(offer, by=racer, at=NOW)] * CLIENTS)


def test_an_offer_taken_twenty_times_is_one_move(racer):
    assert errors(take_everywhere(racer)) == []
    assert (moves(), Enrollment.objects.get().plan) == (1, 1)


def test_control_without_the_lock_it_moves_again_and_again(racer, monkeypatch):
    together = line()

    def unlocked(offer, *, at):
        read = Offer.objects.select_related("pin__core_revision", "pin__module", "revision__edition")
        found = Enrollment.objects.get(pins__offers=offer.pk), read.get(pk=offer.pk)
        together()
        return found

    monkeypatch.setattr(moving, "locked", unlocked)
    take_everywhere(racer)
    assert moves() > 1


def finish_beside_a_move(racer) -> tuple[Enrollment, int]:
    """The last lesson done in nineteen tabs, while an editorial revision with one more lesson spreads."""
    revision = republished("editorial")
    course = learner_course(racer, "nordic-trials")
    step = step_of(course, "one")
    acts = [lambda: complete_lesson(course, step, at=NOW)] * (CLIENTS - 1)
    assert errors(at_once([*acts, lambda: spread(revision.pk, at=NOW)])) == []
    return Enrollment.objects.get(), Pin.objects.get().core_revision.number


def test_whichever_comes_first_what_is_counted_is_what_is_read(racer):
    enrollment, number = finish_beside_a_move(racer)
    if number == 1:  # completed first: the pin stays
        assert (enrollment.is_complete, enrollment.lessons_required, moves()) == (True, 1, 0)
    else:
        assert (enrollment.is_complete, enrollment.lessons_required, moves()) == (False, 2, 1)


def test_control_without_the_number_of_the_plan_a_stale_tab_completes_what_is_no_longer_read(
    racer,
):
    stale = learner_course(racer, "nordic-trials")
    spread(republished("editorial").pk, at=NOW)
    Enrollment.objects.update(plan=F("plan") - 1)  # as if moving did not count
    complete_lesson(stale, step_of(stale, "one"), at=NOW)
    assert (Enrollment.objects.get().is_complete, Pin.objects.get().core_revision.number) == (True, 2)
