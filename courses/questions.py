"""The kinds of questions: what makes one complete, what a page may show, how an answer is marked.

Marking needs nothing but the question and the answer, so an attempt is marked again from its snapshot at any time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lms.lib.errors import DomainError
from lms.lib.places import pick

from .content import QuestionContent, QuestionText

Answer = str | bool | Sequence[str] | None


class MalformedAnswer(DomainError):
    """An answer that no form of ours sends, or a number that is none. Nothing is marked."""

    code = "malformed-answer"
    status = 400
    message = _("This answer cannot be read. Choose among the options shown.")


@dataclass(frozen=True)
class Flaw:
    """What makes a question unusable, and what to do about it."""

    message: str | Promise
    values: Mapping[str, object]


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


@dataclass(frozen=True)
class Reviewed:
    """What may be shown after submission, as the policy of the quiz allows."""

    mark: Mark
    correct: tuple[str, ...]
    chosen: tuple[str, ...]
    feedback: Mapping[str, LocalText]
    explanation: LocalText


class Kind(Protocol):
    """One kind of question. `right` lists the right answers as keys or numbers in words a page can show."""

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]: ...
    def option_keys(self, question: QuestionContent) -> tuple[str, ...]: ...
    def right(self, question: QuestionContent) -> tuple[str, ...]: ...
    def is_correct(self, question: QuestionContent, values: tuple[str, ...]) -> bool: ...


class Choice:
    """One right option (single), or exactly the set of right ones (multiple): all or nothing."""

    def __init__(self, *, several: bool) -> None:
        self.several = several

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        count, right = len(question.option_keys), len(self.right(question))
        if count < 2:
            yield Flaw(_("It has %(count)s options. Give it at least two."), {"count": count})
        if not self.several and right != 1:
            message = _(
                "%(count)s of its options are marked correct. Mark exactly one, or use kind: multiple."
            )
            yield Flaw(message, {"count": right})
        if self.several and not right:
            yield Flaw(_("None of its options is marked correct. Add “correct: true” to each that is."), {})

    def option_keys(self, question: QuestionContent) -> tuple[str, ...]:
        return question.option_keys

    def right(self, question: QuestionContent) -> tuple[str, ...]:
        return tuple(question.rule.get("correct", ()))

    def is_correct(self, question: QuestionContent, values: tuple[str, ...]) -> bool:
        if not self.several and len(values) > 1:
            raise MalformedAnswer(_("Choose one option only."))
        if not set(values) <= set(question.option_keys):
            raise MalformedAnswer
        return set(values) == set(self.right(question))


class TrueFalse:
    """A statement that is true or false."""

    words = {"true": _("True"), "false": _("False")}

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        if not isinstance(question.rule.get("correct"), bool):
            yield Flaw(_("It does not say what is right. Add “correct: true” or “correct: false”."), {})

    def option_keys(self, question: QuestionContent) -> tuple[str, ...]:
        return tuple(self.words)

    def right(self, question: QuestionContent) -> tuple[str, ...]:
        return ("true" if question.rule["correct"] else "false",)

    def is_correct(self, question: QuestionContent, values: tuple[str, ...]) -> bool:
        if len(values) > 1 or values[0] not in self.words:
            raise MalformedAnswer
        return values == self.right(question)


class Numeric:
    """A number, right within its tolerance."""

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        for name in ("answer", "tolerance"):
            number = _decimal(question.rule.get(name))
            if number is None or (name == "tolerance" and number < 0):
                yield Flaw(_('“%(name)s” must be a number in quotes, such as "2.5".'), {"name": name})

    def option_keys(self, question: QuestionContent) -> tuple[str, ...]:
        return ()

    def right(self, question: QuestionContent) -> tuple[str, ...]:
        return (question.rule["answer"],)

    def is_correct(self, question: QuestionContent, values: tuple[str, ...]) -> bool:
        if len(values) > 1:
            raise MalformedAnswer
        off = read_number(values[0]) - Decimal(question.rule["answer"])
        return abs(off) <= Decimal(question.rule["tolerance"])


KINDS: Mapping[str, Kind] = {
    "single": Choice(several=False),
    "multiple": Choice(several=True),
    "truefalse": TrueFalse(),
    "numeric": Numeric(),
}


def validate(question: QuestionContent) -> list[Flaw]:
    """All that keeps the question from being asked; raises KeyError for a kind that is none of KINDS."""
    return list(KINDS[question.kind].flaws(question))


def with_translation(question: QuestionContent, language: str, text: QuestionText) -> QuestionContent:
    """The same question with one language more. The caller has checked that `text` is not stale."""
    return replace(question, texts={**question.texts, language: text})


def presented(
    question: QuestionContent, language: str, seed: int, *, fallbacks: Sequence[str] = ()
) -> Presented:
    """The question for a page, its options in the order that `seed` gives, the same on every reload.

    Each text that `language` lacks comes in the first of `fallbacks` that has it, then English, then any.
    """
    keys = KINDS[question.kind].option_keys(question)
    if question.kind in ("single", "multiple"):
        keys = shuffled(keys, f"{seed}:{question.key}")
    words = _Words(question, (language, *fallbacks))
    return Presented(
        key=question.key,
        kind=question.kind,
        points=question.points,
        prompt=words.of("prompt"),
        options=tuple(PresentedOption(key, words.option(key)) for key in keys),
        unit=words.of("unit"),
    )


def mark(question: QuestionContent, answer: Answer) -> Mark:
    """The points for an answer. No answer earns none; raises MalformedAnswer for what cannot be read."""
    values = answer_values(answer)
    correct = bool(values) and KINDS[question.kind].is_correct(question, values)
    return Mark(points=Decimal(question.points if correct else 0), correct=correct)


def reviewed(
    question: QuestionContent, answer: Answer, language: str, *, fallbacks: Sequence[str] = ()
) -> Reviewed:
    """The marked question with its reasons. Raises MalformedAnswer."""
    values = answer_values(answer)
    words = _Words(question, (language, *fallbacks))
    feedback = {key: words.feedback(key) for key in values}
    return Reviewed(
        mark=mark(question, answer),
        correct=KINDS[question.kind].right(question),
        chosen=values,
        feedback={key: text for key, text in feedback.items() if text.text},
        explanation=words.of("explanation"),
    )


def drawn(questions: Sequence[QuestionContent], count: int | None, seed: int) -> tuple[QuestionContent, ...]:
    """The questions of one attempt: all of them, or `count` chosen by `seed`, in the order of the quiz."""
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
    """The one form in which answers are stored: sorted option keys, or the number as typed."""
    if answer is None:
        return ()
    if isinstance(answer, bool):
        return ("true" if answer else "false",)
    values = [answer] if isinstance(answer, str) else list(answer)
    if not all(isinstance(value, str) and "\0" not in value for value in values):
        raise MalformedAnswer  # PostgreSQL keeps no NUL, and nobody types one
    return tuple(sorted({value.strip() for value in values} - {""}))


NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
WRITTEN_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.][0-9]{1,15})?")


def read_number(text: str) -> Decimal:
    """A number as people write it here: 2.5 or 2,5, spaces between thousands. Raises MalformedAnswer."""
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not NUMBER.fullmatch(plain):
        raise MalformedAnswer(_("Write the number alone, in digits, such as 60 or 2.5."))
    return Decimal(plain.replace(",", "."))


def _decimal(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) and WRITTEN_NUMBER.fullmatch(value) else None


class _Words:
    """Looks up each text of a question in the first language that has it."""

    def __init__(self, question: QuestionContent, preferred: Sequence[str]) -> None:
        self.question = question
        self.preferred = preferred

    def of(self, name: str) -> LocalText:
        return self._first({language: getattr(text, name) for language, text in self.question.texts.items()})

    def option(self, key: str) -> LocalText:
        if self.question.kind == "truefalse":
            with override(self.preferred[0]):
                return LocalText(str(TrueFalse.words[key]), self.preferred[0])
        return self._first({lang: text.options.get(key, "") for lang, text in self.question.texts.items()})

    def feedback(self, key: str) -> LocalText:
        return self._first({lang: text.feedback.get(key, "") for lang, text in self.question.texts.items()})

    def _first(self, texts: Mapping[str, str]) -> LocalText:
        text, language = pick(texts, self.preferred)
        return LocalText(text, language, is_fallback=bool(text) and language != self.preferred[0])
