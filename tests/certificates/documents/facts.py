"""What PDF/A-3a and PDF/UA-1 ask of our files, as far as can be read without a validator.

Each check is one fact; `broken(pdf)` names those that do not hold. The tests spoil a good file once per fact
and see it turn red, so that none of them is a formality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

FACTS: dict[str, Callable[[Pdf], bool]] = {}


def fact(check: Callable[[Pdf], bool]) -> Callable[[Pdf], bool]:
    FACTS[check.__name__] = check
    return check


def broken(pdf: Pdf) -> list[str]:
    return [name for name, holds in FACTS.items() if not holds(pdf)]


def elements(pdf: Pdf) -> Iterator[Dictionary]:
    """The structure tree in reading order."""
    stack = [pdf.Root.StructTreeRoot]
    while stack:
        node = stack.pop()
        if isinstance(node, Dictionary) and Name.S in node:
            yield node
        kids = node.get(Name.K) if isinstance(node, Dictionary) else None
        stack.extend(reversed(list(kids) if isinstance(kids, Array) else [kids] if kids is not None else []))


def tags(pdf: Pdf) -> list[str]:
    return [str(element.S) for element in elements(pdf)]


def xmp(pdf: Pdf) -> bytes:
    return pdf.Root.Metadata.read_bytes()


def annotations(pdf: Pdf) -> list[Dictionary]:
    return [annotation for page in pdf.pages for annotation in page.obj.get(Name.Annots, [])]


@fact
def says_pdfa_3a(pdf):
    return b'pdfaid:part="3"' in xmp(pdf) and b'pdfaid:conformance="A"' in xmp(pdf)


@fact
def says_pdfua_1(pdf):
    return xmp(pdf).count(b"<pdfuaid:part>1</pdfuaid:part>") == 1


@fact
def describes_the_ua_schema(pdf):
    return b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in xmp(pdf)


@fact
def is_tagged(pdf):
    return bool(pdf.Root.get(Name.MarkInfo, {}).get(Name.Marked, False)) and Name.StructTreeRoot in pdf.Root


@fact
def has_a_language(pdf):
    return str(pdf.Root.get(Name.Lang, "")) in {"en", "nb", "sv", "fi"}


@fact
def shows_its_title(pdf):
    shown = pdf.Root.get(Name.ViewerPreferences, {}).get(Name.DisplayDocTitle, False)
    return bool(shown) and b"<dc:title>" in xmp(pdf)


@fact
def has_an_output_intent(pdf):
    return [str(intent.S) for intent in pdf.Root.get(Name.OutputIntents, [])] == ["/GTS_PDFA1"]


@fact
def has_an_identifier(pdf):
    return len(pdf.trailer.get(Name.ID, [])) == 2


@fact
def is_not_encrypted(pdf):
    return not pdf.is_encrypted


@fact
def is_pdf_1_7(pdf):
    return pdf.pdf_version == "1.7" and Name.Version not in pdf.Root


@fact
def tabs_follow_the_structure(pdf):
    return all(page.obj.get(Name.Tabs) == Name.S for page in pdf.pages)


@fact
def embeds_every_font(pdf):
    descriptors = [
        o for o in pdf.objects if isinstance(o, Dictionary) and o.get(Name.Type) == Name.FontDescriptor
    ]
    files = (Name.FontFile, Name.FontFile2, Name.FontFile3)
    return bool(descriptors) and all(any(file in each for file in files) for each in descriptors)


@fact
def maps_every_font_to_text(pdf):
    fonts = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get(Name.Subtype) == Name.Type0]
    return bool(fonts) and all(Name.ToUnicode in font for font in fonts)


@fact
def uses_our_letters_only(pdf):
    fonts = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get(Name.Type) == Name.FontDescriptor]
    return all("Document-Sans" in str(font.FontName) for font in fonts)


@fact
def gives_every_figure_words(pdf):
    return all(str(e.get(Name.Alt, "")) for e in elements(pdf) if Name.Figure == e.S)


@fact
def keeps_every_figure_on_its_page(pdf):
    return all(_within(e.A.BBox, e.Pg.MediaBox) for e in elements(pdf) if Name.Figure == e.S)


def _within(box: Array, page: Array) -> bool:
    left, bottom, right, top = map(float, box)
    page_left, page_bottom, page_right, page_top = map(float, page)
    return page_left <= left < right <= page_right and page_bottom <= bottom < top <= page_top


@fact
def skips_no_heading_level(pdf):
    levels = [int(tag[2:]) for tag in tags(pdf) if tag[:2] == "/H" and tag[2:].isdigit()]
    steps = zip([0, *levels], levels, strict=False)
    return bool(levels) and levels[0] == 1 and all(after <= before + 1 for before, after in steps)


@fact
def heads_every_table(pdf):
    tables = [e for e in elements(pdf) if Name.Table == e.S]
    return all(any(t.S == Name.TH for t in _below(table)) for table in tables)


@fact
def joins_cells_to_their_heads(pdf):
    return all(len(e.A.get(Name.Headers, [])) > 0 for e in elements(pdf) if e.S == Name.TD)


def _below(element: Dictionary) -> Iterator[Dictionary]:
    for kid in element.get(Name.K, []):
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield kid
            yield from _below(kid)


@fact
def prints_every_annotation(pdf):
    return all(int(a.get(Name.F, 0)) & 0b111 == 0b100 for a in annotations(pdf))


@fact
def gives_every_link_words(pdf):
    return all(str(a.get(Name.Contents, "")) for a in annotations(pdf))


@fact
def lists_the_attachment_once(pdf):
    return [str(file.UF) for file in pdf.Root.get(Name.AF, [])] == ["holder.json"]


@fact
def relates_the_attachment(pdf):
    return all(str(file.get(Name.AFRelationship, "")) == "/Supplement" for file in pdf.Root.get(Name.AF, []))


@fact
def runs_nothing(pdf):
    scripts = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get(Name.S) == Name.JavaScript]
    return not scripts and Name.OpenAction not in pdf.Root and Name.AA not in pdf.Root


def rewrite_xmp(pdf: Pdf, old: bytes, new: bytes) -> None:
    content = xmp(pdf)
    assert old in content
    pdf.Root.Metadata = pdf.make_stream(content.replace(old, new), Type=Name.Metadata, Subtype=Name.XML)


def first(pdf: Pdf, tag: str) -> Dictionary:
    return next(e for e in elements(pdf) if str(e.S) == tag)


def descriptor(pdf: Pdf) -> Dictionary:
    objects = (o for o in pdf.objects if isinstance(o, Dictionary))
    return next(o for o in objects if o.get(Name.Type) == Name.FontDescriptor)


def _drop(holder: Dictionary, *names: Name) -> None:
    for name in names:
        if name in holder:
            del holder[name]


# One way to spoil each fact.
SPOILERS: dict[str, Callable[[Pdf], object]] = {
    "says_pdfa_3a": lambda p: rewrite_xmp(p, b'conformance="A"', b'conformance="B"'),
    "says_pdfua_1": lambda p: rewrite_xmp(p, b"<pdfuaid:part>1<", b"<pdfuaid:part>2<"),
    "describes_the_ua_schema": lambda p: rewrite_xmp(
        p, b"<pdfaSchema:prefix>pdfuaid<", b"<pdfaSchema:prefix>x<"
    ),
    "is_tagged": lambda p: p.Root.MarkInfo.__setitem__(Name.Marked, False),
    "has_a_language": lambda p: _drop(p.Root, Name.Lang),
    "shows_its_title": lambda p: _drop(p.Root, Name.ViewerPreferences),
    "has_an_output_intent": lambda p: _drop(p.Root, Name.OutputIntents),
    "has_an_identifier": lambda p: _drop(p.trailer, Name.ID),
    "tabs_follow_the_structure": lambda p: _drop(p.pages[1].obj, Name.Tabs),
    "embeds_every_font": lambda p: _drop(descriptor(p), Name.FontFile, Name.FontFile2, Name.FontFile3),
    "maps_every_font_to_text": lambda p: _drop(
        next(o for o in p.objects if isinstance(o, Dictionary) and o.get(Name.Subtype) == Name.Type0),
        Name.ToUnicode,
    ),
    "uses_our_letters_only": lambda p: descriptor(p).__setitem__(Name.FontName, Name("/ABCDEF+DejaVu-Sans")),
    "gives_every_figure_words": lambda p: _drop(first(p, "/Figure"), Name.Alt),
    "keeps_every_figure_on_its_page": lambda p: first(p, "/Figure").A.__setitem__(
        Name.BBox, Array([90, 900, 180, 1054])
    ),
    "skips_no_heading_level": lambda p: first(p, "/H2").__setitem__(Name.S, Name.H3),
    "heads_every_table": lambda p: [
        cell.__setitem__(Name.S, Name.TD) for cell in list(elements(p)) if cell.S == Name.TH
    ],
    "joins_cells_to_their_heads": lambda p: first(p, "/TD").A.__setitem__(Name.Headers, Array([])),
    "prints_every_annotation": lambda p: annotations(p)[0].__setitem__(Name.F, 2),
    "gives_every_link_words": lambda p: _drop(annotations(p)[0], Name.Contents),
    "lists_the_attachment_once": lambda p: p.Root.AF.append(p.Root.AF[0]),
    "relates_the_attachment": lambda p: _drop(p.Root.AF[0], Name.AFRelationship),
    "runs_nothing": lambda p: p.Root.__setitem__(
        Name.OpenAction, p.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
    ),
    "is_pdf_1_7": lambda p: p.Root.__setitem__(Name.Version, Name("/2.0")),
}
