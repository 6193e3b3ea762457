"""A marked attempt with its reasons: what may be shown once it is handed in, and not before."""

from dataclasses import dataclass

from courses import questions as kinds
from courses.content import QuestionContent
from courses.questions import LocalText

from ..models import QuizAttempt
from .quizzes import asked_in


@dataclass(frozen=True)
class ReviewedOption:
    text: LocalText
    is_chosen: bool
    is_right: bool
    feedback: LocalText | None


@dataclass(frozen=True)
class ReviewedQuestion:
    """`typed` and `right` are the numbers of a numeric question; others have options."""

    number: int
    kind: str
    prompt: LocalText
    is_correct: bool
    options: tuple[ReviewedOption, ...]
    typed: str
    right: str
    unit: LocalText
    explanation: LocalText
    references: tuple[str, ...]


@dataclass(frozen=True)
class QuizResult:
    attempt: QuizAttempt
    questions: tuple[ReviewedQuestion, ...]

    @property
    def points(self) -> int:
        return int(self.attempt.points or 0)

    @property
    def possible(self) -> int:
        return int(self.attempt.points_possible)

    @property
    def needed(self) -> int:
        """The fewest points that pass."""
        percent = self.attempt.pass_percent
        share, whole = (2, 3) if percent is None else (percent, 100)
        return -(-self.possible * share // whole)

    @property
    def fallback(self) -> LocalText | None:
        """A prompt that is not in the language of the attempt, if there is one."""
        prompts = (question.prompt for question in self.questions)
        return next((prompt for prompt in prompts if prompt.is_fallback), None)


def result_of(attempt: QuizAttempt) -> QuizResult:
    """Question by question, with right answers. Only for an attempt that was handed in."""
    if attempt.submitted_at is None:
        raise ValueError("an open attempt has no result")
    asked = enumerate(asked_in(attempt), 1)
    return QuizResult(
        attempt, tuple(reviewed_question(attempt, number, question) for number, question in asked)
    )


def reviewed_question(attempt: QuizAttempt, number: int, question: QuestionContent) -> ReviewedQuestion:
    shown = kinds.presented(question, attempt.language, attempt.seed)
    review = kinds.reviewed(question, attempt.answers.get(question.key), attempt.language)
    numeric = not shown.options
    return ReviewedQuestion(
        number=number,
        kind=question.kind,
        prompt=shown.prompt,
        is_correct=attempt.marks.get(question.key, {}).get("correct", False),
        options=tuple(
            ReviewedOption(
                text=option.text,
                is_chosen=option.key in review.chosen,
                is_right=option.key in review.correct,
                feedback=review.feedback.get(option.key),
            )
            for option in shown.options
        ),
        typed=review.chosen[0] if numeric and review.chosen else "",
        right=review.correct[0] if numeric else "",
        unit=shown.unit,
        explanation=review.explanation,
        references=question.references,
    )
