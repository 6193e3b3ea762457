"""A marked attempt with its reasons: what may be shown once it is handed in, and not before."""

from dataclasses import dataclass

from courses.questions import LocalText
from courses.sheets import ReviewedQuestion, reviewed_question

from ..models import QuizAttempt
from .quizzes import asked_in


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
        attempt,
        tuple(
            reviewed_question(
                number,
                question,
                attempt.answers.get(question.key),
                attempt.language,
                attempt.seed,
                is_correct=attempt.marks.get(question.key, {}).get("correct", False),
            )
            for number, question in asked
        ),
    )
