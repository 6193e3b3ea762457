"""Files of lessons: published ones for everybody signed in, drafts for those who see the draft."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses.models import Asset, Edition, Module, Revision, RevisionAsset
from tests.conftest import NOW

FIGURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 20
SHA = hashlib.sha256(FIGURE).hexdigest()
URL = f"/files/{SHA}/clock.svg"


@pytest.fixture
def draft(occ) -> Revision:
    module = Module.objects.create(key="trials", owner=occ, subject="clinical-research")
    edition = Edition.objects.create(module=module, kind=Edition.Kind.CORE, owner=occ)
    revision = Revision.objects.create(edition=edition, number=1, content_hash="0" * 64, created_at=NOW)
    file = default_storage.save(f"content/{SHA[:2]}/{SHA}", ContentFile(FIGURE))
    asset = Asset.objects.create(
        sha256=SHA, mime="image/svg+xml", size=len(FIGURE), file=file, created_at=NOW
    )
    RevisionAsset.objects.create(revision=revision, asset=asset, path="assets/clock.svg")
    return revision


@pytest.fixture
def published(draft) -> Revision:
    draft.status, draft.published_at = Revision.Status.PUBLISHED, NOW
    draft.save()
    return draft


def status_of(browser, url: str = URL) -> int:
    response = browser.get(url)
    read(response)  # an answer that is not read to the end keeps its file open
    return response.status_code


def read(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_published_figure_is_for_everybody_signed_in(published, signed_in, learner):
    response = signed_in(learner).get(URL)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert read(response) == FIGURE
    assert "sandbox" in response["Content-Security-Policy"]
    assert "img-src" not in response["Content-Security-Policy"]


def test_a_withdrawn_revision_still_shows_its_figures(published, signed_in, learner):
    """Learners finish what they began."""
    published.status, published.withdrawn_at = Revision.Status.WITHDRAWN, published.published_at
    published.save()
    assert status_of(signed_in(learner)) == 200


def test_compressed_for_those_who_can_read_it_and_in_part_for_those_who_ask(published, signed_in, learner):
    browser = signed_in(learner)
    whole = browser.get(URL, headers={"Accept-Encoding": "gzip"})
    assert whole["Content-Encoding"] == "gzip"
    read(whole)
    part = browser.get(URL, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-3"})
    assert (part.status_code, read(part)) == (206, FIGURE[:4])


def test_a_drafts_figure_is_not_there_for_learners(draft, signed_in, learner):
    assert status_of(signed_in(learner)) == 404


def test_a_drafts_figure_is_there_for_those_who_write_it(draft, signed_in, author):
    assert status_of(signed_in(author)) == 200


def test_a_drafts_figure_is_there_for_those_whose_approval_it_needs(draft, signed_in, other_publisher):
    assert status_of(signed_in(other_publisher)) == 200


def test_a_drafts_figure_is_not_there_for_a_coordinator_elsewhere(draft, signed_in, other_coordinator):
    assert status_of(signed_in(other_coordinator)) == 404


def test_anonymous_is_asked_to_log_in(published, client):
    assert client.get(URL)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "url", [f"/files/{'0' * 64}/clock.svg", f"/files/{SHA}/other.svg", f"/files/{SHA}/lock.svg"]
)
def test_what_is_not_there_is_not_there(published, signed_in, learner, url):
    assert signed_in(learner).get(url).status_code == 404


def test_files_are_read_only(published, signed_in, learner):
    assert signed_in(learner).post(URL).status_code == 405
    assert signed_in(learner).head(URL).status_code == 200
