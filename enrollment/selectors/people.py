"""What an organisation sees of the people whose courses it follows, and nothing more.

Everything starts from its own open assignments: the enrolment's due date, which is the nearest of all organisations,
other assignments and answers are never read here, and no page shows a score.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Course
from courses.selectors.words import Words, said
from lms.accounts.models import Organisation, User
from lms.accounts.permissions import coordinated_organisations
from lms.lib.places import country_name, language_name

from ..models import Assignment, Invitation
from ..outline import CourseOutline
from .learning import outline_of, pins_with_outlines


class State(models.TextChoices):
    """How an assignment stands, in the order in which a coordinator looks at it."""

    LATE = "late", _("Late")
    NOT_STARTED = "not-started", _("Not started")
    ON_TRACK = "on-track", _("On track")
    COMPLETED = "completed", _("Completed")


# The catalogue's texts stay in the database: a list shows a title.
SHOWN = (
    "organisation",
    "due_on",
    "created_at",
    "enrollment__lessons_required",
    "enrollment__lessons_done",
    "enrollment__completed_at",
    "enrollment__last_active_at",
    "enrollment__learner__full_name",
    "enrollment__learner__email",
    "enrollment__course__slug",
    "enrollment__course__title",
)


@dataclass(frozen=True)
class FollowedLearner:
    """One row of the list."""

    enrollment_id: int
    name: str
    email: str
    course: Words
    state: State
    done: int
    required: int
    due_on: date | None
    completed_at: datetime | None
    last_active_at: datetime | None


@dataclass(frozen=True)
class FollowedCourse:
    """One learner in one course, lesson by lesson: done or not, and when."""

    learner: FollowedLearner
    language: str
    country: str
    enrolled_at: datetime
    assigned_at: datetime
    outline: CourseOutline

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def country_name(self) -> str:
        return country_name(self.country)


def followed(organisation: Organisation, *, on: date) -> QuerySet[Assignment]:
    """The organisation's assignments in view, with `state` and `sort_name`."""
    mine = Assignment.objects.in_view(on=on).filter(organisation=organisation)
    return mine.select_related("enrollment__learner", "enrollment__course").annotate(
        state=state_on(on), sort_name=sort_name()
    )


def state_on(day: date) -> Case:
    began = Q(enrollment__lessons_done__gt=0) | Q(enrollment__last_active_at__isnull=False)
    return Case(
        When(enrollment__completed_at__isnull=False, then=Value(State.COMPLETED.value)),
        When(due_on__lt=day, then=Value(State.LATE.value)),
        When(began, then=Value(State.ON_TRACK.value)),
        default=Value(State.NOT_STARTED.value),
        output_field=TextField(),
    )


def sort_name() -> Lower:
    learner = "enrollment__learner__"
    name = NullIf(F(f"{learner}full_name"), Value(""))
    return Lower(Coalesce(name, F(f"{learner}email"), output_field=TextField()))


def rows_of(assignments: Iterable[Assignment], language: str) -> Iterator[FollowedLearner]:
    """The rows of a page or an export of `followed`."""
    for assignment in assignments:
        yield row_of(assignment, language)


def shown_only(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.only(*SHOWN)


def row_of(assignment: Assignment, language: str) -> FollowedLearner:
    enrollment = assignment.enrollment
    return FollowedLearner(
        enrollment_id=enrollment.pk,
        name=enrollment.learner.full_name,
        email=enrollment.learner.email,
        course=said(enrollment.course.title, language),
        state=State(assignment.state),  # type: ignore[attr-defined]
        done=enrollment.lessons_done,
        required=enrollment.lessons_required,
        due_on=assignment.due_on,
        completed_at=enrollment.completed_at,
        last_active_at=enrollment.last_active_at,
    )


def counts_by_state(organisation: Organisation, *, on: date) -> dict[State, int]:
    """How many assignments stand how; every state is there."""
    counted = {state: Count("pk", filter=Q(state=state.value)) for state in State}
    totals = followed(organisation, on=on).aggregate(
        **{state.name: number for state, number in counted.items()}
    )
    return {state: totals[state.name] for state in State}


def courses_followed(organisation: Organisation, *, on: date) -> QuerySet[Course]:
    """The courses in which the organisation has somebody in view."""
    held = Assignment.objects.in_view(on=on).filter(
        organisation=organisation, enrollment__course=OuterRef("pk")
    )
    return Course.objects.filter(Exists(held)).only("slug", "title")


def find_assignment(user: User, organisation_slug: str, enrollment_id: int, *, on: date) -> Assignment | None:
    """The assignment in view behind an address, if the user coordinates that organisation today."""
    return (
        Assignment.objects.in_view(on=on)
        .filter(
            enrollment__pk=enrollment_id,  # a number past all keys is not there; as a relation it would be an error
            organisation__slug=organisation_slug,
            organisation__in=coordinated_organisations(user),
        )
        .select_related("organisation", "enrollment__learner", "enrollment__course")
        .annotate(state=state_on(on))
        .first()
    )


def followed_course(assignment: Assignment, language: str) -> FollowedCourse:
    """Lesson by lesson, in the languages in which the learner reads them."""
    enrollment = assignment.enrollment
    pins = pins_with_outlines().filter(enrollment=enrollment)
    return FollowedCourse(
        learner=row_of(assignment, language),
        language=enrollment.language,
        country=enrollment.country,
        enrolled_at=enrollment.enrolled_at,
        assigned_at=assignment.created_at,
        outline=outline_of(enrollment, pins),
    )


# --- Invitations --------------------------------------------------------------------------------------------------


class InvitationState(models.TextChoices):
    OPEN = "open", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    RUN_OUT = "run-out", _("Run out")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


@dataclass(frozen=True)
class SentInvitation:
    pk: int
    email: str
    course: Words | None
    state: InvitationState
    sent_at: datetime
    expires_at: datetime
    accepted_at: datetime | None

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in (InvitationState.OPEN, InvitationState.RUN_OUT)

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state == InvitationState.OPEN


def invitations_of(organisation: Organisation) -> QuerySet[Invitation]:
    """Newest first. One that was replaced by a newer invitation of the same address to the same course is left out."""
    sent = Invitation.objects.filter(organisation=organisation).annotate(to=Coalesce("course", 0))
    newer = sent.filter(email=OuterRef("email"), to=OuterRef("to"), pk__gt=OuterRef("pk"))
    kept = sent.exclude(Q(revoked_at__isnull=False) & Exists(newer))
    return kept.select_related("course").order_by("-created_at", "-pk")


def sent_invitation(invitation: Invitation, language: str, *, at: datetime) -> SentInvitation:
    return SentInvitation(
        pk=invitation.pk,
        email=invitation.email,
        course=said(invitation.course.title, language) if invitation.course else None,
        state=invitation_state(invitation, at=at),
        sent_at=invitation.created_at,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
    )


def invitation_state(invitation: Invitation, *, at: datetime) -> InvitationState:
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    if invitation.revoked_at:
        return InvitationState.WITHDRAWN
    return InvitationState.RUN_OUT if invitation.expires_at <= at else InvitationState.OPEN
