"""Questions, in the core in one language and in a layer in several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.content import QuestionContent, QuestionText, QuizContent, Texts
from courses.questions import KINDS, validate

from .fields import Fields

UNLISTED = _("The layer does not list the language “%(language)s”. Add it to languages in layer.yaml.")
OptionTexts = Mapping[str, Texts]


@dataclass(frozen=True)
class Setting:
    """Where questions stand: in the core, or in a layer with its languages and the status of its facts.

    In the core a text stands as itself, in the source language; in a layer, by language.
    """

    source: str
    languages: tuple[str, ...] = ()
    facts: Mapping[str, str] | None = None

    def take(self, fields: Fields, name: str, *, required: bool = False) -> Texts:
        if self.facts is None:
            text = fields.text(name, required=required)
            return {self.source: text} if text else {}
        texts = fields.texts(name, source=self.source if required else "")
        for language in texts:
            if language not in self.languages:
                fields.error(name, UNLISTED, language=language)
        return texts


def read_quiz(fields: Fields, source: str) -> QuizContent:
    questions = read_questions(fields, Setting(source))
    draw = fields.optional_integer("draw", least=1, most=1_000)
    if draw and draw > len(questions):
        fields.error("draw", _("It draws more questions than there are. Lower it, or write null for all."))
    return QuizContent(
        questions=questions,
        pass_percent=fields.integer("pass", least=1, most=100),
        attempts=fields.optional_integer("attempts", least=1, most=1_000),
        draw=draw,
    )


def read_questions(fields: Fields, setting: Setting) -> tuple[QuestionContent, ...]:
    """Every question that can be used; those that cannot are reported, and so is a key used twice."""
    questions: dict[str, QuestionContent] = {}
    records = fields.records("questions", required=True)
    if not records and fields.has("questions"):
        fields.error("questions", _("There is no question. Write one, or remove the file."))
    for record in records:
        question = read_question(record, setting)
        if question is None:
            continue
        if question.key in questions:
            record.error("key", _("Two questions have the key “%(key)s”. Rename one."), key=question.key)
        questions[question.key] = question
    return tuple(questions.values())


def read_question(fields: Fields, setting: Setting) -> QuestionContent | None:
    key = fields.key("key")
    kind = fields.choice("kind", tuple(KINDS))
    if not kind:
        return None
    rule, options, feedback, option_extra = _read_rule(fields, kind, setting)
    words = {
        "prompt": setting.take(fields, "prompt", required=True),
        "explanation": setting.take(fields, "explanation"),
        "unit": setting.take(fields, "unit") if kind == "numeric" else {},
    }
    question = QuestionContent(
        key=key,
        kind=kind,
        rule=rule,
        texts=_by_language(words, options, feedback),
        points=fields.integer("points", least=1, most=100, default=1),
        references=fields.strings("references"),
        rests_on=fields.keys("rests_on"),
        extra={**fields.extra(), **option_extra},
    )
    _check_question(fields, question)
    _check_rests(fields, question, setting)
    return question


def _check_question(fields: Fields, question: QuestionContent) -> None:
    for flaw in validate(question):
        fields.error("", flaw.message, **flaw.values)
    if not question.references and not question.rests_on:
        message = _(
            "The question “%(key)s” rests on nothing. Add references, or rests_on in a national layer."
        )
        fields.error("", message, key=question.key)
    if not any(text.explanation for text in question.texts.values()):
        fields.warning(
            "", _("The question “%(key)s” has no explanation. Say why the answer is right."), key=question.key
        )


def _check_rests(fields: Fields, question: QuestionContent, setting: Setting) -> None:
    for key in question.rests_on:
        status = (setting.facts or {}).get(key)
        if setting.facts is None:
            fields.error(
                "rests_on", _("Only questions of a national layer rest on facts. Give references here.")
            )
        elif status is None:
            message = _("The fact “%(key)s” is not in facts.yaml. Add it there, or remove it here.")
            fields.error("rests_on", message, key=key)
        elif status != "verified":
            message = _(
                "The fact “%(key)s” is not verified, so no question may rest on it. Take the question out."
            )
            fields.error("rests_on", message, key=key)


Rule = tuple[dict[str, Any], OptionTexts, OptionTexts, dict[str, Any]]


def _read_rule(fields: Fields, kind: str, setting: Setting) -> Rule:
    """What is right, and for questions with options their texts, feedback and unknown keys."""
    if kind == "truefalse":
        return {"correct": fields.boolean("correct")}, {}, {}, {}
    if kind == "numeric":
        rule = {"answer": fields.decimal("answer"), "tolerance": fields.decimal("tolerance", default="0")}
        return rule, {}, {}, {}
    return _read_options(fields.records("options", required=True), setting)


def _read_options(records: Sequence[Fields], setting: Setting) -> Rule:
    correct: list[str] = []
    texts: dict[str, Texts] = {}
    feedback: dict[str, Texts] = {}
    extra: dict[str, Any] = {}
    for record in records:
        key = record.key("key")
        if key in texts:
            record.error("key", _("Two options have the key “%(key)s”. Rename one."), key=key)
        texts[key] = setting.take(record, "text", required=True)
        feedback[key] = setting.take(record, "feedback")
        if record.boolean("correct", default=False):
            correct.append(key)
        if unknown := record.extra():
            extra[key] = unknown
    rule = {"options": list(texts), "correct": correct}
    return rule, texts, feedback, {"options": extra} if extra else {}


def _by_language(
    words: Mapping[str, Texts], options: OptionTexts, feedback: OptionTexts
) -> dict[str, QuestionText]:
    everything = [*words.values(), *options.values(), *feedback.values()]
    languages = sorted({language for texts in everything for language in texts})
    return {
        language: QuestionText(
            options={key: texts[language] for key, texts in options.items() if language in texts},
            feedback={key: texts[language] for key, texts in feedback.items() if language in texts},
            **{name: texts.get(language, "") for name, texts in words.items()},
        )
        for language in languages
    }


def read_question_text(fields: Fields) -> QuestionText:
    """The words of a question in a translation, as far as they are there."""
    return QuestionText(
        prompt=fields.text("prompt", required=False),
        options=fields.keyed("options"),
        feedback=fields.keyed("feedback"),
        explanation=fields.text("explanation", required=False),
        unit=fields.text("unit", required=False),
    )
