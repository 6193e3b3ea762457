"""Whether a certificate is due, and if not, why: one rule for the list, for the job and for the act itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Enrollment, LessonProgress, Pin
from enrollment.outline import CourseOutline
from enrollment.selectors import outline_of, pins_with_outlines
from lms.accounts.models import User
from lms.lib.names import UnprintableName, check_name

from ..models import Certificate, CertificateDefinition
from .days import day_of, end_of, last_valid_day

State = Certificate.State
FALLBACK_LANGUAGE = "en"
REVOKED_BEFORE = "revoked_before"
# What is large and decides nothing.
UNREAD = ("snapshot", "holder_snapshot", "evidence", "badge_json")

Definitions = Mapping[int, CertificateDefinition | None]


@dataclass(frozen=True)
class Reason:
    """Something that stands against a certificate: a code for programs, words for people."""

    code: str
    words: str | Promise


@dataclass(frozen=True)
class Case:
    """All that decides about one enrolment, from the rows that are the truth and never from a counter."""

    enrollment: Enrollment
    definition: CertificateDefinition | None
    certificates: tuple[Certificate, ...]
    pins: tuple[Pin, ...]
    outline: CourseOutline

    @property
    def live(self) -> Certificate | None:
        return next((each for each in self.certificates if each.state in Certificate.LIVE), None)

    @property
    def revoked(self) -> Certificate | None:
        return next((each for each in self.certificates if each.state == State.REVOKED), None)

    @property
    def correctable(self) -> Certificate | None:
        """The revoked one in whose place a corrected one may be issued. What was not earned is not put right so."""
        last = self.revoked
        taken = self.live or last is None or last.reason_code == Certificate.Reason.NOT_EARNED
        return None if taken else last


# --- Reading ----------------------------------------------------------------------------------------------------------


def active_definition(course_id: int) -> CertificateDefinition | None:
    return CertificateDefinition.objects.filter(course=course_id, active=True).first()


def due_enrollments(user: User | None, at: datetime) -> QuerySet[Enrollment]:
    """Completed and without a certificate, as far as the database can tell: of one learner, or of all (None).

    What only `why_not_due` can tell (letters without a glyph, an expiry that has passed) is not asked here.
    """
    due = Enrollment.objects.filter(is_due_condition(), completed_at__lte=at)
    return due if user is None else due.filter(learner=user)


def is_due_condition() -> Q:
    defined = CertificateDefinition.objects.filter(course=OuterRef("course"), active=True)
    against = Certificate.objects.filter(
        enrollment=OuterRef("pk"), state__in=[*Certificate.LIVE, State.REVOKED]
    )
    named = Q(learner__name_confirmed_on__isnull=False) & ~Q(learner__full_name="")
    return Q(Exists(defined)) & ~Q(Exists(against)) & named


def automatically_due(at: datetime) -> QuerySet[Enrollment]:
    """Due where the definition says "automatic".

    Never where any certificate, void ones included, shows that a person has decided; and never for what was
    completed before the definition, or turning a course to automatic would issue to everybody since its first day.
    """
    automatic = CertificateDefinition.objects.filter(
        course=OuterRef("course"),
        active=True,
        policy=CertificateDefinition.Policy.AUTOMATIC,
        created_at__lte=OuterRef("completed_at"),
    )
    decided = Certificate.objects.filter(enrollment=OuterRef("pk"))
    return due_enrollments(None, at).filter(Exists(automatic), ~Exists(decided))


def load_cases(enrollments: Sequence[Enrollment], definitions: Definitions | None = None) -> list[Case]:
    """The cases of these enrolments, in their order, in four queries however many they are.

    The enrolments come with their learner and course. `definitions` by course, where the caller has them.
    """
    ids = [enrollment.pk for enrollment in enrollments]
    if definitions is None:
        courses = {enrollment.course_id for enrollment in enrollments}
        active = CertificateDefinition.objects.filter(course__in=courses, active=True)
        definitions = {definition.course_id: definition for definition in active}
    certificates = by_enrollment(Certificate.objects.filter(enrollment__in=ids).defer(*UNREAD))
    pins = by_enrollment(pins_with_outlines().filter(enrollment__in=ids).order_by("position"))
    progress = by_enrollment(LessonProgress.objects.filter(enrollment__in=ids))
    return [
        Case(
            enrollment=enrollment,
            definition=definitions.get(enrollment.course_id),
            certificates=tuple(certificates[enrollment.pk]),
            pins=tuple(pins[enrollment.pk]),
            outline=outline_of(enrollment, pins[enrollment.pk], progress[enrollment.pk]),
        )
        for enrollment in enrollments
    ]


def by_enrollment(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.enrollment_id].append(row)
    return grouped


def certificate_language(case: Case) -> str:
    """The learner's language where certificates speak it and the definition offers it, else English."""
    spoken = [code for code, _name in settings.LANGUAGES]
    offered = case.definition.languages if case.definition and case.definition.languages else spoken
    wanted = case.enrollment.learner.language
    return wanted if wanted in spoken and wanted in offered else FALLBACK_LANGUAGE


