"""The certificate as a file: what it says, how it looks, and that it says the same for ever."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
import segno
from django.conf import settings
from PIL import Image

from certificates.documents import Holder, UnprintableText, build_certificate_pdf, commitment
from certificates.documents.page import page
from certificates.documents.snapshot import Module, holder_json
from lms.lib import render_child
from lms.lib.pdf import PdfUnavailable
from tests.certificates.documents.facts import FACTS, SPOILERS, broken, elements, tags
from tests.certificates.documents.samples import (
    FI,
    HOLDER,
    LONGEST_NAME,
    NAME,
    PARTNERS,
    SALT,
    VERIFY_URL,
    fullest,
    printed,
)

LANGUAGES = [code for code, _ in settings.LANGUAGES]
FOOTER = "It is not an authorisation, a professional qualification or CME accreditation."

pytestmark = pytest.mark.pdf


def build(sample=None, name=NAME) -> bytes:
    return build_certificate_pdf(sample or printed(), Holder(name), salt=SALT).pdf


@pytest.fixture(scope="module", autouse=True)
def _one_child():
    yield
    render_child.shared_child().close()


@pytest.fixture(scope="module")
def good() -> bytes:
    return build()


def tool(*command: str, data: bytes) -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True, timeout=30).stdout


def text(pdf: bytes) -> str:
    """All text, single-spaced: where lines break is another test's business."""
    return " ".join(tool("pdftotext", "-enc", "UTF-8", "-", "-", data=pdf).decode().split())


def picture(pdf: bytes, number: int, dpi: int, tmp_path) -> Image.Image:
    (tmp_path / "page.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-f", str(number), "-l", str(number), "-singlefile", "-png"]
    subprocess.run([*command, tmp_path / "page.pdf", tmp_path / "page"], check=True, timeout=60)
    with Image.open(tmp_path / "page.png") as opened:
        return opened.convert("RGB")


# --- Archivable and accessible ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["passed", "attendance"])
@pytest.mark.parametrize("demonstration", [False, True])
def test_the_fullest_certificate_holds_every_fact_on_two_pages(language, kind, demonstration):
    sample = fullest(language=language, kind=kind, demonstration=demonstration)
    with pikepdf.open(BytesIO(build(sample, LONGEST_NAME))) as pdf:
        assert broken(pdf) == []
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang) == language
        assert _lines_of(pdf, LONGEST_NAME) <= 2


def _lines_of(pdf: pikepdf.Pdf, name: str) -> int:
    """The paragraph after the header is the name; each line of it is a span of its own."""
    statement = next(e for e in elements(pdf) if str(e.S) == "/Div")
    return len(list(statement.K[0].K))


def test_the_plain_certificate_holds_every_fact(good):
    with pikepdf.open(BytesIO(good)) as pdf:
        assert broken(pdf) == []
        assert tags(pdf).count("/H1") == 1
        assert tags(pdf).count("/Figure") == 1


@pytest.mark.parametrize("name", FACTS)
def test_each_fact_turns_red_when_it_is_spoilt(good, name):
    if name == "is_not_encrypted":
        return _encrypted_turns_red(good)
    with pikepdf.open(BytesIO(good)) as pdf:
        SPOILERS[name](pdf)
        assert name in broken(pdf)
    return None


