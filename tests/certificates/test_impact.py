"""What the studio says before publication about those who hold a certificate."""

import pytest

from certificates.services import revoke
from courses.impact import impact_of
from courses.models import Edition
from tests.certificates.builders import certified_course, issued
from tests.conftest import NOW
from tests.enrollment.builders import build_module, layer


def revision(**names):
    return Edition.objects.get(module__key="trials", **names).current


@pytest.fixture
def holder(learner):
    module = build_module(layers=[layer("FI")])
    return issued(learner, certified_course("certified", modules=[module]))


@pytest.mark.parametrize("names", [{"kind": "core"}, {"kind": "layer", "country": "FI"}])
def test_holders_are_counted_once(holder, names):
    said = "1 person holds a certificate that covers it. It stays as it is."
    assert impact_of(revision(**names)) == [said]


def test_a_translation_touches_no_certificate(holder):
    assert impact_of(revision(kind="translation", language="sv")) == []


def test_what_is_revoked_is_not_counted(holder, administrator):
    revoke(holder, reason_code="data_error", reason_text="", by=administrator, at=NOW)
    assert impact_of(revision(kind="core")) == []
