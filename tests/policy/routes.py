"""Every address of the house with every method it may be asked with, found by walking the URL resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# `<int:pk>` of a path, `(?P<pk>[0-9]+)` of a regular expression.
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
IN_REGEX = re.compile(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)")

KNOWN_CONVERTERS = {None, "int", "str", "slug", "path"}

# Asked of every address by a test of their own: they say no more than GET does.
DERIVED_METHODS = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Endpoint:
    method: str
    route: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(found["name"] for found in PARAMETER.finditer(self.route))

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    def path(self, values: dict[str, Any]) -> str:
        """The address with these values in it. A value too few, or a converter nobody knows, is an error."""
        unknown = {found["converter"] for found in PARAMETER.finditer(self.route)} - KNOWN_CONVERTERS
        if unknown:
            raise LookupError(f"{self.key}: unknown converter {', '.join(map(str, unknown))}")
        filled = PARAMETER.sub(lambda found: str(values[found["name"]]), self.route)
        return "/" + filled.replace("[vV]", "v")


def patterns(urlconf: str | None = None) -> list[tuple[str, URLPattern]]:
    return list(below(get_resolver(urlconf), ""))


def below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + readable(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from below(each, route)
        else:
            yield route, each


def readable(pattern: str) -> str:
    """A regular expression as a route: `^jobs/(?P<pk>[0-9]+)/$` is `jobs/<pk>/`."""
    named = IN_REGEX.sub(r"<\1>", pattern)
    return named.replace("^", "").replace("/?$", "/").removesuffix("$")


def endpoints(urlconf: str | None = None) -> list[Endpoint]:
    """One per method and route; of two patterns with one route only the first is ever reached."""
    found = [
        Endpoint(method, route) for route, pattern in patterns(urlconf) for method in methods_of(pattern)
    ]
    return list(dict.fromkeys(found))


def methods_of(pattern: URLPattern) -> list[str]:
    """What a viewset is wired for, what a class has handlers for, and GET and POST of a function."""
    view: Any = pattern.callback
    if actions := getattr(view, "actions", None):
        handled = set(actions)
    elif view_class := getattr(view, "view_class", None) or getattr(view, "cls", None):
        handled = {name for name in view_class.http_method_names if hasattr(view_class, name)}
    else:
        handled = {"get", "post"}
    return sorted({name.upper() for name in handled} - DERIVED_METHODS)
