from .bulk import JOB_KIND, issue_item, start_issuing
from .defining import define_certificate
from .ending import REASONS, revoke, void
from .issuing import issue, issue_all_automatic, issue_automatically
from .making import anything_waiting, make_file, make_waiting, retry

__all__ = [
    "JOB_KIND",
    "REASONS",
    "anything_waiting",
    "define_certificate",
    "issue",
    "issue_all_automatic",
    "issue_automatically",
    "issue_item",
    "make_file",
    "make_waiting",
    "retry",
    "revoke",
    "start_issuing",
    "void",
]
