"""One YAML mapping, taken field by field.

Each taker gives a value that can be used and reports what is wrong with it, so that one reading finds every problem.
What nobody took is unknown to this version: `extra()` keeps it and says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.content import KEY, Texts
from lms.lib.places import CONTENT_LANGUAGES, LANDS

from .problems import Problems
from .syntax import is_null, plain

KEY_LENGTH = 60
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")  # in years that one can count months from
TEXT_LENGTH = 20_000


class Fields:
    """`lines` of problems are those of the file: `first_line` is where its YAML begins."""

    def __init__(self, node: yaml.MappingNode, file: str, problems: Problems, first_line: int = 1) -> None:
        self.file = file
        self._problems = problems
        self._first_line = first_line
        self._line: int = first_line + node.start_mark.line
        self._nodes: dict[str, yaml.Node] = {key.value: value for key, value in node.value}
        self._lines: dict[str, int] = {
            key.value: first_line + key.start_mark.line for key, _value in node.value
        }
        self._taken: set[str] = set()

    def line(self, name: str = "") -> int:
        return self._lines.get(name, self._line)

    def error(self, name: str, template: str | Promise, /, **values: object) -> None:
        self._problems.error(self.file, self.line(name), template, **values)

    def warning(self, name: str, template: str | Promise, /, **values: object) -> None:
        self._problems.warning(self.file, self.line(name), template, **values)

    def has(self, name: str) -> bool:
        return name in self._nodes

    def extra(self) -> dict[str, Any]:
        """What nobody took, as plain values; each is reported as a warning."""
        unknown = self._unknown()
        for name in unknown:
            self.warning(
                name, _("The key “%(name)s” is not known here. It is kept, and does nothing."), name=name
            )
        return {name: plain(self._nodes[name]) for name in unknown}

    def refuse_extra(self) -> None:
        """For what is not written out again: nobody would miss a key that is spelt wrong."""
        for name in self._unknown():
            self.error(name, _("The key “%(name)s” is not known here. Correct or remove it."), name=name)

    # --- single values ---

    def text(self, name: str, *, required: bool = True, most: int = TEXT_LENGTH) -> str:
        node = self._take(name)
        if node is None:
            return self._missing(name) if required else ""
        if not isinstance(node, yaml.ScalarNode):
            self.error(name, _("“%(name)s” must be text."), name=name)
            return ""
        text = unicodedata.normalize("NFC", node.value).strip()
        if len(text) > most:
            self.error(name, _("“%(name)s” may have %(most)s characters. Shorten it."), name=name, most=most)
        return text or (self._missing(name) if required else "")

    def key(self, name: str, *, required: bool = True) -> str:
        return self._fit(name, self.text(name, required=required))

    def country(self, name: str) -> str:
        return self._country(name, self.text(name))

    def language(self, name: str) -> str:
        return self._language(name, self.text(name))

    def choice(self, name: str, known: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, required=default is None) or default or ""
        if value and value not in known:
            template = _("“%(value)s” is not known as “%(name)s”. Choose one of: %(known)s.")
            self.error(name, template, value=value, name=name, known=_list(known))
        return value if value in known else ""

    def integer(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        number = self.optional_integer(name, least=least, most=most)
        if number is None:
            if default is None and self._nodes.get(name) is None:
                self._missing(name)
            return least if default is None else default
        return number

    def optional_integer(self, name: str, *, least: int, most: int) -> int | None:
        """None where it is missing or null."""
        node = self._take(name)
        if node is None:
            return None
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            template = _("“%(name)s” must be a whole number from %(least)s to %(most)s, without quotes.")
            self.error(name, template, name=name, least=least, most=most)
            return least
        return value

    def boolean(self, name: str, *, default: bool | None = None) -> bool | None:
        node = self._take(name)
        if node is None:
            return default
        value = plain(node)
        if not isinstance(value, bool):
            self.error(name, _("“%(name)s” must be true or false, without quotes."), name=name)
            return default
        return value

    def decimal(self, name: str, *, default: str | None = None) -> str:
        """A decimal number as written; the default stands in for one that is wrong, so that reading goes on."""
        text = self.text(name, required=default is None)
        if text and not DECIMAL.fullmatch(text):
            self.error(name, _('“%(name)s” must be a number in quotes, such as "2.5".'), name=name)
            return default or "0"
        return text or default or "0"

    def positive(self, name: str, *, most: int) -> Decimal:
        number = Decimal(self.decimal(name))
        if self.has(name) and number <= 0:
            self.error(name, _("“%(name)s” must be more than 0."), name=name)
        if number > most:
            self.error(name, _("“%(name)s” must be at most %(most)s."), name=name, most=most)
        return number

    def day(self, name: str) -> date | None:
        text = self.text(name, required=False)
        if not text:
            return None
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:  # 30 February
            pass
        self.error(name, _('“%(name)s” must be a date in quotes, such as "2026-11-20".'), name=name)
        return None

    # --- several values ---

    def texts(self, name: str, *, source: str = "", most: int = TEXT_LENGTH) -> Texts:
        """Texts by language; the one in `source` is required where it is given."""
        fields = self.record(name, required=bool(source))
        if fields is None:
            return {}
        return fields.as_texts(source, most=most)

    def as_texts(self, source: str, *, most: int = TEXT_LENGTH) -> Texts:
        """This mapping itself, read as texts by language."""
        texts = {self._language(code, code): self.text(code, most=most) for code in self._nodes}
        if source and source not in texts:
            self.error("", _("The text in the source language, “%(language)s”, is missing."), language=source)
        return {language: text for language, text in texts.items() if language and text}

    def as_keyed(self) -> dict[str, str]:
        """This mapping itself, read as texts by key."""
        return {self._fit(key, key): self.text(key) for key in self._nodes}

    def keyed(self, name: str) -> dict[str, str]:
        fields = self.record(name)
        return fields.as_keyed() if fields else {}

    def strings(self, name: str) -> tuple[str, ...]:
        return tuple(text for text, _line in self.located(name))

    def located(self, name: str) -> list[tuple[str, int]]:
        """The texts of a list, each with its line."""
        strings = []
        for node in self._items(name):
            if not isinstance(node, yaml.ScalarNode) or is_null(node) or not str(node.value).strip():
                self.error(name, _("Every item of “%(name)s” must be text."), name=name)
            else:
                text = unicodedata.normalize("NFC", node.value).strip()
                strings.append((text, self._first_line + node.start_mark.line))
        return strings

    def keys(self, name: str) -> tuple[str, ...]:
        keys = tuple(self._fit(name, key) for key in self.strings(name))
        if len(set(keys)) < len(keys):
            self.error(name, _("“%(name)s” names the same thing twice. Keep one of them."), name=name)
        return keys

    def languages(self, name: str) -> tuple[str, ...]:
        return tuple(self._language(name, code) for code in self.strings(name))

    def countries(self, name: str) -> tuple[str, ...]:
        return tuple(self._country(name, code) for code in self.strings(name))

    def record(self, name: str, *, required: bool = False) -> "Fields | None":
        node = self._take(name)
        if node is None:
            if required:
                self._missing(name)
            return None
        if not isinstance(node, yaml.MappingNode):
            self.error(name, _("“%(name)s” must have keys and values of its own."), name=name)
            return None
        return self._fields(node)

    def records(self, name: str, *, required: bool = False) -> "list[Fields]":
        if required and self._nodes.get(name) is None:
            self._missing(name)
        records = []
        for node in self._items(name):
            if isinstance(node, yaml.MappingNode):
                records.append(self._fields(node))
            else:
                self.error(
                    name, _("Every item of “%(name)s” must have keys and values of its own."), name=name
                )
        return records

    def named_records(self) -> "Iterator[tuple[str, Fields]]":
        """This mapping itself, read as mappings by key."""
        for name in self._nodes:
            fields = self.record(name)
            if fields:
                yield self._fit(name, name), fields

    # --- inside ---

    def _unknown(self) -> list[str]:
        return [name for name in self._nodes if name not in self._taken]

    def _take(self, name: str) -> yaml.Node | None:
        self._taken.add(name)
        node = self._nodes.get(name)
        if is_null(node):
            return None
        return node

    def _items(self, name: str) -> list[yaml.Node]:
        node = self._take(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.error(name, _("“%(name)s” must be a list, such as [one, two]."), name=name)
            return []
        return list(node.value)

    def _fields(self, node: yaml.MappingNode) -> "Fields":
        return Fields(node, self.file, self._problems, self._first_line)

    def _missing(self, name: str) -> str:
        self.error(name, _("“%(name)s” is missing. Add it."), name=name)
        return ""

    def _fit(self, name: str, key: str) -> str:
        if key and (not KEY.fullmatch(key) or len(key) > KEY_LENGTH):
            template = _("“%(key)s” is no key: use a–z, 0–9, “-”, “_” and “.”, at most %(most)s characters.")
            self.error(name, template, key=key, most=KEY_LENGTH)
        return key

    def _country(self, name: str, code: str) -> str:
        if code and code not in LANDS:
            self.error(
                name, _("“%(code)s” is not a country we know: %(known)s."), code=code, known=_list(LANDS)
            )
        return code

    def _language(self, name: str, code: str) -> str:
        if code and code not in CONTENT_LANGUAGES:
            template = _("“%(code)s” is not a language we know: %(known)s.")
            self.error(name, template, code=code, known=_list(CONTENT_LANGUAGES))
        return code


def _list(known: Iterable[str]) -> str:
    return ", ".join(known)
