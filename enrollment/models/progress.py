"""How far somebody is: the current state, every act that led to it, and every attempt at a quiz."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Module
from lms.lib.places import country_choices, language_choices

from .enrolments import Enrollment


class LessonProgress(models.Model):
    """A lesson done. Undoing deletes nothing but this state; both acts stay as events.

    `country` is set for the country check alone, so that two countries' checks are two lessons.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="progress")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    lesson_key = models.CharField(max_length=60)
    country = models.CharField(max_length=2, choices=country_choices, blank=True)
    completed_at = models.DateTimeField()
    text_hash = models.CharField(max_length=64, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    credited_from = models.ForeignKey(Enrollment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "module", "lesson_key", "country"], name="progress_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.lesson_key}"


class LearningEvent(models.Model):
    """One act of a learner or on a learner. Append-only; progress can be derived from it again."""

    class Kind(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled")
        ASSIGNED = "assigned", _("Assigned")
        COMPLETED_LESSON = "lesson_completed", _("Lesson done")
        UNDID_LESSON = "lesson_undone", _("Lesson undone")
        STARTED_ATTEMPT = "attempt_started", _("Attempt started")
        SUBMITTED_ATTEMPT = "attempt_submitted", _("Attempt submitted")
        CHOSE_COUNTRY = "country_chosen", _("Country chosen")
        CHOSE_LANGUAGE = "language_chosen", _("Language chosen")
        CREDITED = "credited", _("Credited from another course")
        MOVED_REVISION = "revision_moved", _("Moved to a newer revision")
        KEPT_REVISION = "revision_kept", _("Stayed with the earlier revision")
        COMPLETED_COURSE = "course_completed", _("Course completed")
        REOPENED_COURSE = "course_reopened", _("Course reopened")
        WITHDREW = "withdrew", _("Left the course")

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="+")
    lesson_key = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.kind}"


class QuizAttempt(models.Model):
    """One attempt at a quiz. `questions` is what was asked, right answers included; it never leaves the server.

    Frozen at the start: a later revision changes no attempt. Answers are kept twelve months, the score for good.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="attempts")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    lesson_key = models.CharField(max_length=60)
    country = models.CharField(max_length=2, choices=country_choices, blank=True)
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, choices=language_choices)
    seed = models.BigIntegerField()
    questions = models.JSONField()
    answers = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    points_possible = models.DecimalField(max_digits=7, decimal_places=2)
    # None: two thirds of the points, the rule of country checks.
    pass_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "module", "lesson_key", "country", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["enrollment", "module", "lesson_key", "country"],
                name="attempt_one_open",
                condition=models.Q(submitted_at=None),
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.lesson_key} {self.number}"

    @property
    def answered(self) -> int:
        """How many of the questions have an answer, right or wrong."""
        return sum(1 for chosen in self.answers.values() if chosen)
