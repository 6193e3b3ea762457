"""What this learner reads: core text, its translation, and panels of national layers.

Pure functions on plain values. All HTML comes in rendered and sanitised and goes out byte for byte: composing chooses
and places texts, it never changes one. So a switch of language or country can lose nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lms.lib.places import pick

from .content import NativeTerm

COUNTRY_PLACE = re.compile(r'<div data-country-anchor="([^"]*)"></div>')
COMPARE_PLACE = '<div data-compare-place=""></div>'


class Fallback(StrEnum):
    """Why a reader gets another language than the one asked for."""

    MISSING = "missing"
    STALE = "stale"


@dataclass(frozen=True)
class CoreText:
    """A lesson of the core as published."""

    key: str
    title: str
    html: str
    language: str
    text_hash: str


@dataclass(frozen=True)
class TranslatedText:
    """A lesson in another language; `source_hash` is the text hash of what it translates."""

    title: str
    html: str
    language: str
    source_hash: str

    def is_stale(self, core: CoreText) -> bool:
        """The words it translates are no longer the words of the core. Nothing else makes a text stale."""
        return self.source_hash != core.text_hash


@dataclass(frozen=True)
class Replacement:
    """From which day a source is replaced, and by what."""

    on: date
    successor: str
    successor_url: str = ""


@dataclass(frozen=True)
class FactText:
    """A fact as a layer states it, with its newest check; statements by language."""

    key: str
    statement: Mapping[str, str]
    status: str
    native_terms: tuple[NativeTerm, ...] = ()
    legal_ref: str = ""
    source_url: str = ""
    checked_on: date | None = None
    review_due_on: date | None = None
    replacement: Replacement | None = None


@dataclass(frozen=True)
class PanelText:
    """A panel in one language; an empty anchor is the place of `:::country`, or the end of the lesson."""

    lesson_key: str
    language: str
    html: str
    anchor: str = ""
    fact_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerText:
    """A national layer: its panels in all its languages, its facts by key.

    `lacks_local_review`: no partner of the country has approved it, and each of its panels says so.
    """

    country: str
    source_language: str
    panels: Sequence[PanelText] = ()
    facts: Mapping[str, FactText] = field(default_factory=dict)
    lacks_local_review: bool = False


@dataclass(frozen=True)
class ComposedFact:
    """A fact card; `statement` is in `language`."""

    fact: FactText
    statement: str
    language: str
    is_fallback: bool


@dataclass(frozen=True)
class ComposedPanel:
    """One panel in the language that the reader gets, with its fact cards in order."""

    country: str
    anchor: str
    language: str
    is_fallback: bool
    html: str
    facts: tuple[ComposedFact, ...] = ()
    lacks_local_review: bool = False


@dataclass(frozen=True)
class LessonPart:
    """A stretch of the lesson's HTML and what stands after it: panels, or the countries beside each other."""

    html: str
    anchor: str | None
    panels: tuple[ComposedPanel, ...] = ()
    compares: bool = False


@dataclass(frozen=True)
class ComposedLesson:
    """`html` is the core's or the translation's, unchanged; `parts` is the same text cut at the panels' places."""

    key: str
    title: str
    html: str
    language: str
    source_language: str
    fallback_reason: Fallback | None
    panels: tuple[ComposedPanel, ...]

    @property
    def is_fallback(self) -> bool:
        return self.fallback_reason is not None

    @property
    def parts(self) -> tuple[LessonPart, ...]:
        return place_panels(self.html, self.panels)


def captioned(
    lesson: Mapping[str, Any], translated: Mapping[str, Any] | None, language: str
) -> dict[str, Any] | None:
    """The video of a core's outline, with the captions of a translation that is not stale."""
    video: dict[str, Any] | None = lesson.get("video")
    if not video or not translated or translated["source_hash"] != lesson["hash"]:
        return video
    own = {language: translated["captions"]} if translated.get("captions") else {}
    return {**video, "captions": {**video["captions"], **own}}


