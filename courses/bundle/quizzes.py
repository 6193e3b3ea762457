"""Questions, in the core in one language and in a layer in several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.content import Pool, QuestionContent, QuestionText, QuizContent, Texts
from courses.question_kinds import HASH, KINDS, ShortText
from courses.questions import validate

from .bodies import address_of
from .fields import Fields

UNLISTED = _("The layer does not list the language “%(language)s”. Add it to languages in layer.yaml.")
WAIT_HOURS = 168
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
        pools=read_pools(fields, questions),
        wait_hours=fields.optional_integer("wait_hours", least=1, most=WAIT_HOURS),
    )


def read_pools(fields: Fields, questions: Sequence[QuestionContent]) -> tuple[Pool, ...]:
    known = {question.key for question in questions}
    pools: dict[str, Pool] = {}
    pooled: set[str] = set()
    for record in fields.records("pools"):
        pool = Pool(
            key=record.key("key"),
            draw=record.integer("draw", least=1, most=1_000),
            questions=record.keys("questions"),
            extra=record.extra(),
        )
        if pool.key in pools:
            record.error("key", _("Two pools have the key “%(key)s”. Rename one."), key=pool.key)
        _check_pool(record, pool, known, pooled)
        pooled |= set(pool.questions)
        pools[pool.key] = pool
    if pools and fields.has("draw"):
        fields.error("draw", _("It draws from all questions and from pools. Keep “draw” or “pools”."))
    return tuple(pools.values())


def _check_pool(record: Fields, pool: Pool, known: set[str], pooled: set[str]) -> None:
    for key in pool.questions:
        if key not in known:
            record.error("questions", _("There is no question “%(key)s”. Correct or remove it."), key=key)
        if key in pooled:
            message = _("The question “%(key)s” is in another pool already. Keep it in one.")
            record.error("questions", message, key=key)
    if pool.draw > len(pool.questions):
        record.error("draw", _("The pool draws more questions than it has. Lower it."))


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
    rule, options, feedback, nested_extra = _read_rule(fields, kind, setting)
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
        extra={**fields.extra(), **nested_extra},
    )
    _check_question(fields, question, setting)
    _check_rests(fields, question, setting)
    return question


def _check_question(fields: Fields, question: QuestionContent, setting: Setting) -> None:
    for flaw in validate(question):
        fields.error(flaw.field, flaw.message, **flaw.values)
    if question.kind == "attestation":
        return  # it rests on its document, which is all there is to explain
    if setting.facts is not None and not question.rests_on:
        message = _("The country question “%(key)s” rests on no fact. Name in rests_on what it asks about.")
        fields.error("", message, key=question.key)
    elif not question.references and not question.rests_on:
        message = _("The question “%(key)s” rests on nothing. Add references.")
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
    if kind == "attestation":
        document, unknown = _read_document(fields)
        return {"document": document}, {}, {}, {"document": unknown} if unknown else {}
    records = fields.records("options", required=True)
    if kind == "matching":
        return _read_matching(records, fields.records("matches", required=True), setting)
    rule, texts, feedback, extra = _read_options(records, setting, marks=kind != "ordering")
    if kind == "ordering":
        rule.pop("correct")
    if kind == "short":
        rule["case"] = fields.choice("case", ShortText.SPELLING, default="ignore")
        rule["diacritics"] = fields.choice("diacritics", ShortText.SPELLING, default="exact")
    return rule, texts, feedback, extra


def _read_document(fields: Fields) -> tuple[dict[str, str], dict[str, Any]]:
    """The document that an attestation is about, and what this version does not know of it."""
    record = fields.record("document", required=True)
    if record is None:
        return {}, {}
    document = {
        "title": record.text("title", most=200),
        "version": record.text("version", required=False, most=60),
        "sha256": record.text("sha256"),
        "url": record.text("url", required=False, most=600),
    }
    if document["sha256"] and not HASH.fullmatch(document["sha256"]):
        record.error("sha256", _("“sha256” must be 64 characters of 0–9 and a–f."))
    address = address_of(document["url"])
    if document["url"] and (address.scheme not in ("http", "https") or not address.netloc):
        message = _("“%(url)s” is no web address: begin with https://.")
        record.error("url", message, url=document["url"])
    return {name: value for name, value in document.items() if value}, record.extra()


def _read_matching(options: Sequence[Fields], matches: Sequence[Fields], setting: Setting) -> Rule:
    given = {record.text("key", required=False): record.key("match") for record in options}
    rule, texts, feedback, extra = _read_options([*options, *matches], setting, marks=False)
    keys = [record.text("key", required=False) for record in options]
    rule = {
        "options": keys,
        "matches": [record.text("key", required=False) for record in matches],
        "correct": {key: given[key] for key in keys},
    }
    return rule, texts, feedback, extra


def _read_options(records: Sequence[Fields], setting: Setting, *, marks: bool = True) -> Rule:
    """`marks`: whether options say of themselves that they are correct."""
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
        if marks and record.boolean("correct", default=False):
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
