"""Two countries side by side at one lesson: what their published layers say, fact by fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.composition import ComposedPanel, compose_panels
from courses.models import Edition, Rendering
from courses.selectors.fact_cards import FactCard, fact_cards
from courses.selectors.layers import checks_of, layer_text
from lms.lib.places import country_name

from ..models import Pin
from ..outline import Step
from .learning import LearnerCourse
from .lesson_page import Option, country_options


@dataclass(frozen=True)
class Side:
    """One country. `has_layer` is False where nobody has adapted the module to it."""

    country: str
    name: str
    has_layer: bool
    panels: tuple[ComposedPanel, ...] = ()
    cards: tuple[FactCard, ...] = ()

    def card(self, key: str) -> FactCard | None:
        return next((card for card in self.cards if card.composed.fact.key == key), None)


@dataclass(frozen=True)
class Comparison:
    """`pairs` holds each fact once, as both countries state it; None where one of them does not."""

    own: Side
    other: Side | None
    options: tuple[Option, ...]

    @property
    def pairs(self) -> tuple[tuple[FactCard | None, FactCard | None], ...]:
        if self.other is None:
            return ()
        keys = dict.fromkeys(card.composed.fact.key for card in (*self.own.cards, *self.other.cards))
        return tuple((self.own.card(key), self.other.card(key)) for key in keys)


@dataclass(frozen=True)
class Layer:
    revision: int
    language: str
    lacks_local_review: bool


def compare(course: LearnerCourse, step: Step, *, other: str, on: date) -> Comparison:
    """The learner's country beside `other`, or beside the first there is. Three queries."""
    pin, own = course.pin_of(step.module_id), course.enrollment.country
    layers = published_layers(pin)
    if pin.layer_revision_id:
        layers[own] = Layer(
            pin.layer_revision_id, pin.layer_language or "en", bool(pin.layer_lacks_local_review)
        )
    options = country_options({*layers} - {own}, other)
    if options and not any(option.is_chosen for option in options):
        options = country_options({*layers} - {own}, options[0].code)
    chosen = next((option.code for option in options if option.is_chosen), None)
    countries = [own, chosen] if chosen else [own]
    sides = sides_of(course, step, {code: layers[code] for code in countries if code in layers}, on=on)
    nothing = Side(own, country_name(own), has_layer=False)
    return Comparison(sides.get(own, nothing), sides[chosen] if chosen else None, options)


def published_layers(pin: Pin) -> dict[str, Layer]:
    rows = Edition.objects.filter(module=pin.module_id, kind=Edition.Kind.LAYER, current__isnull=False)
    found = rows.values_list(
        "country", "current", "current__meta__source_language", "current__lacks_local_review"
    )
    return {country: Layer(revision, language or "en", lacks) for country, revision, language, lacks in found}


def sides_of(course: LearnerCourse, step: Step, layers: dict[str, Layer], *, on: date) -> dict[str, Side]:
    revisions = [layer.revision for layer in layers.values()]
    texts = list(Rendering.objects.filter(revision__in=revisions, lesson_key=step.key))
    checks = checks_of(step.module_id, layers)
    sides = {}
    for country, layer in layers.items():
        own = [text for text in texts if text.revision_id == layer.revision]
        text = layer_text(
            country,
            own,
            checks.get(country, {}),
            source_language=layer.language,
            lacks_local_review=layer.lacks_local_review,
        )
        panels = compose_panels(text, step.key, course.enrollment.language)
        sides[country] = side(country, panels, on=on)
    return sides


def side(country: str, panels: Sequence[ComposedPanel], *, on: date) -> Side:
    cards = tuple(card for panel in panels for card in fact_cards(panel.facts, on=on))
    return Side(country, country_name(country), has_layer=True, panels=tuple(panels), cards=cards)
