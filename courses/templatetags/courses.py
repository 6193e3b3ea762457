"""How pages say what is kept by language, and how long things take."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lms.accounts.models import Organisation

from ..selectors.catalogue import Coverage
from ..selectors.words import Words, language_here

register = template.Library()
register.filter(language_here)

LESSON_ICONS = {"text": "text", "video": "video", "quiz": "question", "file": "file"}


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
def lesson_icon(kind: str) -> str:
    return LESSON_ICONS[kind]


@register.filter
def in_minutes(minutes: int) -> str:
    """`95` as "1 h 35 min"."""
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes % 60 == 0:
        return _("%(hours)s h") % {"hours": minutes // 60}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.simple_tag
def names(coverage: Iterable[Coverage]) -> str:
    """`Finland, Norway, Sweden (in part)`."""
    part = _("%(name)s (in part)")
    listed = (each.name if each.is_complete else part % {"name": each.name} for each in coverage)
    return str(capfirst(", ".join(listed)))
