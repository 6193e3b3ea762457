"""The life of one certificate, from the audit trail."""

from dataclasses import dataclass

from lms.accounts.models import User
from lms.accounts.selectors import people_behind
from lms.records.models import AuditEvent
from lms.records.services.audit import chain_of

from ..models import Certificate


@dataclass(frozen=True)
class Act:
    """`by` is None where the system acted; `is_erased` where the account that did no longer is."""

    event: AuditEvent
    by: User | None

    @property
    def is_erased(self) -> bool:
        return self.event.actor is not None and self.by is None


def history(certificate: Certificate) -> list[Act]:
    """Its acts, oldest first. Two queries."""
    events = list(AuditEvent.objects.filter(chain=chain_of(certificate)).order_by("seq"))
    people = people_behind(event.actor for event in events)
    return [Act(event, people.get(event.actor) if event.actor else None) for event in events]
