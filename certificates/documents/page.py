"""From the snapshot to the page: which words, which sizes, which pictures. Pure; nothing is looked up."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from urllib.parse import quote

import segno
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.translation import gettext as _

from lms.lib.fonts import FAMILY

from .. import numbering
from . import typesetting
from .glyphs import width
from .snapshot import Holder, Module, Partner, Printed

# Tried in this order until the document keeps to its two pages.
DENSITIES = ("roomy", "compact", "dense")
# A longer description would push the code off the first page; it stands on the second.
FRONT_DESCRIPTION = 300
NAME_ROOM, TITLE_ROOM = 459.0, 425.0  # points: 162 mm, the page less its margins, and 150 mm

INK, PAPER = "#000000", "#ffffff"


def page(printed: Printed, holder: Holder, commitment: str, *, density: str) -> str:
    """The whole document as HTML, in the language of the certificate. Escaped throughout."""
    with translation.override(printed.language):
        return render_to_string(
            template_path(printed, "certificate.html"), _context(printed, holder, commitment, density)
        )


def style(printed: Printed) -> str:
    """The style sheet of the template; the same for all its certificates."""
    return render_to_string(template_path(printed, "style.css"), {"family": FAMILY})


def template_path(printed: Printed, name: str) -> str:
    """Where the released version of a template lies."""
    return f"certificates/pdf/{printed.template}/{printed.template_version}/{name}"


def heading(kind: str) -> str:
    """What the document calls itself: two kinds that never read alike."""
    return _("Course certificate") if kind == "passed" else _("Certificate of attendance")


def _context(printed: Printed, holder: Holder, commitment: str, density: str) -> dict[str, Any]:
    return {
        "printed": printed,
        "holder": holder,
        "density": density,
        "heading": heading(printed.kind),
        "name_setting": typesetting.fit(holder.name, largest=30, lines=2, room=NAME_ROOM),
        "title_setting": typesetting.fit(printed.title, largest=20, lines=3, room=TITLE_ROOM),
        "long_description": len(printed.description) > FRONT_DESCRIPTION,
        "hours": number(printed),
        "completed_on": day(printed.completed_on),
        "issued_on": day(printed.issued_on),
        "issued_at": printed.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "valid_until": printed.valid_until and day(printed.valid_until),
        "modules": [_module(module) for module in printed.modules],
        "references": "; ".join(printed.references),
        "partners": [_partner(partner) for partner in printed.partners],
        "grouped_id": numbering.grouped_public_id(printed.public_id),
        "verify_address": printed.verify_url.split("://", 1)[1],
        "qr": qr_picture(printed.verify_url),
        "commitment": [commitment[i : i + 8] for i in range(0, len(commitment), 8)],
        "watermark": watermark(_("DEMONSTRATION")) if printed.demonstration else "",
    }


def _module(module: Module) -> dict[str, Any]:
    return {
        "title": module.title,
        "core": module.core,
        "country": module.country and module.country.name,
        "layer": module.layer,
        "completed_on": day(module.completed_on),
    }


def _partner(partner: Partner) -> dict[str, Any]:
    return {"name": partner.name, "country": partner.country, "picture": mark_picture(partner)}


def day(value: date) -> str:
    """A date in words and in the active language, never broken over two lines."""
    # Django's English puts the month first; ours is the European order.
    pattern = "j F Y" if translation.get_language() == "en" else "DATE_FORMAT"
    return formats.date_format(value, pattern).replace(" ", "\u00a0")


def number(printed: Printed) -> str:
    """The hours without trailing zeros and with the language's own decimal sign: 2,5."""
    return formats.number_format(f"{printed.hours.normalize():f}", use_l10n=True)


def qr_picture(url: str) -> str:
    """The address as a QR code. Upper case is the same address and takes a smaller code; see the /V/ route."""
    code = segno.make(url.upper(), error="q", boost_error=False, micro=False)
    picture: str = code.svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)
    return picture


def mark_picture(partner: Partner) -> str:
    """The lettered mark: a plain tile in the partner's colour. Decoration; the name stands beside it."""
    size = {1: 20, 2: 17, 3: 14}.get(len(partner.mark), 11)
    return _svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="5" fill="{partner.colour}"/>'
        f'<text x="20" y="{20 + size * 0.35:.1f}" font-family="{FAMILY}" font-weight="600" font-size="{size}" '
        f'text-anchor="middle" fill="{readable_on(partner.colour)}">{_escaped(partner.mark)}</text></svg>'
    )


def watermark(word: str) -> str:
    """The word once across the page, in letters so large and light that they can be read through."""
    size = 190 / width(word)
    rows = "".join(
        f'<text x="105" y="{y}" text-anchor="middle">{_escaped(word)}</text>'
        for y in (128, 158, 188, 218, 248)
    )
    return _svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><g font-family="{FAMILY}" '
        f'font-weight="600" font-size="{size:.1f}" fill="#f7dcd5">{rows}</g></svg>'
    )


def readable_on(colour: str) -> str:
    """White or ink, whichever has the higher contrast: one of the two always reaches 4.5 to 1."""
    return max((PAPER, INK), key=lambda letters: contrast(letters, colour))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _svg(source: str) -> str:
    return "data:image/svg+xml," + quote(source)
