from __future__ import annotations

import subprocess
import sys

import pytest

from certificates.documents.glyphs import missing_in, width


def test_each_missing_letter_is_named_once_whatever_the_text_it_is_in():
    assert missing_in(("Åsa 漢", "漢 😀", "Ek")) == ["漢", "😀"]


def test_wide_letters_are_wider():
    assert width("WWW") > width("iii")
    assert width("ab") == pytest.approx(width("a") + width("b"))


def test_nobody_loads_the_font_who_never_prints():
    """The web process of a small installation has no memory to spare for it."""
    code = (
        "import sys; import certificates.documents; import certificates.documents.glyphs; "
        "sys.exit(any(name.startswith(('fontTools', 'weasyprint')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
