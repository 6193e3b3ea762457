"""From the reserved row to the published file: claim by lease, render outside any transaction, publish once."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from importlib.metadata import version

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lms.accounts.models import User
from lms.lib.pdf import PdfUnavailable, pdf_available
from lms.records.services import record

from ..documents import RenderedCertificate, build_certificate_pdf
from ..documents.snapshot import Holder, Printed
from ..models import Certificate, CertificateFile
from .issuing import wake
from .keeping import discard, keep
from .letters import tell_issued

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
MAX_TRIES = 5
FIRST_DELAY = timedelta(seconds=30)
CHUNK = 25
RENDERERS = ("weasyprint", "pydyf", "segno", "font-source-sans-pro")

State = Certificate.State


def make_file(certificate: Certificate, *, at: datetime) -> Certificate:
    """Make and publish the file of a reserved certificate, unless another worker holds it; returns the row as it is.

    Safe to run twice and to be killed anywhere: one file, one event, one mail. Without PDF support the certificate
    waits, and that counts as no try. Any other failure is kept in `last_error` and tried again later; after the
    fifth the certificate is parked until a person asks for `retry`.
    """
    token = claim(certificate, at=at)
    if token:
        attempt(Certificate.objects.get(pk=certificate.pk), token, at=at)
    return Certificate.objects.get(pk=certificate.pk)


def claim(certificate: Certificate, *, at: datetime) -> uuid.UUID | None:
    """The token of a lease that is now ours, or None."""
    token, until = uuid.uuid4(), at + timedelta(seconds=LEASE_SECONDS)
    free = Certificate.objects.free(at=at).filter(pk=certificate.pk)
    claimed = free.update(lease_until=until, lease_token=token, tries=F("tries") + 1)
    return token if claimed else None


def attempt(certificate: Certificate, token: uuid.UUID, *, at: datetime) -> None:
    try:
        publish(certificate, render(certificate), at=at)
    except PdfUnavailable as missing:
        put_back(certificate, token, missing)
    except Exception as error:  # noqa: BLE001  (whatever it is, the other certificates must be made)
        # The message may quote the document, which holds a name: it goes into the row, not into the log.
        logger.warning("Certificate %s could not be made: %s", certificate.serial, type(error).__name__)
        put_off(certificate, token, error, at=at)


def render(certificate: Certificate) -> RenderedCertificate:
    """A function of the row alone: whoever renders it, whenever, gets the same bytes."""
    assert certificate.holder_snapshot is not None
    assert certificate.holder_salt is not None
    return build_certificate_pdf(
        Printed.from_dict(certificate.snapshot),
        Holder.from_dict(certificate.holder_snapshot),
        salt=bytes(certificate.holder_salt),
    )


def publish(certificate: Certificate, rendered: RenderedCertificate, *, at: datetime) -> None:
    """Keep the bytes, then say so by compare-and-set; who comes second throws theirs away."""
    path = keep(rendered.pdf, rendered.sha256)
    with transaction.atomic(durable=True):
        reserved = Certificate.objects.filter(pk=certificate.pk, state=State.RESERVED)
        published = reserved.update(
            state=State.ISSUED,
            pdf_sha256=rendered.sha256,
            unsigned_sha256=rendered.sha256,
            pdf_size=len(rendered.pdf),
            render_env={package: version(package) for package in RENDERERS},
            published_at=at,
            lease_until=None,
            lease_token=None,
            last_error="",
        )
        if published:
            CertificateFile.objects.create(
                certificate=certificate,
                kind=CertificateFile.Kind.PDF,
                sha256=rendered.sha256,
                path=path,
                size=len(rendered.pdf),
                created_at=at,
            )
            record("certificate.issued", certificate, at=at, pdf=rendered.sha256)
            tell_issued(certificate, at=at)
    if not published and not CertificateFile.objects.filter(sha256=rendered.sha256).exists():
        discard(rendered.sha256)  # cancelled meanwhile, and from there no way leads back


def put_back(certificate: Certificate, token: uuid.UUID, missing: PdfUnavailable) -> None:
    """Waiting for PDF support is no failure of this certificate."""
    Certificate.objects.filter(pk=certificate.pk, lease_token=token).update(
        lease_until=None, lease_token=None, tries=F("tries") - 1, last_error=str(missing)
    )


def put_off(certificate: Certificate, token: uuid.UUID, error: Exception, *, at: datetime) -> None:
    Certificate.objects.filter(pk=certificate.pk, lease_token=token).update(
        lease_until=at + FIRST_DELAY * 2 ** (certificate.tries - 1),
        lease_token=None,
        last_error=f"{type(error).__name__}: {error}"[:1000],
        parked_at=at if certificate.tries >= MAX_TRIES else None,
    )


def make_waiting(*, at: datetime) -> int:
    """Make what waits, oldest first, at most a chunk of it. Returns how many were issued: until none, call again.

    Any number of workers may do so at once. Without PDF support nothing is touched.
    """
    if not pdf_available():
        return 0
    park_deadly(at=at)
    waiting = Certificate.objects.free(at=at).order_by("reserved_at", "pk")[:CHUNK]
    # A lease counts from its own claim, not from the start of the chunk.
    made = [make_file(certificate, at=timezone.now()) for certificate in waiting.only("pk")]
    return sum(certificate.state == State.ISSUED for certificate in made)


def park_deadly(*, at: datetime) -> int:
    """Set aside what has killed its worker time and again: a kill leaves no error, only a lease that ran out."""
    deadly = Certificate.objects.free(at=at).filter(tries__gte=MAX_TRIES, lease_token__isnull=False)
    return deadly.update(
        parked_at=at, lease_token=None, last_error="The worker ended each time while it made this file."
    )


def anything_waiting(*, at: datetime) -> bool:
    return Certificate.objects.free(at=at).exists()


def retry(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Let a parked certificate be tried again at once. What a worker holds just now is left alone."""
    with transaction.atomic(durable=True):
        if release(certificate):
            Certificate.objects.filter(pk=certificate.pk).update(tries=0)
            record("certificate.retried", certificate, by=by, at=at)
            transaction.on_commit(wake, robust=True)
    return Certificate.objects.get(pk=certificate.pk)


def release(certificate: Certificate) -> bool:
    """Take a certificate out of its pause. False where there was none, or a worker holds it."""
    paused = Certificate.objects.filter(pk=certificate.pk, state=State.RESERVED, lease_token=None)
    return bool(paused.exclude(lease_until=None, parked_at=None).update(lease_until=None, parked_at=None))
