"""The administrator's list: completed enrolments without a certificate, each with its verdict."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from courses.models import Course
from enrollment.models import Assignment, Enrollment
from lms.accounts.models import Organisation
from lms.lib.search import containing_words

from ..models import Certificate, CertificateDefinition
from .eligibility import (
    Case,
    Reason,
    certificate_language,
    is_due_condition,
    load_cases,
    reasons_against,
    reasons_against_correcting,
)

PER_PAGE = 50
DUE, BLOCKED = "due", "blocked"


@dataclass(frozen=True)
class IssuingLine:
    """One enrolment. `reasons` is empty where a certificate is due; `language` is that of the certificate.

    `corrects`: a revoked one, where nothing but its revocation stands against a corrected certificate.
    """

    enrollment: Enrollment
    definition: CertificateDefinition | None
    reasons: tuple[Reason, ...]
    language: str
    corrects: Certificate | None

    @property
    def is_due(self) -> bool:
        return not self.reasons

    @property
    def falls_back(self) -> bool:
        """The learner's own language is not offered."""
        return self.language != self.enrollment.learner.language


@dataclass(frozen=True)
class IssuingPage:
    """`due` and `blocked` count all pages; a due one may still turn out to be refused for its letters."""

    lines: tuple[IssuingLine, ...]
    page: Page[Enrollment]
    due: int
    blocked: int


def issuing_page(
    *,
    at: datetime,
    course: str = "",
    organisation: str = "",
    q: str = "",
    show: str = "",
    page: int | str = 1,
    per_page: int = PER_PAGE,
) -> IssuingPage:
    """Completed and without a live certificate, newest completion first. Seven queries, whatever the length.

    `course` and `organisation` are slugs, `q` words of the learner's name or address, `show` is "due", "blocked" or
    empty for both. A page number that is not there gives the nearest one.
    """
    waiting = uncertified(at=at, course=course, organisation=organisation, q=q)
    counts = waiting.aggregate(all=Count("pk"), due=Count("pk", filter=is_due_condition()))
    if show in (DUE, BLOCKED):
        waiting = waiting.filter(is_due_condition() if show == DUE else ~is_due_condition())
    ordered = waiting.select_related("learner", "course").order_by("-completed_at", "-pk")
    shown = Paginator(ordered, per_page).get_page(page)
    lines = tuple(line_of(case, at=at) for case in load_cases(list(shown)))
    return IssuingPage(lines=lines, page=shown, due=counts["due"], blocked=counts["all"] - counts["due"])


def uncertified(
    *, at: datetime, course: str = "", organisation: str = "", q: str = ""
) -> QuerySet[Enrollment]:
    """Completed enrolments that have no certificate, or a revoked one."""
    live = Certificate.objects.live().filter(enrollment=OuterRef("pk"))
    named = containing_words(q, "learner__full_name", "learner__email")
    found = Enrollment.objects.filter(~Exists(live), completed_at__lte=at).filter(named)
    if course:
        found = found.filter(course__slug=course)
    if organisation:
        assigned = Assignment.objects.filter(enrollment=OuterRef("pk"), organisation__slug=organisation)
        found = found.filter(Exists(assigned.filter(ended_at=None)))
    return found


def due_ids(*, at: datetime, course: str = "", organisation: str = "", q: str = "") -> list[int]:
    """All that the list shows as due, whatever page they stand on."""
    waiting = uncertified(at=at, course=course, organisation=organisation, q=q)
    return list(waiting.filter(is_due_condition()).values_list("pk", flat=True))


def line_of(case: Case, *, at: datetime) -> IssuingLine:
    return IssuingLine(
        enrollment=case.enrollment,
        definition=case.definition,
        reasons=tuple(reasons_against(case, at=at)),
        language=certificate_language(case),
        corrects=None if reasons_against_correcting(case, at=at) else case.correctable,
    )


def courses_waiting(*, at: datetime) -> QuerySet[Course]:
    """The courses in the list, for its filter."""
    return Course.objects.filter(pk__in=uncertified(at=at).values("course"))


def organisations_waiting(*, at: datetime) -> QuerySet[Organisation]:
    """Those for which somebody in the list was assigned the course."""
    assigned = Assignment.objects.filter(enrollment__in=uncertified(at=at).values("pk"), ended_at=None)
    return Organisation.objects.filter(pk__in=assigned.values("organisation"))
