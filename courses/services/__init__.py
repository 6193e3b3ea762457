from .approving import approve, send_back, submit
from .checking import check_fact, check_unchanged, take_back_checks
from .composing import close_course, create_course, publish_course, update_course
from .importing import ImportedEdition, ImportOutcome, check_import, import_bundle
from .programme import add_project, create_programme
from .publishing import publish

__all__ = [
    "ImportOutcome",
    "ImportedEdition",
    "add_project",
    "approve",
    "check_fact",
    "check_import",
    "check_unchanged",
    "close_course",
    "create_course",
    "create_programme",
    "import_bundle",
    "publish",
    "publish_course",
    "send_back",
    "submit",
    "take_back_checks",
    "update_course",
]
