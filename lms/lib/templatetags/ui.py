"""Template tags of the design system: drawings and small marks that need more than markup.

Every number in an SVG attribute is whole, because a localised "40,5" breaks the drawing, and no tag writes a
`style` attribute, because the content security policy refuses it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .icons import PATHS

register = template.Library()

BADGE_ICONS = {
    "ok": "ok",
    "info": "info",
    "warn": "warn",
    "danger": "danger",
    "brand": "neutral",
    "neutral": "neutral",
}
DARK_LETTERS, LIGHT_LETTERS = "#000000", "#ffffff"
FALLBACK_COLOUR = "#4b5f68"
HORIZON = ((40, ' class="sun"'), (56, ""), (76, ""), (100, ""), (128, ""), (160, ""), (196, ""))


class Marked(Protocol):
    """What `{% mark %}` needs to know of an organisation."""

    letters: str
    colour: str

    def name_in(self, language: str, /) -> str: ...


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of our set; the words beside it carry the meaning. Raises KeyError for an unknown name."""
    return mark_safe(  # noqa: S308 - both parts are constants of icons.py
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{PATHS[name]}"/></svg>'
    )


@register.simple_tag
def badge(kind: str, words: object, name: str = "") -> SafeString:
    """A state in colour, icon and word. Kinds: ok, info, warn, danger, brand, neutral; `name` picks another icon."""
    return format_html(
        '<span class="badge" data-kind="{}">{}{}</span>', kind, icon(name or BADGE_ICONS[kind]), words
    )


# --- Progress -------------------------------------------------------------------------------------------------------


def percent(done: int, total: int) -> int:
    """Whole percent, rounded so that only what is finished shows 100 and only what is untouched shows 0."""
    if total <= 0 or done <= 0:
        return 0
    if done >= total:
        return 100
    return max(1, done * 100 // total)


def state_of(done: int | None, total: int | None) -> str:
    """none, part, done, or unknown where there is nothing to count."""
    if not total or done is None:
        return "unknown"
    if done <= 0:
        return "none"
    return "done" if done >= total else "part"


def in_words(done: int | None, total: int | None) -> str:
    """The figure as a person would say it: "2 of 5"."""
    if state_of(done, total) == "unknown":
        return _("Not counted yet")
    return _("%(done)s of %(total)s") % {"done": done, "total": total}


def percent_words(value: int) -> str:
    """Percent as the reader's language writes it: "40%", "40 %"."""
    # Translators: the percent pattern, e.g. "40%" in English and "40 %" in Swedish.
    return _("%(percent)s%%") % {"percent": value}


def words(done: int | None, total: int | None, label: object) -> SafeString:
    """The visible sentence beside a drawing; the drawing itself is hidden from assistive technology."""
    name = format_html(" <span>{}</span>", label) if label else ""
    return format_html('<span class="words"><b>{}</b>{}</span>', in_words(done, total), name)


def ring_centre(state: str, value: int) -> SafeString:
    """A tick when done, a dash when unknown, otherwise the percentage."""
    if state == "done":
        return mark_safe('<path class="tick" d="m34 51 11 11 21-23"/>')
    return format_html('<text x="50" y="57">{}</text>', "–" if state == "unknown" else percent_words(value))


def ring_arc(value: int) -> SafeString:
    """The drawn part; nothing at 0, since a round line cap would still leave a dot."""
    if not value:
        return SafeString("")
    return format_html(
        '<circle class="value" cx="50" cy="50" r="44" pathLength="100" stroke-dasharray="{} 100" '
        'transform="rotate(-90 50 50)"/>',
        value,
    )


@register.simple_tag
def ring(done: int | None, total: int | None, label: object = "", size: str = "m") -> SafeString:
    """Progress as a ring with its words: `{% ring 2 5 _("Lessons") %}`. Sizes: s, m, l; total 0 means unknown."""
    return drawn_ring(done, total, str(label), size, get_language())


@lru_cache(1024)
def drawn_ring(
    done: int | None, total: int | None, label: str, size: str, _language: str | None
) -> SafeString:
    state = state_of(done, total)
    value = percent(done or 0, total or 0)
    return format_html(
        '<span class="ring" data-state="{}" data-size="{}"><svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">'
        '<circle class="track" cx="50" cy="50" r="44" pathLength="100"/>{}{}</svg>{}</span>',
        state,
        size,
        ring_arc(value),
        ring_centre(state, value),
        words(done, total, label),
    )


def line(value: int) -> SafeString:
    """A bar stretched to whatever width its container has, so that the width is a whole number of percent."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="4"/><rect class="value" width="{}" height="4"/></svg>',
        value,
    )


@register.simple_tag
def bar(done: int | None, total: int | None, label: object = "") -> SafeString:
    """Progress as a line with its words: `{% bar 2 5 _("Lessons") %}`; total 0 means unknown."""
    return format_html(
        '<span class="progress" data-state="{}">{}{}</span>',
        state_of(done, total),
        line(percent(done or 0, total or 0)),
        words(done, total, label),
    )


@register.simple_tag
def bars(rows: Iterable[tuple[object, int]], caption: object) -> SafeString:
    """A bar chart that is a table: (label, whole number) per row; the longest bar is the largest number."""
    rows = list(rows)
    top = max((number for _label, number in rows), default=0) or 1
    cells = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td><svg viewBox="0 0 600 20" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect width="{}" height="20"/></svg></td><td class="num">{}</td></tr>',
        ((label, str(600 * number // top), number_format(number)) for label, number in rows),
    )
    return format_html('<table class="bars"><caption>{}</caption><tbody>{}</tbody></table>', caption, cells)


# --- Marks ----------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb by WCAG 2.2."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def safe_colour(colour: str | None) -> str:
    """The colour if it is #rrggbb, else a neutral one: a partner's record never writes anything else into a page."""
    return colour if colour and re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) else FALLBACK_COLOUR


