"""What a reader may suggest a correction of, and the suggestions that somebody has sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.lib.places import country_name

from ..content import COUNTRY_CHECK
from ..models import Edition, Revision, Suggestion
from .fact_page import published_statements
from .words import language_here, said

Kind = Edition.Kind


@dataclass(frozen=True)
class Part:
    """Something a reader may mean at a place: the revision that says it, and what to call it."""

    code: str
    label: str
    revision: Revision


@dataclass(frozen=True)
class Subject:
    """A place of what is published, as its readers know it."""

    place: str
    title: str
    module: str
    parts: tuple[Part, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(part.code, part.label) for part in self.parts]

    def part_for(self, country: str) -> str:
        """Of a fact: what that country says. Empty elsewhere."""
        return next((part.code for part in self.parts if part.code.partition("-")[0] == country), "")

    def part(self, code: str) -> Part:
        return next(part for part in self.parts if part.code == code)


def lesson_subject(module: str, lesson: str, *, language: str, country: str, reading: str) -> Subject | None:
    """A lesson of a published module, read in a language for a country. None where there is none. One query."""
    editions = Edition.objects.filter(module__key=module, current__isnull=False).select_related(
        "module", "current"
    )
    known = {(each.kind, each.language, each.country): each for each in editions}
    core = known.get((Kind.CORE, "", ""))
    if core is None:
        return None
    translation = known.get((Kind.TRANSLATION, language, ""))
    layer = known.get((Kind.LAYER, "", country))
    title = title_of(lesson, translation) or title_of(lesson, core)
    if lesson == COUNTRY_CHECK and layer:
        title = _("Questions on your country")
    if not title:
        return None
    if not title_of(lesson, core):
        core = None
    if translation and not title_of(lesson, translation):
        translation = None
    parts = tuple(parts_of(core, translation, layer))
    return Subject(
        f"lesson/{lesson}", title, str(said(known[Kind.CORE, "", ""].module.title, reading)), parts
    )


def title_of(lesson: str, edition: Edition | None) -> str:
    """As the published outline has it; empty where it has no such lesson."""
    outline = edition.current.outline if edition and edition.current else []
    return next((entry["title"] for entry in outline if entry["key"] == lesson and "title" in entry), "")


def parts_of(core: Edition | None, translation: Edition | None, layer: Edition | None) -> Iterator[Part]:
    if translation and translation.current:
        words = _("The words in %(language)s") % {"language": language_here(translation.language)}
        yield Part("translation", words, translation.current)
    if core and core.current:
        words = _("What it says, in every language") if translation else _("The lesson itself")
        yield Part("core", words, core.current)
    if layer and layer.current:
        words = _("What it says about %(country)s") % {"country": country_name(layer.country)}
        yield Part("layer", words, layer.current)


def fact_subject(key: str, *, reading: str) -> Subject | None:
    """What published layers state under that key. None where none does. One query."""
    stated = list(published_statements(key).select_related("fact__module", "revision__edition__owner"))
    if not stated:
        return None
    modules = {each.fact.module_id: str(said(each.fact.module.title, reading)) for each in stated}

    def label(country: str, module: int) -> str:
        return country_name(country) if len(modules) == 1 else f"{country_name(country)} · {modules[module]}"

    parts = [
        Part(
            f"{each.fact.country}-{each.fact.module_id}",
            label(each.fact.country, each.fact.module_id),
            each.revision,
        )
        for each in stated
    ]
    parts.sort(key=lambda part: part.label)
    return Subject(f"fact/{key}", key, ", ".join(modules.values()), tuple(parts))


def suggestions_of(user: User) -> QuerySet[Suggestion]:
    """The newest first, each with what its sender reads of it."""
    return user.suggestions.select_related("revision__edition__module", "revision__edition__owner")
