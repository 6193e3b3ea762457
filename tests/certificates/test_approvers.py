"""Who stands behind a certificate (R-07): offices and organisations, frozen; a person only where one was named."""

import pytest

from certificates.documents.snapshot import Printed
from certificates.models import CertificateDefinition
from certificates.services import issue
from courses.models import Approval, Revision
from tests.certificates.builders import ISSUED, completed, reserved
from tests.certificates.documents.samples import printed
from tests.courses.builders import organisation

pytestmark = pytest.mark.django_db


def test_an_office_approves_where_nobody_is_named(learner):
    snapshot = reserved(learner).snapshot
    [approver] = snapshot["signatories"]
    assert approver["name"] == ""
    assert approver["organisation"] == snapshot["issuer"]["name"]  # no programme is set up here


def test_named_signatories_stay(learner):
    enrollment = completed(learner)
    named = {"name": "Agneta Lindqvist", "title": "Programme lead", "organisation": "Läkemedelsakademin"}
    CertificateDefinition.objects.update(signatories=[named])
    assert issue(enrollment, by=None, at=ISSUED).snapshot["signatories"] == [named]


def test_organisations_that_approved_the_content_are_printed_without_their_people(learner, administrator):
    enrollment = completed(learner)
    lif = organisation("lif", "SE")
    for revision in Revision.objects.filter(edition__kind__in=["core", "layer"]):
        Approval.objects.create(
            revision=revision, by=administrator, organisation=lif, country="SE", at=ISSUED
        )
    quality = issue(enrollment, by=None, at=ISSUED).snapshot["quality"]
    assert quality.count(lif.name_in(learner.language)) == 1
    assert administrator.full_name not in quality


def test_snapshots_from_before_a_field_came_still_open():
    stored = printed().to_dict()
    del stored["replaces"]
    assert Printed.from_dict(stored) == printed()