def letters_on(colour: str) -> str:
    """Dark or light letters, whichever reads better; at least 4.5 : 1 on every colour there is."""
    return max((LIGHT_LETTERS, DARK_LETTERS), key=lambda letters: contrast(letters, colour))


@register.simple_tag
def mark(organisation: Marked, decorative: bool = False) -> SafeString:
    """An organisation's lettered mark, named in the reader's language.

    `decorative=True` where its name stands beside it in words.
    """
    colour = safe_colour(organisation.colour)
    letters = organisation.letters[:4]
    if decorative:
        said = SafeString('aria-hidden="true"')
    else:
        said = format_html('role="img" aria-label="{}"', organisation.name_in(get_language() or "en"))
    size = (17, 17, 15, 12, 10)[len(letters)]
    return format_html(
        '<svg class="mark" viewBox="0 0 40 40" {} focusable="false"><rect width="40" height="40" fill="{}"/>'
        '<text x="20" y="{}" font-size="{}" fill="{}">{}</text></svg>',
        said,
        colour,
        20 + (size + 2) // 3,
        size,
        letters_on(colour),
        letters,
    )


@register.simple_tag
def horizon() -> SafeString:
    """The programme's emblem drawn large: a low northern sun above its horizon. Decoration only."""
    arcs = "".join(f'<path{sun} d="M{200 - r} 220a{r} {r} 0 0 1 {2 * r} 0"/>' for r, sun in HORIZON)
    return mark_safe(  # noqa: S308 - whole numbers and constants
        f'<svg class="horizon" viewBox="0 0 400 222" aria-hidden="true" focusable="false">{arcs}<path d="M0 221h400"/></svg>'
    )


# --- Navigation -----------------------------------------------------------------------------------------------------


def is_current(path: str, url: str) -> str:
    """ "page" on the page itself, "true" below it, "" elsewhere; the front page is above everything and only itself."""
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: object, symbol: str = "") -> SafeString:
    """One entry of a menu, marked `aria-current` on its page and on the pages below it."""
    url = reverse(name)
    request: Any = context.get("request")
    current = is_current(request.path, url) if request else ""
    attribute = format_html(' aria-current="{}"', current) if current else ""
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        url,
        attribute,
        icon(symbol) if symbol else "",
        label,
    )
