"""Issuing: judge again under the lock, take a number, freeze what is printed. The row is then the queue."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.lib.names import check_name
from lms.records.models import Job
from lms.records.services import record

from ..documents.snapshot import SALT_BYTES, Holder, canonical, commitment
from ..errors import NotDue, UnprintableContent
from ..models import Certificate, CertificateDefinition, CertificatePart, SerialCounter
from ..numbering import format_serial, new_public_id
from ..selectors import Case, automatically_due, certificate_language, load_cases, reasons_against
from ..selectors.days import day_of, end_of
from .printing import Numbers, covered_country, printed_of

logger = logging.getLogger(__name__)

AT_ONCE = 200


def issue(enrollment: Enrollment, *, by: User | None, at: datetime, job: Job | None = None) -> Certificate:
    """Reserve the certificate of a completed enrolment: number, snapshot and salt are fixed from here on.

    A second call returns the certificate that is there. The enrolment is locked against undoing. Its file follows:
    after commit a worker is woken, unless a `job` asks, whose own worker makes it.
    Raises NotDue with all reasons, UnprintableContent.
    """
    with transaction.atomic(durable=True):
        case = locked_case(enrollment)
        if case.live:
            return case.live
        if reasons := reasons_against(case, at=at):
            raise NotDue(reasons)
        assert case.definition is not None  # or there would be a reason
        certificate = reserve(case, case.definition, by=by, at=at, job=job)
        if job is None:
            transaction.on_commit(wake, robust=True)
    return certificate


def locked_case(enrollment: Enrollment) -> Case:
    """Everything read anew under the lock: what the caller has seen is advice, not permission."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("learner", "course")
    [case] = load_cases([rows.get(pk=enrollment.pk)])
    return case


def reserve(
    case: Case,
    definition: CertificateDefinition,
    *,
    by: User | None,
    at: datetime,
    job: Job | None = None,
    corrects: Certificate | None = None,
) -> Certificate:
    """`corrects`: the revoked one whose place this takes, with its chain and what its holder hid of it."""
    numbers = Numbers(next_serial(at), new_public_id(), corrects.serial if corrects else "")
    language = certificate_language(case)
    printed = printed_of(case, definition, numbers, language=language, at=at)
    holder = Holder(check_name(case.enrollment.learner.full_name))
    salt = secrets.token_bytes(SALT_BYTES)
    certificate = Certificate.objects.create(
        public_id=numbers.public_id,
        serial=numbers.serial,
        learner=case.enrollment.learner,
        enrollment=case.enrollment,
        definition=definition,
        job=job,
        template_version=printed.template_version,
        snapshot=printed.to_dict(),
        snapshot_sha256=hashlib.sha256(canonical(printed)).hexdigest(),
        holder_snapshot=holder.to_dict(),
        holder_salt=salt,
        holder_commitment=commitment(holder, salt),
        evidence=evidence_of(case),
        language=language,
        demonstration=printed.demonstration,
        reserved_at=at,
        issued_at=at,
        valid_from=at,
        valid_until=end_of(printed.valid_until) if printed.valid_until else None,
        issued_by=by,
        **(inherited(corrects) if corrects else {}),
    )
    CertificatePart.objects.bulk_create(parts_of(certificate, case))
    Enrollment.objects.filter(pk=case.enrollment.pk, locked_at=None).update(locked_at=at)
    record_reservation(certificate, by=by, at=at)
    return certificate


def inherited(corrected: Certificate) -> dict[str, Any]:
    hidden = {"name_hidden": corrected.name_hidden, "page_hidden": corrected.page_hidden}
    return {"supersedes": corrected, "chain_id": corrected.chain_id, **hidden}


def next_serial(at: datetime) -> str:
    """The next number of the year. Its counter stays locked until the caller's transaction ends: a number that is
    rolled back was never given, and one that is given has a row for ever."""
    counter, _created = SerialCounter.objects.select_for_update().get_or_create(
        prefix=settings.CERTIFICATE_SERIAL_PREFIX, year=day_of(at).year
    )
    counter.last += 1
    counter.save(update_fields=["last"])
    return format_serial(counter.prefix, counter.year, counter.last)


def parts_of(certificate: Certificate, case: Case) -> Iterator[CertificatePart]:
    country = covered_country(case.enrollment)
    for pin in case.pins:
        yield CertificatePart(
            certificate=certificate,
            module_id=pin.module_id,
            core_revision_id=pin.core_revision_id,
            country=country,
            layer_revision_id=pin.layer_revision_id if country else None,
        )


def evidence_of(case: Case) -> dict[str, Any]:
    """What the decision rested on. Personal, and erased with the person."""
    completed_at = case.enrollment.completed_at
    return {
        "completed_at": completed_at.isoformat() if completed_at else None,
        "country": case.enrollment.country,
        "lessons": [
            {
                "module": step.module_key,
                "lesson": step.key,
                "country": step.country,
                "done_at": step.done_at.isoformat() if step.done_at else None,
                "score": str(step.score) if step.score is not None else None,
            }
            for step in case.outline.required
        ],
    }


def record_reservation(certificate: Certificate, *, by: User | None, at: datetime) -> None:
    hashes = {"snapshot": certificate.snapshot_sha256, "commitment": certificate.holder_commitment}
    record("certificate.reserved", certificate, by=by, at=at, serial=certificate.serial, **hashes)


def wake() -> None:
    """A lost message costs seconds, never a certificate: the sweep finds what waits."""
    from ..tasks import make_files

    make_files.delay()


# --- By the definition's own policy -----------------------------------------------------------------------------------


def issue_automatically(enrollment_id: int, *, at: datetime) -> Certificate | None:
    """Issue where the definition says so and nothing stands against it; otherwise the enrolment stays in the list."""
    enrollment = automatically_due(at).filter(pk=enrollment_id).first()
    if enrollment is None:
        return None
    try:
        return issue(enrollment, by=None, at=at)
    except (NotDue, UnprintableContent) as refusal:
        logger.info("No automatic certificate for enrolment %s: %s", enrollment_id, refusal.code)
        return None


def issue_all_automatic(*, at: datetime) -> int:
    """The guarantee behind every lost message. Newest first, so that refused ones never hold up the others."""
    due = automatically_due(at).order_by("-completed_at").values_list("pk", flat=True)[:AT_ONCE]
    return sum(issue_automatically(pk, at=at) is not None for pk in due)
