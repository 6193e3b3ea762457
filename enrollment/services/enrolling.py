"""Getting into a course and out of it, and choosing how to read it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from courses.models import Course, Edition, Revision
from lms.accounts.models import Organisation, User
from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name
from lms.records.services import record

from ..errors import (
    AlreadyCompleted,
    CountryFixed,
    CourseNotOpen,
    EnrollmentEnded,
    ModuleWithdrawn,
    UnknownPlace,
)
from ..models import Assignment, Enrollment, LayerPin, LearningEvent, Pin
from .access import refresh_access
from .counting import recount
from .crediting import credit_earlier_work
from .following import move_due_date

Kind = LearningEvent.Kind


def enroll(
    learner: User,
    course: Course,
    *,
    country: str,
    language: str,
    by: User,
    at: datetime,
    organisation: Organisation | None = None,
    basis: str = Assignment.Basis.CONSENT,
    due_on: date | None = None,
) -> Enrollment:
    """Put the learner into the course, on their own or on behalf of `organisation`.

    Enrolling twice returns the open enrolment; enrolling after leaving opens it again with all that was done.
    Raises CourseNotOpen, ModuleWithdrawn, AlreadyCompleted, UnknownPlace.
    """
    check_places(country, language)
    with transaction.atomic(durable=True):
        enrollment = open_or_create(learner, course, country=country, language=language, by=by, at=at)
        if organisation is None:
            if enrollment.own_since is None:
                enrollment.own_since = at
                enrollment.save(update_fields=["own_since"])
                refresh_access(enrollment)
        else:
            assign(enrollment, organisation, basis=basis, due_on=due_on, by=by, at=at)
    return enrollment


def check_places(country: str, language: str) -> None:
    if country not in COUNTRIES:
        raise UnknownPlace(code=country)
    if language not in CONTENT_LANGUAGES:
        raise UnknownPlace(code=language)


def open_or_create(
    learner: User, course: Course, *, country: str, language: str, by: User, at: datetime
) -> Enrollment:
    known = (
        Enrollment.objects.select_for_update()
        .filter(learner=learner, course=course)
        .order_by("-cycle")
        .first()
    )
    if known is None:
        return create(learner, course, country=country, language=language, by=by, at=at)
    if known.completed_at:
        raise AlreadyCompleted
    if known.withdrawn_at:
        return open_again(known, country=country, language=language, by=by, at=at)
    return known


def open_again(enrollment: Enrollment, *, country: str, language: str, by: User, at: datetime) -> Enrollment:
    """Come back with all that was done, in the country and language chosen this time."""
    enrollment.withdrawn_at = None
    enrollment.country, enrollment.language = country, language
    enrollment.plan += 1
    enrollment.save(update_fields=["withdrawn_at", "country", "language", "plan"])
    pin_layers(list(enrollment.pins.all()), country)
    enrollment.events.create(kind=Kind.ENROLLED, at=at, actor=by.audit_ref, payload={"again": True})
    recount(enrollment, at=at)
    record("enrollment.enrolled", enrollment, by=by, at=at, course=enrollment.course.slug)
    return enrollment


def create(
    learner: User, course: Course, *, country: str, language: str, by: User, at: datetime
) -> Enrollment:
    if course.status != Course.Status.PUBLISHED:
        raise CourseNotOpen
    try:
        with transaction.atomic():
            enrollment = Enrollment.objects.create(
                learner=learner, course=course, country=country, language=language, enrolled_at=at
            )
    except IntegrityError:  # the other tab was quicker; the constraint has the last word
        return Enrollment.objects.select_for_update().get(learner=learner, course=course, cycle=1)
    pin_modules(enrollment)
    enrollment.events.create(kind=Kind.ENROLLED, at=at, actor=by.audit_ref)
    credit_earlier_work(enrollment, at=at)
    recount(enrollment, at=at)
    record("enrollment.enrolled", enrollment, by=by, at=at, course=course.slug)
    return enrollment


def pin_modules(enrollment: Enrollment) -> None:
    """Fix which core and which layer of the learner's country this enrolment reads. Raises ModuleWithdrawn."""
    items = list(enrollment.course.items.select_related("module").order_by("position"))
    cores = {
        edition.module_id: edition.current
        for edition in Edition.objects.filter(
            module__course_items__course=enrollment.course_id, kind=Edition.Kind.CORE, current__isnull=False
        ).select_related("current")
    }
    if gone := [str(item.module) for item in items if item.module_id not in cores]:
        raise ModuleWithdrawn(modules=", ".join(gone))
    pins = Pin.objects.bulk_create(
        Pin(
            enrollment=enrollment,
            module_id=item.module_id,
            position=item.position,
            lesson_keys=item.lesson_keys,
            core_revision=cores[item.module_id],
        )
        for item in items
    )
    pin_layers(pins, enrollment.country)


