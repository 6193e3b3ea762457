"""What a learner has completed and has no certificate for yet, and what it waits for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enrollment.models import Enrollment
from lms.accounts.models import User

from ..models import Certificate, CertificateDefinition
from .jobs import jobs_waiting_for

AUTOMATIC = CertificateDefinition.Policy.AUTOMATIC
FOR_THE_NAME = _("Your certificate waits until you have confirmed your name.")
BEING_PREPARED = _("Your certificate is being prepared.")
FOR_THE_ADMINISTRATOR = _("Your certificate waits for the administrator, who issues it.")


@dataclass(frozen=True)
class Awaited:
    enrollment: Enrollment
    words: str | Promise


def awaited(user: User, *, at: datetime) -> list[Awaited]:
    """Newest completion first. One query, and one more where something is awaited."""
    active = CertificateDefinition.objects.filter(course=OuterRef("course"), active=True)
    has_one = Certificate.objects.filter(enrollment=OuterRef("pk")).exclude(state=Certificate.State.VOID)
    found = Enrollment.objects.filter(Exists(active), ~Exists(has_one), learner=user, completed_at__lte=at)
    policy = Subquery(active.values("policy")[:1])
    waiting = list(found.annotate(policy=policy).select_related("course").order_by("-completed_at", "-pk"))
    in_job = jobs_waiting_for(each.pk for each in waiting) if waiting else {}
    named = bool(user.name_confirmed_on and user.full_name)
    return [Awaited(each, words_for(each, named=named, in_job=each.pk in in_job)) for each in waiting]


def words_for(enrollment: Enrollment, *, named: bool, in_job: bool) -> str | Promise:
    if not named:
        return FOR_THE_NAME
    policy: str = enrollment.policy  # type: ignore[attr-defined]  # annotated
    return BEING_PREPARED if in_job or policy == AUTOMATIC else FOR_THE_ADMINISTRATOR
