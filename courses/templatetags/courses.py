"""How pages say what is kept by language, and how long things take."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lms.accounts.models import Organisation
from lms.lib.templatetags.ui import icon

from ..models import Lesson
from ..selectors.catalogue import Coverage
from ..selectors.course_page import LessonRow
from ..selectors.fact_cards import ReplacedSource
from ..selectors.lesson_parts import PartOnPage
from ..selectors.words import Words, language_here

register = template.Library()
register.filter(language_here)

KEPT = 4096  # rows; some 300 bytes each
LESSON_ICONS = {"text": "text", "video": "video", "audio": "audio", "quiz": "question", "file": "file"}


@register.filter
def spoken(words: Words) -> SafeString:
    """The text, marked with its language where that is not the reader's: for hyphens and for screen readers."""
    if words.is_fallback:
        return format_html('<span lang="{}">{}</span>', words.language, words.text)
    return conditional_escape(words.text)


@register.filter
def full_name(organisation: Organisation) -> str:
    """As it calls itself in the reader's language."""
    return organisation.name_in(get_language() or "en")


@register.filter
def in_hours(hours: Decimal) -> str:
    """`2.50` as "2.5 hours", in the reader's way of writing numbers."""
    plain = Decimal(f"{hours.normalize():f}")
    number = number_format(plain)
    plural = int(plain.to_integral_value(ROUND_CEILING))
    return ngettext("%(number)s hour", "%(number)s hours", plural) % {"number": number}


@register.filter
def replaced_sources(parts: Iterable[PartOnPage]) -> list[ReplacedSource]:
    """What a lesson's panels rest on and is replaced, each once."""
    cards = (card for part in parts for panel in part.panels for card in panel.cards)
    return list(dict.fromkeys(card.replaced for card in cards if card.replaced))


@register.filter
def lesson_icon(kind: str) -> str:
    return LESSON_ICONS[kind]


@register.filter
def lesson_kind(kind: str) -> str:
    return str(Lesson.Kind(kind).label)


@register.filter
def in_minutes(minutes: int) -> str:
    """`95` as "1 h 35 min"."""
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes % 60 == 0:
        return _("%(hours)s h") % {"hours": minutes // 60}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.simple_tag
def lesson_rows(lessons: Iterable[LessonRow]) -> SafeString:
    """The lessons of a module under the headings of its sections: what kind, what about, how long."""
    reading = get_language()
    return mark_safe("".join(rows_of(lessons, reading)))  # noqa: S308 - each part is escaped below


def rows_of(lessons: Iterable[LessonRow], reading: str | None) -> Iterator[SafeString]:
    section = ""
    for lesson in lessons:
        if lesson.section.text != section and lesson.section:
            yield section_row(lesson.section)
        section = lesson.section.text
        yield lesson_row(lesson, reading)


@lru_cache(KEPT)
def section_row(section: Words) -> SafeString:
    return format_html('<li class="outline-group">{}</li>', spoken(section))


# A course page has a row for every lesson, the same for everybody who reads that language.
@lru_cache(KEPT)
def lesson_row(lesson: LessonRow, _reading: str | None) -> SafeString:
    return format_html(
        '<li><span class="outline-row"><span class="outline-mark">{}</span><span class="outline-title">{}</span>'
        '<span class="outline-meta">{}</span></span></li>',
        icon(lesson_icon(lesson.kind)),
        spoken(lesson.title),
        " · ".join(about(lesson)),
    )


def about(lesson: LessonRow) -> Iterator[str]:
    """How long, how many questions, and whether it may be left out."""
    yield in_minutes(lesson.minutes)
    if lesson.questions:
        number = lesson.questions
        yield ngettext("%(number)s question", "%(number)s questions", number) % {"number": number}
    if not lesson.required:
        yield _("optional")


@register.simple_tag
def names(coverage: Iterable[Coverage]) -> str:
    """`Finland, Norway, Sweden (in part)`."""
    part = _("%(name)s (in part)")
    listed = (each.name if each.is_complete else part % {"name": each.name} for each in coverage)
    return str(capfirst(", ".join(listed)))
