"""What the page of a course says about its certificate."""

from dataclasses import dataclass

from ..models import CertificateDefinition, DefinitionPartner


@dataclass(frozen=True)
class CourseCertificate:
    """`issuer` is the short name of the organisation that issues it."""

    kind: str
    valid_months: int | None
    issuer: str


def course_certificate(slug: str) -> CourseCertificate | None:
    """None where the course has no certificate. One query."""
    active = CertificateDefinition.objects.filter(course__slug=slug, active=True)
    issuers = DefinitionPartner.objects.filter(role=DefinitionPartner.Role.ISSUER, definition__in=active)
    issuer = issuers.select_related("definition", "organisation").first()
    if issuer is None:
        return None
    definition = issuer.definition
    return CourseCertificate(definition.kind, definition.valid_months, issuer.organisation.short_name)
