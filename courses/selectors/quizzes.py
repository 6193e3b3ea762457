"""The questions of a quiz as stored, as the plain values that `courses.questions` draws, shows and marks."""

from collections.abc import Mapping
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery

from ..content import COUNTRY_CHECK, QuestionContent, QuestionText, question_from_json
from ..models import Edition, LessonTranslation, Question, Revision
from ..questions import with_translation


def quiz_questions(
    core: Revision, lesson_key: str, *, language: str, text_hash: str
) -> list[QuestionContent]:
    """A core quiz in its source language and, where the published translation is not stale, in `language` too.

    One query. The translated words come with each row; a quiz has few.
    """
    words = translated_words(core, lesson_key, language=language, text_hash=text_hash)
    rows = Question.objects.filter(revision=core, lesson_key=lesson_key).annotate(
        translated=Subquery(words.values("questions")[:1], output_field=JSONField())
    )
    return [in_language(question_content(row), language, row.translated or {}) for row in rows]


def translated_words(
    core: Revision, lesson_key: str, *, language: str, text_hash: str
) -> QuerySet[LessonTranslation]:
    """The published words of a quiz in `language`; none where they translate other words than `text_hash`."""
    editions = Edition.objects.filter(
        module__editions=core.edition_id,
        kind=Edition.Kind.TRANSLATION,
        language=language,
        current__isnull=False,
    )
    return LessonTranslation.objects.filter(
        revision__in=editions.values("current"), key=lesson_key, source_hash=text_hash
    )


def in_language(question: QuestionContent, language: str, words: Mapping[str, Any]) -> QuestionContent:
    if question.key not in words:
        return question
    return with_translation(question, language, QuestionText(**words[question.key]))


def country_questions(layer: Revision) -> list[QuestionContent]:
    """The country questions of a layer, in all its languages."""
    return [
        question_content(row) for row in Question.objects.filter(revision=layer, lesson_key=COUNTRY_CHECK)
    ]


def question_content(row: Question) -> QuestionContent:
    return question_from_json(
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
