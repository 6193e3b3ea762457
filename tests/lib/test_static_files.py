"""Static files are collected at the first start and after a change, and otherwise left alone."""

from pathlib import Path

import pytest

from lms.lib import static_files


def collect_changed() -> bool:
    return static_files.collect_changed(say=lambda words: None)


@pytest.fixture
def source(settings, tmp_path) -> Path:
    """One style sheet in a folder of its own, and nothing of any package."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    sheet = tmp_path / "source" / "site.css"
    sheet.parent.mkdir()
    sheet.write_text("body { color: black }\n" * 50)
    return sheet


def collected(settings) -> set[str]:
    return {path.read_text()[:21] for path in settings.STATIC_ROOT.glob("site*.css")}


def test_the_first_start_collects_and_compresses(source, settings):
    assert collect_changed() is True
    assert {path.suffix for path in settings.STATIC_ROOT.glob("site*")} >= {".css", ".gz"}


def test_the_second_start_has_nothing_to_do(source):
    collect_changed()
    assert collect_changed() is False


def test_a_change_is_collected(source, settings):
    collect_changed()
    source.write_text("body { color: green }\n" * 50)
    assert collect_changed() is True
    assert "body { color: green }" in collected(settings)


def test_plain_storage_needs_no_collecting(settings):
    assert collect_changed() is False
