"""What became of texts that a learner reads or has read: withdrawn, or so changed that they should take it again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from courses.models import Revision
from courses.selectors.keeping import kept
from courses.selectors.withdrawals import Withdrawal, told, withdrawals_of
from courses.selectors.words import Words, said
from lms.lib.places import country_name

from ..models import Pin
from .learning import LearnerCourse

WITHDRAWN = Revision.Status.WITHDRAWN


def is_anything_withdrawn_or_to_retake() -> bool:
    """Whether any revision of the programme is; asked of the database once a minute, and after each publication."""
    news = Revision.objects.filter(Q(status=WITHDRAWN) | Q(retake_by__isnull=False))
    return kept("news", news.exists)


def reads_withdrawn(enrollment: str, country: str) -> Exists:
    """Of an enrolment: a core or the layer of the country learnt for; both said as paths of the outer query."""
    layer = Q(layers__country=OuterRef(country), layers__layer_revision__status=WITHDRAWN)
    gone = Q(core_revision__status=WITHDRAWN) | layer
    return Exists(Pin.objects.filter(gone, enrollment=OuterRef(enrollment)))


def retake_dates(enrollment: str, country: str) -> dict[str, Subquery]:
    """Of an enrolment: the first day by which a newer core, and a newer layer of its country, should be taken again."""
    cores = to_retake("core_revision", enrollment)
    layers = to_retake("layers__layer_revision", enrollment, layers__country=OuterRef(country))
    return {
        "retake_core": first_day("core_revision", cores),
        "retake_layer": first_day("layers__layer_revision", layers),
    }


def to_retake(read: str, enrollment: str, **which: Any) -> QuerySet[Pin]:
    """Pins of a revision older than one that is in effect and should be taken again."""
    newer = f"{read}__edition__revisions"
    return Pin.objects.filter(
        **{
            "enrollment": OuterRef(enrollment),
            f"{newer}__retake_by__isnull": False,
            f"{newer}__number__gt": F(f"{read}__number"),
            f"{newer}__number__lte": F(f"{read}__edition__current__number"),
            **which,
        }
    )


def first_day(read: str, pins: QuerySet[Pin]) -> Subquery:
    day = f"{read}__edition__revisions__retake_by"
    return Subquery(pins.order_by(day).values(day)[:1])


def retake_by(values: Any) -> date | None:
    """The nearer of the two that `retake_dates` annotates; over JSON they come as text."""
    days = [values.get("retake_core"), values.get("retake_layer")]
    found = [date.fromisoformat(day) if isinstance(day, str) else day for day in days if day]
    return min(found, default=None)


# --- On the page of what has changed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Withdrawn:
    """Something that the learner reads and that nobody new does."""

    module: Words
    country_name: str
    withdrawal: Withdrawal


@dataclass(frozen=True)
class Retake:
    """A newer revision in effect, and until when it should be taken."""

    module: Words
    country_name: str
    note: Words
    day: date


def read_in(course: LearnerCourse) -> dict[int, Pin]:
    """By revision: cores, and layers of the country learnt for."""
    return {pk: pin for pin in course.pins for pk in (pin.core_revision_id, pin.layer_revision_id) if pk}


def titles_in(course: LearnerCourse, reading: str) -> dict[int, Words]:
    """By module."""
    return {
        module.module_id: Words(module.title, module.language, is_fallback=module.language != reading)
        for module in course.plan.modules
    }


def withdrawn_in(course: LearnerCourse, *, reading: str) -> tuple[Withdrawn, ...]:
    """None for a course that is completed. Two queries at most, none where nothing is withdrawn."""
    if not course.has_withdrawn:
        return ()
    read = read_in(course)
    gone = Revision.objects.filter(pk__in=read, status=WITHDRAWN).select_related("edition")
    withdrawn, titles = withdrawals_of(told(gone), reading), titles_in(course, reading)
    return tuple(
        Withdrawn(
            module=titles[pin.module_id],
            country_name=country_name(course.enrollment.country) if pk == pin.layer_revision_id else "",
            withdrawal=withdrawn[pk],
        )
        for pk, pin in read.items()
        if pk in withdrawn
    )


def retakes_in(course: LearnerCourse, *, reading: str) -> tuple[Retake, ...]:
    """Also for a course that is completed. One query."""
    newer = Revision.objects.filter(
        edition__revisions__in=read_in(course),
        number__gt=F("edition__revisions__number"),
        number__lte=F("edition__current__number"),
        retake_by__isnull=False,
    )
    titles = titles_in(course, reading)
    return tuple(
        Retake(
            module=titles[revision.edition.module_id],
            country_name=country_name(revision.edition.country) if revision.edition.country else "",
            note=said(revision.change_note, reading),
            day=revision.retake_by,
        )
        for revision in newer.select_related("edition").defer("meta", "outline").order_by("retake_by")
        if revision.retake_by
    )
