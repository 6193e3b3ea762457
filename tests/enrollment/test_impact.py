"""What the studio says before publication about those who are learning."""

import pytest

from courses.impact import impact_of
from courses.models import Edition, Revision
from enrollment.models import Enrollment, LayerPin, Pin
from tests.courses.builders import build_course, build_module


@pytest.fixture
def module(db):
    return build_module("small", countries=["FI"], languages=["sv"])


def revision(module, **names) -> Revision:
    return Edition.objects.get(module=module, **names).current


@pytest.fixture
def reader(module, learner, now):
    """Reads in Swedish, in the middle of it, Finland opened."""
    course = build_course("one", modules=[module])
    enrollment = Enrollment.objects.create(
        learner=learner, course=course, country="FI", language="sv", enrolled_at=now
    )
    pin = Pin.objects.create(
        enrollment=enrollment, module=module, position=1, core_revision=revision(module, kind="core")
    )
    LayerPin.objects.create(pin=pin, country="FI", layer_revision=revision(module, kind="layer"))
    return enrollment


@pytest.mark.parametrize("kind", ["core", "layer", "translation"])
def test_whoever_is_in_the_middle_is_counted(module, reader, kind):
    assert impact_of(revision(module, kind=kind)) == ["1 learner is in the middle of this."]


@pytest.mark.parametrize("kind", ["core", "layer", "translation"])
def test_whoever_has_completed_or_left_is_not(module, reader, kind, now):
    Enrollment.objects.update(completed_at=now)
    assert impact_of(revision(module, kind=kind)) == []
    Enrollment.objects.update(completed_at=None, withdrawn_at=now)
    assert impact_of(revision(module, kind=kind)) == []


def test_readers_of_another_language_are_not_touched_by_a_translation(module, reader):
    Enrollment.objects.update(language="fi")
    assert impact_of(revision(module, kind="translation")) == []
    assert impact_of(revision(module, kind="core")) == ["1 learner is in the middle of this."]


def test_another_module_touches_nobody(module, reader):
    assert impact_of(revision(build_module("other"), kind="core")) == []
