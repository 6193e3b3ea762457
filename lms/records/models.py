"""What every app writes down: who did what, which mail left, which work is waiting."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

GENESIS = "0" * 64


class AuditEvent(models.Model):
    """One act. Append-only, and chained per object: each event hashes the one before it.

    `actor` is the random reference of a user (`User.audit_ref`), never a name: erasing the user leaves a chain that
    still verifies and names nobody. `payload` holds the hashed facts, the time as the very string that was hashed.
    """

    chain = models.CharField(max_length=120)
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)
    actor = models.UUIDField(null=True, blank=True, db_index=True)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_event_once"),
        ]
        ordering = ["chain", "seq"]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.act}"


class AuditCheckpoint(models.Model):
    """The heads of all chains on one day under one root, so that a cut tail or a lost chain shows."""

    day = models.DateField(unique=True)
    chains = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    signature = models.TextField(blank=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.day)


class ErasurePermit(models.Model):
    """A row here lifts the database guards, for the transaction that wrote it and removes it again."""

    reason = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.reason


class LeasedQuerySet(models.QuerySet):
    def free(self, *, at: datetime) -> "LeasedQuerySet":
        """Waiting for a worker, or held by one whose lease has run out."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=at), finished_at=None, parked_at=None)

    def claim(self, pk: int, *, at: datetime, lease: int) -> bool:
        """True when the caller now owns the row for `lease` seconds. False: another worker does, or it is done."""
        until = at + timedelta(seconds=lease)
        return bool(self.free(at=at).filter(pk=pk).update(lease_until=until, tries=F("tries") + 1))


class Leased(models.Model):
    """A unit of work. The row is the queue; a worker holds it by a lease that a crash lets run out."""

    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True


class Mail(Leased):
    """The outbox. Recorded once by (kind, key); sent by a worker after the transaction that wrote it."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    recipient = models.EmailField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=255)
    body = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="mail_once")]
        indexes = [
            # The worker's only question: what has not left yet?
            models.Index(fields=["created_at"], name="mail_unsent", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Job(models.Model):
    """Bulk work that a person started and may watch. Its progress is a count over its items."""

    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    actor = models.UUIDField(null=True, blank=True, db_index=True)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class JobItem(Leased):
    """One subject of a job. Done: `finished_at` set; failed: `outcome` says why, and it may be tried again."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("part of a job", "Waiting")
        DONE = "done", pgettext_lazy("part of a job", "Done")
        FAILED = "failed", pgettext_lazy("part of a job", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("part of a job", "Cancelled")

    job = models.ForeignKey(Job, models.CASCADE, related_name="items")
    subject = models.CharField(max_length=120)
    label = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "subject"], name="job_item_once")]
        indexes = [
            models.Index(fields=["job", "outcome"], name="job_item_progress"),
            models.Index(fields=["lease_until"], name="job_item_open", condition=Q(finished_at=None)),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.subject}"


class Heartbeat(models.Model):
    """When a part of the system was last seen alive, so that stopped background work shows on the operator's page."""

    # The worker beats every five seconds; a busy one may be late.
    MAY_BE_SILENT = timedelta(minutes=2)

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def is_recent(self, at: datetime) -> bool:
        return at - self.at < self.MAY_BE_SILENT
