"""The rows of an outline.

Drawn here and not by a template, and each module kept once drawn: a page has a row for every lesson of the course, and
learners of one course and language see the same modules, but for what is done of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from courses.selectors.words import Words
from courses.templatetags.courses import in_minutes
from lms.lib.templatetags.ui import icon

from ..outline import CourseOutline, ModuleOutline, ProgressKey, Step
from ..selectors.lesson_page import Option

register = template.Library()

SIDES = 512  # some fifteen kilobytes each
FOLDS = 1024  # modules; some five kilobytes each
KEPT = 4096  # titles and choices
STATES = {
    "credited": gettext_lazy("Credited from another course"),
    "passed": gettext_lazy("Passed"),
    "done": pgettext_lazy("lesson", "Done"),
    "here": gettext_lazy("You are here"),
    "quiz": gettext_lazy("Quiz"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Audio"),
    "file": gettext_lazy("File"),
    "open": gettext_lazy("Not done"),
}
DONE = ("credited", "passed", "done")
HERE = SafeString(' aria-current="step"')


@dataclass(frozen=True)
class Seen:
    """A module as it looks from a step: all that its rows say of the learner is in `states`."""

    plan: ModuleOutline
    states: tuple[str, ...]
    place: int | None
    done: int


@dataclass(frozen=True)
class Side:
    """All that the outline beside a lesson says; equal ones are drawn once. `outline` says the same as `modules`."""

    modules: tuple[Seen, ...]
    here: ProgressKey
    title: Words
    course: str
    reading: str | None
    oob: bool
    outline: CourseOutline = field(compare=False)


@register.simple_tag
def course_outline(
    outline: CourseOutline, here: Step, title: Words, course: str, *, oob: bool = False
) -> SafeString:
    """How far the learner is, and every lesson with its state. With `oob` it is part of an answer."""
    modules = tuple(seen(module, here) for module in outline.modules)
    return side(Side(modules, here.progress_key, title, course, get_language(), oob, outline))


def seen(module: ModuleOutline, here: Step) -> Seen:
    place = module.places.get(here.progress_key)
    states = tuple(state_of(step, is_here=number == place) for number, step in enumerate(module.steps))
    return Seen(module.plan, states, place, module.done)


# Who reads a course in its order has the same behind them as others at the same lesson.
@lru_cache(SIDES)
def side(shown: Side) -> SafeString:
    modules = joined(drawn(each, shown.course, shown.reading) for each in shown.modules)
    return render_to_string(
        "enrollment/_outline.html", {"shown": shown, "outline": shown.outline, "modules": modules}
    )


@lru_cache(FOLDS)
def drawn(shown: Seen, course: str, reading: str | None) -> SafeString:
    """The present module unfolded, with its steps as links under the headings of their sections."""
    plan = shown.plan
    return format_html(
        '<details class="fold"{}><summary><span><span{}>{}</span><br><span class="small quiet">{}</span></span>'
        '</summary><ol class="outline">{}</ol></details>',
        SafeString("") if shown.place is None else SafeString(" open"),
        in_language(plan.language, reading),
        plan.title,
        _("%(done)s of %(total)s done") % {"done": shown.done, "total": len(plan.required)},
        joined(rows(shown, course, reading)),
    )


@register.simple_tag
def choices(field: str, address: str, options: tuple[Option, ...]) -> SafeString:
    """A button for each language or country to switch to, the present one pressed."""
    return format_html_join(
        "",
        '<button form="reader" formaction="{}" name="{}" value="{}"{} aria-pressed="{}">{}</button>',
        (
            (
                address,
                field,
                option.code,
                in_language(option.code, None) if field == "language" else "",
                "true" if option.is_chosen else "false",
                capfirst(option.name),
            )
            for option in options
        ),
    )


@register.simple_tag
def titles(steps: Iterable[Step]) -> SafeString:
    """The titles as items of a list."""
    reading = get_language()
    return joined(item(step.title, step.language, reading) for step in steps)


def joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped below


def rows(shown: Seen, course: str, reading: str | None) -> Iterator[SafeString]:
    plan = shown.plan
    # Reversed once: the key of a lesson is the last part of its address.
    base = reverse("lesson", args=[course, plan.key, "-"]).removesuffix("-/")
    section = ""
    for number, (step, state) in enumerate(zip(plan.steps, shown.states, strict=True)):
        if step.section != section and step.section:
            yield heading(step.section, plan.source_language)
        section = step.section
        yield row(
            step, state, f"{base}{step.key}/", number + 1, is_here=number == shown.place, reading=reading
        )


def state_of(step: Step, *, is_here: bool) -> str:
    """One of STATES."""
    if step.credited_from:
        return "credited"
    if step.is_done:
        return "passed" if step.is_quiz else "done"
    if is_here:
        return "here"
    return step.kind if step.kind in STATES else "open"


def heading(section: str, language: str) -> SafeString:
    return format_html('<li class="outline-group small" lang="{}">{}</li>', language, section)


@lru_cache(KEPT)
def item(title: str, language: str, reading: str | None) -> SafeString:
    return format_html("<li{}>{}</li>", in_language(language, reading), title)


def row(step: Step, state: str, url: str, number: int, *, is_here: bool, reading: str | None) -> SafeString:
    is_done = state in DONE
    return format_html(
        '<li data-state="{}"><a class="outline-row" href="{}"{}><span class="outline-mark">{}</span>'
        '<span class="outline-title"{}>{}</span><span class="outline-meta">{}</span></a></li>',
        "done" if is_done else "current" if is_here else "open",
        url,
        HERE if is_here else "",
        icon("check") if is_done else number,
        in_language(step.language, reading),
        step.title,
        " · ".join(about(state, step.minutes, required=step.required)),
    )


def in_language(language: str, reading: str | None) -> SafeString:
    """The attribute where the words are not in the reader's language."""
    return SafeString("") if language == reading else format_html(' lang="{}"', language)


def about(state: str, minutes: int, *, required: bool) -> Iterator[str]:
    """State, time, and whether it may be left out."""
    yield str(STATES[state])
    yield in_minutes(minutes)
    if not required:
        yield _("optional")
