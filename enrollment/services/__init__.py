from .accepting import accept_invitation, find_invitation
from .access import check_access, refresh_access
from .bringing_in import enroll_by_email
from .enrolling import assign, enroll, set_country, set_language, withdraw
from .inviting import invite, revoke_invitation
from .moving import keep_revision, spread, spread_all, take_offer
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
    "keep_revision",
    "refresh_access",
    "revoke_invitation",
    "save_answers",
    "set_country",
    "set_language",
    "spread",
    "spread_all",
    "start_attempt",
    "submit_attempt",
    "take_offer",
    "undo_lesson",
    "visit_lesson",
    "withdraw",
]
