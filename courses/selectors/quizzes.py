"""The questions of a quiz as stored, as the plain values that `courses.questions` draws, shows and marks."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..content import COUNTRY_CHECK, QuestionContent, QuestionText
from ..models import Edition, LessonTranslation, Question, Revision
from ..questions import with_translation


def quiz_questions(
    core: Revision, lesson_key: str, *, language: str, text_hash: str
) -> list[QuestionContent]:
    """A core quiz in its source language and, where the published translation is not stale, in `language` too."""
    questions = [
        question_content(row) for row in Question.objects.filter(revision=core, lesson_key=lesson_key)
    ]
    words = translated_words(core, lesson_key, language=language, text_hash=text_hash)
    return [
        with_translation(question, language, words[question.key]) if question.key in words else question
        for question in questions
    ]


def translated_words(
    core: Revision, lesson_key: str, *, language: str, text_hash: str
) -> dict[str, QuestionText]:
    """The published words of a quiz in `language`, by question key; empty where there are none or they are stale."""
    editions = Edition.objects.filter(
        module__editions=core.edition_id,
        kind=Edition.Kind.TRANSLATION,
        language=language,
        current__isnull=False,
    )
    translation = LessonTranslation.objects.filter(
        revision__in=editions.values("current"), key=lesson_key, source_hash=text_hash
    ).first()
    return {key: QuestionText(**words) for key, words in translation.questions.items()} if translation else {}


def country_questions(layer: Revision) -> list[QuestionContent]:
    """The country questions of a layer, in all its languages."""
    return [
        question_content(row) for row in Question.objects.filter(revision=layer, lesson_key=COUNTRY_CHECK)
    ]


def question_content(row: Question) -> QuestionContent:
    return from_json(
        {
            "key": row.key,
            "kind": row.kind,
            "rule": row.rule,
            "texts": row.texts,
            "points": row.points,
            "references": row.references,
            "rests_on": row.rests_on,
        }
    )


def to_json(question: QuestionContent) -> dict[str, Any]:
    """For snapshots; `from_json` gives the same question back."""
    return asdict(question)


def from_json(stored: Mapping[str, Any]) -> QuestionContent:
    texts = {language: QuestionText(**words) for language, words in stored["texts"].items()}
    lists = {name: tuple(stored.get(name, ())) for name in ("references", "rests_on")}
    plain = {name: stored[name] for name in ("key", "kind", "rule", "points")}
    return QuestionContent(texts=texts, **plain, **lists)
