"""Completed courses and certificates for tests, as rows and through the services that people use."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from certificates.documents import RenderedCertificate
from certificates.models import Certificate, CertificateDefinition
from certificates.services import define_certificate, issue
from certificates.services.making import publish
from courses.models import Course
from enrollment.models import Enrollment, LessonProgress
from enrollment.selectors import outline_of, pins_with_outlines
from enrollment.services import enroll
from enrollment.services.counting import recount
from lms.accounts.models import Organisation, User
from tests.courses.builders import PUBLISHED, build_course, organisation

COMPLETED = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
ISSUED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def certified_course(
    slug: str = "trials",
    *,
    kind: str = CertificateDefinition.Kind.PASSED,
    valid_months: int | None = 36,
    partners: Sequence[Organisation] = (),
    policy: str = CertificateDefinition.Policy.ADMINISTRATOR,
    **details: Any,
) -> Course:
    """A published course with a certificate. Its country check makes it one that can be passed."""
    course = build_course(slug, **details)
    define_certificate(
        course,
        kind=kind,
        valid_months=valid_months,
        partners=partners or [organisation(), organisation("lakemedelsakademin", "SE")],
        policy=policy,
        by=None,
        at=PUBLISHED,
    )
    return course


def enrolled(learner: User, course: Course | None = None, *, country: str = "FI") -> Enrollment:
    course = course or certified_course()
    language = "sv" if learner.language == "sv" else "en"
    return enroll(learner, course, country=country, language=language, by=learner, at=PUBLISHED)


def complete(enrollment: Enrollment, *, at: datetime = COMPLETED, but: int = 0) -> Enrollment:
    """Everything required is done at that instant, except the last `but` lessons."""
    steps = outline_of(enrollment, pins_with_outlines().filter(enrollment=enrollment)).required
    for step in steps[: len(steps) - but]:
        LessonProgress.objects.get_or_create(
            enrollment=enrollment,
            module_id=step.module_id,
            lesson_key=step.key,
            country=step.country,
            defaults={"completed_at": at, "text_hash": step.text_hash},
        )
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        recount(locked, at=at)
    return Enrollment.objects.select_related("learner", "course").get(pk=enrollment.pk)


def completed(learner: User, course: Course | None = None, *, country: str = "FI") -> Enrollment:
    return complete(enrolled(learner, course, country=country))


def reserved(learner: User, course: Course | None = None, *, at: datetime = ISSUED) -> Certificate:
    """Its file is not made yet."""
    return issue(completed(learner, course), by=None, at=at)


def issued(learner: User, course: Course | None = None, *, at: datetime = ISSUED) -> Certificate:
    """Published like any other, with a stand-in for the PDF, which takes no Pango and no time."""
    return publish_stand_in(reserved(learner, course, at=at), at=at)


def publish_stand_in(certificate: Certificate, *, at: datetime = ISSUED) -> Certificate:
    pdf = b"%PDF-1.7 stands in for " + certificate.serial.encode()
    rendered = RenderedCertificate(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    publish(Certificate.objects.get(pk=certificate.pk), rendered, at=at)
    return Certificate.objects.get(pk=certificate.pk)
