"""From Markdown to safe HTML, once, at publication.

Two independent guards: the parser makes no HTML but its own (`html=False`), and the sanitiser then lets through
only what is listed here. Pages store the result and never parse Markdown.
"""

import re
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

import nh3
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop, override
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from .content import KEY

AssetUrl = Callable[[str], str]
Env = MutableMapping[str, Any]

BOXES = {"note": gettext_noop("Note"), "case": gettext_noop("Case"), "remember": gettext_noop("Remember")}
REVEAL = gettext_noop("Show more")
CONTAINERS = (*BOXES, "reveal", "country", "compare")
TREE_PATH = re.compile(r"(?:\.\./)+(assets/[a-z0-9._/-]+)")


def render_markdown(text: str, *, language: str, asset_url: AssetUrl, id_prefix: str = "s-") -> str:
    """Safe HTML of a lesson's or panel's body.

    `asset_url` turns a path of the bundle (`assets/clock.svg`) into an address on this site. Words that the renderer
    adds are in `language`. Ids begin with `id_prefix`: texts that share a page need different ones.
    """
    env: Env = {"asset_url": asset_url, "language": language, "id_prefix": id_prefix}
    env["docId"] = id_prefix.rstrip("-")
    with override(language):
        return sanitise(parser().render(text, env))


@cache
def parser() -> MarkdownIt:
    """The one dialect of Markdown; the bundle's checks read bodies with it too."""
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(footnote_plugin, inline=False)
    md.use(attrs_plugin, after=("image", "span_close"), spans=True, allowed=("lang", "width"))
    for name in CONTAINERS:
        md.use(container_plugin, name, render=_container)
    for rule in (_name_headings, _resolve_links, _make_figures, _name_tables):
        md.core.ruler.push(rule.__name__, rule)
    for name, rendered in RENDERED.items():
        md.add_render_rule(name, rendered)
    return md


def tree_path(href: str) -> str | None:
    """The bundle path that a relative link means, or None where it means none (`../assets/a.svg` → `assets/a.svg`)."""
    found = TREE_PATH.fullmatch(unquote(urlsplit(href).path))
    return found[1] if found and ".." not in found[1] else None


def container_of(info: str) -> tuple[str, str]:
    """Name and title of a container from the words after its colons."""
    name, _separator, title = info.strip().partition(" ")
    return name, title.strip()


# --- What the parser found, made ready -------------------------------------------------------------------------------


def _name_headings(state: StateCore) -> None:
    taken: set[str] = set()
    for opening, inline in pairwise(state.tokens):
        if opening.type != "heading_open":
            continue
        slug = slugify(plain_text(inline), allow_unicode=True) or "heading"
        name = next(name for name in _numbered(slug) if name not in taken)
        taken.add(name)
        opening.attrSet("id", f"{state.env.get('id_prefix', '')}{name}")


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def plain_text(inline: Token) -> str:
    """The words of an inline token without their marks."""
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _resolve_links(state: StateCore) -> None:
    if "asset_url" not in state.env:
        return  # the checks of the bundle want the links as written
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "link_open":
                _resolve(child, "href", state.env)
            elif child.type == "image":
                _resolve(child, "src", state.env)
                child.attrSet("loading", "lazy")


def _resolve(token: Token, name: str, env: Env) -> None:
    href = str(token.attrGet(name) or "")
    path = tree_path(href)
    if path and (address := env["asset_url"](path)):
        token.attrSet(name, address)
    elif name == "href" and href.startswith("#"):
        token.attrSet(name, f"#{env['id_prefix']}{unquote(href[1:])}")
    elif name == "src" or urlsplit(href).scheme not in SCHEMES:
        token.attrs.pop(name, None)


def _make_figures(state: StateCore) -> None:
    """A picture alone in its paragraph becomes a figure, its title the caption."""
    for opening, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        pictures = [child for child in inline.children or () if child.type != "text" or child.content.strip()]
        alone = len(pictures) == 1 and pictures[0].type == "image"
        if opening.type != "paragraph_open" or opening.hidden or not alone:
            continue
        opening.tag = closing.tag = "figure"
        opening.attrSet("class", "figure")
        closing.type = "figure_close"
        closing.meta["caption"] = str(pictures[0].attrs.pop("title", ""))


def _name_tables(state: StateCore) -> None:
    """A scrolling region needs a name: the table's column heads say what it is about."""
    taken: set[str] = set()
    for place, token in enumerate(state.tokens):
        if token.type == "table_open":
            columns = ", ".join(_column_heads(state.tokens[place:]))
            name = next(name for name in _numbered(columns) if name not in taken)
            taken.add(name)
            token.meta["columns"] = name
        elif token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrSet("class", f"align-{style.partition(':')[2]}")
            if token.type == "th_open":
                token.attrSet("scope", "col")


def _column_heads(tokens: Sequence[Token]) -> Iterator[str]:
    for opening, inline in pairwise(tokens):
        if opening.type == "thead_close":
            return
        if opening.type == "th_open" and plain_text(inline):
            yield plain_text(inline)


