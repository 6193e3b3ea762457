"""What a Markdown body must hold before it is rendered: links, pictures, headings, containers, languages.

Reads with the parser that renders, so that what is checked is what learners will see.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.content import KEY
from courses.rendering import CONTAINERS, SCHEMES, container_of, parser
from lms.lib.places import CONTENT_LANGUAGES

from .problems import Problems

COUNTRY_OPEN = "container_country_open"
COMPARE_OPEN = "container_compare_open"
FENCE = re.compile(r"(:{3,})\s*([^\s:]*)")
ANY_HTML = re.compile(r"<[A-Za-z!/?]")


@dataclass(frozen=True)
class Body:
    """Where a body stands: its file, the line it begins on, and the paths that its links may mean."""

    file: str
    text: str
    first_line: int
    paths: Collection[str]


@dataclass(frozen=True)
class Facts:
    """What others must know of a body: the bundle paths it uses and the places it has for panels."""

    assets: frozenset[str]
    anchors: frozenset[str]


class _Reporter:
    def __init__(self, body: Body, problems: Problems) -> None:
        self.body = body
        self.problems = problems

    def error(self, line: int, template: str | Promise, /, **values: object) -> None:
        self.problems.error(self.body.file, self.body.first_line + line, template, **values)

    def warning(self, line: int, template: str | Promise, /, **values: object) -> None:
        self.problems.warning(self.body.file, self.body.first_line + line, template, **values)


def check_body(body: Body, problems: Problems, *, places: bool = True) -> Facts:
    """Report what is wrong with the body; `places` says whether panels may stand in it (not in a panel itself)."""
    tokens = parser().parse(body.text)
    report = _Reporter(body, problems)
    assets = frozenset(_check_links(tokens, report))
    _check_headings(tokens, report)
    _check_spans(tokens, report)
    _check_html(body.text, report)
    _check_containers(body.text, tokens, report)
    _check_comparison(tokens, report, places)
    return Facts(assets, frozenset(_check_places(tokens, report, places)))


def anchors_of(text: str) -> frozenset[str]:
    """The places for panels in a body."""
    tokens = parser().parse(text)
    return frozenset(container_of(token.info)[1] for token in tokens if token.type == COUNTRY_OPEN)


def assets_of(text: str, file: str) -> frozenset[str]:
    """The bundle paths that a body means when it stands in `file`."""
    hrefs = (href for _line, _child, href in _links(parser().parse(text)))
    return frozenset(path for path in (resolve(file, href) for href in hrefs) if path.startswith("assets/"))


def resolve(file: str, href: str) -> str:
    """The path in the tree that a relative link in `file` means; it begins with `..` where it leaves the tree."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(address_of(href).path)))


def address_of(href: str) -> SplitResult:
    """The parts of an address; of one that is none (`http://[`), everything is path, which leads nowhere."""
    try:
        return urlsplit(href)
    except ValueError:
        return SplitResult("", "", href, "", "")


