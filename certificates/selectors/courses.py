"""What the page of a course says about its certificate."""

from dataclasses import dataclass

from lms.lib.prepared import Prepared, Slot

from ..models import DefinitionPartner


@dataclass(frozen=True)
class CourseCertificate:
    """`issuer` is the short name of the organisation that issues it."""

    kind: str
    valid_months: int | None
    issuer: str


def course_certificate(slug: str) -> CourseCertificate | None:
    """None where the course has no certificate. One query."""
    return next((as_said(issuer) for issuer in ISSUER(slug=slug)), None)


ISSUER = Prepared(
    lambda: (
        DefinitionPartner.objects.filter(
            role=DefinitionPartner.Role.ISSUER, definition__course__slug=Slot("slug"), definition__active=True
        )
        .select_related("definition", "organisation")
        .order_by("pk")[:1]
    )
)


def as_said(issuer: DefinitionPartner) -> CourseCertificate:
    definition = issuer.definition
    return CourseCertificate(definition.kind, definition.valid_months, issuer.organisation.short_name)