def pin_layers(pins: list[Pin], country: str) -> None:
    """Pin the published layers of a country where it is opened for the first time."""
    layers: dict[int, Revision] = {
        edition.module_id: edition.current
        for edition in Edition.objects.filter(
            module__in=[pin.module_id for pin in pins],
            kind=Edition.Kind.LAYER,
            country=country,
            current__isnull=False,
        ).select_related("current")
        if edition.current
    }
    LayerPin.objects.bulk_create(
        (
            LayerPin(pin=pin, country=country, layer_revision=layers[pin.module_id])
            for pin in pins
            if pin.module_id in layers
        ),
        ignore_conflicts=True,
    )


def assign(
    enrollment: Enrollment,
    organisation: Organisation,
    *,
    basis: str,
    by: User,
    at: datetime,
    due_on: date | None = None,
) -> Assignment:
    """Let an organisation follow an enrolment, once. A second call changes the due date alone."""
    assignment, created = Assignment.objects.select_related("enrollment", "organisation").get_or_create(
        enrollment=enrollment,
        organisation=organisation,
        ended_at=None,
        defaults={"basis": basis, "due_on": due_on, "created_at": at, "created_by": by},
    )
    if not created and due_on:
        move_due_date(assignment, due_on, by=by, at=at)
    if created:
        payload = {"organisation": organisation.slug, "basis": basis}
        enrollment.events.create(kind=Kind.ASSIGNED, at=at, actor=by.audit_ref, payload=payload)
        record("enrollment.assigned", enrollment, by=by, on_behalf_of=organisation, at=at, basis=basis)
        refresh_access(enrollment)
    return assignment


def withdraw(enrollment: Enrollment, *, by: User, at: datetime) -> Enrollment:
    """Leave a course. What was done is kept, and organisations stop following it. Twice changes nothing.

    Raises AlreadyCompleted: a completed course stays on the record.
    """
    with transaction.atomic(durable=True):
        enrollment = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        if enrollment.withdrawn_at:
            return enrollment
        if enrollment.completed_at:
            raise AlreadyCompleted
        enrollment.withdrawn_at, enrollment.own_since = at, None
        enrollment.save(update_fields=["withdrawn_at", "own_since"])
        enrollment.assignments.filter(ended_at=None).update(ended_at=at)
        refresh_access(enrollment)
        enrollment.events.create(kind=Kind.WITHDREW, at=at, actor=by.audit_ref)
        record("enrollment.withdrawn", enrollment, by=by, at=at)
    return enrollment


def set_language(enrollment: Enrollment, language: str, *, at: datetime) -> Enrollment:
    """Read the course in another language. Place and progress stay. Raises UnknownPlace, EnrollmentEnded."""
    check_places(enrollment.country, language)
    if enrollment.withdrawn_at:
        raise EnrollmentEnded
    if enrollment.language == language:
        return enrollment
    with transaction.atomic(durable=True):
        enrollment.language = language
        enrollment.save(update_fields=["language"])
        enrollment.events.create(kind=Kind.CHOSE_LANGUAGE, at=at, payload={"language": language})
    return enrollment


def set_country(enrollment: Enrollment, country: str, *, at: datetime) -> Enrollment:
    """Learn for another country. Its layer is pinned; what is required is counted again.

    Raises UnknownPlace, EnrollmentEnded, and CountryFixed once the course is completed.
    """
    check_places(country, enrollment.language)
    with transaction.atomic(durable=True):
        enrollment = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        if enrollment.country == country:
            return enrollment
        if enrollment.withdrawn_at:
            raise EnrollmentEnded
        if enrollment.completed_at:
            raise CountryFixed(country=country_name(enrollment.country))
        pin_layers(list(enrollment.pins.all()), country)
        enrollment.country = country
        enrollment.plan += 1
        enrollment.save(update_fields=["country", "plan"])
        enrollment.events.create(kind=Kind.CHOSE_COUNTRY, at=at, country=country)
        recount(enrollment, at=at)
    return enrollment
