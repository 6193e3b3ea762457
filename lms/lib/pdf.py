"""HTML and CSS to one archivable, accessible PDF: the only place that knows WeasyPrint.

The file is PDF/A-3a and PDF/UA-1 at once, byte for byte the same for the same input, set in our own fonts
only, and fetches nothing. Whatever WeasyPrint merely logs as a warning fails the document.

`render_pdf` works in a child process (see `render_child`), because a hostile or broken document can keep the
renderer busy for a minute; `render_here` is what that child calls. WeasyPrint needs Pango from the system, so
it is imported in functions only: without it everything else must start and run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache, partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lms.lib.fonts import FAMILY, font_faces, font_folder

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document

REMEDY = "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
TIME_LIMIT = 20.0
STYLE_SHEETS_KEPT = 8


class PdfUnavailable(RuntimeError):
    """This machine cannot make PDF files yet. The message carries the exact remedy."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(
            f"PDF support needs Pango from the system: {REMEDY}" + (f" ({reason})" if reason else "")
        )


class PdfFailed(RuntimeError):
    """The document cannot be rendered as it should be; trying again changes nothing."""


class PdfTooLong(PdfFailed):
    """The document runs to more pages than it may have."""


class PdfTookTooLong(PdfFailed):
    """The renderer was ended after the time limit."""


@dataclass(frozen=True)
class Attachment:
    """A file within the PDF. `relationship` is the PDF/A-3 one: `Data`, `Source`, `Supplement`…"""

    name: str
    data: bytes
    description: str
    relationship: str


@dataclass(frozen=True)
class PdfJob:
    """All that a PDF depends on. `identifier` are 16 bytes in hexadecimal; `at` dates the file."""

    html: str
    css: str
    language: str
    identifier: str
    at: datetime
    max_pages: int
    attachments: tuple[Attachment, ...] = field(default=())


def render_pdf(job: PdfJob, *, time_limit: float = TIME_LIMIT) -> bytes:
    """The PDF, made by the child process. Any thread may call; calls are served one by one.

    Raises PdfUnavailable without Pango, PdfTookTooLong after `time_limit` seconds, PdfTooLong past
    `max_pages`, PdfFailed for everything else that would have made a lesser file.
    """
    from lms.lib.render_child import shared_child

    return shared_child().render(job, time_limit=time_limit)


def pdf_available() -> bool:
    """Whether this machine can make PDF files.

    A yes is remembered; a no is asked again after a minute, so that installing Pango needs no restart.
    """
    from lms.lib.render_child import renderer_loads

    return renderer_loads()


def load_renderer() -> None:
    """Import WeasyPrint. Raises PdfUnavailable where it or its system libraries are missing."""
    try:
        # On failure it prints a page of advice for every system there is; our remedy is one line.
        with redirect_stdout(StringIO()):
            import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        # The first line names the library; the rest is a page of advice for other systems.
        raise PdfUnavailable(str(error).strip().splitlines()[0]) from error


def render_here(job: PdfJob) -> bytes:
    """The PDF, made in this process and without any limit. For the child; elsewhere use `render_pdf`."""
    load_renderer()
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with _no_warnings():
        try:
            html = HTML(string=job.html, base_url=None, url_fetcher=_fetcher())
            options = _options(job)
            document = html.render(font_config=_fonts(), **options)
            if len(document.pages) > job.max_pages:
                raise PdfTooLong(f"{len(document.pages)} pages, at most {job.max_pages} wanted")
            pdf: bytes = document.write_pdf(finisher=partial(_finish, job), **options)
        except FatalURLFetchingError as error:
            raise PdfFailed(str(error)) from error
    return pdf


def _options(job: PdfJob) -> dict[str, Any]:
    return {
        "pdf_variant": "pdf/a-3a",
        "pdf_identifier": job.identifier.encode("ascii"),
        "stylesheets": [_style(font_faces()), _style(job.css)],
        "attachments": [_attachment(file, job.at) for file in job.attachments],
    }


def _attachment(file: Attachment, at: datetime) -> Any:
    from weasyprint import Attachment as Embedded

    return Embedded(
        string=file.data,
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=at,
        modified=at,
    )


