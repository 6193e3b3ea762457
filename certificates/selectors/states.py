"""What a certificate is worth today. *Expired* and *content changed* follow from rows and are stored nowhere."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Revision
from lms.lib.pdf import pdf_available

from ..models import Certificate, CertificatePart

State = Certificate.State


class ShownState(models.TextChoices):
    """The state in the words of pages and API."""

    BEING_MADE = "being_made", _("Being made")
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")
    VOID = "void", pgettext_lazy("certificate", "Cancelled")


SHOWN_AS = {
    State.RESERVED: ShownState.BEING_MADE,
    State.ISSUED: ShownState.VALID,
    State.SUSPENDED: ShownState.SUSPENDED,
    State.SUPERSEDED: ShownState.REPLACED,
    State.REVOKED: ShownState.REVOKED,
    State.VOID: ShownState.VOID,
}


def shown_state(certificate: Certificate, *, at: datetime) -> ShownState:
    """A revocation, replacement or suspension says more than an expiry, so it goes first."""
    shown = SHOWN_AS[State(certificate.state)]
    return ShownState.EXPIRED if shown == ShownState.VALID and certificate.is_expired(at) else shown


def in_state(shown: str, *, at: datetime) -> Q:
    """The same rule as `shown_state`, asked of the database."""
    over = Q(valid_until__lt=at)
    if shown == ShownState.EXPIRED:
        return Q(state=State.ISSUED) & over
    states = [state for state, word in SHOWN_AS.items() if word == shown]
    return Q(state__in=states) & ~over if shown == ShownState.VALID else Q(state__in=states)


def with_content_changed(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Each with `content_changed`, for lists."""
    return certificates.annotate(content_changed=Exists(changed_parts().filter(certificate=OuterRef("pk"))))


def changed_parts() -> QuerySet[CertificatePart]:
    """Parts whose text was withdrawn or has a newer major revision in effect.

    A note beside the state, not a state: what was learnt was right on the day it is dated.
    """
    core_newer, layer_newer = newer_major("core_revision"), newer_major("layer_revision")
    withdrawn = Q(core_revision__status=Revision.Status.WITHDRAWN) | Q(
        layer_revision__status=Revision.Status.WITHDRAWN
    )
    return CertificatePart.objects.filter(Q(Exists(core_newer)) | Q(Exists(layer_newer)) | withdrawn)


def newer_major(covered: str) -> QuerySet[Revision]:
    return Revision.objects.filter(
        edition=OuterRef(f"{covered}__edition"),
        number__gt=OuterRef(f"{covered}__number"),
        change_class=Revision.ChangeClass.MAJOR,
        edition__current__number__gte=F("number"),
    )


def waits_for_pdf(certificate: Certificate) -> bool:
    """Reserved on a machine that cannot make PDF files yet; made as soon as it can."""
    return certificate.state == State.RESERVED and not certificate.parked_at and not pdf_available()


def is_paused(certificate: Certificate) -> bool:
    """A try has failed: it waits for the next one, or for a person. Waiting for PDF support is no pause."""
    waits = certificate.state == State.RESERVED and certificate.lease_token is None
    return waits and bool(certificate.parked_at or certificate.lease_until)