# --- Judging ----------------------------------------------------------------------------------------------------------


def why_not_due(
    enrollment: Enrollment, definition: CertificateDefinition | None, *, at: datetime
) -> list[Reason]:
    """All that stands against a certificate for this enrolment; empty means that it is due."""
    [case] = load_cases([enrollment], {enrollment.course_id: definition})
    return reasons_against(case, at=at)


def reasons_against(case: Case, *, at: datetime) -> list[Reason]:
    """Pure. Who has a certificate already is told that alone."""
    if case.live:
        return [already(case.live)]
    return [reason for check in CHECKS if (reason := check(case, at))]


def reasons_against_correcting(case: Case, *, at: datetime) -> list[Reason]:
    """What stands against a corrected certificate, where there is one to correct: its revocation does not."""
    return [reason for reason in reasons_against(case, at=at) if reason.code != REVOKED_BEFORE]


def already(certificate: Certificate) -> Reason:
    words = _("Certificate %(serial)s has been issued.") % {"serial": certificate.serial}
    return Reason("already_issued", words)


def not_completed(case: Case, at: datetime) -> Reason | None:
    completed_at = case.enrollment.completed_at
    if completed_at and completed_at <= at and case.outline.is_complete:
        return None
    counted = {"done": case.outline.done, "total": case.outline.total}
    words = _("The course is not completed: %(done)s of %(total)s required lessons are done.") % counted
    return Reason("not_completed", words)


def not_defined(case: Case, at: datetime) -> Reason | None:
    if case.definition:
        return None
    return Reason("no_definition", gettext_lazy("This course has no certificate."))


def not_assessed(case: Case, at: datetime) -> Reason | None:
    """ "Completed and passed" is never printed where nothing was there to pass."""
    if case.definition is None or case.definition.kind != CertificateDefinition.Kind.PASSED:
        return None
    if any(step.is_quiz for step in case.outline.required):
        return None
    words = gettext_lazy("The certificate says “passed”, but this learner's course has no required quiz.")
    return Reason("not_assessed", words)


def expired_before(case: Case, at: datetime) -> Reason | None:
    completed_at = case.enrollment.completed_at
    if case.definition is None or completed_at is None:
        return None
    last_day = last_valid_day(case.definition, day_of(completed_at))
    if last_day is None or end_of(last_day) > at:
        return None
    words = _("The certificate would have expired on %(day)s.") % {"day": date_format(last_day)}
    return Reason("expired", words)


def name_not_confirmed(case: Case, at: datetime) -> Reason | None:
    learner = case.enrollment.learner
    if learner.name_confirmed_on and learner.full_name:
        return None
    words = gettext_lazy("The learner has not confirmed the name that will be printed.")
    return Reason("name_not_confirmed", words)


def letters_missing(case: Case, at: datetime) -> Reason | None:
    name = case.enrollment.learner.full_name
    try:
        check_name(name) if name else None
    except UnprintableName as unprintable:
        return Reason("letters_missing", unprintable.message)
    return None


def revoked_before(case: Case, at: datetime) -> Reason | None:
    if case.revoked is None:
        return None
    words = _("Certificate %(serial)s for this course has been revoked.") % {"serial": case.revoked.serial}
    return Reason(REVOKED_BEFORE, words)


Check = Callable[[Case, datetime], Reason | None]
CHECKS: tuple[Check, ...] = (
    not_completed,
    not_defined,
    not_assessed,
    expired_before,
    name_not_confirmed,
    letters_missing,
    revoked_before,
)
