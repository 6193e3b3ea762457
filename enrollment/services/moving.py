"""Published again: what is editorial moves with its readers, what is minor is offered, after a major one they finish.

A pin never moves once its course is completed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from courses.models import Edition, Revision
from lms.accounts.models import User

from ..errors import CompletedStays, OfferGone, OfferWithdrawn
from ..models import Enrollment, LayerPin, LearningEvent, Offer, Pin
from ..selectors.offers import lessons_to_ask
from .access import check_access
from .counting import recount

Kind, Class = Edition.Kind, Revision.ChangeClass
EventKind = LearningEvent.Kind
BATCH = 500


@dataclass(frozen=True)
class Line:
    """What was published since: readers of a revision numbered so high move, or are asked; all others finish."""

    moves_from: int
    asks_from: int


def spread(revision_id: int, *, at: datetime) -> None:
    """Bring a revision to those who are learning, as its change class says. Again changes nothing.

    Each enrolment is moved in a transaction of its own, so that one that is in use holds up no other.
    """
    revision = Revision.objects.select_related("edition").get(pk=revision_id)
    edition = revision.edition
    if edition.kind == Kind.TRANSLATION or edition.current_id != revision.pk:
        return
    line = line_before(revision)
    behind = pins_behind(revision)
    # Whoever should take it again may as well read it now, or finish what they started.
    asked = Q() if revision.retake_by else Q(read__gte=line.asks_from, read__lt=line.moves_from)
    make_offers(behind.filter(asked), revision, at=at)
    if edition.kind == Kind.LAYER:
        make_offers(pins_without(edition), revision, at=at)
    for enrollment in set(behind.filter(read__gte=line.moves_from).values_list("enrollment", flat=True)):
        move_silently(enrollment, revision, line, at=at)


def line_before(revision: Revision) -> Line:
    published = revision.edition.revisions.filter(published_at__isnull=False, number__lte=revision.number)
    classes = list(published.values_list("number", "change_class"))
    return Line(
        moves_from=max((number for number, each in classes if each != Class.EDITORIAL), default=0),
        asks_from=max((number for number, each in classes if each == Class.MAJOR), default=0),
    )


def of_those_learning() -> QuerySet[Pin]:
    return Pin.objects.filter(enrollment__completed_at=None, enrollment__withdrawn_at=None)


def pins_behind(revision: Revision) -> QuerySet[Any]:
    """Pins of an older revision of the same edition; `read` is its number."""
    edition = revision.edition
    if edition.kind == Kind.CORE:
        pins = of_those_learning().filter(core_revision__edition=edition)
        return pins.annotate(read=F("core_revision__number")).filter(read__lt=revision.number)
    pins = of_those_learning().filter(
        layers__country=edition.country, layers__layer_revision__edition=edition
    )
    return pins.annotate(read=F("layers__layer_revision__number")).filter(read__lt=revision.number)


def pins_without(layer: Edition) -> QuerySet[Pin]:
    """Those who learn for the country of a layer and began before it had one."""
    opened = LayerPin.objects.filter(pin=OuterRef("pk"), country=layer.country)
    learning = of_those_learning().filter(module=layer.module_id, enrollment__country=layer.country)
    return learning.filter(~Exists(opened))


# --- Offers -----------------------------------------------------------------------------------------------------------


def make_offers(pins: QuerySet[Pin], revision: Revision, *, at: datetime) -> None:
    """Offer it to whom it was not offered yet; what was offered before and not answered, it replaces."""
    country = revision.edition.country
    asked = Offer.objects.filter(pin=OuterRef("pk"), revision=revision)
    wanted = list(pins.filter(~Exists(asked)).values_list("pk", flat=True))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        with transaction.atomic():
            replaced = Offer.objects.filter(pin__in=some, country=country, answered_at=None)
            replaced.exclude(revision=revision).update(answered_at=at)
            offers = [Offer(pin_id=pk, country=country, revision=revision, made_at=at) for pk in some]
            Offer.objects.bulk_create(offers, ignore_conflicts=True)


def end_offers_of_withdrawn(*, at: datetime) -> int:
    """Nobody is asked any more about what was withdrawn. Returns how many offers ended; again ends none."""
    waiting = Offer.objects.filter(answered_at=None, revision__status=Revision.Status.WITHDRAWN)
    return waiting.update(answered_at=at)


def take_offer(offer: Offer, *, again: Collection[str] = (), by: User, at: datetime) -> Enrollment:
    """Read the offered revision from now on. What is done stays done, but for the changed lessons named in `again`.

    Taking it twice changes nothing.
    Raises OfferGone, OfferWithdrawn, CompletedStays, EnrollmentEnded, AccessEnded, AccessNotYet.
    """
    with transaction.atomic(durable=True):
        enrollment, offer = locked(offer, at=at)
        if offer.taken:
            return enrollment
        check_open(enrollment, offer)
        asked = {lesson.key for lesson in lessons_to_ask(offer)} & set(again)
        before = move(offer.pin, offer.revision)
        country = offer.country
        enrollment.progress.filter(module=offer.pin.module_id, country=country, lesson_key__in=asked).delete()
        event = moved(offer.pin, offer.revision, before, at=at, by=by, again=sorted(asked))
        answer(offer, taken=True, at=at)
        settle(enrollment, [event], at=at)
    return enrollment


def keep_revision(offer: Offer, *, by: User, at: datetime) -> Enrollment:
    """Stay with what one reads. Answering twice changes nothing. Raises OfferGone and CompletedStays."""
    with transaction.atomic(durable=True):
        enrollment, offer = locked(offer, at=at)
        if offer.taken is False:
            return enrollment
        check_open(enrollment, offer)
        answer(offer, taken=False, at=at)
        event = moved(offer.pin, offer.revision, None, at=at, by=by)
        event.kind = EventKind.KEPT_REVISION
        event.save()
    return enrollment


def locked(offer: Offer, *, at: datetime) -> tuple[Enrollment, Offer]:
    """Both as they are now, under the lock of the enrolment."""
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pins__offers=offer.pk)
    check_access(enrollment, at=at)
    related = ("pin__core_revision", "pin__module", "revision__edition")
    return enrollment, Offer.objects.select_related(*related).get(pk=offer.pk)


def check_open(enrollment: Enrollment, offer: Offer) -> None:
    if enrollment.completed_at:
        raise CompletedStays
    if offer.answered_at:
        raise OfferGone
    if offer.revision.status == Revision.Status.WITHDRAWN:
        raise OfferWithdrawn


def answer(offer: Offer, *, taken: bool, at: datetime) -> None:
    offer.answered_at, offer.taken = at, taken
    offer.save(update_fields=["answered_at", "taken"])


# --- Moving -----------------------------------------------------------------------------------------------------------


def move_silently(enrollment_id: int, revision: Revision, line: Line, *, at: datetime) -> None:
    """The same lessons in better words: whatever is done stays done. Not once the course is completed."""
    with transaction.atomic(durable=True):
        enrollment = Enrollment.objects.select_for_update().get(pk=enrollment_id)
        pins = pins_behind(revision).filter(enrollment=enrollment, read__gte=line.moves_from)
        events = [moved(pin, revision, move(pin, revision), at=at) for pin in pins]
        if events:
            settle(enrollment, events, at=at)


def move(pin: Pin, revision: Revision) -> int | None:
    """Point the pin at the revision, and give the number of the one before. The caller holds the enrolment's lock."""
    edition = revision.edition
    if edition.kind == Kind.CORE:
        before = Pin.objects.values_list("core_revision__number", flat=True).get(pk=pin.pk)
        Pin.objects.filter(pk=pin.pk).update(core_revision=revision)
        return before
    known = LayerPin.objects.filter(pin=pin, country=edition.country)
    read = known.values_list("layer_revision__number", flat=True).first()
    if not known.update(layer_revision=revision):
        LayerPin.objects.create(pin=pin, country=edition.country, layer_revision=revision)
    return read


