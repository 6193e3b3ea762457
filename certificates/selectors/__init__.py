from .awaiting import Awaited, awaited
from .courses import CourseCertificate, course_certificate
from .eligibility import (
    Case,
    Reason,
    active_definition,
    automatically_due,
    certificate_language,
    due_enrollments,
    load_cases,
    reasons_against,
    reasons_against_correcting,
    why_not_due,
)
from .files import download_name, open_pdf
from .histories import Act, history
from .issuing import (
    IssuingLine,
    IssuingPage,
    courses_waiting,
    due_ids,
    issuing_page,
    organisations_waiting,
)
from .jobs import IssuingJob, issuing_job, issuing_jobs, jobs_waiting_for
from .operations import Overview, overview
from .register import my_certificates, newest_certificates, register
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
    "Act",
    "Awaited",
    "Case",
    "CourseCertificate",
    "IssuingJob",
    "IssuingLine",
    "IssuingPage",
    "Overview",
    "Reason",
    "ShownState",
    "Verification",
    "active_definition",
    "automatically_due",
    "awaited",
    "certificate_language",
    "changed_parts",
    "course_certificate",
    "courses_waiting",
    "download_name",
    "due_enrollments",
    "due_ids",
    "history",
    "in_state",
    "is_paused",
    "issuing_job",
    "issuing_jobs",
    "issuing_page",
    "jobs_waiting_for",
    "load_cases",
    "my_certificates",
    "newest_certificates",
    "open_pdf",
    "organisations_waiting",
    "overview",
    "reasons_against",
    "reasons_against_correcting",
    "register",
    "shown_state",
    "verification",
    "verification_by_file",
    "verification_by_serial",
    "waits_for_pdf",
    "why_not_due",
    "with_content_changed",
]
