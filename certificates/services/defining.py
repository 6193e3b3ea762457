"""What a course's certificate says: versioned, because certificates keep what they were issued under."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.errors import CourseClosed
from courses.models import Course
from lms.accounts.models import Organisation, User
from lms.records.services import record

from ..errors import DefinitionIncomplete
from ..models import CertificateDefinition, DefinitionPartner

MOST_PARTNERS, MOST_SIGNATORIES = 5, 3
SIGNATORY = {"name", "title", "organisation"}
COMPARED = ("kind", "policy", "valid_months", "signatories", "outcomes")


def define_certificate(
    course: Course,
    *,
    kind: str,
    valid_months: int | None,
    partners: Iterable[Organisation],
    by: User | None,
    at: datetime,
    policy: str = CertificateDefinition.Policy.ADMINISTRATOR,
    signatories: Iterable[Mapping[str, str]] = (),
    outcomes: Iterable[Mapping[str, str]] = (),
) -> CertificateDefinition:
    """Say what the course's certificate is. The first partner issues it, the others stand beside it.

    A change makes the next version; the same again changes nothing. `outcomes` are texts by language, the course's
    own where there are none. Raises DefinitionIncomplete, CourseClosed.
    """
    wanted = CertificateDefinition(
        course=course,
        kind=kind,
        policy=policy,
        valid_months=valid_months,
        signatories=[dict(signatory) for signatory in signatories],
        outcomes=[dict(outcome) for outcome in outcomes],
        created_at=at,
    )
    chosen = list(partners)
    check_definition(wanted, chosen)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.status == Course.Status.CLOSED:
            raise CourseClosed
        newest = CertificateDefinition.objects.filter(course=course).order_by("-version").first()
        if newest and newest.active and says_the_same(newest, wanted, chosen):
            return newest
        return add_version(wanted, newest, chosen, by=by, at=at)


def check_definition(wanted: CertificateDefinition, partners: Sequence[Organisation]) -> None:
    if wanted.kind not in CertificateDefinition.Kind.values:
        raise DefinitionIncomplete(_("A certificate is of attendance or of a passed course."))
    if wanted.policy not in CertificateDefinition.Policy.values:
        raise DefinitionIncomplete(_("A certificate is issued by an administrator or automatically."))
    if wanted.valid_months is not None and wanted.valid_months < 1:
        raise DefinitionIncomplete(_("A certificate is valid for at least one month, or without an end."))
    if not 1 <= len({partner.pk for partner in partners}) == len(partners) <= MOST_PARTNERS:
        raise DefinitionIncomplete(
            _("Name one to five different partners; the first issues the certificate.")
        )
    if len(wanted.signatories) > MOST_SIGNATORIES or any(set(s) != SIGNATORY for s in wanted.signatories):
        raise DefinitionIncomplete(
            _("Name at most three signatories, each with name, title and organisation.")
        )


def says_the_same(
    known: CertificateDefinition, wanted: CertificateDefinition, partners: Sequence[Organisation]
) -> bool:
    order = known.definitionpartner_set.values_list("organisation", flat=True)
    same_words = all(getattr(known, name) == getattr(wanted, name) for name in COMPARED)
    return same_words and list(order) == [partner.pk for partner in partners]


def add_version(
    wanted: CertificateDefinition,
    newest: CertificateDefinition | None,
    partners: Sequence[Organisation],
    *,
    by: User | None,
    at: datetime,
) -> CertificateDefinition:
    CertificateDefinition.objects.filter(course=wanted.course, active=True).update(active=False)
    wanted.version = newest.version + 1 if newest else 1
    wanted.save(force_insert=True)
    role = DefinitionPartner.Role
    DefinitionPartner.objects.bulk_create(
        DefinitionPartner(
            definition=wanted,
            organisation=partner,
            role=role.CO_ISSUER if position else role.ISSUER,
            position=position,
        )
        for position, partner in enumerate(partners)
    )
    said = {name: getattr(wanted, name) for name in ("version", "kind", "policy", "valid_months")}
    slugs = [partner.slug for partner in partners]
    record("certificate.defined", wanted, by=by, at=at, course=wanted.course.slug, partners=slugs, **said)
    return wanted
