from ..selectors.jobs import JOB_KIND
from .bulk import issue_item, start_issuing
from .correcting import Difference, correct, differences
from .defining import define_certificate
from .ending import REASONS, revoke, void
from .exchanging import ProgrammeOutcome, check_programme, import_programme
from .importing import check_course_import, import_course
from .issuing import issue, issue_all_automatic, issue_automatically
from .making import anything_waiting, make_file, make_waiting, retry
from .showing import set_visibility
from .steering import cancel_job, retry_job

__all__ = [
    "JOB_KIND",
    "REASONS",
    "Difference",
    "ProgrammeOutcome",
    "anything_waiting",
    "cancel_job",
    "check_course_import",
    "check_programme",
    "correct",
    "define_certificate",
    "differences",
    "import_course",
    "import_programme",
    "issue",
    "issue_all_automatic",
    "issue_automatically",
    "issue_item",
    "make_file",
    "make_waiting",
    "retry",
    "retry_job",
    "revoke",
    "set_visibility",
    "start_issuing",
    "void",
]