def _encrypted_turns_red(good):
    locked = BytesIO()
    with pikepdf.open(BytesIO(good)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    with pikepdf.open(locked) as pdf:
        assert "is_not_encrypted" in broken(pdf)


def test_the_renderers_own_figure_boxes_are_still_upside_down():
    """The day WeasyPrint corrects them, the finisher must stop: then this turns red."""
    script = """
        import sys; sys.path.insert(0, ".")
        from lms.lib import pdf
        from tests.lib.test_pdf import PICTURE, job
        seen = []
        right = pdf._turn_figure_boxes
        def watch(document):
            seen.extend(list(figure["A"]["BBox"]) for figure in pdf._elements(document, "/Figure"))
            right(document)
        pdf._turn_figure_boxes = watch
        style = "position: absolute; top: 0; left: 0; width: 90px; height: 90px"
        pdf.render_here(job(f'<h1>x</h1><img alt="x" src="{PICTURE}" style="{style}">',
                            css=job().css + "@page { margin: 0 }"))
        print(seen)
    """
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert [round(float(edge)) for edge in re.findall(r"[\d.]+", said.stdout)] == [0, 0, 90, 90]


def test_outside_readers_agree(good, tmp_path):
    (tmp_path / "c.pdf").write_bytes(good)
    assert b"No syntax" in tool("qpdf", "--check", str(tmp_path / "c.pdf"), data=b"")
    fonts = tool("pdffonts", str(tmp_path / "c.pdf"), data=b"").decode().splitlines()[2:]
    assert fonts
    assert all("Document-Sans" in line and " yes yes yes " in line for line in fonts)
    structure = tool("pdfinfo", "-struct-text", str(tmp_path / "c.pdf"), data=b"").decode()
    assert re.search(r"\bH\d\b", structure)[0] == "H1"
    assert "TH" in structure


def test_headings_come_in_order(good):
    with pikepdf.open(BytesIO(good)) as pdf:
        assert [tag for tag in tags(pdf) if re.fullmatch(r"/H\d", tag)] == ["/H1"] + ["/H2"] * 5


# --- What it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [NAME, LONGEST_NAME, "Ŋŧa", "Nguyễn Thị Ánh", "Жанна Ёлкина", "Άννα", "O’Neil"]
)
def test_the_name_reads_back_letter_by_letter(name):
    assert name in text(build(name=name))


def test_everything_in_the_snapshot_is_printed(good):
    said = text(good)
    for words in (
        "Course certificate",
        "has completed and passed",
        "Clinical trials and medical devices in the Nordic countries",
        "18 November 2026",
        "20 November 2026",
        "18 November 2029",
        "5.5 learning hours of 60 minutes",
        "Core 1, Finland 2",
        "Core 3 only, Latvia not yet adapted",
        "12 November 2026",
        "Agneta Lindqvist Programme lead, Läkemedelsakademin",
        "Decide whether a product is a medical device, and of which class",
        "Regulation (EU) 536/2014; Regulation (EU) 2017/745",
        "learn.example.org/v/7Q4K9M2XD1ZTB8VWHJ3RNE56PC",
        "7Q4K9-M2XD1-ZTB8VW-HJ3RN-E56PC",
        "NLS-2026-000123-7",
        "Without a digital seal: issued before digital seals were introduced.",
        FOOTER,
        *(partner.name for partner in PARTNERS),
    ):
        assert words in said


def test_attendance_never_reads_like_a_passed_course(good):
    attendance = text(build(printed(kind="attendance")))
    assert "Certificate of attendance" in attendance
    assert "took part in" in attendance
    assert "None: this document shows participation only" in attendance
    assert "passed" not in attendance
    assert "took part in" not in text(good)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["passed", "attendance"])
def test_words_reserved_for_real_schemes_are_never_printed(language, kind):
    sample = printed(language=language, kind=kind, title="A course", programme="A programme", description="")
    html = page(sample, HOLDER, commitment(HOLDER, SALT), density="roomy")
    # The closing sentence names them to deny them.
    body = re.sub(r'<p class="footer">.*?</p>', "", html, flags=re.DOTALL).casefold()
    reserved = (
        r"certified|certification|authori[sz]|sertifi[sk]|certifier|auktorisa|autorisa|prrc|\bcme\b|part 11"
    )
    assert re.findall(reserved, re.sub(r"data:[^\"']+", "", body)) == []


