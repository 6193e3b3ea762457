from .enrolments import Assignment, Enrollment, LayerPin, Offer, Pin
from .organising import (
    Group,
    GroupMember,
    Invitation,
    Package,
    PackageCourse,
    Places,
    Recognition,
    SharingConsent,
)
from .progress import LearningEvent, LessonProgress, QuizAttempt

__all__ = [
    "Assignment",
    "Enrollment",
    "Group",
    "GroupMember",
    "Invitation",
    "LayerPin",
    "LearningEvent",
    "LessonProgress",
    "Offer",
    "Package",
    "PackageCourse",
    "Pin",
    "Places",
    "QuizAttempt",
    "Recognition",
    "SharingConsent",
]
