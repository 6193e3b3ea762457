"""What readers say is wrong with what is published, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.accounts.models import STUDIO_ROLES, Organisation, User

from .modules import Edition, Revision


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> "SuggestionQuerySet":
        """For those who may write the edition. Publishers of other partners review drafts; letters are not theirs."""
        mine = Organisation.objects.partners().where(user, *STUDIO_ROLES)
        owned = Q(revision__edition__owner__in=mine)
        shared = Q(revision__edition__kind=Edition.Kind.CORE, revision__edition__module__co_owners__in=mine)
        return self.filter(pk__in=Suggestion.objects.filter(owned | shared).values("pk"))

    def waiting(self) -> "SuggestionQuerySet":
        """For somebody to take it up, or to answer now that the change it led to is published."""
        new = Q(state=Suggestion.State.NEW)
        done = Q(state=Suggestion.State.TAKEN_UP, draft__published_at__isnull=False)
        given_up = Q(state=Suggestion.State.TAKEN_UP, draft=None)
        return self.filter(new | done | given_up)


class Suggestion(models.Model):
    """A correction that somebody suggests at a place of a published revision, for those who may write its edition.

    `title` is what the place was called when they read it. `draft` is the one that was opened for it.
    """

    class Kind(models.TextChoices):
        WRONG = "wrong", _("It is wrong")
        UNCLEAR = "unclear", _("It is unclear")
        OUTDATED = "outdated", _("It is out of date")
        LANGUAGE = "language", _("The language is not right")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("suggestion", "New")
        TAKEN_UP = "taken_up", pgettext_lazy("suggestion", "Being looked at")
        ANSWERED = "answered", pgettext_lazy("suggestion", "Corrected")
        DECLINED = "declined", pgettext_lazy("suggestion", "Stays as it is")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="suggestions")
    place = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    quote = models.TextField(blank=True, max_length=1_000)
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(max_length=2_000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="suggestions"
    )
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    draft = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="taken_up")
    answer = models.TextField(blank=True, max_length=2_000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggestion_answered_dated",
                condition=Q(state__in=["new", "taken_up"], answered_at=None)
                | Q(state__in=["answered", "declined"], answered_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["revision"], name="suggestion_open", condition=Q(state__in=["new", "taken_up"])
            )
        ]
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.revision} {self.place}"

    @property
    def edition(self) -> Edition:
        return self.revision.edition

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.NEW, self.State.TAKEN_UP)
