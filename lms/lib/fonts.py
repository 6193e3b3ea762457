"""Where the letters of our documents lie. One family, from its package, so that a document looks the same
on every machine; nothing is looked up among the fonts of the system."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

# Not the family's own name: a copy installed on the machine must never be taken for ours.
FAMILY = "Document Sans"
# Weight and file of each cut. No italics: that cut lacks the Sámi ŋ and half of the other letters.
CUTS = {
    "Light": (300, "SourceSansPro-Light.ttf"),
    "Regular": (400, "SourceSansPro-Regular.ttf"),
    "Semibold": (600, "SourceSansPro-Semibold.ttf"),
    "Bold": (700, "SourceSansPro-Bold.ttf"),
}


def font_folder() -> Path:
    """The folder of the font package; a renderer may read here and nowhere else."""
    return Path(str(resources.files("font_source_sans_pro") / "files")).resolve()


def font_file(cut: str) -> Path:
    """The file of a cut, e.g. `Semibold`."""
    return font_folder() / CUTS[cut][1]


def font_faces() -> str:
    """The cuts as CSS, by absolute file address."""
    folder = font_folder()
    return "\n".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; "
        f"src: url('{(folder / file).as_uri()}') }}"
        for weight, file in CUTS.values()
    )
