"""What a certificate looks like on paper: from its frozen snapshot to the bytes of a PDF. No database.

Callers need `build_certificate_pdf` and the structures of `snapshot`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from lms.lib.names import describe
from lms.lib.pdf import Attachment, PdfJob, PdfTooLong, render_pdf

from .glyphs import UnprintableText, missing_in
from .page import DENSITIES, page, style
from .snapshot import Holder, Printed, commitment, holder_json, texts

PAGES, MOST_PAGES = 2, 5


@dataclass(frozen=True)
class RenderedCertificate:
    """The bytes to keep for ever, and their SHA-256 in hexadecimal."""

    pdf: bytes
    sha256: str


def build_certificate_pdf(printed: Printed, holder: Holder, *, salt: bytes) -> RenderedCertificate:
    """The certificate as a tagged, archivable PDF with `holder.json` attached.

    Two pages, more only past some twenty modules. A pure function: the same snapshot and salt give the same
    bytes. Raises UnprintableText for a character without a glyph, and the errors of `lms.lib.pdf.render_pdf`,
    PdfUnavailable among them.
    """
    printed, holder = Printed.from_dict(printed.to_dict()), Holder.from_dict(holder.to_dict())
    _check_letters(printed, holder)
    pdf = _as_short_as_possible(printed, holder, salt)
    return RenderedCertificate(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


def _check_letters(printed: Printed, holder: Holder) -> None:
    if missing := missing_in((*texts(printed), *texts(holder))):
        raise UnprintableText(", ".join(map(describe, missing)))


def _as_short_as_possible(printed: Printed, holder: Holder, salt: bytes) -> bytes:
    for density in DENSITIES:
        try:
            return render_pdf(_job(printed, holder, salt, density, max_pages=PAGES))
        except PdfTooLong:
            continue
    # A course of thirty modules gets a third page rather than no certificate.
    return render_pdf(_job(printed, holder, salt, DENSITIES[-1], max_pages=MOST_PAGES))


def _job(printed: Printed, holder: Holder, salt: bytes, density: str, *, max_pages: int) -> PdfJob:
    opening = Attachment(
        name="holder.json",
        data=holder_json(holder, salt),
        description="The holder's name and the salt that open the commitment printed on page 2",
        relationship="Supplement",
    )
    return PdfJob(
        html=page(printed, holder, commitment(holder, salt), density=density),
        css=style(printed),
        language=printed.language,
        identifier=hashlib.sha256(printed.public_id.encode()).hexdigest()[:32],
        at=printed.issued_at,
        max_pages=max_pages,
        attachments=(opening,),
    )
