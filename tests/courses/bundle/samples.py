"""A small whole module as files, and ways to spoil it. Built by hand: each file is there for one rule."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from courses.bundle import BundleRefused, read_folder, read_zip

Files = dict[str, bytes]

MODULE = """\
format: 1
key: small-module
owner: occ-incubator
co_owners: [lakemedelsakademin]
subject: clinical-research
source_language: en
licence: BSD-3-Clause
title: {en: "A small module", sv: "En liten modul"}
summary: {en: "Two sentences. No more."}
outcomes:
  - {en: "Tell a core from a layer"}
audience: {en: "Everyone"}
hours: "0.5"
validity_months: 36
references: ["Regulation (EU) 536/2014"]
fact_keys: [ct.ethics, ct.act]
lessons:
  - core/010-welcome.md
  - core/020-clock.md
  - core/030-check.quiz.yaml
"""
WELCOME = """\
---
key: welcome
kind: text
title: Welcome
minutes: 5
required: true
references: ["Reg. (EU) 536/2014 Art. 5"]
---
One core, thin layers. The committee is [Tukija]{lang=fi}.

## Two parts

![Two boxes side by side](../assets/parts.svg "One application")

:::country ethics
:::

:::note
Read the [form](../assets/form.pdf).
:::
"""
CLOCK = """\
---
key: clock
kind: video
title: The clock
minutes: 2
required: false
src: ../assets/clock.mp4
seconds: 75
captions: {en: ../assets/clock.en.vtt}
poster: ../assets/clock.png
---
What the film says.
"""
CHECK = """\
key: check
kind: quiz
title: Check what you know
minutes: 10
required: true
pass: 80
attempts: null
draw: null
questions:
  - key: part-two
    kind: single
    prompt: Which document belongs in Part II?
    options:
      - {key: brochure, text: "The brochure", feedback: "That is Part I."}
      - {key: site, text: "The site form", correct: true}
    explanation: Part II is about people and places.
    references: ["Reg. (EU) 536/2014 Art. 7"]
  - {key: both, kind: multiple, prompt: "Which apply?", explanation: "Two do.", references: ["Art. 5"],
     options: [{key: a, text: A, correct: true}, {key: b, text: B, correct: true}, {key: c, text: C}]}
  - {key: true-one, kind: truefalse, prompt: "Is it so?", correct: true, explanation: "Yes.", references: ["Art. 5"]}
  - {key: days, kind: numeric, prompt: "How many?", answer: "60", tolerance: "0", unit: "days", explanation: "Sixty.",
     references: ["Art. 8"]}
"""
WELCOME_SV = """\
---
key: welcome
title: Välkommen
---
En kärna, tunna lager.

:::country ethics
:::
"""
CHECK_SV = """\
key: check
title: Pröva dig själv
questions:
  part-two:
    prompt: Vilket dokument hör till del II?
    options: {brochure: "Prövarhandboken", site: "Formuläret om prövningsstället"}
    feedback: {brochure: "Det är del I."}
    explanation: Del II handlar om människor och platser.
  both: {prompt: "Vilka gäller?", options: {a: A, b: B, c: C}}
  true-one: {prompt: "Är det så?"}
  days: {prompt: "Hur många?", unit: "dagar"}
"""
LAYER = """\
country: "FI"
owner: laaketietokeskus
source_language: en
languages: [en, sv]
pass: null
"""
FACTS = """\
facts:
  - key: ct.ethics
    statement: {en: "The national committee Tukija.", sv: "Den nationella kommittén Tukija."}
    native_terms: [{lang: fi, text: Tukija}]
    legal_ref: Act 983/2021
    source_url: https://tukija.fi
    verified_on: "2026-11-20"
    review_due: "2027-05-20"
    status: verified
  - key: ct.act
    statement: {en: "An act, to be confirmed."}
    status: confirm
"""
PANEL = """\
---
lesson: welcome
language: en
anchor: ethics
facts: [ct.ethics, ct.act]
---
In Finland there is **one** committee.
"""
QUESTIONS = """\
title: {en: "Finland: check what you know", sv: "Finland: pröva dig själv"}
minutes: 5
questions:
  - key: fi-ethics
    kind: single
    prompt: {en: "Who reviews?", sv: "Vem granskar?"}
    options:
      - {key: tukija, text: {en: Tukija, sv: Tukija}, correct: true}
      - {key: fimea, text: {en: Fimea}, feedback: {en: "The agency."}}
    explanation: {en: "Tukija does.", sv: "Det gör Tukija."}
    rests_on: [ct.ethics]
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#123456"/></svg>\n'
VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello.\n"


def png(width: int = 16, height: int = 9, more: bytes = b"") -> bytes:
    """A whole picture, as far as its chunks go; `more` stands in a chunk of words."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (
        zlib.compress(b"".join(b"\0" + b"\x7f" * width for _row in range(height))) if height < 10_000 else b""
    )
    chunks = [(b"IHDR", head), (b"tEXt", b"Comment\0" + more), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


PNG = png()
MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 16
PDF = b"%PDF-1.7\n%%EOF\n"

Content = str | bytes | None


def good_files() -> Files:
    texts: Mapping[str, str | bytes] = {
        "module.yaml": MODULE,
        "core/010-welcome.md": WELCOME,
        "core/020-clock.md": CLOCK,
        "core/030-check.quiz.yaml": CHECK,
        "translations/sv/010-welcome.md": WELCOME_SV,
        "translations/sv/030-check.quiz.yaml": CHECK_SV,
        "countries/FI/layer.yaml": LAYER,
        "countries/FI/facts.yaml": FACTS,
        "countries/FI/questions.yaml": QUESTIONS,
        "countries/FI/panels/welcome.en.md": PANEL,
        "assets/parts.svg": SVG,
        "assets/form.pdf": PDF,
        "assets/clock.mp4": MP4,
        "assets/clock.png": PNG,
        "assets/clock.en.vtt": VTT,
    }
    return {path: as_bytes(text) for path, text in texts.items()}


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def changed(changes: Mapping[str, Content]) -> Files:
    """The good module with some files put in, replaced, or (None) taken out."""
    files = good_files()
    for path, content in changes.items():
        if content is None:
            files.pop(path)
        else:
            files[path] = as_bytes(content)
    return files


def edited(path: str, old: str, new: str) -> Files:
    """The good module with one passage of one file replaced."""
    text = good_files()[path].decode()
    assert old in text, f"{old!r} is not in {path}"
    return changed({path: text.replace(old, new, 1)})


def write_files(root: Path, files: Files) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def zipped(files: Mapping[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    packed.seek(0)
    return packed


def said(files: Files) -> list[str]:
    """Everything that reading the files has to say, errors and warnings, in words."""
    try:
        return [str(problem) for problem in read_zip(zipped(files)).warnings]
    except BundleRefused as refused:
        return [str(problem) for problem in refused.problems]


def errors(files: Files) -> list[str]:
    try:
        read_zip(zipped(files))
    except BundleRefused as refused:
        return [str(problem) for problem in refused.problems if problem.level == "error"]
    return []


def errors_of_folder(root: Path) -> list[str]:
    try:
        read_folder(root)
    except BundleRefused as refused:
        return [str(problem) for problem in refused.problems if problem.level == "error"]
    return []
