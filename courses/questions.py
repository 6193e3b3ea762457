"""Questions on their way: what a page may show, how an answer is marked, what is shown afterwards.

Marking needs nothing but the question and the answer, so an attempt is marked again from its snapshot at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from lms.lib.places import pick

from .content import Pool, QuestionContent, QuestionText
from .question_kinds import KINDS as KINDS
from .question_kinds import TYPED_KINDS, Flaw, Values, pairs_of
from .question_kinds import MalformedAnswer as MalformedAnswer

Answer = str | bool | Sequence[str] | None


@dataclass(frozen=True)
class Mark:
    points: Decimal
    correct: bool


@dataclass(frozen=True)
class LocalText:
    """Some words and the language they are really in; a page marks them where it is not the reader's."""

    text: str
    language: str
    is_fallback: bool = False


@dataclass(frozen=True)
class PresentedOption:
    key: str
    text: LocalText


@dataclass(frozen=True)
class Presented:
    """A question as a page may show it before submission: nothing here tells which answer is right."""

    key: str
    kind: str
    points: int
    prompt: LocalText
    options: tuple[PresentedOption, ...]
    unit: LocalText
    matches: tuple[PresentedOption, ...] = ()
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reviewed:
    """What may be shown after submission, as the policy of the quiz allows.

    `given` and `wanted` are the matches by option, where the answer is pairs; `right` is what should have been typed.
    """

    mark: Mark
    correct: tuple[str, ...]
    chosen: tuple[str, ...]
    given: Mapping[str, LocalText]
    wanted: Mapping[str, LocalText]
    right: tuple[LocalText, ...]
    feedback: Mapping[str, LocalText]
    explanation: LocalText


def validate(question: QuestionContent) -> list[Flaw]:
    """All that keeps the question from being asked; raises KeyError for a kind that is none of KINDS."""
    return list(KINDS[question.kind].flaws(question))


def with_translation(question: QuestionContent, language: str, text: QuestionText) -> QuestionContent:
    """The same question with one language more. The caller has checked that `text` is not stale."""
    return replace(question, texts={**question.texts, language: text})


def presented(
    question: QuestionContent, language: str, seed: int, *, fallbacks: Sequence[str] = ()
) -> Presented:
    """The question in `language`, options in the order that `seed` gives, the same on every reload.

    Each text that `language` lacks comes in the first of `fallbacks` that has it, then English, then any.
    """
    kind, words = KINDS[question.kind], _Words(question, (language, *fallbacks))
    options, matches = kind.option_keys(question), kind.match_keys(question)
    if not kind.words:
        options = shuffled(options, f"{seed}:{question.key}")
    if question.kind == "matching":
        matches = shuffled(matches, f"{seed}:{question.key}:matches")
    return Presented(
        key=question.key,
        kind=question.kind,
        points=question.points,
        prompt=words.of("prompt"),
        options=tuple(PresentedOption(key, words.option(key)) for key in options),
        unit=words.of("unit"),
        matches=tuple(PresentedOption(key, words.match(key)) for key in matches),
        document=question.rule.get("document"),
    )


def missing(question: QuestionContent, answer: Answer) -> str | Promise:
    """Why the answer cannot be handed in yet; empty where it can."""
    return KINDS[question.kind].missing(question, answer_values(answer))


def mark(question: QuestionContent, answer: Answer) -> Mark:
    """The points for an answer. No answer earns none; raises MalformedAnswer for what cannot be read."""
    values = answer_values(answer)
    correct = bool(values) and KINDS[question.kind].is_correct(question, values)
    return Mark(points=Decimal(question.points if correct else 0), correct=correct)


def reviewed(
    question: QuestionContent, answer: Answer, language: str, *, fallbacks: Sequence[str] = ()
) -> Reviewed:
    """The marked question with its reasons. Raises MalformedAnswer."""
    values, kind = answer_values(answer), KINDS[question.kind]
    words, right = _Words(question, (language, *fallbacks)), kind.right(question)
    feedback = {key: words.feedback(key) for key in kind.touched(question, values)}
    is_pairs = bool(kind.match_keys(question))
    return Reviewed(
        mark=mark(question, answer),
        correct=right,
        chosen=values,
        given=words.matches(values) if is_pairs else {},
        wanted=words.matches(right) if is_pairs else {},
        right=words.typed(right) if question.kind in TYPED_KINDS else (),
        feedback={key: text for key, text in feedback.items() if text.text},
        explanation=words.of("explanation"),
    )


