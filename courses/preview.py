"""A draft as a learner of any country and language would read it, composed on the fly and thrown away.

The same composition and the same fragments as the lesson page; nothing is saved. Beside the previewed revision stand
the published editions of its module, and the drafts of those that have never been published.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name, language_name

from .composition import ComposedLesson, CoreText, LayerText, TranslatedText, captioned, compose
from .content import COUNTRY_CHECK
from .models import Edition, Lesson, Rendering, Revision
from .selectors import current_programme
from .selectors.layers import Checks, country_checks, layer_text, unanswered
from .selectors.lesson_parts import PartOnPage, parts_on_page
from .selectors.quizzes import country_questions, in_language, question_content
from .selectors.studio.contents import QuestionOnPage, questions_on_page
from .selectors.words import Words, said
from .services.rendering import outline_of, renderings_of

Kind, Status = Edition.Kind, Revision.Status


@dataclass(frozen=True)
class Choice:
    """A lesson, language or country that the preview can show."""

    code: str
    name: str
    is_chosen: bool
    language: str = ""


@dataclass(frozen=True)
class Preview:
    """What the page shows. `used` names the revisions that were composed; a quiz has questions instead of parts."""

    lesson: ComposedLesson | None
    title: Words
    kind: str
    minutes: int
    video: dict[str, Any] | None
    audio: dict[str, Any] | None
    download: dict[str, Any] | None
    parts: tuple[PartOnPage, ...]
    questions: tuple[QuestionOnPage, ...]
    used: tuple[Revision, ...]
    lessons: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    language: str
    country: str
    has_layer: bool
    unanswered: tuple[str, ...]

    @property
    def country_name(self) -> str:
        return country_name(self.country)


class Sources:
    """The revisions that a preview composes: core, translation into a language, layer of a country."""

    def __init__(self, revision: Revision, *, language: str, country: str) -> None:
        self.revision = revision
        self.module = revision.edition.module
        self.editions = list(
            Edition.objects.filter(module=self.module).select_related("module", "current").order_by("pk")
        )
        self.drafts = {
            draft.edition_id: draft
            for draft in Revision.objects.open().filter(edition__module=self.module, edition__current=None)
        }
        languages, countries = self.languages, self.countries
        self.language = language if language in languages else self.default_language(languages)
        self.country = country if country in countries else self.default_country(countries)

    def of(self, kind: str, *, language: str = "", country: str = "") -> Revision | None:
        """The previewed revision if it is of that edition, else what is published, else a first draft."""
        for edition in self.editions:
            if (edition.kind, edition.language, edition.country) == (kind, language, country):
                return self.chosen(edition)
        return None

    def chosen(self, edition: Edition) -> Revision | None:
        revision = self.drafts.get(edition.pk) or edition.current
        if edition.pk == self.revision.edition_id:
            revision = self.revision
        if revision is not None:
            revision.edition = edition
        return revision

    @cached_property
    def core(self) -> Revision:
        core = self.of(Kind.CORE)
        assert core is not None  # an edition of any other kind is imported only where there is a core
        return core

    @cached_property
    def translation(self) -> Revision | None:
        return self.of(Kind.TRANSLATION, language=self.language)

    @cached_property
    def layer(self) -> Revision | None:
        return self.of(Kind.LAYER, country=self.country)

    @property
    def languages(self) -> list[str]:
        """The core's, those it is translated into, and those the layers speak."""
        spoken = {self.module.source_language, *(edition.language for edition in self.editions)}
        spoken |= set((self.revision.meta or {}).get("languages", ()))
        return [code for code in CONTENT_LANGUAGES if code in spoken]

    @property
    def countries(self) -> list[str]:
        named = {*current_programme().countries, *(edition.country for edition in self.editions)}
        return sorted((code for code in COUNTRIES if code in named), key=country_name)

    def default_language(self, known: Sequence[str]) -> str:
        edition = self.revision.edition
        wanted = edition.language or (self.revision.meta or {}).get("source_language", "")
        return wanted if wanted in known else self.module.source_language

    def default_country(self, known: Sequence[str]) -> str:
        adapted = [edition.country for edition in self.editions if edition.country]
        return self.revision.edition.country or next(iter([*adapted, *known]), "")

    @property
    def used(self) -> tuple[Revision, ...]:
        return tuple(each for each in (self.core, self.translation, self.layer) if each is not None)


def preview(revision: Revision, *, lesson: str, language: str, country: str, on: date) -> Preview:
    """The lesson of that key, or the first; unknown languages and countries give the revision's own."""
    sources = Sources(revision, language=language, country=country)
    entries, titles = outline(sources), titles_of(sources)
    entry = next((each for each in entries if each["key"] == lesson), entries[0])
    checks = checks_in(sources.layer)
    is_quiz = entry["kind"] == Lesson.Kind.QUIZ
    composed = None if is_quiz else composed_lesson(sources, entry, checks)
    return Preview(
        lesson=composed,
        title=titles[entry["key"]],
        kind=entry["kind"],
        minutes=entry["minutes"],
        video=video_in(sources, entry),
        audio=entry.get("audio"),
        download=entry.get("download"),
        parts=parts_on_page(composed, on=on) if composed else (),
        questions=quiz(sources, entry["key"], entry["hash"]) if is_quiz else (),
        used=sources.used,
        lessons=tuple(
            Choice(each["key"], titles[each["key"]].text, each is entry, titles[each["key"]].language)
            for each in entries
        ),
        languages=choices(sources.languages, sources.language, language_name),
        countries=choices(sources.countries, sources.country, country_name),
        language=sources.language,
        country=sources.country,
        has_layer=sources.layer is not None,
        unanswered=unanswered(sources.module.fact_keys, checks) if sources.layer else (),
    )


