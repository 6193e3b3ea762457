"""The API documentation as one of our own pages, made from the schema.

Not taken: Swagger UI, which weighs 1.5 MB, is light only, and cannot be made to pass our accessibility checks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
COMPONENTS = "#/components/schemas/"

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a value is: words, and the object that they name, if any."""

    words: str
    ref: str = ""


@dataclass(frozen=True)
class Field:
    name: str
    kind: Kind
    required: bool
    description: str


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    kind: Kind | None


@dataclass(frozen=True)
class Operation:
    """`is_open`: anyone may. `is_link`: a browser can follow the address as it stands."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    body: Kind | None
    answers: tuple[Answer, ...]
    is_open: bool

    @property
    def is_link(self) -> bool:
        return self.is_open and self.method == "GET" and "{" not in self.path


@dataclass(frozen=True)
class Resource:
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Shape:
    """An object of the API with its fields, or a value with its choices."""

    name: str
    description: str
    fields: tuple[Field, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    resources: tuple[Resource, ...]
    shapes: tuple[Shape, ...]


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html", {"reference": reference()})


@cache
def reference() -> Reference:
    """Read from the schema once a process. In English, as the API speaks."""
    with translation.override("en"):
        schema: Schema = SchemaGenerator().get_schema(request=None, public=True)
    grouped: dict[str, list[Operation]] = defaultdict(list)
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                grouped[operations[method]["tags"][0]].append(operation(path, method, operations[method]))
    shapes = schema["components"]["schemas"].items()
    return Reference(
        resources=tuple(Resource(name, tuple(found)) for name, found in grouped.items()),
        shapes=tuple(shape(name, each) for name, each in shapes),
    )


def operation(path: str, method: str, schema: Schema) -> Operation:
    return Operation(
        id=schema["operationId"],
        method=method.upper(),
        path=path,
        summary=schema.get("summary", ""),
        description=schema.get("description", ""),
        parameters=tuple(parameter(each) for each in schema.get("parameters", ())),
        body=content_kind(schema.get("requestBody", {})),
        answers=tuple(
            Answer(status, each.get("description", ""), content_kind(each))
            for status, each in schema["responses"].items()
        ),
        is_open={} in schema.get("security", [{}]),
    )


def parameter(schema: Schema) -> Field:
    return Field(
        schema["name"], kind_of(schema["schema"]), schema.get("required", False), first_words(schema)
    )


def shape(name: str, schema: Schema) -> Shape:
    required = schema.get("required", ())
    fields = tuple(
        Field(key, kind_of(each), key in required, first_words(each))
        for key, each in schema.get("properties", {}).items()
    )
    return Shape(name, first_words(schema), fields, tuple(map(str, schema.get("enum", ()))))


def content_kind(schema: Schema) -> Kind | None:
    """What a body or an answer holds; None where it is empty or a file."""
    json = schema.get("content", {}).get("application/json")
    return kind_of(json["schema"]) if json and "schema" in json else None


def kind_of(schema: Schema) -> Kind:
    found = next(refs(schema), "")
    if schema.get("type") == "array":
        return Kind(f"list of {kind_of(schema['items']).words}", found)
    if found:
        return Kind(found, found)
    if "enum" in schema:
        return Kind(" | ".join(str(choice) for choice in schema["enum"]))
    if "additionalProperties" in schema:
        return Kind("object by key")
    words = [schema.get("type", "any"), schema.get("format", ""), "or null" if schema.get("nullable") else ""]
    return Kind(" ".join(word for word in words if word))


def refs(schema: Schema) -> Iterator[str]:
    """The objects that a schema names, the way OpenAPI wraps them."""
    if "$ref" in schema:
        yield schema["$ref"].removeprefix(COMPONENTS)
    for inner in (*schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from refs(inner)
    if "items" in schema:
        yield from refs(schema["items"])


def first_words(schema: Schema) -> str:
    """A description without the list of choices that the generator puts under it."""
    words = str(schema.get("description", ""))
    return "" if words.startswith("* ") else words.split("\n\n* ")[0]
