"""The programme that this installation runs, and the grants that paid for parts of it: records, never constants."""

from django.db import models
from django.db.models import F, Q

from lms.accounts.models import Organisation
from lms.lib.places import pick


class Programme(models.Model):
    """One per installation."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    title = models.JSONField(default=dict)
    short_title = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    coordinator = models.ForeignKey(Organisation, models.PROTECT, related_name="coordinated_programmes")
    partners = models.ManyToManyField(Organisation, through="ProgrammePartner", related_name="programmes")
    countries = models.JSONField(default=list)
    contact_email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="programme_only_one")]

    def __str__(self) -> str:
        return pick(self.title, [])[0]


class ProgrammePartner(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="programme_partner_once")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.organisation)


class Project(models.Model):
    """A grant or funding period. Its funder line is printed only where a page or document is told to."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projects")
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    funder_line = models.JSONField(default=dict)
    countries = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    report_approved_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_ends_after_start")
        ]
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return self.title