WORDS = {
    "en": ("Course certificate", "has completed and passed", "18\u00a0November\u00a02026", "5.5"),
    "nb": ("Kursbevis", "har gjennomført og bestått", "18.\u00a0november\u00a02026", "5,5"),
    "sv": ("Kursintyg", "har genomfört och blivit godkänd i", "18\u00a0november\u00a02026", "5,5"),
    "fi": ("Kurssitodistus", "on suorittanut hyväksytysti kurssin", "18.\u00a0marraskuuta\u00a02026", "5,5"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_certificate_speaks_one_language(language):
    html = page(printed(language=language), HOLDER, commitment(HOLDER, SALT), density="roomy")
    assert f'<html lang="{language}">' in html
    for words in WORDS[language]:
        assert words in html


def test_hours_lose_trailing_zeros_and_nothing_else():
    def hours(value: str) -> str:
        html = page(printed(hours=Decimal(value)), HOLDER, commitment(HOLDER, SALT), density="roomy")
        return re.search(r"Learning hours</span> <span class=\"value\">(.*?)<", html)[1]

    assert [hours(v) for v in ("5.50", "2", "10", "0.25", "100.00")] == ["5.5", "2", "10", "0.25", "100"]


def test_what_is_absent_is_said_or_left_out():
    bare = printed(valid_until=None, partners=(), signatories=(), outcomes=(), references=(), description="")
    said = text(build(bare))
    assert "No end date" in said
    assert "A course by" not in said
    assert "Based on" not in said
    assert "Level" not in said


def test_optional_facts_replace_the_usual_words():
    said = text(
        build(
            printed(level="EQF 5", assessment="A written case", participation="Oslo", quality="Peer review")
        )
    )
    for words in ("EQF 5", "A written case", "Oslo", "Peer review"):
        assert words in said
    assert "Tests with a pass mark" not in said


def test_a_sealed_certificate_does_not_say_it_has_no_seal():
    assert "digital seal" not in text(build(printed(sealed=True)))


# --- The code ---------------------------------------------------------------------------------------------------------


def test_the_qr_code_is_the_address_and_large_enough(good, tmp_path):
    with pikepdf.open(BytesIO(good)) as pdf:
        figure = next(e for e in elements(pdf) if str(e.S) == "/Figure")
        box, alt = [float(edge) for edge in figure.A.BBox], str(figure.Alt)
    assert alt == VERIFY_URL
    modules = [list(row) for row in segno.make(VERIFY_URL.upper(), error="q", boost_error=False).matrix]
    assert (box[2] - box[0]) * 25.4 / 72 * len(modules) / (len(modules) + 8) >= 25
    assert _read_modules(picture(good, 1, 150, tmp_path), box, len(modules)) == modules


def _read_modules(raster: Image.Image, box: list[float], count: int) -> list[list[int]]:
    """The code as a scanner sees it: dark or light in the middle of each module, the quiet zone left out."""
    scale, page_height = 150 / 72, raster.height
    step = (box[2] - box[0]) * scale / (count + 8)
    left, top = box[0] * scale, page_height - box[3] * scale
    middle = [(n + 4.5) * step for n in range(count)]
    return [[int(sum(raster.getpixel((int(left + x), int(top + y)))) < 384) for x in middle] for y in middle]


# --- The holder and the proof -----------------------------------------------------------------------------------------


def test_the_holders_part_is_attached_and_its_commitment_printed(good):
    with pikepdf.open(BytesIO(good)) as pdf:
        attached = pdf.attachments["holder.json"].get_file().read_bytes()
    assert attached == holder_json(HOLDER, SALT)
    assert json.loads(attached)["commitment"] in text(good).replace(" ", "")


def test_the_same_snapshot_gives_the_same_bytes_in_any_process(good):
    rendered = build_certificate_pdf(printed(), HOLDER, salt=SALT)
    assert rendered.pdf == good
    assert rendered.sha256 == hashlib.sha256(good).hexdigest()
    script = """
        import os, sys; sys.path.insert(0, ".")
        os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
        import django; django.setup()
        from tests.certificates.documents.samples import HOLDER, SALT, printed
        from certificates.documents import build_certificate_pdf
        from django.utils import timezone, translation
        translation.activate("fi"); timezone.activate("America/Nuuk")
        print(build_certificate_pdf(printed(), HOLDER, salt=SALT).sha256)
    """
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == rendered.sha256


def test_every_part_of_the_snapshot_changes_the_file(good):
    for changed in (
        printed(serial="NLS-2026-000124-5"),
        printed(sealed=True),
        printed(demonstration=True),
        printed(completed_on=date(2026, 11, 17)),
    ):
        assert build(changed) != good
    assert build_certificate_pdf(printed(), HOLDER, salt=SALT[::-1]).pdf != good


def test_many_at_once_keep_their_names_apart():
    made: dict[str, bytes] = {}

    def one(number: int) -> None:
        sample = printed(serial=f"NLS-2026-{number:06d}-X", public_id=f"{number:026d}")
        made[sample.serial] = build(sample, f"Person Nummer {'å' * number}")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for serial, pdf in made.items():
        said, number = text(pdf), int(serial[9:15])
        assert f"Person Nummer {'å' * number} " in said
        assert serial in said
    assert len(made) == 12


# --- Hostile and hard input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "<link rel=attachment href=file:/etc/passwd>",
        "<img src=https://example.org/x.png>",
        "<script>alert(1)</script> Ek",
        "'\"><style>*{display:none}</style>",
        "{{ printed.serial }} {% now 'Y' %}",
        "&lt;Åsa&amp;",
        "<!-- Åsa",
        "]]> --> Åsa %(hours)s %s",
    ],
)
def test_hostile_names_print_literally(name):
    pdf = build(printed(title=name, programme=name, description=name), name)
    assert text(pdf).count(name) >= 4
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert broken(opened) == []


