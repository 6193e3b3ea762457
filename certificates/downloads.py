"""The file on its way to whoever may have it; asked before, by `permissions.can_download`."""

from urllib.parse import quote

from django.http import FileResponse

from .models import Certificate
from .selectors import download_name, open_pdf


def pdf_response(certificate: Certificate) -> FileResponse:
    """Streamed from the storage, kept by nobody on the way, under a name in plain letters and one in its own."""
    response = FileResponse(open_pdf(certificate), content_type="application/pdf")
    own = quote(f"{certificate.serial} {certificate.snapshot['title']}.pdf".replace("/", "-"), safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{download_name(certificate)}\"; filename*=UTF-8''{own}"
    )
    response["Content-Length"] = str(certificate.pdf_size)
    response["Content-Encoding"] = "identity"  # nothing is gained by compressing it again
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
