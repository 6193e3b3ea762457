"""What a course's certificate says and when it is given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from lms.accounts.models import Organisation


class CertificateDefinition(models.Model):
    """Versioned: a change makes the next version; certificates keep the one they were issued under.

    The two kinds must never look or read alike. `signatories` is a list of {name, title, organisation}.
    """

    class Kind(models.TextChoices):
        ATTENDANCE = "attendance", _("Took part")
        PASSED = "passed", _("Completed and passed")

    class Policy(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Issued by an administrator")
        AUTOMATIC = "automatic", _("Issued when the course is completed")

    course = models.ForeignKey(Course, models.PROTECT, related_name="certificate_definitions")
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind)
    policy = models.CharField(max_length=14, choices=Policy, default=Policy.ADMINISTRATOR)
    template_key = models.CharField(max_length=40, default="nordic")
    template_version = models.PositiveSmallIntegerField(default=1)
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    outcomes = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    signatories = models.JSONField(default=list, blank=True)
    partners = models.ManyToManyField(Organisation, through="DefinitionPartner", related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "version"], name="definition_version_once"),
            models.UniqueConstraint(
                fields=["course"], name="definition_one_active", condition=models.Q(active=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.version}"


class DefinitionPartner(models.Model):
    """A partner on the certificate. The issuer stands first; the others co-brand."""

    class Role(models.TextChoices):
        ISSUER = "issuer", _("Issuer")
        CO_ISSUER = "co_issuer", _("Co-issuer")

    definition = models.ForeignKey(CertificateDefinition, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=10, choices=Role)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["definition", "organisation"], name="definition_partner_once"),
            models.UniqueConstraint(
                fields=["definition"], name="definition_one_issuer", condition=models.Q(role="issuer")
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.organisation)
