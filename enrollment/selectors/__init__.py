from .learning import (
    LearnerCourse,
    learner_course,
    outline_of,
    own_course,
    pins_with_outlines,
    progress_of,
)
from .quizzes import asked_in, attempts_of, next_attempt_at

__all__ = [
    "LearnerCourse",
    "asked_in",
    "attempts_of",
    "learner_course",
    "next_attempt_at",
    "outline_of",
    "own_course",
    "pins_with_outlines",
    "progress_of",
]