def compose(
    core: CoreText, translation: TranslatedText | None, layers: Iterable[LayerText], language: str
) -> ComposedLesson:
    """The lesson for a reader of `language`, with the panels of `layers` in their order.

    A translation that is stale, or not in the reader's language, is not shown: the core is, and says why.
    """
    chosen, reason = _choose_text(core, translation, language)
    return ComposedLesson(
        key=core.key,
        title=chosen.title,
        html=chosen.html,
        language=chosen.language,
        source_language=core.language,
        fallback_reason=reason,
        panels=tuple(panel for layer in layers for panel in compose_panels(layer, core.key, language)),
    )


def _choose_text(
    core: CoreText, translation: TranslatedText | None, language: str
) -> tuple[CoreText | TranslatedText, Fallback | None]:
    if language == core.language:
        return core, None
    if translation is None or translation.language != language:
        return core, Fallback.MISSING
    if translation.is_stale(core):
        return core, Fallback.STALE
    return translation, None


def compose_panels(layer: LayerText, lesson_key: str, language: str) -> tuple[ComposedPanel, ...]:
    """The layer's panels at a lesson, one per anchor: in the reader's language, the layer's, English, or any."""
    by_anchor: dict[str, dict[str, PanelText]] = {}
    for panel in layer.panels:
        if panel.lesson_key == lesson_key:
            by_anchor.setdefault(panel.anchor, {})[panel.language] = panel
    preferred = (language, layer.source_language)
    return tuple(
        _compose_panel(layer, _first_of(by_anchor[anchor], preferred), language)
        for anchor in sorted(by_anchor)
    )


def _first_of(panels: Mapping[str, PanelText], preferred: Sequence[str]) -> PanelText:
    _html, found = pick({language: language for language in panels}, preferred)
    return panels[found]


def _compose_panel(layer: LayerText, panel: PanelText, language: str) -> ComposedPanel:
    facts = [layer.facts[key] for key in panel.fact_keys if key in layer.facts]
    return ComposedPanel(
        country=layer.country,
        anchor=panel.anchor,
        language=panel.language,
        is_fallback=panel.language != language,
        html=panel.html,
        facts=tuple(compose_fact(fact, language, layer.source_language) for fact in facts),
        lacks_local_review=layer.lacks_local_review,
    )


def compose_fact(fact: FactText, language: str, source_language: str) -> ComposedFact:
    statement, found = pick(fact.statement, (language, source_language))
    return ComposedFact(fact=fact, statement=statement, language=found, is_fallback=found != language)


def place_panels(html: str, panels: Sequence[ComposedPanel]) -> tuple[LessonPart, ...]:
    """The lesson cut at its places, each part with the panels that follow it, or with the comparison of countries.

    What has no place of its own stands at the end, after the last part. Joined, the parts are `html` without the
    empty place-holders.
    """
    pieces = split_at_places(html)
    places = {anchor for _html, anchor in pieces if anchor is not None}
    parts = []
    for piece, anchor in pieces:
        here = [panel for panel in panels if (panel.anchor if panel.anchor in places else None) == anchor]
        *before, last = piece.split(COMPARE_PLACE)
        parts += [LessonPart(html=text, anchor=None, compares=True) for text in before]
        parts.append(LessonPart(html=last, anchor=anchor, panels=tuple(here)))
    return tuple(parts)


def split_at_places(html: str) -> tuple[tuple[str, str | None], ...]:
    """Pieces of the HTML, each with the anchor that follows it; the last has None.

    A second place of the same name is only removed: a panel stands once.
    """
    pieces: list[tuple[str, str | None]] = []
    seen: set[str] = set()
    begin, kept = 0, ""
    for place in COUNTRY_PLACE.finditer(html):
        kept += html[begin : place.start()]
        begin = place.end()
        if place[1] not in seen:
            seen.add(place[1])
            pieces.append((kept, place[1]))
            kept = ""
    return (*pieces, (kept + html[begin:], None))
