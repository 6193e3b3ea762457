"""Courses: what learners enrol in, composed of modules of any partner."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import STUDIO_ROLES, Organisation, User
from lms.lib.places import pick

from .modules import Edition, Module


def teaches_withdrawn() -> Exists:
    """A module of the course has no core that could be read: of a published one it has been withdrawn."""
    cores = Edition.objects.filter(module__course_items__course=OuterRef("pk"), kind=Edition.Kind.CORE)
    return Exists(cores.filter(current=None))


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        return self.filter(status=Course.Status.PUBLISHED)

    def taking_learners(self) -> "CourseQuerySet":
        """Published, and none of its modules withdrawn: what somebody who begins can be given whole."""
        return self.published().filter(~teaches_withdrawn())

    def visible_to(self, user: User | AnonymousUser) -> "CourseQuerySet":
        """What is published or closed is public; a draft is for the owner's people."""
        if not user.is_authenticated or not user.works_in_studio:
            return self.public()
        own = Q(owner__in=Organisation.objects.where(user, *STUDIO_ROLES))
        return self.filter(~Q(status=Course.Status.DRAFT) | own)

    def public(self) -> "CourseQuerySet":
        return self.exclude(status=Course.Status.DRAFT)


class Course(models.Model):
    """`search` holds all titles and summaries, normalised and casefolded, so that `ås` finds `Ås` on each database."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(max_length=80, unique=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="courses")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    title = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    outcomes = models.JSONField(default=list)
    audience = models.JSONField(default=dict)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    search = models.TextField(blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return pick(self.title, [])[0]


class CourseItem(models.Model):
    """A module of a course, whole or as a list of lesson keys. Learners keep the items they started with."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="items")
    module = models.ForeignKey(Module, models.PROTECT, related_name="course_items")
    position = models.PositiveSmallIntegerField()
    lesson_keys = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "module"], name="course_module_once"),
            models.UniqueConstraint(fields=["course", "position"], name="course_position_once"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.course}: {self.module}"
