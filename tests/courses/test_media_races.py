"""Uploads beside the sweep on PostgreSQL: what is used has its file."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from courses import services
from courses.models import Asset
from courses.services import media, sweeping
from courses.services.storing import file_of
from courses.services.sweeping import KEPT
from tests.courses import studio_builders as studio
from tests.races import at_once, errors, line

from .bundle.samples import png

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DATA = png(20, 10)
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def core(author, partners, now):
    """With a file that nothing uses any more, old enough to go."""
    draft = studio.draft(studio.core_files(), by=author, at=now)
    upload(draft, author, now)
    draft.assets.filter(path="assets/new.png").delete()
    draft.saved_states.all().delete()
    return draft


def upload(core, author, now):
    return services.add_file(core, "new.png", SimpleUploadedFile("x", DATA), by=author, at=now)


def sweep(now):
    return services.sweep_files(at=now + KEPT + timedelta(seconds=1))


def is_whole():
    """Its row and its file, or neither."""
    rows = Asset.objects.filter(sha256=SHA).count()
    return (rows, default_storage.exists(file_of(SHA))) in [(1, True), (0, False)]


def test_the_sweep_takes_nothing_that_is_uploaded_now(core, author, now):
    for _again in range(5):
        results = at_once([lambda: upload(core, author, now), lambda: sweep(now)])
        assert errors(results) == []
        assert core.assets.filter(path="assets/new.png", asset__sha256=SHA).exists()
        assert default_storage.exists(file_of(SHA))
        core.assets.filter(path="assets/new.png").delete()
        core.saved_states.all().delete()


def test_without_the_lock_it_would(core, author, now, monkeypatch):
    """The control: the upload reads the row as it is, and the sweep deletes file and row in between."""
    meet, swept = line(2), line(2)

    def unlocked(contents, *, at):
        found = {asset.sha256: asset for asset in Asset.objects.filter(sha256=SHA)}
        meet()
        swept()
        return found

    def removed(pk, newest, *, remove=sweeping.remove_unused):
        meet()
        try:
            return remove(pk, newest)
        finally:
            swept()

    monkeypatch.setattr(media, "locked_assets", unlocked)
    monkeypatch.setattr(sweeping, "remove_unused", removed)
    results = at_once([lambda: upload(core, author, now), lambda: sweep(now)])
    assert errors(results) or not is_whole()
