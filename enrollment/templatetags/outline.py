"""The rows of an outline.

Drawn here and not by a template, and each row kept once drawn: a page has one for every lesson of the course, and
learners of one course and language see the same rows, but for what is done.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from courses.templatetags.courses import in_minutes
from lms.lib.templatetags.ui import icon

from ..outline import CourseOutline, ModuleOutline, Step
from ..selectors.lesson_page import Option

register = template.Library()

KEPT = 4096  # rows; some half a kilobyte each
STATES = {
    "credited": gettext_lazy("Credited from another course"),
    "passed": gettext_lazy("Passed"),
    "done": pgettext_lazy("lesson", "Done"),
    "here": gettext_lazy("You are here"),
    "quiz": gettext_lazy("Quiz"),
    "video": gettext_lazy("Video"),
    "open": gettext_lazy("Not done"),
}
DONE = ("credited", "passed", "done")
HERE = SafeString(' aria-current="step"')


@register.simple_tag
def outline_modules(outline: CourseOutline, here: Step, course: str) -> SafeString:
    """The modules, the present one unfolded, with their steps as links under the headings of their sections."""
    reading = get_language()
    return joined(fold(module, here, course, reading) for module in outline.modules)


def fold(module: ModuleOutline, here: Step, course: str, reading: str | None) -> SafeString:
    return format_html(
        '<details class="fold"{}><summary><span><span{}>{}</span><br><span class="small quiet">{}</span></span>'
        '</summary><ol class="outline">{}</ol></details>',
        SafeString(" open") if module.module_id == here.module_id else "",
        in_language(module.language, reading),
        module.title,
        _("%(done)s of %(total)s done") % {"done": module.done, "total": len(module.required)},
        joined(rows(module, here, course)),
    )


@register.simple_tag
@lru_cache(KEPT)
def choices(field: str, options: tuple[Option, ...]) -> SafeString:
    """A button for each language or country to switch to, the present one pressed."""
    return format_html_join(
        "",
        '<button name="{}" value="{}"{} aria-pressed="{}">{}</button>',
        (
            (
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


def rows(module: ModuleOutline, here: Step, course: str) -> Iterator[SafeString]:
    # Reversed once: the key of a lesson is the last part of its address.
    base = reverse("lesson", args=[course, module.key, "-"]).removesuffix("-/")
    reading, section = get_language(), ""
    for number, step in enumerate(module.steps, 1):
        if step.section != section and step.section:
            yield heading(step.section, module.source_language)
        section = step.section
        is_here = step.progress_key == here.progress_key
        yield row(
            f"{base}{step.key}/",
            number,
            step.title,
            step.language,
            state_of(step, is_here=is_here),
            step.minutes,
            required=step.required,
            is_here=is_here,
            reading=reading,
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


@lru_cache(KEPT)
def heading(section: str, language: str) -> SafeString:
    return format_html('<li class="outline-group small" lang="{}">{}</li>', language, section)


@lru_cache(KEPT)
def item(title: str, language: str, reading: str | None) -> SafeString:
    return format_html("<li{}>{}</li>", in_language(language, reading), title)


@lru_cache(KEPT)
def row(
    url: str,
    number: int,
    title: str,
    language: str,
    state: str,
    minutes: int,
    *,
    required: bool,
    is_here: bool,
    reading: str | None,
) -> SafeString:
    is_done = state in DONE
    return format_html(
        '<li data-state="{}"><a class="outline-row" href="{}"{}><span class="outline-mark">{}</span>'
        '<span class="outline-title"{}>{}</span><span class="outline-meta">{}</span></a></li>',
        "done" if is_done else "current" if is_here else "open",
        url,
        HERE if is_here else "",
        icon("check") if is_done else number,
        in_language(language, reading),
        title,
        " · ".join(about(state, minutes, required=required)),
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
