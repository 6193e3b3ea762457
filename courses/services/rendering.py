"""What a revision looks like to its readers: outlines and safe HTML. Kept at publication, thrown away by a preview."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse

from lms.lib.canonical import sha256

from ..content import COUNTRY_CHECK
from ..models import Edition, FactStatement, Lesson, LessonTranslation, Rendering, Revision
from ..rendering import render_markdown

Kind = Edition.Kind


class Assets:
    """The files of a revision by their path in a bundle. One query."""

    def __init__(self, revision: Revision) -> None:
        self.known = {use.path: use.asset for use in revision.assets.select_related("asset")}

    def url(self, path: str) -> str:
        """The address here; empty for a file that is not there, which only a draft may name."""
        if path not in self.known:
            return ""
        return reverse("content_file", args=[self.known[path].sha256, path.rpartition("/")[2]])

    def download(self, path: str) -> dict[str, Any]:
        """What is said of a file that learners take with them."""
        asset = self.known.get(path)
        return {
            "src": self.url(path),
            "name": path.rpartition("/")[2],
            "size": asset.size if asset else 0,
        }


def asset_urls(revision: Revision) -> Callable[[str], str]:
    return Assets(revision).url


def renderings_of(revision: Revision) -> list[Rendering]:
    """The revision's texts as unsaved `Rendering` rows."""
    return list(RENDER[revision.edition.kind](revision))


def render_core(revision: Revision) -> Iterator[Rendering]:
    url, language = asset_urls(revision), revision.edition.module.source_language
    for lesson in revision.lessons.all():
        yield lesson_rendering(lesson, url, language=language, source_hash=lesson.text_hash)


def render_translation(revision: Revision) -> Iterator[Rendering]:
    url, language = asset_urls(revision), revision.edition.language
    for lesson in revision.lesson_translations.all():
        yield lesson_rendering(lesson, url, language=language, source_hash=lesson.source_hash)


def lesson_rendering(
    lesson: Lesson | LessonTranslation, url: Callable[[str], str], *, language: str, source_hash: str
) -> Rendering:
    return Rendering(
        revision_id=lesson.revision_id,
        lesson_key=lesson.key,
        language=language,
        title=lesson.title,
        html=render_markdown(lesson.body, language=language, asset_url=url),
        source_hash=source_hash,
    )


def render_layer(revision: Revision) -> Iterator[Rendering]:
    url = asset_urls(revision)
    statements = {s.fact.key: fact_card(s) for s in revision.statements.select_related("fact")}
    for panel in revision.panels.all():
        yield Rendering(
            revision=revision,
            lesson_key=panel.lesson_key,
            anchor=panel.anchor,
            language=panel.language,
            html=render_markdown(
                panel.body, language=panel.language, asset_url=url, id_prefix=f"c-{panel.anchor or 'end'}-"
            ),
            facts=[statements[key] for key in panel.fact_keys if key in statements],
        )


def fact_card(statement: FactStatement) -> dict[str, Any]:
    """What a card prints of a statement; its status and dates come from the `Fact`, which may change."""
    return {
        "key": statement.fact.key,
        "statement": statement.texts,
        "native_terms": statement.native_terms,
        "legal_ref": statement.legal_ref,
        "source_url": statement.source_url,
    }


RENDER: dict[str, Callable[[Revision], Iterator[Rendering]]] = {
    Kind.CORE: render_core,
    Kind.TRANSLATION: render_translation,
    Kind.LAYER: render_layer,
}


def outline_of(revision: Revision) -> list[dict[str, Any]]:
    """What outlines and progress sums ask of a revision's lessons, so that no page loads the lessons."""
    return OUTLINE[revision.edition.kind](revision)


def core_outline(revision: Revision) -> list[dict[str, Any]]:
    assets = Assets(revision)
    counts: dict[str, int] = {}
    for key in revision.questions.values_list("lesson_key", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return [core_entry(lesson, counts.get(lesson.key), assets) for lesson in revision.lessons.all()]


def core_entry(lesson: Lesson, questions: int | None, assets: Assets) -> dict[str, Any]:
    url = assets.url
    entry: dict[str, Any] = {
        "key": lesson.key,
        "kind": lesson.kind,
        "title": lesson.title,
        "section": lesson.section,
        "minutes": lesson.minutes,
        "required": lesson.required,
        "hash": lesson.text_hash,
        "questions": questions,
        **lesson.data.get("quiz", {}),
    }
    if video := lesson.data.get("video"):
        entry["video"] = {
            "src": url(video["src"]),
            "poster": url(video["poster"]) if video["poster"] else "",
            "captions": {language: url(path) for language, path in video["captions"].items()},
            "seconds": video["seconds"],
        }
    if audio := lesson.data.get("audio"):
        entry["audio"] = {"src": url(audio["src"]), "seconds": audio["seconds"]}
    if path := lesson.data.get("download"):
        entry["download"] = assets.download(path)
    return entry


def translation_outline(revision: Revision) -> list[dict[str, Any]]:
    """Files are looked up only where there are captions."""
    lessons = list(revision.lesson_translations.all())
    url = asset_urls(revision) if any(lesson.captions for lesson in lessons) else str
    return [translation_entry(lesson, url) for lesson in lessons]


def translation_entry(lesson: LessonTranslation, url: Callable[[str], str]) -> dict[str, Any]:
    entry = {"key": lesson.key, "title": lesson.title, "source_hash": lesson.source_hash}
    more = {"review": lesson.review, "captions": url(lesson.captions)}
    return entry | {name: value for name, value in more.items() if value}


def layer_outline(revision: Revision) -> list[dict[str, Any]]:
    """One entry, the country check; none where the layer asks no questions."""
    quiz = revision.meta.get("quiz")
    hashes = list(revision.questions.values_list("text_hash", flat=True))
    if not quiz or not hashes:
        return []
    return [
        {
            "key": COUNTRY_CHECK,
            "kind": Lesson.Kind.QUIZ,
            "title": quiz["title"],
            "language": revision.meta["source_language"],
            "minutes": quiz["minutes"],
            "required": True,
            "hash": sha256(hashes),
            "questions": len(hashes),
            "pass": revision.meta["pass"],
        }
    ]


OUTLINE: dict[str, Callable[[Revision], list[dict[str, Any]]]] = {
    Kind.CORE: core_outline,
    Kind.TRANSLATION: translation_outline,
    Kind.LAYER: layer_outline,
}
