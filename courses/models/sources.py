"""When a source is replaced: the announcement, and what it leaves to be looked at by those who rest on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.accounts.models import Organisation

from .modules import Edition


class SourceReplacement(models.Model):
    """A partner announces that a source, named by its address, is replaced from a day on.

    Readers are told what replaces it; the note is for those who own what rests on the source. Facts that rest on it
    name it in `Fact.replacement`, written with the announcement, because every lesson page asks.
    """

    source_url = models.URLField(max_length=600)
    replaced_on = models.DateField()
    successor = models.CharField(max_length=400)
    successor_url = models.URLField(max_length=600, blank=True)
    note = models.TextField(blank=True, max_length=1_000)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    announced_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_url"], name="replacement_one_standing", condition=Q(withdrawn_at=None)
            )
        ]
        ordering = ["replaced_on", "pk"]

    def __str__(self) -> str:
        return self.source_url

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


class SourceTask(models.Model):
    """A published edition that rests on a source that is replaced: something for its owner to look at.

    Settled by a publication that names the source no more, or by the owner's word that nothing changes, with a reason.
    """

    replacement = models.ForeignKey(SourceReplacement, models.CASCADE, related_name="tasks")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="source_tasks")
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=1_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["replacement", "edition"], name="source_task_once"),
            models.CheckConstraint(
                name="source_task_open_has_no_reason", condition=Q(settled_at__isnull=False) | Q(reason="")
            ),
        ]
        ordering = ["replacement", "pk"]

    def __str__(self) -> str:
        return f"{self.replacement} {self.edition}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def was_looked_at(self) -> bool:
        """The owner has said that nothing changes; that can be unsaid."""
        return bool(self.reason)
