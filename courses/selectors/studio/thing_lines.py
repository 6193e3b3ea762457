"""What a revision consists of, as lines that can be read and compared: facts, questions, a layer as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ...models import FactStatement, Question
from ...question_kinds import KIND_WORDS
from ..words import language_here

OF_RULE = ("options", "matches", "correct", "answer", "tolerance")


def labelled(values: Mapping[str, Any]) -> Iterable[str]:
    return (f"{label}: {value}" for label, value in values.items() if value not in (None, ""))


def meta_lines(meta: Mapping[str, Any]) -> Iterator[str]:
    """Every value on a line of its own, nested ones under the path to them."""
    for path, value in sorted(leaves(meta)):
        if value not in (None, ""):
            yield f"{path}: {value}"


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from leaves(inner, f"{path} {number}")
    else:
        yield path, value


def layer_lines(meta: Mapping[str, Any]) -> Iterator[str]:
    """Its languages, and what holds for its country questions as a whole."""
    asked = meta.get("quiz") or {"title": {}, "minutes": None}
    threshold = meta.get("pass")
    said = {
        _("Written in"): language_here(meta["source_language"]),
        _("Languages"): ", ".join(language_here(code) for code in meta["languages"]),
        _("To pass the country questions"): _("%(percent)s percent of the points") % {"percent": threshold}
        if threshold
        else _("two thirds of the points, rounded up"),
        _("Minutes for the country questions"): asked["minutes"],
    }
    yield from labelled(said)
    for code, title in sorted(asked["title"].items()):
        label = _("Title of the country questions in %(language)s") % {"language": language_here(code)}
        yield from labelled({label: title})
    yield from meta_lines({name: meta.get(name, {}) for name in ("extra", "extras")})


# --- Facts ------------------------------------------------------------------------------------------------------------


def fact_lines(statement: FactStatement) -> Iterator[str]:
    for code, text in sorted(statement.texts.items()):
        yield from labelled({_("Statement in %(language)s") % {"language": language_here(code)}: text})
    for term in statement.native_terms:
        label = _("Native term in %(language)s") % {"language": language_here(term["lang"])}
        yield from labelled({label: term["text"]})
    said = {
        _("Status"): statement.get_status_display(),
        _("Reference"): statement.legal_ref,
        _("Source"): statement.source_url,
        _("Checked on"): statement.verified_on,
        _("Next check by"): statement.review_due_on,
        pgettext("fact", "Note"): statement.note,
    }
    yield from labelled(said)


# --- Questions --------------------------------------------------------------------------------------------------------


def question_lines(question: Question) -> Iterator[str]:
    """Its words in each language, then what is right and what it rests on."""
    for code, text in sorted(question.texts.items()):
        yield from words_lines(text, language_here(code))
    said = {
        _("Right answer"): right_answer(question.rule),
        _("Order of the options"): ", ".join(question.rule.get("options", ())),
        _("Kind"): KIND_WORDS.get(question.kind, question.kind),
        _("Points"): question.points,
        _("References"): " · ".join(question.references),
        _("Rests on"): ", ".join(question.rests_on),
    }
    yield from labelled(said)
    yield from meta_lines({name: value for name, value in question.rule.items() if name not in OF_RULE})


def words_lines(text: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from labelled({_("Question in %(language)s") % {"language": language}: text.get("prompt")})
    feedback = text.get("feedback", {})
    for key, words in text.get("options", {}).items():
        named = {"key": key, "language": language}
        yield from labelled(
            {
                _("Option %(key)s in %(language)s") % named: words,
                _("Feedback to option %(key)s in %(language)s") % named: feedback.get(key),
            }
        )
    yield from labelled(
        {
            _("Explanation in %(language)s") % {"language": language}: text.get("explanation"),
            _("Unit in %(language)s") % {"language": language}: text.get("unit"),
        }
    )


def right_answer(rule: Mapping[str, Any]) -> str:
    """By the keys of the options, which stand at their words."""
    right = rule.get("correct")
    if isinstance(right, bool):
        return _("True") if right else _("False")
    if isinstance(right, Mapping):
        return ", ".join(f"{option} → {match}" for option, match in right.items())
    if right is not None:
        return ", ".join(right)
    if "answer" in rule:
        tolerance = rule.get("tolerance", "0")
        return str(rule["answer"]) if tolerance == "0" else f"{rule['answer']} ± {tolerance}"
    return ", ".join(rule.get("options", ()))
