"""The stored file of a certificate. Who may have it is asked before, by `permissions.can_download`."""

from typing import IO

from django.core.files.storage import default_storage

from ..models import Certificate, CertificateFile


def open_pdf(certificate: Certificate) -> IO[bytes]:
    """The published bytes. Raises CertificateFile.DoesNotExist before there are any."""
    file = certificate.files.get(kind=CertificateFile.Kind.PDF, sha256=certificate.pdf_sha256)
    stored: IO[bytes] = default_storage.open(file.path, "rb")
    return stored


def download_name(certificate: Certificate) -> str:
    """Serial and course in plain letters, so that no mail server or file system stumbles: never the name."""
    slug = certificate.enrollment.course.slug if certificate.enrollment else ""
    return "-".join(part for part in (certificate.serial, slug) if part) + ".pdf"
