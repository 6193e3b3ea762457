"""The rows of an outline.

Drawn here and not by a template: a page has one for every lesson of the course, and as a template they were nearly
half of what a page of a lesson cost.
"""

from collections.abc import Iterator

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.templatetags.courses import in_minutes
from lms.lib.templatetags.ui import icon

from ..outline import ModuleOutline, Step

register = template.Library()


@register.simple_tag
def outline_rows(module: ModuleOutline, here: Step, course: str) -> SafeString:
    """The steps of a module as links, each with its state in words, under the headings of its sections."""
    return mark_safe("".join(rows(module, here, course)))  # noqa: S308 - each part is escaped below


def rows(module: ModuleOutline, here: Step, course: str) -> Iterator[SafeString]:
    # Reversed once: the key of a lesson is the last part of its address.
    base = reverse("lesson", args=[course, module.key, "-"]).removesuffix("-/")
    reading, section = get_language(), ""
    for number, step in enumerate(module.steps, 1):
        if step.section != section and step.section:
            yield heading(step.section, module.source_language)
        section = step.section
        yield row(
            step,
            number,
            f"{base}{step.key}/",
            is_here=step.progress_key == here.progress_key,
            reading=reading,
        )


def heading(section: str, language: str) -> SafeString:
    return format_html('<li class="outline-group small" lang="{}">{}</li>', language, section)


def row(step: Step, number: int, url: str, *, is_here: bool, reading: str | None) -> SafeString:
    state = "done" if step.is_done else "current" if is_here else "open"
    return format_html(
        '<li data-state="{}"><a class="outline-row" href="{}"{}><span class="outline-mark">{}</span>'
        '<span class="outline-title"{}>{}</span><span class="outline-meta">{}</span></a></li>',
        state,
        url,
        HERE if is_here else "",
        icon("check") if step.is_done else number,
        "" if step.language == reading else format_html(' lang="{}"', step.language),
        step.title,
        " · ".join(about(step, is_here=is_here)),
    )


HERE = SafeString(' aria-current="step"')


def about(step: Step, *, is_here: bool) -> Iterator[str]:
    """State, time, and whether it may be left out."""
    yield state_of(step, is_here=is_here)
    yield in_minutes(step.minutes)
    if not step.required:
        yield _("optional")


def state_of(step: Step, *, is_here: bool) -> str:
    if step.credited_from:
        return _("Credited from another course")
    if step.is_done:
        return _("Passed") if step.is_quiz else _("Done")
    if is_here:
        return _("You are here")
    return _("Quiz") if step.is_quiz else _("Film") if step.kind == "video" else _("Not done")
