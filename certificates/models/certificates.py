"""Certificates: rows that are reserved first, made into a file by a worker, and never forgotten."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Module, Revision
from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.lib.places import country_choices
from lms.records.models import Job, LeasedQuerySet

from .definitions import CertificateDefinition


class CertificateQuerySet(LeasedQuerySet):
    def live(self) -> "CertificateQuerySet":
        return self.filter(state__in=Certificate.LIVE)

    def visible_to(self, user: User | AnonymousUser) -> "CertificateQuerySet":
        """The holder's own, and all of them for an administrator."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(learner=user)

    def free(self, *, at: datetime) -> "CertificateQuerySet":
        """Reserved and waiting for their file."""
        waiting = self.filter(state=Certificate.State.RESERVED, parked_at=None)
        return waiting.filter(Q(lease_until=None) | Q(lease_until__lt=at))


class Certificate(models.Model):
    """What was achieved, frozen at the moment of reservation.

    `snapshot` is what anyone may read; `holder_snapshot` and `holder_salt` are personal and may be erased: the
    commitment over them stays, so that a holder's file can still be proven genuine. *Expired* and *lapsed* are
    computed, never stored. The columns for seals and credentials are empty for certificates issued before sealing.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", _("Being made")
        ISSUED = "issued", _("Valid")
        SUSPENDED = "suspended", _("Suspended")
        SUPERSEDED = "superseded", _("Replaced")
        REVOKED = "revoked", _("Revoked")
        VOID = "void", pgettext_lazy("certificate", "Void")

    class Reason(models.TextChoices):
        ISSUED_IN_ERROR = "issued_in_error", _("Issued in error")
        DATA_ERROR = "data_error", _("Wrong data")
        NOT_EARNED = "not_earned", _("Requirements were not met")
        HOLDER_REQUEST = "holder_request", _("At the holder's request")
        CANCELLED = "cancelled", _("Cancelled before it was made")

    LIVE = (State.RESERVED, State.ISSUED, State.SUSPENDED)

    public_id = models.CharField(max_length=26, unique=True)
    serial = models.CharField(max_length=24, unique=True)
    credential_id = models.UUIDField(default=uuid.uuid4, unique=True)
    chain_id = models.UUIDField(default=uuid.uuid4, db_index=True)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    definition = models.ForeignKey(CertificateDefinition, models.PROTECT, related_name="certificates")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    template_version = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    holder_snapshot = models.JSONField(null=True, blank=True)
    holder_salt = models.BinaryField(max_length=32, null=True, blank=True)
    holder_commitment = models.CharField(max_length=64)
    evidence = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.RESERVED)
    language = models.CharField(max_length=8)
    demonstration = models.BooleanField(default=False)
    reserved_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="renewed_by")
    replacement_pending = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=20, choices=Reason, blank=True)
    reason_text = models.TextField(blank=True, max_length=2_000)
    revoked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    page_hidden = models.BooleanField(default=False)
    name_hidden = models.BooleanField(default=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    badge_json = models.JSONField(null=True, blank=True)
    badge_sha256 = models.CharField(max_length=64, blank=True)
    seal_kid = models.CharField(max_length=80, blank=True)
    vc_kid = models.CharField(max_length=80, blank=True)
    pades_level = models.CharField(max_length=8, blank=True)
    status_list = models.UUIDField(null=True, blank=True)
    status_index = models.PositiveIntegerField(null=True, blank=True)
    render_env = models.JSONField(default=dict, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            # One live certificate per enrolment and definition; its replacement may wait beside it.
            models.UniqueConstraint(
                fields=["enrollment", "definition"],
                name="certificate_one_live",
                condition=Q(state__in=["reserved", "issued", "suspended"], replacement_pending=False),
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="certificate_status_place_once"
            ),
            models.CheckConstraint(
                name="certificate_issued_has_file",
                condition=~Q(state="issued") | (~Q(pdf_sha256="") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="certificate_revoked_has_reason",
                condition=~Q(state="revoked") | (~Q(reason_code="") & Q(revoked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="certificate_validity_order",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        indexes = [
            # The worker's only question: what is reserved and has no file yet?
            models.Index(fields=["reserved_at"], name="certificate_waiting", condition=Q(state="reserved")),
        ]
        ordering = ["-reserved_at", "-pk"]

    def __str__(self) -> str:
        return self.serial

    def is_expired(self, at: datetime) -> bool:
        return self.valid_until is not None and self.valid_until < at


class CertificatePart(models.Model):
    """Which revisions a certificate covers. Names no person, and stays when the person is erased."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="parts")
    module = models.ForeignKey(Module, models.PROTECT, related_name="certificate_parts")
    core_revision = models.ForeignKey(Revision, models.PROTECT, related_name="certificate_parts")
    country = models.CharField(max_length=2, choices=country_choices, blank=True)
    layer_revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="layer_certificate_parts"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "module", "country"], name="certificate_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.module}"


class CertificateFile(models.Model):
    """A file of a certificate, kept once under its content hash."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        BADGE = "badge", _("Credential")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind)
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "sha256"], name="certificate_file_once")
        ]

    def __str__(self) -> str:
        return self.sha256


class SerialCounter(models.Model):
    """The last number given in a year. A number once given is never given again."""

    prefix = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="serial_counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"
