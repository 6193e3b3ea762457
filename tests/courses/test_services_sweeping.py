"""Files that nothing refers to go, and nothing else."""

import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from courses import services
from courses.models import Asset
from courses.services import sweeping
from courses.services.storing import file_of
from courses.services.sweeping import KEPT, Swept
from courses.tasks import sweep
from tests.courses import studio_builders as studio

from .bundle.samples import png

DATA = png(20, 10)
SHA = hashlib.sha256(DATA).hexdigest()
NOTHING = Swept(0, 0)


@pytest.fixture
def core(author, partners, now):
    return studio.draft(studio.core_files(), by=author, at=now)


@pytest.fixture
def later(now):
    return now + KEPT + timedelta(seconds=1)


def add(core, author, now):
    return services.add_file(core, "new.png", SimpleUploadedFile("x", DATA), by=author, at=now)


def is_stored(sha256=SHA):
    return default_storage.exists(file_of(sha256))


def test_what_is_used_stays(core, later):
    before = Asset.objects.count()
    assert services.sweep_files(at=later) == NOTHING
    assert Asset.objects.count() == before


def test_what_a_saved_state_brings_back_stays(core, author, now, later):
    add(core, author, now)
    services.remove_file(core, "assets/new.png", by=author, at=now)
    assert services.sweep_files(at=later) == NOTHING
    assert is_stored()


def test_what_nothing_refers_to_goes_after_a_week(core, author, now, later):
    add(core, author, now)
    core.assets.filter(path="assets/new.png").delete()
    assert services.sweep_files(at=now + KEPT) == NOTHING
    assert services.sweep_files(at=later, is_trial=True) == Swept(1, 0)
    assert is_stored()
    assert services.sweep_files(at=later) == Swept(1, 0)
    assert (is_stored(), Asset.objects.filter(sha256=SHA).exists()) == (False, False)


def test_a_discarded_draft_takes_its_files_with_it(core, author, now, later):
    add(core, author, now)
    services.discard(core, by=author, at=now)
    assert services.sweep_files(at=later) == Swept(6, 0)
    assert not is_stored()


def test_what_is_brought_again_is_written_again(core, author, now, later):
    add(core, author, now)
    core.assets.filter(path="assets/new.png").delete()
    services.sweep_files(at=later)
    add(core, author, later)
    assert is_stored()


def test_what_is_used_again_meanwhile_stays(core, author, now, later, monkeypatch):
    """Between the list of what is unused and the lock on each."""
    add(core, author, now)
    core.assets.filter(path="assets/new.png").delete()
    remove = sweeping.remove_unused
    monkeypatch.setattr(
        sweeping, "remove_unused", lambda pk, newest: add(core, author, now) and remove(pk, newest)
    )
    assert services.sweep_files(at=later) == NOTHING
    assert is_stored()


def test_a_state_that_was_saved_meanwhile_counts(core, author, now, later, monkeypatch):
    add(core, author, now)
    core.assets.filter(path="assets/new.png").delete()
    remove = sweeping.remove_unused

    def meanwhile(pk, newest):
        add(core, author, now)
        services.remove_file(core, "assets/new.png", by=author, at=now)
        return remove(pk, newest)

    monkeypatch.setattr(sweeping, "remove_unused", meanwhile)
    assert services.sweep_files(at=later) == NOTHING
    assert is_stored()


def orphan(at, sha256="ab" * 32):
    path = Path(default_storage.path(file_of(sha256)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_a_file_without_a_row_goes_after_a_week(core, now, later):
    path = orphan(now)
    assert services.sweep_files(at=now + KEPT) == NOTHING
    assert services.sweep_files(at=later) == Swept(0, 1)
    assert not path.exists()
    assert not Asset.objects.filter(sha256="ab" * 32).exists()


def test_what_is_not_ours_stays(core, now, later):
    path = orphan(now, "notes")
    assert services.sweep_files(at=later) == NOTHING
    assert path.exists()


@pytest.mark.django_db
def test_an_empty_storage_is_swept(monkeypatch):
    monkeypatch.setattr("courses.services.sweeping.FOLDER", "nothing-here")
    assert services.sweep_files(at=timezone.now()) == NOTHING


def test_the_worker_does_it_daily_and_the_operator_by_hand(core, author):
    add(core, author, timezone.now() - KEPT - timedelta(days=1))
    core.assets.filter(path="assets/new.png").delete()
    said = io.StringIO()
    call_command("sweep_files", "--trial", stdout=said)
    assert said.getvalue() == "1 unused and 0 orphaned files would be deleted.\n"
    assert is_stored()
    assert "courses.tasks.sweep" in {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    sweep()
    assert not is_stored()
