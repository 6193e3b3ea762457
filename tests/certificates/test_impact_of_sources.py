"""How many certificates rest on the editions that name a source."""

import pytest

from certificates.impact import certificates_resting_on
from certificates.models import Certificate
from certificates.services import revoke
from courses.models import Edition

from .builders import issued


@pytest.fixture
def editions(learner):
    issued(learner)
    return list(Edition.objects.all())


def test_a_certificate_counts_once_for_its_core_and_its_layer(editions):
    assert list(certificates_resting_on(editions)) == ["1 certificate covers what rests on it."]


def test_a_revoked_one_does_not_count(editions, administrator, now):
    revoke(Certificate.objects.get(), by=administrator, at=now, reason_code="issued_in_error", reason_text="")
    assert list(certificates_resting_on(editions)) == ["0 certificates cover what rests on it."]


def test_another_edition_touches_nobody(editions):
    other = [edition for edition in editions if edition.kind == "translation"]
    assert list(certificates_resting_on(other)) == ["0 certificates cover what rests on it."]
