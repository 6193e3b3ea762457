"""The canonical text of each file: keys in the order of the contract, nothing that only repeats a default."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from courses.content import (
    CountryQuiz,
    FactContent,
    LayerContent,
    LessonContent,
    ModuleInfo,
    PanelContent,
    Pool,
    QuestionContent,
    QuestionText,
    TranslatedLesson,
    VideoContent,
)

from .names import from_file, layer_path, panel_path

FORMAT = 1
Values = dict[str, Any]


class Quoted(str):
    """Stands in quotes although our reader would not need them: dates, decimals and codes that others misread."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if isinstance(text, Quoted) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Quoted, _represent_text)


def to_yaml(values: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        dict(values),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
        default_flow_style=False,
    )
    return text


def with_front_matter(values: Mapping[str, Any], body: str) -> str:
    return f"---\n{to_yaml(values)}---\n\n{body}\n"


def _kept(values: Mapping[str, Any], extra: Mapping[str, Any], *nested: str) -> Values:
    """The values that say something, then what this version does not know. `nested` is written elsewhere."""
    said = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return said | {name: _in_order(extra[name]) for name in sorted(extra) if name not in nested}


def _in_order(value: Any) -> Any:
    """Keys sorted at every depth: PostgreSQL gives JSON back in an order of its own."""
    if isinstance(value, Mapping):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(item) for item in value] if isinstance(value, list | tuple) else value


def _by_language(texts: Mapping[str, str]) -> Values:
    return {language: texts[language] for language in sorted(texts)}


# --- Module and core -------------------------------------------------------------------------------------------------


def module_document(module: ModuleInfo) -> str:
    values = {
        "format": FORMAT,
        "key": module.key,
        "owner": module.owner,
        "co_owners": list(module.co_owners),
        "subject": module.subject,
        "source_language": module.source_language,
        "licence": module.licence,
        "title": _by_language(module.title),
        "summary": _by_language(module.summary),
        "outcomes": [_by_language(outcome) for outcome in module.outcomes],
        "audience": _by_language(module.audience),
        "hours": _decimal(module.hours),
        "validity_months": module.validity_months,
        "references": list(module.references),
        "fact_keys": list(module.fact_keys),
        "lessons": list(module.lessons),
    }
    return to_yaml(_kept(values, module.extra))


def _decimal(number: Decimal) -> Quoted:
    return Quoted(f"{number:f}")


def lesson_document(lesson: LessonContent, path: str) -> str:
    values: Values = {
        "key": lesson.key,
        "kind": lesson.kind,
        "title": lesson.title,
        "section": lesson.section,
        "minutes": lesson.minutes,
        "required": lesson.required,
    }
    if lesson.video:
        values |= _video(lesson.video, path)
    if lesson.audio:
        values |= {"src": from_file(path, lesson.audio.src), "seconds": lesson.audio.seconds}
    if lesson.download:
        values["src"] = from_file(path, lesson.download)
    values["references"] = list(lesson.references)
    if lesson.quiz is None:
        return with_front_matter(_kept(values, lesson.extra), lesson.body)
    values |= {
        "pass": lesson.quiz.pass_percent,
        "attempts": lesson.quiz.attempts,
        "wait_hours": lesson.quiz.wait_hours,
        "draw": lesson.quiz.draw,
        "pools": [_pool(pool) for pool in lesson.quiz.pools],
        "questions": [_question(question, _own_text) for question in lesson.quiz.questions],
    }
    return to_yaml(_kept(values, lesson.extra))


def _video(video: VideoContent, path: str) -> Values:
    return {
        "src": from_file(path, video.src),
        "seconds": video.seconds,
        "captions": {language: from_file(path, track) for language, track in sorted(video.captions.items())},
        "poster": from_file(path, video.poster) if video.poster else "",
    }


def _pool(pool: Pool) -> Values:
    return _kept({"key": pool.key, "draw": pool.draw, "questions": list(pool.questions)}, pool.extra)


# --- Questions --------------------------------------------------------------------------------------------------------


def _own_text(texts: Mapping[str, str]) -> Any:
    """In the core a text stands as itself: there is one language."""
    return next(iter(texts.values()), "")


DOCUMENT = ("title", "version", "sha256", "url")
# Where `extra` holds what is unknown further in. A kind without options may have that word as an unknown key itself.
NESTED = {"attestation": ("document",), "truefalse": (), "numeric": ()}


def question_values(question: QuestionContent, *, by_language: bool) -> Values:
    """A question as a file has it; in a layer every text stands by language."""
    return _question(question, dict if by_language else _own_text)


