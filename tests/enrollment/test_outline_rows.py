"""The rows beside a lesson: where each leads, what each says, and nothing that a title could bring along."""

from dataclasses import replace

import pytest
from django.utils import translation

from courses.selectors.words import Words
from enrollment.outline import CourseOutline, ModuleOutline, Step
from enrollment.templatetags.outline import course_outline

STEP = Step(
    module_id=1,
    module_key="trials",
    key="one",
    country="",
    kind="text",
    title="First",
    language="en",
    section="",
    minutes=10,
    required=True,
    text_hash="",
    questions=0,
    pass_percent=None,
    attempts=None,
    draw=None,
    pools=(),
    wait_hours=0,
    video=None,
    done_at=None,
    score=None,
    credited_from=None,
)
TITLE = Words("Nordic trials", "en", is_fallback=False)
HERE = replace(STEP, key="elsewhere")


def drawn(*steps: Step, here: Step = HERE) -> str:
    module = ModuleOutline(1, "trials", "Trials", "en", "en", 1, "FI", None, steps)
    return course_outline(CourseOutline((module,)), here, TITLE, "nordic-trials")


def test_a_row_leads_to_its_lesson():
    assert 'href="/learn/nordic-trials/trials/one/"' in drawn(STEP)


@pytest.mark.parametrize(
    ("change", "words", "state"),
    [
        ({}, "Not done · 10 min", "open"),
        ({"kind": "quiz"}, "Quiz · 10 min", "open"),
        ({"kind": "video"}, "Video · 10 min", "open"),
        ({"required": False}, "Not done · 10 min · optional", "open"),
        ({"done_at": 1}, "Done · 10 min", "done"),
        ({"done_at": 1, "kind": "quiz"}, "Passed · 10 min", "done"),
        ({"done_at": 1, "credited_from": 7}, "Credited from another course · 10 min", "done"),
    ],
)
def test_a_row_says_its_state(change, words, state):
    html = drawn(replace(STEP, **change))
    assert f'<span class="outline-meta">{words}</span>' in html
    assert f'data-state="{state}"' in html
    assert "aria-current" not in html


def test_the_open_lesson_is_marked_in_words_and_for_screen_readers():
    html = drawn(STEP, replace(STEP, key="two"), here=STEP)
    assert html.count('aria-current="step"') == html.count("You are here · 10 min") == 1
    assert html.index("aria-current") < html.index("two")


def test_a_country_check_is_another_step_for_each_country():
    check = replace(STEP, key="country-check", country="FI", kind="quiz")
    assert "aria-current" not in drawn(check, here=replace(check, country="SE"))


def test_rows_are_numbered_and_what_is_done_has_a_tick():
    html = drawn(replace(STEP, done_at=1), replace(STEP, key="two"))
    assert '<span class="outline-mark"><svg' in html
    assert '<span class="outline-mark">2</span>' in html


def test_a_section_stands_once_above_its_lessons():
    html = drawn(
        STEP,
        replace(STEP, key="two", section="Part I"),
        replace(STEP, key="three", section="Part I"),
        replace(STEP, key="four", section="Part II"),
    )
    assert html.count("Part I<") == html.count("Part II<") == 1
    assert html.count('class="outline-group small" lang="en"') == 2


def test_another_language_is_marked():
    with translation.override("sv"):
        html = drawn(replace(STEP, title="Först", language="sv"), replace(STEP, key="two"))
    assert '<span class="outline-title">Först</span>' in html
    assert '<span class="outline-title" lang="en">First</span>' in html


def test_a_title_brings_no_markup():
    html = drawn(replace(STEP, title="<b>&", section="<i>"))
    assert "&lt;b&gt;&amp;" in html
    assert "<i>" not in html
