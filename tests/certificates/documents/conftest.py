from __future__ import annotations

import pytest

from lms.lib.pdf import PdfUnavailable, pdf_available


@pytest.fixture(autouse=True)
def _pango(request):
    """A test marked `pdf` is skipped, with the remedy as its reason, where Pango is missing."""
    if request.node.get_closest_marker("pdf") and not pdf_available():
        pytest.skip(str(PdfUnavailable()))