def moved(
    pin: Pin,
    revision: Revision,
    before: int | None,
    *,
    at: datetime,
    by: User | None = None,
    again: Iterable[str] = (),
) -> LearningEvent:
    """What the record says: which edition, from which number to which, and what is to be done again."""
    return LearningEvent(
        enrollment_id=pin.enrollment_id,
        kind=EventKind.MOVED_REVISION,
        module_id=pin.module_id,
        country=revision.edition.country,
        at=at,
        actor=by.audit_ref if by else None,
        payload={"from": before, "to": revision.number, "again": list(again)},
    )


def settle(enrollment: Enrollment, events: list[LearningEvent], *, at: datetime) -> None:
    enrollment.plan += 1
    recount(enrollment, at=at, also=("plan",), events=events)


# --- The guarantee ----------------------------------------------------------------------------------------------------


def spread_all(*, at: datetime) -> None:
    """Every revision that somebody who is learning does not read yet, found again. What nobody heard of is done now."""
    end_offers_of_withdrawn(at=at)
    for revision_id in behind_somewhere():
        spread(revision_id, at=at)


def behind_somewhere() -> list[int]:
    """Asked of the few revisions and layers, each of which stops at the first learner it finds. Three queries."""
    learning, of_cores = of_those_learning(), Q(edition__kind=Kind.CORE)
    older = Revision.objects.filter(number__lt=F("edition__current__number"))
    cores = older.filter(of_cores, Exists(learning.filter(core_revision=OuterRef("pk"))))
    layers = older.filter(~of_cores, Exists(learning.filter(layers__layer_revision=OuterRef("pk"))))
    found = {
        *cores.values_list("edition__current", flat=True),
        *layers.values_list("edition__current", flat=True),
    }
    return sorted({*found, *layers_not_opened()})


def layers_not_opened() -> set[int]:
    """Those of a country for which somebody began before it had one."""
    opened = LayerPin.objects.filter(pin=OuterRef("pk"), country=OuterRef("enrollment__country"))
    there = Q(module=OuterRef("module"), enrollment__country=OuterRef("country"))
    without = of_those_learning().filter(there, ~Exists(opened))
    layers = Edition.objects.filter(Exists(without), kind=Kind.LAYER, current__isnull=False)
    return set(layers.values_list("current", flat=True))
