"""A composed lesson as its page shows it: stretches of text, and after each the panels that stand there."""

from dataclasses import dataclass
from datetime import date

from lms.lib.places import country_name

from ..composition import ComposedLesson, ComposedPanel
from .fact_cards import FactCard, fact_cards


@dataclass(frozen=True)
class PanelOnPage:
    panel: ComposedPanel
    cards: tuple[FactCard, ...]
    name: str


@dataclass(frozen=True)
class PartOnPage:
    """A stretch of the lesson and what stands after it.

    `is_unadapted`: a place that no panel fills yet. `compares`: the place of the comparison of countries.
    """

    html: str
    anchor: str
    panels: tuple[PanelOnPage, ...]
    is_unadapted: bool
    compares: bool = False


def parts_on_page(lesson: ComposedLesson, *, on: date) -> tuple[PartOnPage, ...]:
    return tuple(
        PartOnPage(
            html=part.html,
            anchor=part.anchor or "",
            panels=tuple(panel_on_page(panel, on=on) for panel in part.panels),
            is_unadapted=part.anchor is not None and not part.panels,
            compares=part.compares,
        )
        for part in lesson.parts
    )


def panel_on_page(panel: ComposedPanel, *, on: date) -> PanelOnPage:
    return PanelOnPage(panel, fact_cards(panel.facts, on=on), country_name(panel.country))
