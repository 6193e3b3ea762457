"""Issuing to many: a job with one item per enrolment. Its rows are the queue, the progress and the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.lib.places import pick
from lms.records.models import Job, JobItem
from lms.records.services import start_job

from ..errors import FileNotMade, NobodyChosen
from ..models import Certificate
from ..selectors import is_paused
from ..selectors.jobs import JOB_KIND
from .issuing import issue
from .making import make_file, release


def start_issuing(enrollment_ids: Iterable[int], *, by: User, at: datetime) -> Job:
    """Issue to these in the background. Each is judged again when its turn comes; a refusal is that item's reason.

    Raises NobodyChosen where none of them exists.
    """
    chosen = Enrollment.objects.select_related("learner", "course").in_bulk(list(enrollment_ids))
    if not chosen:
        raise NobodyChosen
    subjects = [(str(pk), label_of(chosen[pk], by.language)) for pk in sorted(chosen)]
    return start_job(JOB_KIND, subjects, by=by, at=at)


def label_of(enrollment: Enrollment, language: str) -> str:
    return f"{enrollment.learner}, {pick(enrollment.course.title, [language])[0]}"


def issue_item(item: JobItem, at: datetime) -> dict[str, Any]:
    """One item: reserve, then make the file. Run again after a crash or on demand, it goes on where it stopped.

    `waiting` in the result: reserved, and the file follows; `already`: issued before, and when.
    Raises NotDue, UnprintableContent, FileNotMade.
    """
    job = item.job
    by = User.objects.filter(audit_ref=job.actor).first() if job.actor else None
    certificate = issue(Enrollment.objects.get(pk=item.subject), by=by, at=at, job=job)
    if certificate.job_id != job.pk and certificate.state != Certificate.State.RESERVED:
        return {**names_of(certificate), "already": certificate.issued_at.isoformat()}
    release(certificate)  # somebody asks for it now
    certificate = make_file(certificate, at=at)
    if is_paused(certificate):
        raise FileNotMade(serial=certificate.serial, reason=certificate.last_error)
    result = names_of(certificate)
    return {**result, "waiting": True} if certificate.state == Certificate.State.RESERVED else result


def names_of(certificate: Certificate) -> dict[str, Any]:
    return {"certificate": certificate.public_id, "serial": certificate.serial}
