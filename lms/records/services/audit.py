"""The audit trail: one hash chain per object."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from lms.lib.canonical import sha256
from lms.lib.locks import lock

from ..models import GENESIS, AuditEvent, ErasurePermit


def chain_of(thing: models.Model) -> str:
    """`courses.revision:12`. Certificates are chained by their public id, which survives a restore elsewhere."""
    return f"{thing._meta.label_lower}:{getattr(thing, 'public_id', None) or thing.pk}"


def record(
    act: str,
    thing: models.Model,
    *,
    at: datetime,
    by: Any = None,
    on_behalf_of: Any = None,
    meaning: str = "",
    **values: Any,
) -> AuditEvent:
    """Append one act to the chain of `thing`, in the caller's transaction.

    `by` is a user or None for the system; `on_behalf_of` an organisation; `meaning` one of COMPLETED, ACKNOWLEDGED,
    ATTENDED, REVIEWED, APPROVED, REVOKED or empty. `values` are JSON and hold no name and no address.
    """
    with transaction.atomic():
        chain = chain_of(thing)
        lock(f"audit:{chain}")
        last = AuditEvent.objects.filter(chain=chain).order_by("-seq").first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        actor: UUID | None = getattr(by, "audit_ref", None)
        payload = {"at": at.astimezone(UTC).isoformat(), "meaning": meaning, "values": values}
        event = AuditEvent(
            chain=chain,
            seq=seq,
            act=act,
            at=at,
            actor=actor,
            on_behalf_of=getattr(on_behalf_of, "slug", ""),
            payload=payload,
            prev_hash=previous,
        )
        event.hash = hash_of(event)
        event.save(force_insert=True)
        return event


def hash_of(event: AuditEvent) -> str:
    return sha256(
        {
            "prev": event.prev_hash,
            "chain": event.chain,
            "seq": event.seq,
            "act": event.act,
            "actor": str(event.actor) if event.actor else "",
            "on_behalf_of": event.on_behalf_of,
            "payload": event.payload,
        }
    )


def broken_chains() -> list[str]:
    """Chains in which an event was changed, removed or put in between. A cut tail shows only against a checkpoint."""
    broken: list[str] = []
    previous, seq, chain = GENESIS, 0, ""
    for event in AuditEvent.objects.order_by("chain", "seq").iterator():
        if event.chain != chain:
            previous, seq, chain = GENESIS, 0, event.chain
        intact = event.seq == seq + 1 and event.prev_hash == previous and event.hash == hash_of(event)
        moved = event.at.astimezone(UTC).isoformat() != event.payload.get("at")
        if (not intact or moved) and (not broken or broken[-1] != chain):
            broken.append(chain)
        previous, seq = event.hash, event.seq
    return broken


@contextmanager
def erasing(reason: str) -> Iterator[None]:
    """Lift the database guards inside this transaction. Only erasure may use it."""
    with transaction.atomic():
        permit = ErasurePermit.objects.create(reason=reason)
        yield
        permit.delete()
