"""What a course's certificate says, in versions."""

import pytest

from certificates.errors import DefinitionIncomplete
from certificates.models import CertificateDefinition
from certificates.services import define_certificate
from lms.records.models import AuditEvent
from tests.courses.builders import build_course

pytestmark = pytest.mark.django_db


def define(course, partners, administrator, now, **changes):
    said = {"kind": "passed", "valid_months": 36, "partners": partners, "by": administrator, "at": now}
    return define_certificate(course, **{**said, **changes})


def test_the_first_partner_issues_and_the_others_stand_beside_it(partners, administrator, now):
    definition = define(build_course("trials"), partners, administrator, now)
    rows = definition.definitionpartner_set.all()
    assert [row.organisation for row in rows] == partners
    assert [row.role for row in rows] == ["issuer", *["co_issuer"] * 4]
    assert (definition.version, definition.active) == (1, True)


def test_the_same_again_changes_nothing(partners, administrator, now):
    course = build_course("trials")
    first = define(course, partners, administrator, now)
    assert define(course, partners, administrator, now) == first
    assert AuditEvent.objects.filter(act="certificate.defined").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"valid_months": None},
        {"kind": "attendance"},
        {"policy": "automatic"},
        {"outcomes": [{"en": "Judge"}]},
    ],
)
def test_a_change_makes_the_next_version(partners, administrator, now, change):
    course = build_course("trials")
    first = define(course, partners, administrator, now)
    second = define(course, partners, administrator, now, **change)
    assert (second.version, second.active) == (2, True)
    first.refresh_from_db()
    assert not first.active


def test_another_order_of_partners_is_a_change(partners, administrator, now):
    course = build_course("trials")
    define(course, partners, administrator, now)
    assert define(course, partners[::-1], administrator, now).version == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "expert"},
        {"policy": "sometimes"},
        {"valid_months": 0},
        {"signatories": [{"name": "Åsa"}]},
        {"signatories": [{"name": "Åsa", "title": "Head", "organisation": "Lif"}] * 4},
    ],
)
def test_what_cannot_be_printed_is_not_defined(partners, administrator, now, wrong):
    with pytest.raises(DefinitionIncomplete):
        define(build_course("trials"), partners, administrator, now, **wrong)
    assert not CertificateDefinition.objects.exists()


def test_one_to_five_different_partners(partners, employer, administrator, now):
    course = build_course("trials")
    for wrong in ([], partners[:1] * 2, [*partners, employer]):
        with pytest.raises(DefinitionIncomplete):
            define(course, wrong, administrator, now)
