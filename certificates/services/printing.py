"""From the rows of today to the words that stay: everything a certificate prints, fixed once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Approval
from courses.selectors import current_programme
from enrollment.models import Enrollment, Pin
from enrollment.outline import ModuleOutline
from lms.lib.names import describe
from lms.lib.places import country_name, pick
from lms.lib.site import absolute_url

from ..documents.glyphs import missing_in
from ..documents.snapshot import Country, Issuer, Module, Partner, Printed, Signatory, texts
from ..errors import UnprintableContent
from ..models import CertificateDefinition, DefinitionPartner
from ..selectors import Case
from ..selectors.days import day_of, last_valid_day

OTHER_COUNTRY = "XX"


@dataclass(frozen=True)
class Numbers:
    """The two names of a certificate, and the serial of the one it replaces."""

    serial: str
    public_id: str
    replaces: str = ""


def verify_address(public_id: str) -> str:
    """Printed on paper and in codes for decades: a constant of its own, not the name of a route."""
    return absolute_url(f"/v/{public_id}")


def covered_country(enrollment: Enrollment) -> str:
    """The country whose layers the learner was asked to learn; empty for "other", which can have none."""
    return "" if enrollment.country == OTHER_COUNTRY else enrollment.country


def printed_of(
    case: Case, definition: CertificateDefinition, numbers: Numbers, *, language: str, at: datetime
) -> Printed:
    """The public part. Raises UnprintableContent for a title, partner or outcome with letters the font lacks."""
    with translation.override(language):
        printed = compose(case, definition, numbers, language=language, at=at)
    if missing := missing_in(texts(printed)):
        raise UnprintableContent(characters=", ".join(map(describe, missing)))
    return printed


def compose(
    case: Case, definition: CertificateDefinition, numbers: Numbers, *, language: str, at: datetime
) -> Printed:
    course, completed_at = case.enrollment.course, case.enrollment.completed_at
    assert completed_at is not None  # a case that is due is completed
    partners = list(definition.definitionpartner_set.select_related("organisation"))
    issuer = issuer_of(partners, language)
    return Printed(
        kind="passed" if definition.kind == CertificateDefinition.Kind.PASSED else "attendance",
        language=language,
        template=definition.template_key,
        template_version=definition.template_version,
        programme=current_programme().title,
        title=pick(course.title, [language])[0],
        description=pick(course.summary, [language])[0],
        outcomes=tuple(pick(each, [language])[0] for each in definition.outcomes or course.outcomes),
        references=references_of(case.pins),
        hours=course.hours,
        level="",
        assessment="",
        participation="",
        quality=quality_of(case, language),
        modules=modules_of(case, language, day_of(completed_at)),
        completed_on=day_of(completed_at),
        issued_at=at,
        issued_on=day_of(at),
        valid_until=last_valid_day(definition, day_of(completed_at)),
        issuer=issuer,
        partners=tuple(partner_of(each, language) for each in partners),
        signatories=signatories_of(definition, issuer, language),
        serial=numbers.serial,
        public_id=numbers.public_id,
        verify_url=verify_address(numbers.public_id),
        demonstration=settings.DEMONSTRATION,
        sealed=False,
        replaces=numbers.replaces,
    )


def references_of(pins: Iterable[Pin]) -> tuple[str, ...]:
    """What the modules rest on, each once, in the order of the course."""
    named = (reference for pin in pins for reference in json.loads(pin.core_meta).get("references", ()))
    return tuple(dict.fromkeys(named))


def quality_of(case: Case, language: str) -> str:
    """Which organisations approved what was learnt. Their publishers stay unnamed: an inspector finds them in the
    audit trail, and no private person's name stands in print for ever."""
    revisions = [pin.core_revision_id for pin in case.pins]
    if covered_country(case.enrollment):
        revisions += [pin.layer_revision_id for pin in case.pins if pin.layer_revision_id]
    approvals = Approval.objects.filter(revision__in=revisions).select_related("organisation")
    names = dict.fromkeys(each.organisation.name_in(language) for each in approvals)
    if not names:
        return ""
    words = _("Reviewed before publication by others than the authors, and approved by: %(organisations)s")
    return words % {"organisations": "; ".join(names)}


def signatories_of(definition: CertificateDefinition, issuer: Issuer, language: str) -> tuple[Signatory, ...]:
    """Who approved the certificate: those whom the definition names, else the office that decides in the programme."""
    if definition.signatories:
        return tuple(Signatory(**signatory) for signatory in definition.signatories)
    coordinator = current_programme().coordinator
    name = coordinator.get("names", {}).get(language) or coordinator.get("name") or issuer.name
    return (Signatory("", _("Programme administration"), name),)


def modules_of(case: Case, language: str, completed_on: date) -> tuple[Module, ...]:
    code = covered_country(case.enrollment)
    country = Country(code, country_name(code)) if code else None
    return tuple(
        Module(
            title=module_title(pin, language),
            core=outline.core_number,
            country=country,
            layer=outline.layer_number if country else None,
            completed_on=module_completed_on(outline) or completed_on,
        )
        for pin, outline in zip(case.pins, case.outline.modules, strict=True)
    )


def module_title(pin: Pin, language: str) -> str:
    """As it was published, not as the module is called today."""
    return pick(json.loads(pin.core_meta).get("title", {}), [language, pin.module.source_language])[0]


def module_completed_on(outline: ModuleOutline) -> date | None:
    """The day of its last required lesson; None where nothing of it was required."""
    return max((day_of(step.done_at) for step in outline.required if step.done_at), default=None)


def issuer_of(partners: Iterable[DefinitionPartner], language: str) -> Issuer:
    issuer = next(each for each in partners if each.role == DefinitionPartner.Role.ISSUER).organisation
    return Issuer(issuer.name_in(language), Country(issuer.country, country_name(issuer.country)))


def partner_of(partner: DefinitionPartner, language: str) -> Partner:
    organisation = partner.organisation
    return Partner(
        name=organisation.name_in(language),
        mark=organisation.letters,
        colour=organisation.colour,
        country=Country(organisation.country, country_name(organisation.country)),
    )
