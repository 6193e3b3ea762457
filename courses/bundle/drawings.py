"""What a drawing must be: SVG that only draws."""

import re
from xml.parsers import expat

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .problems import Problems

SVG = "http://www.w3.org/2000/svg"
DEPTH, ELEMENTS = 60, 20_000
DRAWING = frozenset(
    """
    svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan textPath
    marker clipPath mask pattern linearGradient radialGradient stop filter feBlend feColorMatrix feComposite
    feDropShadow feFlood feGaussianBlur feMerge feMergeNode feOffset switch view
    """.split()  # noqa: SIM905 - reads better than forty strings
)
# A backslash could spell "url" in a way that only a browser reads.
LOADS = re.compile(r"url\(\s*(?!['\"]?#)|\\", re.IGNORECASE)
UNSAFE_STYLE = re.compile(r"@(?!media\b)|expression|javascript:|behavior|-moz-binding", re.IGNORECASE)


class _Unsafe(Exception):
    def __init__(self, message: str | Promise, **values: object) -> None:
        self.message = message
        self.values = values


def check_svg(file: str, data: bytes, problems: Problems) -> None:
    """A list of what may draw, not of what may harm: whatever is not on it is refused with its line."""
    gate = _SvgGate()
    try:
        gate.parser.Parse(data, True)
    except _Unsafe as error:
        problems.error(file, gate.parser.CurrentLineNumber, error.message, **error.values)
    except expat.ExpatError as error:
        why = expat.errors.messages.get(error.code, "")
        problems.error(file, error.lineno, _("This is not well-formed XML: %(why)s."), why=why)
    except (LookupError, ValueError):
        problems.error(file, 1, _("This is not UTF-8 text. Save the file as UTF-8."))


class _SvgGate:
    """Reads events, builds nothing, resolves nothing."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._path: list[str] = []
        self._count = 0
        self._style = ""

    def _doctype(self, *_declared: object) -> None:
        raise _Unsafe(_("It has a DOCTYPE. Save it as plain SVG."))

    def _instruction(self, target: str, _data: str) -> None:
        raise _Unsafe(_("It has the instruction “%(name)s”. Save it as plain SVG."), name=target)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _separator, local = name.rpartition(" ")
        self._count += 1
        if len(self._path) >= DEPTH or self._count > ELEMENTS:
            raise _Unsafe(_("The drawing is too deep or has too many elements. Simplify it."))
        if not self._path and (namespace, local) != (SVG, "svg"):
            raise _Unsafe(_('Its first element is not <svg xmlns="http://www.w3.org/2000/svg">.'))
        if namespace != SVG or local not in DRAWING:
            raise _Unsafe(
                _("<%(name)s> is not accepted in a figure. Save it as plain SVG without it."), name=local
            )
        self._path.append(local)
        for attribute, value in attributes.items():
            _check_attribute(attribute, value)

    def _characters(self, text: str) -> None:
        if self._path[-1] == "style":
            self._style += text

    def _end(self, _name: str) -> None:
        if self._path.pop() == "style":
            _check_style(self._style)
            self._style = ""


def _check_attribute(name: str, value: str) -> None:
    local = name.rpartition(" ")[2]
    if local.lower().startswith("on"):
        raise _Unsafe(_("“%(name)s” would run a script. Remove it."), name=local)
    if local == "base" or (local == "href" and not value.strip().startswith("#")):
        raise _Unsafe(
            _("“%(name)s” leads out of the figure. A figure may refer to its own parts only."), name=local
        )
    if local == "style":
        _check_style(value)
    elif LOADS.search(value) and not local.startswith("aria-"):
        raise _Unsafe(
            _("“%(name)s” leads out of the figure. A figure may refer to its own parts only."), name=local
        )


def _check_style(style: str) -> None:
    if LOADS.search(style) or UNSAFE_STYLE.search(style):
        raise _Unsafe(_("A style loads something or hides what it does. Use plain colours and measures."))
