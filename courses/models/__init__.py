from .comments import Comment, CommentThread
from .content import (
    Asset,
    Fact,
    FactCheck,
    FactStatement,
    Lesson,
    LessonTranslation,
    Panel,
    Question,
    Rendering,
    RevisionAsset,
)
from .courses import Course, CourseItem, teaches_withdrawn
from .modules import Approval, Edition, Module, Revision, SavedState, SendBack
from .programme import Programme, ProgrammePartner, Project
from .sources import SourceReplacement, SourceTask
from .suggestions import Suggestion

__all__ = [
    "Approval",
    "Asset",
    "Comment",
    "CommentThread",
    "Course",
    "CourseItem",
    "Edition",
    "Fact",
    "FactCheck",
    "FactStatement",
    "Lesson",
    "LessonTranslation",
    "Module",
    "Panel",
    "Programme",
    "ProgrammePartner",
    "Project",
    "Question",
    "Rendering",
    "Revision",
    "RevisionAsset",
    "SavedState",
    "SendBack",
    "SourceReplacement",
    "SourceTask",
    "Suggestion",
    "teaches_withdrawn",
]
