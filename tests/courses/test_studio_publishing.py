"""The question before publication: what it means for those who are learning, and what they are told."""

import pytest

from courses.models import Revision
from courses.services import approve, submit
from tests.courses.studio_builders import changed_core, core_files, draft, published


@pytest.fixture
def reviewed(author, publisher, other_publisher, now):
    """The second revision of a core, minor, with a note in English, approved by all."""
    core = draft(core_files(), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    again = draft(changed_core("One core", "A core"), by=author, at=now)
    submit(again, change_class="minor", change_note={"en": "Clearer."}, by=author, at=now)
    approve(again, by=publisher, at=now)
    return Revision.objects.get(pk=again.pk)


def address(revision) -> str:
    return f"/studio/revisions/{revision.pk}/publish/"


def test_learners_are_told_in_their_languages(signed_in, publisher, reviewed):
    browser = signed_in(publisher)
    assert ">\nClearer.</textarea>" in browser.get(address(reviewed)).text
    sent = {"note_en": "Clearer now.", "note_sv": " Tydligare nu. ", "note_fi": ""}
    assert browser.post(address(reviewed), sent).status_code == 302
    reviewed.refresh_from_db()
    assert reviewed.status == Revision.Status.PUBLISHED
    assert reviewed.change_note == {"en": "Clearer now.", "sv": "Tydligare nu."}


def test_a_note_that_is_too_long_publishes_nothing(signed_in, publisher, reviewed):
    page = signed_in(publisher).post(address(reviewed), {"note_sv": "x" * 1_001})
    assert (page.status_code, "at most 1000 characters" in page.text) == (422, True)
    reviewed.refresh_from_db()
    assert (reviewed.status, reviewed.change_note) == (Revision.Status.IN_REVIEW, {"en": "Clearer."})


@pytest.mark.parametrize(
    ("change_class", "words"),
    [
        ("editorial", "Whoever has started is moved to it, and keeps all that is done."),
        ("minor", "Whoever has started is offered it with your note"),
        ("major", "Whoever has started finishes the revision they started with"),
    ],
)
def test_the_effect_of_the_class_is_said(signed_in, publisher, reviewed, change_class, words):
    Revision.objects.filter(pk=reviewed.pk).update(change_class=change_class)
    assert words in signed_in(publisher).get(address(reviewed)).text
