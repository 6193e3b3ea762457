"""What an administrator must know of the machinery, and what the programme holds: one page, few counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from lms.accounts.models import Organisation, User
from lms.lib.pdf import REMEDY, pdf_available
from lms.records.models import Heartbeat, Mail

from ..models import Certificate
from .eligibility import due_enrollments

State = Certificate.State


@dataclass(frozen=True)
class Worker:
    """Background work: whether somebody does it, and when that was last seen (None: never)."""

    is_alive: bool
    seen_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """`pdf_remedy` is what to type where PDF files cannot be made, else empty."""

    due: int
    certificates: int
    being_made: int
    parked: int
    mails_waiting: int
    mails_parked: int
    organisations: int
    people: int
    worker: Worker
    pdf_remedy: str

    @property
    def is_well(self) -> bool:
        return self.worker.is_alive and not (self.pdf_remedy or self.parked or self.mails_parked)


def overview(*, at: datetime) -> Overview:
    """Six queries."""
    being_made = Q(state=State.RESERVED)
    certificates = Certificate.objects.aggregate(
        all=Count("pk", filter=~Q(state=State.VOID)),
        being_made=Count("pk", filter=being_made & Q(parked_at=None)),
        parked=Count("pk", filter=being_made & Q(parked_at__isnull=False)),
    )
    mails = Mail.objects.filter(finished_at=None).aggregate(
        waiting=Count("pk", filter=Q(parked_at=None)), parked=Count("pk", filter=Q(parked_at__isnull=False))
    )
    return Overview(
        due=due_enrollments(None, at).count(),
        certificates=certificates["all"],
        being_made=certificates["being_made"],
        parked=certificates["parked"],
        mails_waiting=mails["waiting"],
        mails_parked=mails["parked"],
        organisations=Organisation.objects.count(),
        people=User.objects.filter(is_active=True).count(),
        worker=worker(at=at),
        pdf_remedy="" if pdf_available() else REMEDY,
    )


def worker(*, at: datetime) -> Worker:
    beat = Heartbeat.objects.filter(name="worker").first()
    return Worker(is_alive=beat is not None and beat.is_recent(at), seen_at=beat.at if beat else None)
