"""Certificates as the API shows them: what was printed, what it is worth, and whom it belongs to."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.reverse import reverse

from enrollment.models import Enrollment
from lms.records.models import JobItem

from ..models import Certificate
from ..selectors import IssuingJob, ShownState, shown_state
from ..services import REASONS
from ..services.printing import verify_address

STATES = "One of " + ", ".join(ShownState.values) + "."
KINDS = "`attendance` or `passed`."
MOST_AT_ONCE = 5_000


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """A certificate of one's own; administrators see all of them."""

    state = serializers.SerializerMethodField(help_text=STATES)
    kind = serializers.CharField(source="snapshot.kind", help_text=KINDS)
    title = serializers.CharField(source="snapshot.title", help_text="In the certificate's language.")
    name = serializers.CharField(
        source="holder_snapshot.name", default=None, help_text="As printed; null once erased."
    )
    course = serializers.CharField(source="enrollment.course.slug", default=None)
    enrollment = serializers.PrimaryKeyRelatedField[Enrollment](read_only=True)
    completed_on = serializers.DateField(source="snapshot.completed_on")
    valid_until = serializers.DateField(source="snapshot.valid_until", allow_null=True)
    content_changed = serializers.BooleanField(
        help_text="What it covers has a newer major revision or was withdrawn: a note, not a state."
    )
    reason = serializers.CharField(source="reason_code", help_text="Why it was revoked or cancelled.")
    verify_url = serializers.SerializerMethodField(help_text="The public page.")
    pdf = serializers.SerializerMethodField(help_text="Null as long as the file is being made.")

    class Meta:
        model = Certificate
        fields = [
            "public_id",
            "serial",
            "state",
            "kind",
            "title",
            "name",
            "course",
            "enrollment",
            "language",
            "completed_on",
            "issued_at",
            "valid_until",
            "content_changed",
            "reason",
            "revoked_at",
            "name_hidden",
            "page_hidden",
            "pdf_sha256",
            "verify_url",
            "pdf",
        ]

    def get_state(self, certificate: Certificate) -> str:
        return shown_state(certificate, at=timezone.now()).value

    def get_verify_url(self, certificate: Certificate) -> str:
        return verify_address(certificate.public_id)

    def get_pdf(self, certificate: Certificate) -> str | None:
        if not certificate.pdf_sha256:
            return None
        return reverse("api-certificate-pdf", args=[certificate.public_id], request=self.context["request"])


# --- What is sent -----------------------------------------------------------------------------------------------------


class IssueSerializer(serializers.Serializer[Any]):
    enrollment = serializers.PrimaryKeyRelatedField(queryset=Enrollment.objects.all())


class IssueManySerializer(serializers.Serializer[Any]):
    enrollments = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
    )


class RevokeSerializer(serializers.Serializer[Any]):
    reason_code = serializers.ChoiceField(choices=[reason.value for reason in REASONS], help_text="Public.")
    reason_text = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=2_000, help_text="Internal."
    )


class VisibilitySerializer(serializers.Serializer[Any]):
    name_hidden = serializers.BooleanField(required=False, help_text="The public page does not say the name.")
    page_hidden = serializers.BooleanField(required=False, help_text="The public page does not answer.")


# --- Issuing ----------------------------------------------------------------------------------------------------------


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    words = serializers.CharField()


class IssuingLineSerializer(serializers.Serializer[Any]):
    """A completed enrolment without a certificate, and what stands against one."""

    enrollment = serializers.IntegerField(source="enrollment.pk")
    learner = serializers.EmailField(source="enrollment.learner.email")
    course = serializers.CharField(source="enrollment.course.slug")
    completed_at = serializers.DateTimeField(source="enrollment.completed_at")
    is_due = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    language = serializers.CharField(help_text="Of the certificate.")


class FailureSerializer(serializers.ModelSerializer[JobItem]):
    enrollment = serializers.IntegerField(source="subject")
    reason = serializers.CharField(source="result.reason")

    class Meta:
        model = JobItem
        fields = ["enrollment", "reason"]


class IssuingJobSerializer(serializers.Serializer[IssuingJob]):
    """A bulk issue and how far it is."""

    id = serializers.IntegerField(source="job.pk")
    created_at = serializers.DateTimeField(source="job.created_at")
    total = serializers.IntegerField(source="progress.total")
    waiting = serializers.IntegerField(source="progress.waiting")
    issued = serializers.IntegerField()
    already_issued = serializers.IntegerField(source="had", help_text="Had theirs before this job.")
    being_made = serializers.IntegerField(help_text="Reserved; the file follows.")
    failed = serializers.IntegerField(source="progress.failed")
    cancelled = serializers.IntegerField(source="progress.cancelled")
    is_live = serializers.BooleanField(help_text="Something may still change by itself: ask again.")
    failures = FailureSerializer(many=True, help_text="The first hundred.")


# --- Verifying --------------------------------------------------------------------------------------------------------


class CountrySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class IssuerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    country = CountrySerializer()


class SignatorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Empty where an office approves.")
    title = serializers.CharField()
    organisation = serializers.CharField()


class CoveredModuleSerializer(serializers.Serializer[Any]):
    """A module as it was covered: the numbers of its core and of the national layer."""

    title = serializers.CharField()
    core = serializers.IntegerField()
    country = CountrySerializer(allow_null=True)
    layer = serializers.IntegerField(allow_null=True)
    completed_on = serializers.DateField()


class PrintedSerializer(serializers.Serializer[Any]):
    """Everything printed but the name, in the language of the certificate."""

    kind = serializers.CharField(help_text=KINDS)
    language = serializers.CharField()
    programme = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    outcomes = serializers.ListField(child=serializers.CharField())
    references = serializers.ListField(child=serializers.CharField())
    hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    level = serializers.CharField()
    assessment = serializers.CharField()
    participation = serializers.CharField()
    quality = serializers.CharField()
    modules = CoveredModuleSerializer(many=True)
    completed_on = serializers.DateField()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    issuer = IssuerSerializer()
    partners = IssuerSerializer(many=True)
    signatories = SignatorySerializer(many=True)
    serial = serializers.CharField()
    replaces = serializers.CharField(
        help_text="The serial of the revoked certificate that this one corrects, if any."
    )
    verify_url = serializers.URLField()
    sealed = serializers.BooleanField()


class VerificationSerializer(serializers.Serializer[Any]):
    """What anybody may know of a certificate: the same as its public page says."""

    public_id = serializers.CharField()
    state = serializers.CharField(help_text=STATES)
    stands = serializers.BooleanField(help_text="True only while it is valid.")
    name = serializers.CharField(help_text="Empty where hidden, erased or replaced.")
    is_erased = serializers.BooleanField()
    reason_code = serializers.CharField()
    reason = serializers.CharField(help_text="In the language of the request.")
    revoked_on = serializers.DateField(allow_null=True)
    replacement = serializers.CharField(help_text="The public id of the certificate that counts now, if any.")
    content_changed = serializers.BooleanField()
    pdf_sha256 = serializers.CharField(help_text="Of the file as it was issued.")
    commitment = serializers.CharField(help_text="Opened by `holder.json`, which is attached to the file.")
    demonstration = serializers.BooleanField()
    printed = PrintedSerializer()