@cache
def _fonts() -> Any:
    """Shared by all documents of the process: reading the fonts anew costs a fifth of a render."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=STYLE_SHEETS_KEPT)
def _style(css: str) -> CSS:
    from weasyprint import CSS

    return CSS(string=css, font_config=_fonts(), url_fetcher=_fetcher())


# --- What may be fetched, and what may be logged ----------------------------------------------------------------------


@cache
def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class SealedFetcher(URLFetcher):
        """`data:` and the font folder, nothing else. An ordinary exception would only lose the picture."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not _may_fetch(url):
                raise FatalURLFetchingError(f"A document fetches nothing, but asked for {url[:200]!r}")
            return super().fetch(url, headers)

    return SealedFetcher(allowed_protocols={"data", "file"}, allow_redirects=False)


def _may_fetch(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "data":
        return True
    if parts.scheme != "file" or parts.netloc:
        return False
    return Path(url2pathname(parts.path)).resolve().is_relative_to(font_folder())


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _no_warnings() -> Iterator[None]:
    """WeasyPrint only logs what it leaves out: a blocked picture within a picture, a misspelt option, a figure
    without words. Each of these is a lesser document, so each is an error here."""
    logger, collector = logging.getLogger("weasyprint"), _Collector()
    # The messages quote the document, which holds a name: they go to the caller and to no log.
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagated
    if collector.messages:
        raise PdfFailed("; ".join(collector.messages)[:2000])


# --- The finisher: from PDF/A to PDF/A and PDF/UA ---------------------------------------------------------------------

_UA_SCHEMA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
PX_TO_PT = 0.75


def _finish(job: PdfJob, document: Document, pdf: Any) -> None:
    """Make the PDF/A file a PDF/UA file too, and refuse to write one that is neither.

    WeasyPrint writes one conformance per file (Kozea/WeasyPrint#2783); the other is a matter of metadata.
    """
    metadata = _object(pdf, pdf.catalog["Metadata"])
    _declare_accessible(metadata)
    _list_attachments_once(pdf)
    _turn_figure_boxes(pdf)
    _check(job, document, pdf, metadata.stream[0])


def _object(pdf: Any, reference: bytes | str) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _declare_accessible(metadata: Any) -> None:
    [xmp] = metadata.stream
    _must(xmp.count(b"</rdf:RDF>") == 1, "one RDF block in the metadata")
    metadata.stream = [xmp.replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>")]


def _list_attachments_once(pdf: Any) -> None:
    """WeasyPrint 70 names each attachment twice in the catalog."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))


def _turn_figure_boxes(pdf: Any) -> None:
    """WeasyPrint 70 gives a figure's box in CSS pixels from the top; PDF wants points from the bottom."""
    for figure in _elements(pdf, "/Figure"):
        height = _object(pdf, figure["Pg"])["MediaBox"][3]
        left, top, right, bottom = figure["A"]["BBox"]
        figure["A"]["BBox"][:] = [
            left * PX_TO_PT,
            height - bottom * PX_TO_PT,
            right * PX_TO_PT,
            height - top * PX_TO_PT,
        ]


def _elements(pdf: Any, tag: str) -> list[Any]:
    return [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == tag]


def _check(job: PdfJob, document: Document, pdf: Any, xmp: bytes) -> None:
    _must(b'pdfaid:part="3"' in xmp and b'pdfaid:conformance="A"' in xmp, "PDF/A-3a in the metadata")
    _must(xmp.count(b"<pdfuaid:part>1</pdfuaid:part>") == 1, "PDF/UA-1 in the metadata")
    _must(document.metadata.lang == job.language, f"the language {job.language!r}")
    _must(bool(document.metadata.title), "a title")
    _must(len(pdf.catalog.get("AF", [])) == len(job.attachments), f"{len(job.attachments)} attachments")
    families = {font.family for font in document.fonts.values()}
    _must(families <= {FAMILY}, f"our own letters only, not {', '.join(sorted(families - {FAMILY}))}")
    for figure in _elements(pdf, "/Figure"):
        _must("Alt" in figure, "words for every figure")


def _must(fact: bool, wanted: str) -> None:
    if not fact:
        raise PdfFailed(f"The document should have {wanted}.")