def _question(question: QuestionContent, form: Any) -> Values:
    values: Values = {"key": question.key, "kind": question.kind, "prompt": form(_words(question, "prompt"))}
    if question.kind == "truefalse":
        values["correct"] = question.rule["correct"]
    elif question.kind == "numeric":
        values |= {name: Quoted(question.rule[name]) for name in ("answer", "tolerance")}
        values["unit"] = form(_words(question, "unit"))
    elif question.kind == "attestation":
        document = {name: question.rule["document"].get(name) for name in DOCUMENT}
        values["document"] = _kept(document, question.extra.get("document", {}))
    else:
        values |= _options(question, form)
    values |= {
        "explanation": form(_words(question, "explanation")),
        "points": question.points,
        "references": list(question.references),
        "rests_on": list(question.rests_on),
    }
    return _kept(values, question.extra, *NESTED.get(question.kind, ("options",)))


def _options(question: QuestionContent, form: Any) -> Values:
    rule = question.rule
    return {
        "options": [_option(question, key, form) for key in rule["options"]],
        "matches": [_option(question, key, form) for key in rule.get("matches", ())],
        "case": rule.get("case"),
        "diacritics": rule.get("diacritics"),
    }


def _words(question: QuestionContent, name: str) -> Values:
    texts = {language: getattr(text, name) for language, text in sorted(question.texts.items())}
    return {language: text for language, text in texts.items() if text}


def _option(question: QuestionContent, key: str, form: Any) -> Values:
    texts = sorted(question.texts.items())
    values = {
        "key": key,
        "text": form({language: text.options[key] for language, text in texts if key in text.options}),
        "feedback": form({language: text.feedback[key] for language, text in texts if key in text.feedback}),
    } | _right(question, key)
    return _kept(values, question.extra.get("options", {}).get(key, {}))


def _right(question: QuestionContent, key: str) -> Values:
    """What the option says about being right: a mark, a match, or nothing but its place."""
    right = question.rule.get("correct", ())
    if isinstance(right, Mapping):
        return {"match": right.get(key)}
    return {"correct": True if key in right else None}


# --- Translations -----------------------------------------------------------------------------------------------------


def translation_document(lesson: TranslatedLesson, path: str) -> str:
    values: Values = {"key": lesson.key, "title": lesson.title, "source": Quoted(lesson.source)}
    values["review"] = lesson.review
    values["captions"] = from_file(path, lesson.captions) if lesson.captions else ""
    if lesson.questions is None:
        return with_front_matter(_kept(values, lesson.extra), lesson.body)
    unknown = lesson.extra.get("questions", {})
    values["questions"] = {
        key: _question_text(text, unknown.get(key, {})) for key, text in sorted(lesson.questions.items())
    }
    return to_yaml(_kept(values, lesson.extra, "questions"))


def _question_text(text: QuestionText, extra: Mapping[str, Any]) -> Values:
    values = {
        "prompt": text.prompt,
        "options": dict(sorted(text.options.items())),
        "feedback": dict(sorted(text.feedback.items())),
        "explanation": text.explanation,
        "unit": text.unit,
    }
    return _kept(values, extra)


# --- Layers -----------------------------------------------------------------------------------------------------------


def layer_documents(layer: LayerContent) -> dict[str, str]:
    """All files of a national layer, by path."""
    written = {layer_path(layer.country, "layer.yaml"): _layer(layer)}
    unknown = layer.extra.get("facts.yaml", {})
    if layer.facts or unknown:
        facts = {"facts": [_fact(fact) for fact in layer.facts]}
        written[layer_path(layer.country, "facts.yaml")] = to_yaml(facts | _kept({}, unknown))
    if layer.quiz:
        written[layer_path(layer.country, "questions.yaml")] = _country_quiz(layer.quiz)
    for panel in layer.panels:
        written[panel_path(layer.country, panel)] = _panel(panel)
    return written


def _layer(layer: LayerContent) -> str:
    values = {
        "country": Quoted(layer.country),
        "owner": layer.owner,
        "source_language": layer.source_language,
        "languages": list(layer.languages),
        "pass": layer.pass_percent,
    }
    return to_yaml(_kept(values, layer.extra, "facts.yaml"))


def _fact(fact: FactContent) -> Values:
    unknown = fact.extra.get("native_terms", {})
    values = {
        "key": fact.key,
        "statement": _by_language(fact.statement),
        "native_terms": [
            _kept({"lang": term.lang, "text": term.text}, unknown.get(str(number), {}))
            for number, term in enumerate(fact.native_terms)
        ],
        "legal_ref": fact.legal_ref,
        "source_url": fact.source_url,
        "verified_on": fact.verified_on and Quoted(fact.verified_on.isoformat()),
        "review_due": fact.review_due and Quoted(fact.review_due.isoformat()),
        "status": fact.status,
        "note": fact.note,
    }
    return _kept(values, fact.extra, "native_terms")


def _country_quiz(quiz: CountryQuiz) -> str:
    values = {
        "title": _by_language(quiz.title),
        "minutes": quiz.minutes,
        "questions": [_question(question, dict) for question in quiz.questions],
    }
    return to_yaml(_kept(values, quiz.extra))


def _panel(panel: PanelContent) -> str:
    values = {
        "lesson": panel.lesson,
        "language": panel.language,
        "anchor": panel.anchor,
        "facts": list(panel.facts),
    }
    return with_front_matter(_kept(values, panel.extra), panel.body)
