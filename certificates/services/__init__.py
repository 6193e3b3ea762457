from ..selectors.jobs import JOB_KIND
from .bulk import issue_item, start_issuing
from .defining import define_certificate
from .ending import REASONS, revoke, void
from .issuing import issue, issue_all_automatic, issue_automatically
from .making import anything_waiting, make_file, make_waiting, retry
from .showing import set_visibility
from .steering import cancel_job, retry_job

__all__ = [
    "JOB_KIND",
    "REASONS",
    "anything_waiting",
    "cancel_job",
    "define_certificate",
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
