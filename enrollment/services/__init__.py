from .accepting import accept_invitation, find_invitation
from .access import check_access, refresh_access
from .bringing_in import enroll_by_email
from .enrolling import assign, enroll, set_country, set_language, withdraw
from .inviting import invite, revoke_invitation
from .progress import complete_lesson, undo_lesson, visit_lesson
from .quizzes import save_answers, start_attempt, submit_attempt

__all__ = [
    "accept_invitation",
    "assign",
    "check_access",
    "complete_lesson",
    "enroll",
    "enroll_by_email",
    "find_invitation",
    "invite",
    "refresh_access",
    "revoke_invitation",
    "save_answers",
    "set_country",
    "set_language",
    "start_attempt",
    "submit_attempt",
    "undo_lesson",
    "visit_lesson",
    "withdraw",
]
