"""Questions as a page asks them and shows them marked, to a learner or to an author who tries them out.

A page knows positions only: an option's own key might tell which is right, so it stays on the server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from . import questions as kinds
from .content import QuestionContent
from .question_kinds import TYPED_KINDS, MalformedAnswer, pair
from .questions import LocalText, Presented, missing, presented

TYPED_LENGTH = 200


@dataclass(frozen=True)
class MatchOnSheet:
    """What an option may be given; `value` is what the page sends for the two of them."""

    value: str
    text: LocalText
    is_chosen: bool


@dataclass(frozen=True)
class OptionOnSheet:
    """`position` is the place on the page: the option's own key might tell which is right, so it stays here."""

    position: int
    text: LocalText
    is_chosen: bool
    matches: tuple[MatchOnSheet, ...] = ()


@dataclass(frozen=True)
class QuestionOnSheet:
    number: int
    kind: str
    prompt: LocalText
    unit: LocalText
    options: tuple[OptionOnSheet, ...]
    typed: str
    error: str | Promise
    document: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        return f"q{self.number}"

    @property
    def first_id(self) -> str:
        """Where a link from the summary of errors leads: the first thing one can answer with."""
        return f"{self.name}-0" if self.options else self.name


def question_on_sheet(
    number: int, question: QuestionContent, shown: Presented, chosen: Sequence[str], *, checked: bool = False
) -> QuestionOnSheet:
    """`checked` adds what is still missing, for a page that comes back after handing in."""
    return QuestionOnSheet(
        number=number,
        kind=question.kind,
        prompt=shown.prompt,
        unit=shown.unit,
        options=options_on_sheet(shown, chosen),
        typed=chosen[0] if chosen and not shown.options else "",
        error=missing(question, chosen) if checked else "",
        document=shown.document,
    )


def options_on_sheet(shown: Presented, chosen: Sequence[str]) -> tuple[OptionOnSheet, ...]:
    return tuple(
        OptionOnSheet(
            position,
            option.text,
            option.key in chosen,
            tuple(
                MatchOnSheet(
                    pair(str(position), str(place)), match.text, pair(option.key, match.key) in chosen
                )
                for place, match in enumerate(shown.matches)
            ),
        )
        for position, option in enumerate(shown.options)
    )


def keys_at(question: QuestionContent, shown: Presented, values: Sequence[str]) -> list[str]:
    """What the positions on the page stand for; what was typed is kept as it is, and an empty choice is none."""
    if question.kind in TYPED_KINDS:
        return [value.strip()[:TYPED_LENGTH] for value in values[:1] if value.strip()]
    if shown.matches:
        return pairs_at(shown, [value for value in values if value])
    keys = {str(position): option.key for position, option in enumerate(shown.options)}
    try:
        return [keys[value] for value in values]
    except KeyError as error:
        raise MalformedAnswer from error


def pairs_at(shown: Presented, values: Sequence[str]) -> list[str]:
    """What pairs of positions stand for; an option given two things is no answer of any form of ours."""
    known = {
        pair(str(position), str(place)): pair(option.key, match.key)
        for position, option in enumerate(shown.options)
        for place, match in enumerate(shown.matches)
    }
    if not set(values) <= known.keys() or len({value.partition("=")[0] for value in values}) < len(values):
        raise MalformedAnswer
    return [known[value] for value in values]


# --- Marked ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewedOption:
    text: LocalText
    is_chosen: bool
    is_right: bool
    feedback: LocalText | None
    given: LocalText | None = None
    wanted: LocalText | None = None


@dataclass(frozen=True)
class ReviewedQuestion:
    """`typed` and `rights` are what was and what should have been typed, a number or words; others have options.

    `given` and `wanted` of an option are its matches, where the answer is pairs; `feedback` is that to typed words.
    """

    number: int
    kind: str
    prompt: LocalText
    is_correct: bool
    options: tuple[ReviewedOption, ...]
    typed: str
    rights: tuple[LocalText, ...]
    unit: LocalText
    explanation: LocalText
    references: tuple[str, ...]
    feedback: LocalText | None = None
    document: Mapping[str, Any] | None = None

    @property
    def right(self) -> str:
        return " · ".join(text.text for text in self.rights)


def reviewed_question(
    number: int,
    question: QuestionContent,
    answer: kinds.Answer,
    language: str,
    seed: int,
    *,
    is_correct: bool,
    fallbacks: Sequence[str] = (),
) -> ReviewedQuestion:
    """With right answers and reasons: only for what was handed in. Raises MalformedAnswer."""
    shown = presented(question, language, seed, fallbacks=fallbacks)
    review = kinds.reviewed(question, answer, language, fallbacks=fallbacks)
    return ReviewedQuestion(
        number=number,
        kind=question.kind,
        prompt=shown.prompt,
        is_correct=is_correct,
        options=tuple(reviewed_option(option, review) for option in in_order(question, shown.options)),
        typed=review.chosen[0] if review.right and review.chosen else "",
        rights=review.right,
        unit=shown.unit,
        explanation=review.explanation,
        references=question.references,
        feedback=next(iter(review.feedback.values()), None) if review.right else None,
        document=shown.document,
    )


def in_order(
    question: QuestionContent, options: Sequence[kinds.PresentedOption]
) -> Sequence[kinds.PresentedOption]:
    """As they stood on the page; afterwards, what was to be put in order stands in order."""
    if question.kind != "ordering":
        return options
    return sorted(options, key=lambda option: question.option_keys.index(option.key))


def reviewed_option(option: kinds.PresentedOption, review: kinds.Reviewed) -> ReviewedOption:
    given, wanted = review.given.get(option.key), review.wanted.get(option.key)
    return ReviewedOption(
        text=option.text,
        is_chosen=option.key in review.chosen or given is not None,
        is_right=given == wanted if wanted else option.key in review.correct,
        feedback=review.feedback.get(option.key),
        given=given,
        wanted=wanted,
    )