def feedback_of(
    question: QuestionContent, key: str, language: str, *, fallbacks: Sequence[str] = ()
) -> LocalText | None:
    """What an option answers to whoever chose it, for those who write the question."""
    words = _Words(question, (language, *fallbacks)).feedback(key)
    return words if words.text else None


def option_text(
    question: QuestionContent, key: str, language: str, *, fallbacks: Sequence[str] = ()
) -> LocalText:
    return _Words(question, (language, *fallbacks)).option(key)


def drawn(
    questions: Sequence[QuestionContent], count: int | None, seed: int, pools: Sequence[Pool] = ()
) -> tuple[QuestionContent, ...]:
    """The questions of one attempt, in the order of the quiz: `count` of all chosen by `seed`, or all.

    Of each pool as many as it says; what stands in no pool is always asked.
    """
    if pools:
        left_out = {
            key for pool in pools for key in shuffled(pool.questions, f"{seed}:{pool.key}")[pool.draw :]
        }
        return tuple(question for question in questions if question.key not in left_out)
    if count is None:
        return tuple(questions)
    chosen = set(shuffled([question.key for question in questions], str(seed))[:count])
    return tuple(question for question in questions if question.key in chosen)


def shuffled(keys: Sequence[str], seed: str) -> tuple[str, ...]:
    """An order that depends on nothing but the seed and the keys, on every machine and Python for ever."""
    return tuple(sorted(keys, key=lambda key: sha256(f"{seed}:{key}".encode()).digest()))


def passes(points: Decimal, total: Decimal, pass_percent: int | None) -> bool:
    """Enough points? Never rounded in the learner's favour or against: 79.99 % is not 80 %.

    None stands for the rule of country checks: two thirds, rounded up to whole points.
    """
    if pass_percent is None:
        return points * 3 >= total * 2
    return points * 100 >= total * pass_percent


def percent(points: Decimal, total: Decimal) -> int:
    """For display, rounded down, so that a page never shows the pass mark to someone who missed it."""
    return int(points * 100 // total) if total else 0


def answer_values(answer: Answer) -> tuple[str, ...]:
    """The one form in which answers are stored: sorted option keys or pairs, or what was typed."""
    if answer is None:
        return ()
    if isinstance(answer, bool):
        return ("true" if answer else "false",)
    values = [answer] if isinstance(answer, str) else list(answer)
    if not all(isinstance(value, str) and "\0" not in value for value in values):
        raise MalformedAnswer  # PostgreSQL keeps no NUL, and nobody types one
    return tuple(sorted({value.strip() for value in values} - {""}))


class _Words:
    """Looks up each text of a question in the first language that has it."""

    def __init__(self, question: QuestionContent, preferred: Sequence[str]) -> None:
        self.question = question
        self.preferred = preferred

    def of(self, name: str) -> LocalText:
        return self._first({language: getattr(text, name) for language, text in self.question.texts.items()})

    def option(self, key: str) -> LocalText:
        fixed = KINDS[self.question.kind].words
        if key in fixed:
            with override(self.preferred[0]):
                return LocalText(str(fixed[key]), self.preferred[0])
        return self._first({lang: text.options.get(key, "") for lang, text in self.question.texts.items()})

    def match(self, key: str) -> LocalText:
        """What an option is given: a place in an order, or words."""
        if self.question.kind == "ordering":
            return LocalText(key, self.preferred[0])
        return self.option(key)

    def matches(self, values: Values) -> dict[str, LocalText]:
        return {option: self.match(match) for option, match in pairs_of(values).items()}

    def typed(self, right: Values) -> tuple[LocalText, ...]:
        """What should have been typed: the number, or every spelling that is accepted."""
        if self.question.kind == "numeric":
            return tuple(LocalText(number, self.preferred[0]) for number in right)
        return tuple(self.option(key) for key in right)

    def feedback(self, key: str) -> LocalText:
        return self._first({lang: text.feedback.get(key, "") for lang, text in self.question.texts.items()})

    def _first(self, texts: Mapping[str, str]) -> LocalText:
        text, language = pick(texts, self.preferred)
        return LocalText(text, language, is_fallback=bool(text) and language != self.preferred[0])