def _inline(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    """Every inline token with the line of its block; the parser knows no finer place."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            yield line, child


def _links(tokens: list[Token]) -> Iterator[tuple[int, Token, str]]:
    for line, child in _inline(tokens):
        if child.type in ("image", "link_open"):
            yield line, child, str(child.attrGet("src" if child.type == "image" else "href") or "")


def _check_links(tokens: list[Token], report: _Reporter) -> Iterator[str]:
    anchors = {str(token.attrGet("id")) for token in tokens if token.type == "heading_open"}
    for line, child, href in _links(tokens):
        if child.type == "image" and not child.content.strip():
            message = _(
                "The picture has no alternative text. Say in [ ] what it shows to whoever cannot see it."
            )
            report.error(line, message)
        if href.startswith("#"):
            if unquote(href[1:]) not in anchors:
                report.error(line, _("No heading here is called “%(href)s”. Correct the link."), href=href)
        elif address_of(href).scheme or href.startswith("//"):
            _check_address(line, child, href, report)
        elif path := _check_path(line, href, report):
            yield path


def _check_address(line: int, child: Token, href: str, report: _Reporter) -> None:
    if child.type == "image":
        message = _("Pictures come with the bundle: put “%(href)s” into assets/ and link to it there.")
        report.error(line, message, href=href)
    elif address_of(href).scheme not in SCHEMES:
        message = _("“%(href)s” is no address that a link may have: use https, mailto or a path to assets/.")
        report.error(line, message, href=href)


def _check_path(line: int, href: str, report: _Reporter) -> str:
    path = resolve(report.body.file, href)
    if path.startswith(("..", "/")):
        report.error(line, _("The link “%(href)s” leaves the bundle. Put the file into assets/."), href=href)
    elif not path.startswith("assets/"):
        up = "../" * report.body.file.count("/")
        message = _(
            "The link “%(href)s” does not lead to assets/. From this file such a link begins with “%(up)s”."
        )
        report.error(line, message, href=href, up=f"{up}assets/")
    elif path not in report.body.paths:
        message = _("The link “%(href)s” leads to no file. Add %(path)s, or correct the link.")
        report.error(line, message, href=href, path=path)
    else:
        return path
    return ""


def _check_headings(tokens: list[Token], report: _Reporter) -> None:
    level = 1
    for token in tokens:
        if token.type != "heading_open" or not token.map:
            continue
        found = int(token.tag[1])
        if found == 1:
            report.error(token.map[0], _("The page prints the title. Begin headings with “##”."))
        elif found > level + 1:
            message = _("The heading skips a level: use “%(marks)s”, so that the outline can be heard.")
            report.warning(token.map[0], message, marks="#" * (level + 1))
        level = found


def _check_spans(tokens: list[Token], report: _Reporter) -> None:
    for line, child in _inline(tokens):
        language = child.attrGet("lang")
        if language is not None and language not in CONTENT_LANGUAGES:
            message = _("“%(code)s” is not a language we know: %(known)s.")
            report.error(line, message, code=language, known=", ".join(CONTENT_LANGUAGES))


def _check_html(text: str, report: _Reporter) -> None:
    if not ANY_HTML.search(text):
        return
    tokens = _html_parser().parse(text)
    blocks = [token.map[0] for token in tokens if token.type == "html_block" and token.map]
    for line in [*blocks, *(line for line, child in _inline(tokens) if child.type == "html_inline")]:
        report.warning(line, _HTML)


_HTML = _("HTML is not used here and will be shown as it is typed. Write Markdown instead.")


@cache
def _html_parser() -> MarkdownIt:
    """Only to find HTML and warn; nothing it parses is ever rendered."""
    return MarkdownIt("commonmark", {"html": True})


def _check_containers(text: str, tokens: list[Token], report: _Reporter) -> None:
    """Unknown names and fences without a partner would be printed as text or swallow the rest of the page."""
    lines = text.split("\n")
    for token in tokens:
        if token.type.startswith("container_") and token.nesting > 0 and token.map:
            _start, end = token.map
            closing = lines[end].strip("> ") if end < len(lines) else ""
            if set(closing) != {":"}:
                report.error(
                    token.map[0],
                    _("“:::%(name)s” is not closed. Add “:::” on a line of its own."),
                    name=token.info.strip(),
                )
        elif token.type == "inline" and token.map:
            _check_stray_fences(token.map[0], token.content, report)


def _check_stray_fences(first: int, content: str, report: _Reporter) -> None:
    for number, line in enumerate(content.split("\n")):
        fence = FENCE.match(line.strip())
        if fence and fence[2]:
            message = _("“:::%(name)s” is not known. Known are %(known)s.")
            report.error(first + number, message, name=fence[2], known=", ".join(CONTAINERS))
        elif fence:
            message = _(
                "“:::” closes nothing. A box around another box needs one “:” more than the inner one."
            )
            report.error(first + number, message)


def _check_comparison(tokens: list[Token], report: _Reporter, allowed: bool) -> None:
    is_there = False
    for token, following in pairwise(tokens):
        if token.type != COMPARE_OPEN or not token.map:
            continue
        line = token.map[0]
        if not allowed:
            report.error(line, _("A panel speaks of one country. Remove “:::compare”."))
        elif token.level > 0:
            report.error(line, _("“:::compare” must not stand inside a box or list. Move it out."))
        elif is_there:
            report.error(line, _("The countries are compared here already. Remove this “:::compare”."))
        if following.nesting > -1 or container_of(token.info)[1]:
            report.error(line, _("“:::compare” holds no text and has no name. Take them out."))
        is_there = True


def _check_places(tokens: list[Token], report: _Reporter, allowed: bool) -> Iterator[str]:
    seen: set[str] = set()
    for token, following in pairwise(tokens):
        if token.type != COUNTRY_OPEN or not token.map:
            continue
        line, anchor = token.map[0], container_of(token.info)[1]
        if not allowed:
            report.error(line, _("A panel has no place for panels. Remove “:::country”."))
        elif token.level > 0:
            report.error(line, _("“:::country” must not stand inside a box or list. Move it out."))
        elif anchor and not KEY.fullmatch(anchor):
            report.error(
                line, _("“%(anchor)s” is no name of a place: use a–z, 0–9, “-”, “.” and “_”."), anchor=anchor
            )
        elif anchor in seen:
            report.error(
                line, _("This place for panels is here already. Remove it, or give it another name.")
            )
        if following.nesting > -1:
            report.error(line, _("“:::country” holds no text: layers fill it. Move the text out."))
        seen.add(anchor)
        yield anchor
