"""The style sheet keeps its promises: contrast of every pair in use, no stray colours, directions, weight."""

import gzip
import re
from itertools import chain
from pathlib import Path

import pytest

from lms.lib.templatetags.ui import contrast

STATIC = Path(__file__).parents[2] / "lms" / "static"
TEMPLATES = Path(__file__).parents[2] / "templates"
SHEET = (STATIC / "css" / "site.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
TOKENS_LAYER = RULES[RULES.index("@layer tokens {") : RULES.index("@layer base {")]
OTHER_LAYERS = RULES[RULES.index("@layer base {") :]
PAIRED = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")

GROUNDS = ("ground", "surface", "sunken")
SOFT = ("ok", "info", "warn", "danger", "brand")
TEXT = [
    *(("ink", ground) for ground in (*GROUNDS, *(f"{role}-soft" for role in SOFT))),
    *(("ink-2", ground) for ground in (*GROUNDS, *(f"{role}-soft" for role in SOFT))),
    *(("brand", ground) for ground in (*GROUNDS, *(f"{role}-soft" for role in SOFT))),
    *(("brand-2", ground) for ground in (*GROUNDS, "brand-soft")),
    *(
        (role, ground)
        for role in ("ok", "info", "warn", "danger")
        for ground in ("ground", "surface", f"{role}-soft")
    ),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-2"),
    ("on-danger", "danger"),
    ("surface", "ok"),
]
DRAWN = [
    *(
        (line, ground)
        for line in ("line-strong", "focus")
        for ground in (*GROUNDS, *(f"{r}-soft" for r in SOFT))
    ),
    *(("ok", ground) for ground in (*GROUNDS, "ok-soft")),
]


def full(colour: str) -> str:
    """#abc as #aabbcc."""
    return colour if len(colour) == 7 else "#" + "".join(letter * 2 for letter in colour[1:4])


COLOURS = {name: (full(light), full(dark)) for name, light, dark in PAIRED.findall(TOKENS_LAYER)}


def too_weak(pairs, least):
    """Every pair under the ratio, with the mode and figure it was found at."""
    return [
        (mode, front, ground, round(ratio, 2))
        for front, ground in pairs
        for index, mode in enumerate(("light", "dark"))
        if (ratio := contrast(COLOURS[front][index], COLOURS[ground][index])) < least
    ]


def pairs_written_in_one_rule():
    """Text and ground that stand in the same declaration block, read from the sheet itself."""
    for block in re.findall(r"[{;]([^{}]+)", OTHER_LAYERS):
        ground = re.search(r"(?<![\w-])background: var\(--([\w-]+)\)", block)
        front = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", block)
        if ground and front and ground[1] in COLOURS and front[1] in COLOURS:
            yield front[1], ground[1]


def test_text_reads_on_every_ground_it_stands_on():
    assert too_weak(TEXT, 4.5) == []


def test_borders_and_focus_ring_are_seen():
    assert too_weak(DRAWN, 3) == []


def test_pairs_of_one_rule_are_read_from_the_sheet_and_read_well():
    pairs = sorted(set(pairs_written_in_one_rule()))
    assert ("on-brand", "brand") in pairs
    assert too_weak(pairs, 4.5) == []


def test_contrast_test_would_notice_a_weak_pair():
    assert too_weak([("line", "surface")], 4.5) == [
        ("light", "line", "surface", 1.34),
        ("dark", "line", "surface", 1.43),
    ]


def test_every_text_colour_is_in_the_table():
    used = set(re.findall(r"(?<![\w-])color: var\(--([\w-]+)", OTHER_LAYERS)) - {"tone"}
    assert used <= {front for front, _ground in TEXT}


def test_every_ground_is_in_the_table():
    used = set(re.findall(r"background: var\(--([\w-]+)", OTHER_LAYERS)) - {"soft", "veil"}
    assert used <= {ground for _front, ground in TEXT}


def test_every_variable_is_defined():
    defined = set(re.findall(r"(--[\w-]+):", SHEET))
    assert set(re.findall(r"var\((--[\w-]+)", SHEET)) - defined == set()


def test_colours_outside_the_tokens_are_shadows_or_stay_the_same_in_both_modes():
    stray = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", OTHER_LAYERS))
    assert stray <= {
        "#0003",
        "#0004",
        "#fff",
        "#0a1013",
    }  # shadows; paper under pictures, QR and print; the video


@pytest.mark.parametrize(
    "physical", ["margin-left", "margin-right", "padding-left", "padding-right", "text-align: left"]
)
def test_directions_are_logical(physical):
    assert physical not in RULES


def test_motion_stands_only_where_it_is_welcome():
    welcome = re.findall(
        r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", RULES
    )
    moving = re.compile(r"(?:transition|animation):")
    assert len(moving.findall(RULES)) == len(moving.findall("".join(welcome))) > 0


def test_focus_ring_keeps_its_distance():
    assert "outline-offset: 0" not in RULES


def test_sheet_asks_for_nothing_else():
    assert [word for word in ("url(", "@import", "@font-face") if word in RULES] == []


def test_weight_over_the_wire():
    sizes = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in chain(STATIC.glob("css/*"), STATIC.glob("js/*"))
    }
    most = {"site.css": 9_000, "site.js": 3_000, "studio.css": 1_000, "studio.js": 2_000, "reorder.js": 1_000}
    most |= {"media.css": 1_000, "media.js": 1_500}
    assert set(sizes) == set(most)
    assert {name: size for name, size in sizes.items() if size > most[name]} == {}


def test_a_learner_loads_nothing_of_the_studio():
    users = [
        path
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"(studio|media|reorder)\.(css|js)", path.read_text())
    ]
    assert users
    assert [path for path in users if "studio" not in path.parts] == []