def choices(codes: Iterable[str], chosen: str, name: Callable[[str], object]) -> tuple[Choice, ...]:
    return tuple(Choice(code, str(name(code)), code == chosen) for code in codes)


# --- Outline --------------------------------------------------------------------------------------------------------


def outline(sources: Sources) -> list[dict[str, Any]]:
    """The lessons of the core, then the country check of the layer."""
    layer = sources.layer
    return [*entries_of(sources.core), *(entries_of(layer) if layer else ())]


def entries_of(revision: Revision) -> list[dict[str, Any]]:
    """As stored at publication; of a draft as they would be."""
    return outline_of(revision) if revision.is_open else revision.outline


def titles_of(sources: Sources) -> dict[str, Words]:
    """By lesson key, in the reader's language where the translation is not stale, else as in the core."""
    wanted, source = sources.language, sources.module.source_language
    core = entries_of(sources.core)
    titles = {entry["key"]: said({source: entry["title"]}, wanted) for entry in core}
    hashes = {entry["key"]: entry["hash"] for entry in core}
    for entry in entries_of(sources.translation) if sources.translation else ():
        if hashes.get(entry["key"]) == entry["source_hash"]:
            titles[entry["key"]] = said({wanted: entry["title"]}, wanted)
    for entry in entries_of(sources.layer) if sources.layer else ():
        titles[entry["key"]] = said(entry["title"], wanted)
    return titles


def video_in(sources: Sources, entry: dict[str, Any]) -> dict[str, Any] | None:
    """With the captions of the translation, where it translates what the core says now."""
    found = entries_of(sources.translation) if sources.translation and entry.get("video") else ()
    translated = next((each for each in found if each["key"] == entry["key"]), None)
    return captioned(entry, translated, sources.language)


# --- Texts ----------------------------------------------------------------------------------------------------------


def texts_of(revision: Revision, lesson_key: str) -> list[Rendering]:
    """The stored HTML of a published revision; a draft's is rendered now."""
    if not revision.is_open:
        return list(
            Rendering.objects.filter(revision=revision, lesson_key=lesson_key).order_by("anchor", "language")
        )
    return [text for text in renderings_of(revision) if text.lesson_key == lesson_key]


def composed_lesson(sources: Sources, entry: dict[str, Any], checks: Checks) -> ComposedLesson:
    (stored,) = texts_of(sources.core, entry["key"])
    core = CoreText(entry["key"], stored.title, stored.html, stored.language, entry["hash"])
    layers = [layer_at(sources.layer, entry["key"], checks)] if sources.layer else []
    return compose(core, translated_text(sources, entry["key"]), layers, sources.language)


def translated_text(sources: Sources, lesson_key: str) -> TranslatedText | None:
    for text in texts_of(sources.translation, lesson_key) if sources.translation else ():
        return TranslatedText(text.title, text.html, text.language, text.source_hash)
    return None


def layer_at(layer: Revision, lesson_key: str, checks: Checks) -> LayerText:
    source = layer.meta["source_language"]
    return layer_text(
        layer.edition.country,
        texts_of(layer, lesson_key),
        checks,
        source_language=source,
        lacks_local_review=lacks_local_review(layer),
    )


def lacks_local_review(layer: Revision) -> bool:
    """As published; of a draft as it will be, since a partner of its country has to approve it where there is one."""
    if not layer.is_open:
        return layer.lacks_local_review
    return all(partner["country"] != layer.edition.country for partner in current_programme().partners)


def checks_in(layer: Revision | None) -> Checks:
    """How reliable the layer's facts are: what was found last, or what a draft says will hold once it is published."""
    if layer is None:
        return {}
    if not layer.is_open:
        return country_checks(layer.edition.module_id, layer.edition.country)
    rows = layer.statements.values("fact__key", "status", "verified_on", "review_due_on")
    return {row["fact__key"]: {**row, "checked_on": row["verified_on"]} for row in rows}


def quiz(sources: Sources, lesson_key: str, text_hash: str) -> tuple[QuestionOnPage, ...]:
    """With right answers: a preview is for those who write it."""
    if lesson_key == COUNTRY_CHECK and sources.layer:
        source = sources.layer.meta["source_language"]
        return questions_on_page(country_questions(sources.layer), sources.language, fallbacks=(source,))
    words = translated_questions(sources, lesson_key, text_hash)
    rows = sources.core.questions.filter(lesson_key=lesson_key)
    questions = [in_language(question_content(row), sources.language, words) for row in rows]
    return questions_on_page(questions, sources.language, fallbacks=(sources.module.source_language,))


def translated_questions(sources: Sources, lesson_key: str, text_hash: str) -> dict[str, Any]:
    if sources.translation is None:
        return {}
    fresh = sources.translation.lesson_translations.filter(key=lesson_key, source_hash=text_hash).first()
    return fresh.questions if fresh else {}
