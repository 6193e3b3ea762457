"""The one source of every figure about progress, on plain values."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from enrollment.outline import CourseOutline, build_outline

DONE_AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def entry(key: str, *, minutes: int = 10, required: bool = True, kind: str = "text") -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "title": f"Title of {key}",
        "minutes": minutes,
        "required": required,
        "hash": f"hash-{key}",
    }


CHECK = {
    "key": "country-check",
    "kind": "quiz",
    "title": {"en": "Finland: check", "fi": "Suomi: tarkista"},
    "language": "en",
    "minutes": 5,
    "required": True,
    "hash": "hash-check",
    "questions": 3,
    "pass": None,
}


@dataclass
class APin:
    module_id: int = 1
    outline: list[dict[str, Any]] = field(default_factory=lambda: [entry("one"), entry("two")])
    lesson_keys: list[str] | None = None
    translation: list[dict[str, Any]] | None = None
    layer: list[dict[str, Any]] | None = None
    layer_number: int | None = None
    core_meta: str = '{"title": {"en": "Module", "sv": "Modul"}}'

    @property
    def module(self) -> Any:
        return SimpleNamespace(key=f"module-{self.module_id}", source_language="en")

    @property
    def core_revision(self) -> Any:
        return SimpleNamespace(number=1)

    @property
    def core_outline(self) -> str:
        return json.dumps(self.outline)

    @property
    def translation_outline(self) -> str | None:
        return json.dumps(self.translation) if self.translation else None

    @property
    def layer_outline(self) -> str | None:
        return json.dumps(self.layer) if self.layer else None


def row(key: str, *, module: int = 1, country: str = "", **more: Any) -> Any:
    values = {"completed_at": DONE_AT, "score": None, "credited_from_id": None, **more}
    return SimpleNamespace(module_id=module, lesson_key=key, country=country, **values)


def outline(
    *pins: APin, done: tuple[Any, ...] = (), language: str = "en", country: str = "FI"
) -> CourseOutline:
    return build_outline(pins or (APin(),), done, language=language, country=country)


def test_nothing_done_counts_everything_as_left():
    course = outline()
    assert (course.done, course.total, course.percent, course.minutes_left) == (0, 2, 0, 20)
    assert not course.is_complete


def test_a_done_lesson_counts_once_and_takes_its_minutes():
    course = outline(done=(row("one"),))
    assert (course.done, course.total, course.percent, course.minutes_left) == (1, 2, 50, 10)
    assert [step.key for step in course.remaining] == ["two"]


def test_everything_required_done_is_complete_though_an_optional_lesson_is_left():
    course = outline(APin(outline=[entry("one"), entry("film", required=False)]), done=(row("one"),))
    assert course.is_complete
    assert (course.done, course.total, course.minutes_left) == (1, 1, 0)


def test_a_course_that_asks_for_nothing_is_never_complete():
    assert not outline(APin(outline=[entry("film", required=False)])).is_complete


def test_progress_of_another_module_with_the_same_key_does_not_count():
    assert outline(done=(row("one", module=2),)).done == 0


def test_only_the_lessons_that_the_course_asks_for_are_there():
    assert [step.key for step in outline(APin(lesson_keys=["two"])).steps] == ["two"]


def test_a_module_without_a_layer_has_no_country_check():
    assert [step.key for step in outline(country="LV").steps] == ["one", "two"]


def test_the_country_check_comes_last_and_counts_for_its_country_only():
    pin = APin(layer=[CHECK], layer_number=1)
    finnish = outline(pin, done=(row("country-check", country="NO"),))
    assert [step.key for step in finnish.steps] == ["one", "two", "country-check"]
    assert finnish.done == 0
    assert outline(pin, done=(row("country-check", country="FI"),)).done == 1


def test_a_fresh_translation_gives_the_title():
    fresh = [{"key": "one", "title": "Ett", "source_hash": "hash-one"}]
    step = outline(APin(translation=fresh), language="sv").steps[0]
    assert (step.title, step.language) == ("Ett", "sv")


def test_a_stale_translation_gives_way_to_the_core():
    stale = [{"key": "one", "title": "Ett", "source_hash": "hash-of-older-words"}]
    step = outline(APin(translation=stale), language="sv").steps[0]
    assert (step.title, step.language) == ("Title of one", "en")


def test_country_checks_speak_the_readers_language_or_their_layers():
    pin = APin(outline=[], layer=[CHECK])
    assert outline(pin, language="fi").steps[0].title == "Suomi: tarkista"
    swedish = outline(pin, language="sv").steps[0]
    assert (swedish.title, swedish.language) == ("Finland: check", "en")


def test_neighbours_cross_modules_and_end():
    course = outline(APin(1), APin(2))
    first, last = course.steps[0], course.steps[-1]
    assert course.neighbours(first) == (None, course.steps[1])
    assert course.neighbours(course.steps[1]) == (first, course.steps[2])
    assert course.neighbours(last) == (course.steps[2], None)


def test_neighbours_of_a_step_from_before_an_act_are_found():
    before, after = outline(), outline(done=(row("one"),))
    assert after.neighbours(before.steps[1]) == (after.steps[0], None)


def test_next_step_is_where_the_learner_was():
    assert outline().next_step(1, "two").key == "two"


def test_next_step_is_an_optional_lesson_that_the_learner_was_in():
    course = outline(APin(outline=[entry("one"), entry("film", required=False)]))
    assert course.next_step(1, "film").key == "film"


def test_next_step_is_the_first_that_remains_when_the_place_is_done():
    assert outline(done=(row("two"),)).next_step(1, "two").key == "one"


def test_next_step_is_the_first_that_remains_when_the_place_is_gone():
    """The country check of a country that the learner has switched away from."""
    assert outline().next_step(1, "country-check").key == "one"


def test_there_is_no_next_step_when_everything_is_done():
    assert outline(done=(row("one"), row("two"))).next_step(1, "two") is None


def test_positions_count_within_the_module():
    course = outline(APin(1), APin(2))
    assert [course.position(step) for step in course.steps] == [1, 2, 1, 2]


def test_find_needs_module_and_lesson():
    course = outline(APin(1), APin(2))
    assert course.find("module-2", "one").module_id == 2
    assert course.find("module-3", "one") is None


def test_a_step_knows_its_score_and_where_it_was_credited_from():
    course = outline(done=(row("one", score=Decimal("87.50"), credited_from_id=7),))
    assert (course.steps[0].score, course.steps[0].credited_from) == (Decimal("87.50"), 7)


def test_module_sums_are_those_of_its_required_lessons():
    module = outline(done=(row("one"),)).modules[0]
    assert (module.done, len(module.required), module.is_complete) == (1, 2, False)
    assert (module.title, outline(language="sv").modules[0].title) == ("Module", "Modul")


def test_readers_of_the_same_versions_share_the_plan_and_not_the_progress():
    one, two = outline(done=(row("one"),)), outline()
    assert one.modules[0].plan is two.modules[0]
    assert (one.done, two.done) == (1, 0)


def test_another_text_language_country_or_choice_of_lessons_is_another_plan():
    plain = outline().modules[0]
    changed = [entry("one"), {**entry("two"), "hash": "new words"}]
    others = [
        outline(APin(outline=changed)),
        outline(APin(lesson_keys=["one"])),
        outline(APin(layer=[CHECK], layer_number=1)),
        outline(language="sv"),
        outline(country="SE"),
    ]
    assert plain not in [other.modules[0] for other in others]
