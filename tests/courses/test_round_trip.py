"""Any module at all: written, imported, written from the rows, imported again. The bytes stay, and so do the rows."""

from dataclasses import replace
from io import BytesIO
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from courses.bundle import read_zip, write_zip
from courses.models import Module, Revision
from courses.selectors.bundles import bundle_of, newest_revisions
from courses.services import import_bundle

from .bundle.strategies import bundles

NUMBERS = count(1)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def owned(bundle, number):
    """The same content under a key that no other example has, owned by partners that there are."""
    module = replace(
        bundle.module, key=f"module-{number}", owner="occ-incubator", co_owners=("lakemedelsakademin",)
    )
    layers = {country: replace(layer, owner="laaketietokeskus") for country, layer in bundle.layers.items()}
    return replace(bundle, module=module, layers=layers)


def exported(key):
    module = Module.objects.select_related("owner").get(key=key)
    return write_zip(bundle_of(module, newest_revisions(Revision.objects.all(), module)))


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(generated=bundles())
def test_any_module_comes_out_of_the_database_as_it_went_in(partners, now, generated):
    packed = write_zip(owned(generated, number := next(NUMBERS)))
    original = read_zip(BytesIO(packed))
    import_bundle(original, by=None, at=now)
    out = exported(f"module-{number}")
    used = read_zip(BytesIO(out))
    assert (used.module, used.core, used.translations, used.layers) == (
        original.module,
        original.core,
        original.translations,
        original.layers,
    )
    assert not import_bundle(used, by=None, at=now).changed
    assert exported(f"module-{number}") == out
