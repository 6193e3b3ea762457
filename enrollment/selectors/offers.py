"""What is offered to a learner, and what would change: lesson by lesson, with what is done of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.models import Revision
from courses.selectors.words import Words, said
from lms.lib.places import country_name, pick

from ..models import LayerPin, LessonProgress, Offer
from .learning import LearnerCourse
from .newer_texts import NewerText, newer_texts


@dataclass(frozen=True)
class LessonChange:
    """`what`: new, changed or gone. `is_done`: the learner has done it in the words of before."""

    key: str
    title: str
    language: str
    what: str
    is_done: bool


@dataclass(frozen=True)
class OfferOnPage:
    offer: Offer
    module: Words
    country_name: str
    note: Words
    changes: tuple[LessonChange, ...]
    unchanged: int
    is_first: bool
    texts: tuple[NewerText, ...]

    @property
    def to_ask(self) -> tuple[LessonChange, ...]:
        return tuple(each for each in self.changes if each.what == "changed" and each.is_done)


def offers_of(course: LearnerCourse) -> list[Offer]:
    """Those that wait for an answer. One query."""
    enrollment = course.enrollment
    if enrollment.is_complete:
        return []
    waiting = Offer.objects.filter(
        pin__enrollment=enrollment, answered_at=None, country__in=["", enrollment.country]
    ).exclude(revision__status=Revision.Status.WITHDRAWN)
    return list(waiting.select_related("pin__core_revision", "pin__module", "revision__edition"))


def offers_on_page(course: LearnerCourse, *, reading: str) -> tuple[OfferOnPage, ...]:
    """Five queries where cores are offered, three more where layers are, however many there are."""
    offers = offers_of(course)
    before = outlines_before(offers)
    done = done_lessons(offers)
    texts = newer_texts(offers, reading=reading)
    return tuple(on_page(offer, before[offer.pk], done, texts[offer.pk], reading) for offer in offers)


def on_page(
    offer: Offer,
    before: list[dict[str, Any]] | None,
    done: set[tuple[int, str, str]],
    texts: tuple[NewerText, ...],
    reading: str,
) -> OfferOnPage:
    changes = changes_of(offer, before or [], done, reading)
    kept = len(wanted(offer, offer.revision.outline)) - sum(each.what != "gone" for each in changes)
    return OfferOnPage(
        offer=offer,
        module=said(offer.pin.core_revision.meta.get("title", {}), reading),
        country_name=country_name(offer.country) if offer.country else "",
        note=said(offer.revision.change_note, reading),
        changes=changes,
        unchanged=kept,
        is_first=before is None,
        texts=texts,
    )


def lessons_to_ask(offer: Offer) -> list[LessonChange]:
    """The lessons that are done in other words than the offered ones."""
    before = outlines_before([offer])[offer.pk] or []
    changes = changes_of(offer, before, done_lessons([offer]), "en")
    return [each for each in changes if each.what == "changed" and each.is_done]


def outlines_before(offers: Iterable[Offer]) -> dict[int, list[dict[str, Any]] | None]:
    """What is read now: the core's outline, or the layer's; None where the country had no layer. One query at most."""
    wanted = list(offers)
    layers = {}
    if any(offer.country for offer in wanted):
        pinned = LayerPin.objects.filter(pin__in=[offer.pin_id for offer in wanted])
        rows = pinned.values_list("pin", "country", "layer_revision__outline")
        layers = {(pin, country): outline for pin, country, outline in rows}
    return {
        offer.pk: layers.get((offer.pin_id, offer.country))
        if offer.country
        else offer.pin.core_revision.outline
        for offer in wanted
    }


def done_lessons(offers: Iterable[Offer]) -> set[tuple[int, str, str]]:
    """One query."""
    enrollments = {offer.pin.enrollment_id for offer in offers}
    rows = LessonProgress.objects.filter(enrollment__in=enrollments)
    return set(rows.values_list("module", "lesson_key", "country"))


def wanted(offer: Offer, outline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lessons of it that the course asks for."""
    keys = offer.pin.lesson_keys
    return [each for each in outline if offer.country or keys is None or each["key"] in keys]


def changes_of(
    offer: Offer, before: list[dict[str, Any]], done: set[tuple[int, str, str]], reading: str
) -> tuple[LessonChange, ...]:
    old = {each["key"]: each for each in wanted(offer, before)}
    new = {each["key"]: each for each in wanted(offer, offer.revision.outline)}
    module = offer.pin.module_id
    found = []
    for key, entry in new.items():
        what = "new" if key not in old else "changed" if old[key]["hash"] != entry["hash"] else ""
        if what:
            found.append(change(offer, entry, what, (module, key, offer.country) in done, reading))
    for key, entry in old.items():
        if key not in new:
            found.append(change(offer, entry, "gone", (module, key, offer.country) in done, reading))
    return tuple(found)


def change(offer: Offer, entry: Mapping[str, Any], what: str, is_done: bool, reading: str) -> LessonChange:
    """The title of a country check is kept by language, that of a lesson in the language of its core."""
    title, language = entry["title"], offer.pin.module.source_language
    if not isinstance(title, str):
        title, language = pick(title, [reading])
    return LessonChange(entry["key"], title, language, what, is_done)