# --- HTML -----------------------------------------------------------------------------------------------------------


def _container(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    token = tokens[idx]
    name = token.type.removeprefix("container_").rpartition("_")[0]
    if name == "country":
        return _country(token)
    if name == "compare":
        return COMPARE_PLACE if token.nesting > 0 and token.level == 0 else ""
    if token.nesting < 0:
        return "</details>\n" if name == "reveal" else "</div>\n"
    _name, title = container_of(token.info)
    if name == "reveal":
        return f'<details class="reveal"><summary>{_title(title, REVEAL, env)}</summary>\n'
    return f'<div class="box {name}" role="note"><p class="box-title">{_title(title, BOXES[name], env)}</p>\n'


def _country(token: Token) -> str:
    """The place where panels stand. Only at the top level, where HTML can be cut in two without breaking it."""
    if token.nesting < 0 or token.level > 0:
        return ""
    _name, anchor = container_of(token.info)
    return country_place(anchor if KEY.fullmatch(anchor) else "")


# The element at which `composition.place_panels` cuts a lesson, so that its page can compare countries there.
COMPARE_PLACE = '<div data-compare-place=""></div>'


def country_place(anchor: str) -> str:
    """The element that `composition.split_at_places` looks for."""
    return f'<div data-country-anchor="{anchor}"></div>'


def _title(written: str, default: str, env: Env) -> str:
    """The author's title, or our word for it, marked where there is none in the text's language."""
    if written:
        return str(escape(written))
    word = gettext(default)
    if word == default and not env.get("language", "en").startswith("en"):
        return f'<span lang="en">{escape(word)}</span>'
    return str(escape(word))


def _table_open(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    label = gettext("Table: %(columns)s") % {"columns": tokens[idx].meta["columns"]}
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table>\n'


def _table_close(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    return "</table></div>\n"


def _figure_close(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    caption = tokens[idx].meta["caption"]
    return f"<figcaption>{escape(caption)}</figcaption></figure>\n" if caption else "</figure>\n"


def _footnotes_open(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    return '<section class="footnotes">\n<ol>\n'


def _footnote_back(
    renderer: RendererProtocol, tokens: Sequence[Token], idx: int, options: object, env: Env
) -> str:
    rules: Any = renderer
    anchor = rules.rules["footnote_anchor_name"](tokens, idx, options, env)
    repeat = tokens[idx].meta["subId"]
    target = f"fnref{anchor}" + (f":{repeat}" if repeat else "")
    label = escape(gettext("Back to the text"))
    return f' <a href="#{target}" class="footnote-back" aria-label="{label}">↩</a>'


RENDERED: dict[str, Callable[..., str]] = {
    "table_open": _table_open,
    "table_close": _table_close,
    "figure_close": _figure_close,
    "footnote_block_open": _footnotes_open,
    "footnote_anchor": _footnote_back,
}

# --- The sanitiser --------------------------------------------------------------------------------------------------

SCHEMES = {"http", "https", "mailto"}
TAGS = """
    a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img
    ins kbd li ol p pre q s section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var
"""
SWALLOWED = (
    "script style iframe object embed noscript template title textarea select svg math audio video form"
)
ATTRIBUTES = {
    "*": {"lang", "id"},
    "a": {"href", "aria-label"},
    "div": {"tabindex", "role", "aria-label", "data-country-anchor", "data-compare-place"},
    "img": {"src", "alt", "width", "loading"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
ALIGNED = {"align-left", "align-center", "align-right"}
CLASSES = {
    "a": {"footnote-back"},
    "details": {"reveal"},
    "div": {"box", *BOXES, "table-scroll"},
    "figure": {"figure"},
    "li": {"footnote-item"},
    "p": {"box-title"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "td": ALIGNED,
    "th": ALIGNED,
}
VALUES = {
    # A hyphen keeps an id from hiding a property of the page's own scripts (DOM clobbering).
    "id": re.compile(r"[\w:.]+-[\w:.-]*"),
    "lang": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    # Pictures come from this site: a foreign one would tell a stranger who is reading.
    "src": re.compile(r"/(?![/\\])[^\\\s]*"),
    "loading": re.compile(r"lazy"),
    "tabindex": re.compile(r"0"),
    "role": re.compile(r"region|note"),
    "scope": re.compile(r"col|row"),
    "data-country-anchor": re.compile(rf"(?:{KEY.pattern})?"),
    "data-compare-place": re.compile(r""),
    "width": re.compile(r"[0-9]{1,4}"),
    "start": re.compile(r"[0-9]{1,9}"),
    "colspan": re.compile(r"[0-9]{1,2}"),
    "rowspan": re.compile(r"[0-9]{1,2}"),
}


def sanitise(html: str) -> str:
    """Only listed elements, attributes, classes and addresses survive. Doing it twice changes nothing."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS.split()),
        clean_content_tags=set(SWALLOWED.split()),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        attribute_filter=_kept_value,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def _kept_value(tag: str, attribute: str, value: str) -> str | None:
    expected = VALUES.get(attribute)
    return value if expected is None or expected.fullmatch(value) else None
