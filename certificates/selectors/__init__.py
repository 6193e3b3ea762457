from .eligibility import (
    Case,
    Reason,
    active_definition,
    automatically_due,
    certificate_language,
    due_enrollments,
    load_cases,
    reasons_against,
    why_not_due,
)
from .files import download_name, open_pdf
from .issuing import IssuingLine, IssuingPage, courses_waiting, issuing_page
from .register import my_certificates, register
from .states import (
    ShownState,
    changed_parts,
    in_state,
    is_paused,
    shown_state,
    waits_for_pdf,
    with_content_changed,
)
from .verifying import Verification, verification, verification_by_file, verification_by_serial

__all__ = [
    "Case",
    "IssuingLine",
    "IssuingPage",
    "Reason",
    "ShownState",
    "Verification",
    "active_definition",
    "automatically_due",
    "certificate_language",
    "changed_parts",
    "courses_waiting",
    "download_name",
    "due_enrollments",
    "in_state",
    "is_paused",
    "issuing_page",
    "load_cases",
    "my_certificates",
    "open_pdf",
    "reasons_against",
    "register",
    "shown_state",
    "verification",
    "verification_by_file",
    "verification_by_serial",
    "waits_for_pdf",
    "why_not_due",
    "with_content_changed",
]