def test_hostile_marks_and_partners_print_literally():
    partner = replace(PARTNERS[0], name="<b>&'\"", mark="<&>'")
    with pikepdf.open(BytesIO(build(printed(partners=(partner,))))) as opened:
        assert broken(opened) == []


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        (printed(title="漢方"), NAME),
        (printed(), "Åsa \u202eEk"),
        (printed(partners=(replace(PARTNERS[0], mark="漢"),)), NAME),
    ],
)
def test_a_letter_the_font_lacks_is_refused_before_rendering(sample, name):
    with pytest.raises(UnprintableText, match=r"U\+(6F22|202E)"):
        build(sample, name)


def test_letters_are_composed_before_printing():
    assert build(name="A\u030asa Sjo\u0308stro\u0308m Þórðardóttir") == build()


@pytest.mark.parametrize("name", ["W" * 120, "i" * 120, "Ŵ " * 59 + "Ek", "Maximiliana " * 9 + "Ek"])
def test_names_of_any_shape_stay_on_their_page(name):
    pdf = build(fullest(), name)
    assert name.replace(" ", "") in text(pdf).replace(" ", "")
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 2


def test_a_very_long_course_takes_a_third_page_and_stays_whole():
    modules = tuple(
        Module(f"Module number {n} of a long course", n, FI, 1, date(2026, 1, 1)) for n in range(1, 61)
    )
    pdf = build(fullest_with(modules))
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 3
        assert broken(opened) == []
    assert all(f"Module number {n} of" in text(pdf) for n in (1, 30, 60))


def fullest_with(modules):
    return replace(fullest(), modules=modules)


# --- The demonstration ------------------------------------------------------------------------------------------------

WATERMARK = (0xF7, 0xDC, 0xD5)


@pytest.mark.parametrize("number", [1, 2])
def test_a_demonstration_cannot_be_mistaken_for_a_certificate(number, tmp_path):
    pdf = build(printed(demonstration=True))
    with pikepdf.open(BytesIO(pdf)):
        said = tool("pdftotext", "-f", str(number), "-l", str(number), "-", "-", data=pdf).decode()
    assert said.count("DEMONSTRATION – not a certificate") == 2
    raster = picture(pdf, number, 50, tmp_path)
    assert _share(raster, WATERMARK) > 0.05
    # The bands are wide as the page, at both of its edges.
    assert {raster.getpixel((x, 1)) for x in (1, raster.width - 2)} == {(0xB3, 0x32, 0x1C)}
    assert {raster.getpixel((x, raster.height - 2)) for x in (1, raster.width - 2)} == {(0xB3, 0x32, 0x1C)}


def test_a_real_certificate_shows_nothing_of_it(good, tmp_path):
    assert "DEMONSTRATION" not in text(good)
    assert _share(picture(good, 1, 50, tmp_path), WATERMARK) == 0


def _share(raster: Image.Image, colour: tuple[int, int, int]) -> float:
    near = sum(
        count
        for count, pixel in raster.getcolors(raster.width * raster.height)
        if all(abs(a - b) <= 2 for a, b in zip(pixel, colour, strict=True))
    )
    return near / (raster.width * raster.height)


# --- A machine without Pango ------------------------------------------------------------------------------------------


def test_without_pango_nothing_is_made_and_the_remedy_is_told(tmp_path, monkeypatch):
    (tmp_path / "weasyprint.py").write_text("raise OSError('no pango')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    render_child.shared_child().close()
    with pytest.raises(PdfUnavailable, match="apt install"):
        build()
    render_child.shared_child().close()
