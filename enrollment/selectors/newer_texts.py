"""The words of before beside the newer ones, lesson by lesson, as whoever is offered them reads: never a question."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.models import FactStatement, Lesson, LessonTranslation, Panel, Revision
from courses.selectors.studio.differences import Line, changed_lines
from lms.lib.places import pick

from ..models import LayerPin, Offer

# Signs of Markdown that say nothing to a reader: fences, headings, emphasis, the address of a link.
SIGNS = re.compile(r"^\s*#+\s*|\*\*|^\s*:::.*$|^\s*\|?(?:\s*:?-+:?\s*\|)+\s*$|(?<=\])\([^)]*\)")
Texts = Mapping[str, str]


@dataclass(frozen=True)
class NewerText:
    """A lesson or panel whose words changed. `name` is empty where the list of changes says it already."""

    key: str
    name: str
    language: str
    lines: tuple[Line, ...]

    @property
    def before(self) -> tuple[Line, ...]:
        return without("added", self.lines)

    @property
    def after(self) -> tuple[Line, ...]:
        return without("removed", self.lines)


def without(kind: str, lines: Iterable[Line]) -> tuple[Line, ...]:
    sides = (tuple(span for span in line if span.kind != kind) for line in lines)
    return tuple(line for line in sides if line)


def newer_texts(offers: Iterable[Offer], *, reading: str) -> dict[int, tuple[NewerText, ...]]:
    """By offer. Two queries for cores and three for layers, however many offers there are."""
    wanted = list(offers)
    found = lessons_beside([each for each in wanted if not each.country], reading)
    return found | panels_beside([each for each in wanted if each.country], reading)


def words_of(body: str) -> list[str]:
    lines = (SIGNS.sub("", line).strip() for line in body.splitlines())
    return [line for line in lines if line]


def beside(key: str, name: str, language: str, before: str, after: str) -> NewerText:
    return NewerText(key, name, language, tuple(changed_lines(words_of(before), words_of(after))))


# --- Cores ------------------------------------------------------------------------------------------------------------


def lessons_beside(offers: list[Offer], reading: str) -> dict[int, tuple[NewerText, ...]]:
    """In the reader's language where both texts were translated, else in that of the core."""
    if not offers:
        return {}
    revisions = {pk for offer in offers for pk in (offer.pin.core_revision_id, offer.revision_id)}
    rows = Lesson.objects.filter(revision__in=revisions)
    lessons = {
        (row.revision_id, row.key): row for row in rows.only("revision", "key", "title", "body", "text_hash")
    }
    translated = translations({offer.pin.module_id for offer in offers}, reading)
    return {offer.pk: tuple(of_core(offer, lessons, translated, reading)) for offer in offers}


def translations(modules: set[int], language: str) -> dict[tuple[int, str, str], LessonTranslation]:
    """By module, lesson and the text that each translates. One query."""
    rows = LessonTranslation.objects.filter(
        revision__edition__module__in=modules,
        revision__edition__language=language,
        revision__status__in=[Revision.Status.PUBLISHED, Revision.Status.WITHDRAWN],
    ).order_by("revision__number")
    read = rows.values_list("revision__edition__module", "key", "source_hash", "title", "body")
    return {
        (module, key, source): LessonTranslation(title=title, body=body)
        for module, key, source, title, body in read
    }


def of_core(
    offer: Offer,
    lessons: Mapping[tuple[int, str], Lesson],
    translated: Mapping[tuple[int, str, str], LessonTranslation],
    reading: str,
) -> Iterator[NewerText]:
    module, keys = offer.pin.module, offer.pin.lesson_keys
    for (revision, key), new in lessons.items():
        old = lessons.get((offer.pin.core_revision_id, key))
        is_asked = revision == offer.revision_id and (keys is None or key in keys)
        if not is_asked or old is None or old.text_hash == new.text_hash:
            continue
        ours, theirs = ((module.pk, key, each.text_hash) for each in (old, new))
        if ours in translated and theirs in translated:
            text = beside(key, "", reading, whole(translated[ours]), whole(translated[theirs]))
        else:
            text = beside(key, "", module.source_language, whole(old), whole(new))
        if text.lines:  # else only its questions or its settings have changed
            yield text


def whole(text: Lesson | LessonTranslation) -> str:
    return f"{text.title}\n{text.body}"


# --- Layers -----------------------------------------------------------------------------------------------------------


def panels_beside(offers: list[Offer], reading: str) -> dict[int, tuple[NewerText, ...]]:
    """Panels and facts under the lesson they stand in; those that are new or gone too."""
    if not offers:
        return {}
    pins = [offer.pin_id for offer in offers]
    pinned = LayerPin.objects.filter(pin__in=pins).values_list("pin", "country", "layer_revision")
    before = {(pin, country): revision for pin, country, revision in pinned}
    revisions = {*before.values(), *(offer.revision_id for offer in offers)}
    said = layer_words(revisions, reading)
    return {
        offer.pk: tuple(
            of_layer(
                said.get(before.get((offer.pin_id, offer.country), 0), {}), said.get(offer.revision_id, {})
            )
        )
        for offer in offers
    }


Words = dict[tuple[str, str], tuple[str, str]]  # by lesson and anchor: text and its language


def layer_words(revisions: set[int], reading: str) -> dict[int, Words]:
    """Of each revision its panels in the reader's language, each with what its facts say. Two queries."""
    facts: dict[tuple[int, str], Texts] = {}
    stated = FactStatement.objects.filter(revision__in=revisions)
    for revision, key, texts in stated.values_list("revision", "fact__key", "texts"):
        facts[revision, key] = texts
    bodies: dict[int, dict[tuple[str, str], dict[str, Any]]] = {}
    panels = Panel.objects.filter(revision__in=revisions).order_by("pk")
    for panel in panels.only("revision", "lesson_key", "anchor", "language", "body", "fact_keys"):
        place = bodies.setdefault(panel.revision_id, {}).setdefault((panel.lesson_key, panel.anchor), {})
        place[panel.language] = panel
    found: dict[int, Words] = {}
    for revision, places in bodies.items():
        for where, by_language in places.items():
            _body, language = pick(dict.fromkeys(by_language, "…"), [reading])
            panel = by_language[language]
            stated_here = (pick(facts.get((revision, key), {}), [language])[0] for key in panel.fact_keys)
            found.setdefault(revision, {})[where] = ("\n".join([panel.body, *stated_here]), language)
    return found


def of_layer(before: Words, after: Words) -> Iterator[NewerText]:
    for place in dict.fromkeys([*after, *before]):
        (old, language), (new, spoken) = before.get(place, ("", "")), after.get(place, ("", ""))
        if old != new:
            yield beside(place[0], " · ".join(filter(None, place)), spoken or language, old, new)
