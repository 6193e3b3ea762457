"""Draws the film of the clinical-trial calendar: frames as SVG, drawn by Chromium, joined by ffmpeg.

    python -m lms.demo.media.make_clock_video courses/library/clinical-trials/assets

writes `clock.mp4` (one minute, silent, H.264 baseline) and its poster `clock.png`. Each scene lasts five seconds,
as its caption in `clock.en.vtt` does. For maintainers: it needs the browser lock, Chromium and ffmpeg; the result
is kept in the repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lms.lib.fonts import FAMILY, font_faces

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 15, 60
LEFT, TOP, TALL, GAP = 80.0, 262.0, 132.0, 6.0
SCENE = 5.0

INK, INK_2, GROUND, LINE, STRONG = "#14242b", "#4b5f68", "#f6f7f5", "#d9e0de", "#71858d"
BRAND, BRAND_SOFT, INFO, INFO_SOFT = "#0b5d57", "#e1f0ed", "#1c4f8a", "#e7f0fa"
WARN, WARN_SOFT, DANGER = "#744600", "#fcf0d6", "#a01f2b"

TITLES = (
    "The calendar of an application",
    "Validation",
    "Assessment",
    "Side by side, counted once",
    "Decision",
    "Without questions",
    "A question in validation",
    "The answer is checked",
    "A question in assessment",
    "Questions in every phase",
    "Advanced therapies, biotech products",
    "An answer that comes too late",
)
SUMS = {5: ("10", "45", "5", "60"), 9: ("10", "10", "5", "45", "31", "5", "106")}
POSTER_AT = 48.5


@dataclass(frozen=True)
class Block:
    """A stretch of days. It begins to grow at `at`, and pushes all that stands to its right."""

    days: int
    at: float
    fill: str
    edge: str
    name: str = ""
    mark: str = ""


VALIDATION = Block(10, 5.6, INFO_SOFT, INFO, name="Validation")
QUESTION = Block(10, 30.6, WARN_SOFT, WARN, mark="?")
CHECK = Block(5, 35.6, WARN_SOFT, WARN, mark="✓")
ASSESSMENT = Block(45, 10.6, BRAND_SOFT, BRAND, name="Assessment")
LATER_QUESTION = Block(31, 40.6, WARN_SOFT, WARN, mark="?")
DECISION = Block(5, 20.6, INK, INK, name="Decision")
BLOCKS = (VALIDATION, QUESTION, CHECK, ASSESSMENT, LATER_QUESTION, DECISION)
EXPERTS_DAYS = 50
SPONSOR_DAYS = 12


# --- Time -------------------------------------------------------------------------------------------------------------


def eased(t: float, start: float, seconds: float = 1.8) -> float:
    """0 before `start`, 1 after it, slow at both ends."""
    share = min(1.0, max(0.0, (t - start) / seconds))
    return share * share * (3 - 2 * share)


def shown(t: float, scene: int) -> float:
    """How visible is what belongs to one scene only."""
    start = scene * SCENE
    return eased(t, start, 0.5) * (1 - eased(t, start + SCENE - 0.4, 0.4) if scene < len(TITLES) - 1 else 1)


def experts(t: float) -> float:
    """How far the fifty days of expert consultation have grown; they leave with their scene."""
    return eased(t, 50.6) * (1 - eased(t, 54.6, 0.8))


def per_day(t: float) -> float:
    """Pixels. The scale makes room for the longest calendar, and comes back."""
    return 10.4 - 3.4 * eased(t, 50.2, 1.2) * (1 - eased(t, 54.6, 1.0))


def days_at(t: float) -> int:
    return round(sum(block.days * eased(t, block.at) for block in BLOCKS) + EXPERTS_DAYS * experts(t))


# --- Drawing ----------------------------------------------------------------------------------------------------------


def text(x: float, y: float, words: object, size: int, **style: object) -> str:
    attributes = {"fill": INK, "anchor": "start", "weight": 400, "opacity": 1.0} | style
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{attributes["fill"]}" '
        f'text-anchor="{attributes["anchor"]}" font-weight="{attributes["weight"]}" '
        f'opacity="{attributes["opacity"]:.2f}">{words}</text>'
    )


def box(x: float, y: float, width: float, height: float, **style: object) -> str:
    attributes = {"fill": "none", "stroke": "none", "dash": "", "opacity": 1.0} | style
    dash = f'stroke-dasharray="{attributes["dash"]}"' if attributes["dash"] else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" rx="7" stroke-width="2" '
        f'fill="{attributes["fill"]}" stroke="{attributes["stroke"]}" opacity="{attributes["opacity"]:.2f}" {dash}/>'
    )


def frame(t: float) -> str:
    """The picture at `t` seconds."""
    parts = [*_head(t), *_axis(t), *_calendar(t), *_sum(t)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{FAMILY}"><rect width="100%" height="100%" fill="{GROUND}"/>{"".join(parts)}</svg>'
    )


def _head(t: float) -> Iterator[str]:
    for scene, title in enumerate(TITLES):
        if opacity := shown(t, scene):
            yield text(LEFT, 112, title, 46, weight=600, opacity=opacity)
    late = eased(t, 56.4, 0.8)
    yield text(WIDTH - LEFT - 82, 118, days_at(t), 92, anchor="end", weight=600, fill=BRAND, opacity=1 - late)
    yield text(WIDTH - LEFT, 118, "days", 32, anchor="end", fill=INK_2, opacity=1 - late)
    yield text(WIDTH - LEFT, 118, "lapsed", 64, anchor="end", weight=600, fill=DANGER, opacity=late)


def _axis(t: float) -> Iterator[str]:
    y, scale = TOP + TALL + 26, per_day(t)
    yield f'<path d="M{LEFT} {y}H{WIDTH - LEFT}" stroke="{STRONG}" stroke-width="2"/>'
    for day in range(0, 161, 5):
        x = LEFT + day * scale
        if x > WIDTH - LEFT:
            break
        long = day % 10 == 0
        yield f'<path d="M{x:.1f} {y}v{10 if long else 5}" stroke="{STRONG}" stroke-width="2"/>'
        if day % 20 == 0:
            yield text(x, y + 36, day, 22, anchor="middle", fill=INK_2)


def _calendar(t: float) -> Iterator[str]:
    x, scale = LEFT, per_day(t)
    late = eased(t, 56.0, 1.0)
    for block in BLOCKS:
        grown = eased(t, block.at)
        width = block.days * grown * scale
        lost = late if x > LEFT + VALIDATION.days * scale + 1 else 0.0  # all that a late answer takes away
        if grown:
            yield f'<g opacity="{1 - 0.86 * lost:.2f}">'
            yield from _lanes(t, x, width) if block is ASSESSMENT else _block(block, x, width, grown)
            yield "</g>"
        if block is LATER_QUESTION and grown:
            yield from _sponsor(t, x, scale)
        if block is QUESTION and late:
            yield from _cross(x + width / 2, late)
        x += width
        if block is LATER_QUESTION and (more := experts(t)):
            yield from _experts(x, EXPERTS_DAYS * more * scale, more)
            x += EXPERTS_DAYS * more * scale


def _block(block: Block, x: float, width: float, grown: float) -> Iterator[str]:
    yield box(x, TOP, width - GAP, TALL, fill=block.fill, stroke=block.edge)
    middle, readable = x + (width - GAP) / 2, eased(grown, 0.7, 0.3)
    label = partial(text, weight=600, opacity=readable)
    light = "#fff" if block.fill == INK else block.edge
    yield label(middle, TOP + 78, block.days, 34, anchor="middle", fill=light)
    if block is VALIDATION:  # wider than its block, as the last one is: they keep to the edges
        yield label(x, TOP - 18, block.name, 26, fill=block.edge)
    elif block is DECISION:
        yield label(x + width - GAP, TOP - 18, block.name, 26, anchor="end", fill=block.edge)
    else:
        yield label(middle, TOP + 112, block.mark, 26, anchor="middle", fill=block.edge)


def _lanes(t: float, x: float, width: float) -> Iterator[str]:
    lane, readable = (TALL - GAP) / 2, eased(t, ASSESSMENT.at + 1.2, 0.6)
    apart = partial(text, x + (width - GAP) / 2, anchor="middle", weight=600, fill=BRAND)
    for number, name in enumerate(("Part I", "Part II")):
        y = TOP + number * (lane + GAP)
        yield box(x, y, width - GAP, lane, fill=BRAND_SOFT, stroke=BRAND)
        yield text(x + 18, y + 40, name, 26, fill=BRAND, opacity=readable)
        yield text(
            x + width - GAP - 18, y + 42, 45, 34, anchor="end", weight=600, fill=BRAND, opacity=readable
        )
    yield apart(TOP - 18, "Assessment", 26, opacity=readable)
    if once := shown(t, 3):
        yield box(x - 7, TOP - 7, width - GAP + 14, TALL + 14, stroke=BRAND, dash="2 7", opacity=once)
        yield apart(TOP + TALL + 116, "45 + 45 → 45", 40, opacity=once)


def _sponsor(t: float, x: float, scale: float) -> Iterator[str]:
    if opacity := shown(t, 8) * eased(t, 42.4, 0.8):
        width = SPONSOR_DAYS * scale - GAP
        yield box(x, TOP + TALL - 40, width, 40, fill=WARN, opacity=opacity)
        yield text(
            x + width / 2,
            TOP + TALL - 10,
            SPONSOR_DAYS,
            28,
            anchor="middle",
            weight=600,
            fill="#fff",
            opacity=opacity,
        )


def _experts(x: float, width: float, more: float) -> Iterator[str]:
    lane = (TALL - GAP) / 2
    yield box(x, TOP, width - GAP, lane, fill="#fff", stroke=BRAND, dash="9 6")
    yield text(x + 18, TOP + 40, "Part I", 26, fill=BRAND, opacity=eased(more, 0.7, 0.3))
    yield text(
        x + width - GAP - 18,
        TOP + 42,
        "+50",
        34,
        anchor="end",
        weight=600,
        fill=BRAND,
        opacity=eased(more, 0.7, 0.3),
    )


def _cross(x: float, late: float) -> Iterator[str]:
    y, reach = TOP + TALL / 2, 34 * late
    strokes = (f"M{x - reach:.1f} {y - turn:.1f}L{x + reach:.1f} {y + turn:.1f}" for turn in (reach, -reach))
    yield f'<path d="{"".join(strokes)}" stroke="{DANGER}" stroke-width="10" stroke-linecap="round"/>'


def _sum(t: float) -> Iterator[str]:
    for scene, (*terms, total) in SUMS.items():
        if opacity := shown(t, scene):
            words = f'{" + ".join(terms)} = <tspan font-weight="600" fill="{BRAND}">{total}</tspan>'
            yield text(WIDTH / 2, TOP + TALL + 128, words, 50, anchor="middle", opacity=opacity)


# --- Film -------------------------------------------------------------------------------------------------------------


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        blank = folder / ".blank.html"  # a file, because only files may load the fonts' files
        blank.write_text(f"<!doctype html><style>{font_faces()} body {{ margin: 0 }}</style>")
        page.goto(blank.resolve().as_uri())
        blank.unlink()
        (folder / "clock.png").write_bytes(picture(page, frame(POSTER_AT)))
        film(page, folder / "clock.mp4")
        browser.close()


def picture(page: Page, svg: str) -> bytes:
    page.evaluate("svg => { document.body.innerHTML = svg; return document.fonts.ready }", svg)
    return page.screenshot(type="png")


def film(page: Page, target: Path) -> None:
    """Frames that equal the one before are not drawn again; most do."""
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "image2pipe", "-framerate", str(FPS), "-i", "-"]
    command += [
        "-c:v",
        "libx264",
        "-profile:v",
        "baseline",
        "-pix_fmt",
        "yuv420p",
        "-crf",
        "22",
        "-g",
        str(FPS * 5),
    ]
    command += ["-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1"]
    command += ["-movflags", "+faststart", "-an", str(target)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    before, image = "", b""
    for number in range(SECONDS * FPS):
        svg = frame(number / FPS)
        if svg != before:
            before, image = svg, picture(page, svg)
        encoder.stdin.write(image)
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg could not write the film.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
