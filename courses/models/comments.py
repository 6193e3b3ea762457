"""What is said about a draft at a place of it, while it is written and reviewed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .modules import Edition, Revision


class CommentThreadQuerySet(models.QuerySet["CommentThread"]):
    def open(self) -> "CommentThreadQuerySet":
        return self.filter(resolved_at=None)


class CommentThread(models.Model):
    """A comment and its answers, at a place of an edition (courses/selectors/studio/places.py).

    It stays with the edition: a later draft still shows what is open, and `version`, the words of the place as they
    were, says whether they have changed since. `revision` is None once its draft was discarded; `number` remains.
    `begun_by` and `last_by` repeat who wrote the first and the last comment, because lists ask whose turn it is.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="threads")
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="threads")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    quote = models.TextField(blank=True, max_length=1_000)
    version = models.CharField(max_length=64)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    last_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CommentThreadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["edition"], name="thread_open", condition=Q(resolved_at=None))]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.edition} {self.place}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class Comment(models.Model):
    """One person's words in a thread. They may be changed or taken back until somebody answers."""

    thread = models.ForeignKey(CommentThread, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(max_length=4_000)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.thread} {self.at}"
