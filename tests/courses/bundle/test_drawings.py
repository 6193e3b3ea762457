"""A figure only draws."""

import pytest

from courses.bundle.drawings import check_svg
from courses.bundle.problems import Problems

NS = 'xmlns="http://www.w3.org/2000/svg"'
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg_problems(text):
    problems = Problems()
    check_svg("assets/a.svg", text.encode() if isinstance(text, str) else text, problems)
    return [str(problem) for problem in problems.all]


GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<svg {NS} {LINK} viewBox="0 0 9 9" role="img" aria-label="Gene expression @ 5 °C">
  <defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
  <style>.a {{ fill: url(#g); }} @media (prefers-color-scheme: dark) {{ .a {{ fill: #000 }} }}</style>
  <g class="a" style="stroke: #123"><path d="M0 0 L9 9" fill="url(#g)" marker-end="url('#m')"/></g>
  <use xlink:href="#g" href="#g"/><text x="1">Über <tspan>uns</tspan></text>
</svg>"""


def test_drawing_is_accepted():
    assert svg_problems(GOOD) == []


HOSTILE = [
    f"<svg {NS}><script>alert(1)</script></svg>",
    f"<svg {NS}><SCRIPT>alert(1)</SCRIPT></svg>",
    f'<svg {NS}><g onload="alert(1)"/></svg>',
    f'<svg {NS} ONLOAD="alert(1)"/>',
    f"<svg {NS}><foreignObject><p/></foreignObject></svg>",
    f'<svg {NS}><image href="https://example.org/a.png"/></svg>',
    f'<svg {NS}><image href="data:image/png;base64,AA"/></svg>',
    f'<svg {NS}><use href="https://example.org/a.svg#x"/></svg>',
    f'<svg {NS} {LINK}><use xlink:href="other.svg#x"/></svg>',
    f'<svg {NS}><a href="javascript:alert(1)"><text>x</text></a></svg>',
    f'<svg {NS}><set attributeName="href" to="javascript:alert(1)"/></svg>',
    f'<svg {NS}><animate attributeName="x"/></svg>',
    f"<svg {NS}><style>@import 'https://example.org/a.css';</style></svg>",
    f"<svg {NS}><style>a {{ fill: url(https://example.org/a) }}</style></svg>",
    f"<svg {NS}><style>a {{ fill: u\\72l(https://example.org/a) }}</style></svg>",
    f'<svg {NS}><rect style="fill: url(//example.org/a)"/></svg>',
    f'<svg {NS}><rect fill="URL( https://example.org/a )"/></svg>',
    f'<svg {NS}><rect fill="u\\72l(https://example.org/a)"/></svg>',
    f'<svg {NS} xml:base="https://example.org/"/>',
    f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {NS}/>',
    f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg {NS}/>',
    f'<?xml-stylesheet href="https://example.org/a.css"?><svg {NS}/>',
    '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    f'<svg {NS}><h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script></svg>',
    "<svg><rect/></svg>",
    f"<svg {NS}><rect></svg>",
    f"<svg {NS}>" + "<g>" * 100 + "</g>" * 100 + "</svg>",
    f"<svg {NS}>" + "<g/>" * 20_001 + "</svg>",
    '<?xml version="1.0" encoding="no-such"?><svg/>',
    b"\xff\xfe<svg",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_does_more_than_draw_is_refused(text):
    assert len(svg_problems(text)) == 1


def test_refusal_names_line_and_element():
    assert svg_problems(f"<svg {NS}>\n<script/></svg>") == [
        "assets/a.svg, line 2: <script> is not accepted in a figure. Save it as plain SVG without it."
    ]
