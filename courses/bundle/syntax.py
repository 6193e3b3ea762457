"""Text, YAML and front matter, read strictly and with line numbers.

YAML here is its plain part: mappings, lists, text, whole numbers, true, false and null. No tags, anchors or repeated
keys. What other readers of YAML would turn into a date, a decimal or a "no" stays text and is reported, so that
`NO` is Norway for everyone.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, cast

import yaml
from django.utils.translation import gettext_lazy as _

from .problems import Problems

DEPTH = 20
TAG = "tag:yaml.org,2002:"
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
AMBIGUOUS = {f"{TAG}{name}" for name in ("bool", "int", "float", "timestamp", "merge", "value")}


@dataclass(frozen=True)
class Document:
    """A Markdown file: its front matter, its body, and the line on which the body begins."""

    head: yaml.MappingNode
    body: str
    body_line: int


def read_text(file: str, data: bytes, problems: Problems) -> str | None:
    """The text in canonical form (NFC, LF), or None with a problem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.error(file, line, _("This is not UTF-8 text. Save the file as UTF-8."))
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if unfit := UNFIT.search(text):
        line = text.count("\n", 0, unfit.start()) + 1
        problems.error(file, line, _("There is an invisible control character. Remove it."))
        return None
    return text


def read_document(file: str, text: str, problems: Problems) -> Document | None:
    """A file that begins with `---`, its front matter and `---`."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(fences) < 2 or fences[0] != 0:
        message = _("The file must begin with “---”, its keys, and “---” on a line of its own.")
        problems.error(file, 1, message)
        return None
    end = fences[1]
    head = read_yaml(file, "\n".join(lines[1:end]), problems, first_line=2)
    if head is None:
        return None
    start = end + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return Document(head, "\n".join(lines[start:]).rstrip(), start + 1)


def read_yaml(file: str, text: str, problems: Problems, first_line: int = 1) -> yaml.MappingNode | None:
    """The one mapping of a YAML text, every node of it checked, or None with a problem."""
    try:
        node = _Composer(text).get_single_node()
    except (yaml.MarkedYAMLError, _Refused) as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark else 0)
        problems.error(file, line, _("This is not the YAML we read: %(why)s."), why=error.problem or "")
        return None
    except (yaml.reader.ReaderError, ValueError, OverflowError):
        # An unprintable character, as it is or as an escape (PyYAML lets "\UFFFFFFFF" fall through).
        problems.error(file, first_line, _("There is an invisible control character. Remove it."))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.error(file, first_line, _("Keys and values are expected here, such as “key: value”."))
        return None
    return node if _check(node, file, first_line, problems) else None


def plain(node: yaml.Node) -> Any:
    """The value of a checked node: dict, list, str, int, bool or None."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if is_null(node):
        return None
    if _is_unquoted(node):
        if node.value in ("true", "false"):
            return node.value == "true"
        if WHOLE.fullmatch(node.value):
            return int(node.value)
    return unicodedata.normalize("NFC", node.value).strip()


def is_null(node: yaml.Node | None) -> bool:
    return node is not None and _is_unquoted(node) and node.tag == f"{TAG}null"


def _is_unquoted(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None


class _Refused(Exception):
    def __init__(self, problem: str, mark: yaml.Mark) -> None:
        self.problem = problem
        self.problem_mark = mark


class _Composer(yaml.SafeLoader):
    """Composes nodes and constructs nothing; refuses what makes YAML more than data."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = cast(Any, self).peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Refused(str(_("anchors and aliases (& and *) are not accepted")), event.start_mark)
        if event.tag is not None:
            raise _Refused(str(_("tags (!) are not accepted")), event.start_mark)
        if self.depth >= DEPTH:
            raise _Refused(str(_("it is nested too deeply")), event.start_mark)
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _check(node: yaml.Node, file: str, first_line: int, problems: Problems) -> bool:
    """Report what the node and those below it must not have; False if it cannot be used."""
    line = first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        return _check_mapping(node, file, first_line, problems)
    if isinstance(node, yaml.SequenceNode):
        checked = [_check(item, file, first_line, problems) for item in node.value]
        return all(checked)
    if UNFIT.search(node.value):
        problems.error(file, line, _("There is an invisible control character. Remove it."))
        return False
    ambiguous = _is_unquoted(node) and node.tag in AMBIGUOUS
    if ambiguous and node.value not in ("true", "false") and not WHOLE.fullmatch(node.value):
        template = _("“%(value)s” should stand in quotes: other programs read it as something else.")
        problems.warning(file, line, template, value=node.value)
    return True


def _check_mapping(node: yaml.MappingNode, file: str, first_line: int, problems: Problems) -> bool:
    seen: set[str] = set()
    fine = True
    for key, value in node.value:
        line = first_line + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode) or UNFIT.search(key.value):
            problems.error(file, line, _("A key must be a plain word."))
            return False
        key.value = unicodedata.normalize("NFC", key.value)  # as an escape it may have been anything
        if key.value in seen:
            template = _("The key “%(key)s” stands here twice. Keep one of them.")
            problems.error(file, line, template, key=key.value)
            fine = False
        seen.add(key.value)
        fine = _check(value, file, first_line, problems) and fine
    return fine
