"""What is published and rests on a source that is named by its address: facts of layers, references of cores."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, QuerySet

from ..models import Edition, FactStatement, Lesson, Question

Kind = Edition.Kind
References = Iterable[Any]
MORE = r"[\w?#&=%~+-]"
GOES_ON = rf"(?:{MORE}|[/.:]{MORE})"  # how an address is continued: a site is not each page of it


def stating(source_url: str) -> QuerySet[FactStatement]:
    """What published layers state from exactly this address."""
    return FactStatement.objects.filter(source_url=source_url, revision=F("revision__edition__current"))


def published(model: Any) -> QuerySet[Any]:
    """The rows of published cores and layers that have references."""
    rows: QuerySet[Any] = model.objects.filter(revision=F("revision__edition__current"))
    return rows.exclude(references=[])


def naming(source_url: str) -> Callable[[References], bool]:
    """Whether references name this address, and not only one that begins with it."""
    whole = re.compile(re.escape(source_url.rstrip("/")) + rf"/?(?!{GOES_ON})", re.IGNORECASE)
    return lambda references: any(whole.search(str(each)) for each in references)


def editions_resting_on(source_url: str) -> list[Edition]:
    """Published layers with a fact from there, and cores with a reference to it."""
    revisions = set(stating(source_url).values_list("revision", flat=True))
    names = naming(source_url)
    for model in (Lesson, Question):
        rows = (
            published(model).filter(revision__edition__kind=Kind.CORE).values_list("revision", "references")
        )
        revisions |= {revision for revision, references in rows if names(references)}
    return list(Edition.objects.filter(current__in=revisions).order_by("pk"))


def rests_on(edition: Edition, source_url: str) -> bool:
    """The edition as it is published now."""
    if edition.kind == Kind.LAYER:
        return stating(source_url).filter(revision__edition=edition).exists()
    names = naming(source_url)
    of_core = (
        references
        for model in (Lesson, Question)
        for references in published(model)
        .filter(revision__edition=edition)
        .values_list("references", flat=True)
    )
    return edition.kind == Kind.CORE and any(names(references) for references in of_core)
