"""Nothing past the limit reaches the disk, and the form says so."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.courses import studio_builders as studio

LIMIT = 3_000_000  # past what Django keeps in memory


@pytest.fixture(autouse=True)
def small_limit(settings, tmp_path, monkeypatch):
    settings.BUNDLE_MAX_UPLOAD = LIMIT
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def written(monkeypatch) -> list[int]:
    """How many bytes each temporary file got."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler as Handler

    sizes: list[int] = []
    store = Handler.receive_data_chunk
    monkeypatch.setattr(
        Handler,
        "receive_data_chunk",
        lambda self, data, start: sizes.append(len(data)) or store(self, data, start),
    )
    return sizes


def zip_of(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("module.zip", b"P" * size, content_type="application/zip")


def test_file_past_the_limit_is_not_stored_and_the_form_says_why(signed_in, author, written):
    answer = signed_in(author).post("/studio/import/", {"bundle": zip_of(3 * LIMIT)})
    assert answer.status_code == 422
    assert "at most 2.9" in answer.content.decode().replace("\xa0", " ")
    assert sum(written) <= LIMIT


def test_the_limit_is_of_the_whole_request(signed_in, author, written):
    files = {"first": zip_of(LIMIT - 1), "second": zip_of(LIMIT - 1), "bundle": zip_of(10)}
    answer = signed_in(author).post("/studio/import/", files)
    assert answer.status_code == 422
    assert "at most 2.9" in answer.content.decode().replace("\xa0", " ")
    assert sum(written) <= LIMIT


def test_the_api_answers_the_same(signed_in, author, written):
    answer = signed_in(author).post("/api/v1/modules/import/", {"bundle": zip_of(3 * LIMIT)})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["bundle"])
    assert sum(written) <= LIMIT


def test_file_within_the_limit_arrives_whole(signed_in, author, partners):
    answer = signed_in(author).post("/studio/import/", {"bundle": studio.upload(studio.core_files())})
    assert answer.status_code == 200
