"""The questions of a quiz as stored, as the plain values that `courses.questions` draws, shows and marks."""

from ..content import COUNTRY_CHECK, QuestionContent, QuestionText, question_from_json
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
