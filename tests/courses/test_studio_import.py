"""Importing over the web: what is kept, what is refused with file and line, and that a refusal leaves nothing."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import Asset, Edition, Fact, Module, Revision
from courses.services import check_import, submit
from lms.accounts.models import Role
from lms.records.models import AuditEvent
from tests.conftest import with_role

from .bundle.samples import CHECK, FACTS, WELCOME, good_files
from .studio_builders import (
    CORE,
    FINNISH,
    SWEDISH,
    bundle,
    changed_core,
    core_files,
    draft,
    files_of,
    imported,
    published,
    upload,
)

URL = "/studio/import/"


@pytest.fixture
def client(signed_in, author, partners):
    return signed_in(author)


def stored_files(settings) -> list[Path]:
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return [path for path in root.rglob("*") if path.is_file()]


def send(client, files, **more):
    return client.post(URL, {"bundle": upload(files), **more})


def refusal(client, files) -> list[tuple[str, int | None, str]]:
    """What the report says, after making sure that nothing was kept."""
    before = Revision.objects.count(), AuditEvent.objects.count()
    response = send(client, files)
    assert response.status_code == 422
    assert (Revision.objects.count(), AuditEvent.objects.count()) == before
    problems = [problem for _file, found in response.context["errors"] for problem in found]
    for problem in problems:
        assert problem.file in response.text
    return [(each.file, each.line, each.message) for each in problems]


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_author_imports_a_core_as_a_draft(client, author):
    page = send(client, core_files())
    assert page.status_code == 200
    revision = Revision.objects.get()
    assert (revision.status, list(revision.authors.all())) == ("draft", [author])
    assert f"/studio/revisions/{revision.pk}/" in page.text
    assert "New draft" in page.text


def test_the_same_again_changes_nothing_and_says_so(client):
    send(client, core_files())
    page = send(client, core_files())
    assert page.status_code == 200
    assert "Nothing was new" in page.text
    assert Revision.objects.get().version == 1


def test_a_changed_file_updates_the_draft(client):
    send(client, core_files())
    page = send(client, changed_core("thin layers", "thin national layers"))
    assert "Draft updated" in page.text
    assert "thin national layers" in Revision.objects.get().lessons.get(key="welcome").body


def test_warnings_are_shown_and_do_not_stop(client):
    page = send(client, changed_core("---\nOne core", "colour: red\n---\nOne core"))
    assert page.status_code == 200
    assert "“colour” is not known here" in page.text


def test_a_layer_of_another_partner_that_is_unchanged_does_not_stand_in_the_way(client, author, now):
    imported(files_of(CORE, FINNISH), by=None, at=now)
    files = {**files_of(CORE, FINNISH), **changed_core("thin layers", "thin national layers")}
    assert send(client, files).status_code == 200
    assert Revision.objects.get(edition__kind="core").version == 2


# --- Check only -------------------------------------------------------------------------------------------------------


def test_check_only_keeps_nothing(client, settings):
    page = send(client, core_files(), check_only="on")
    assert page.status_code == 200
    assert "complete and consistent" in page.text
    assert not Module.objects.exists()
    assert not Asset.objects.exists()
    assert not AuditEvent.objects.filter(act="revision.imported").exists()
    assert stored_files(settings) == []


def test_check_only_says_what_an_import_would_do(author, partners, now):
    draft(core_files(), by=author, at=now)
    outcome = check_import(bundle(changed_core("thin layers", "thin national layers")), by=author, at=now)
    assert [str(part.change) for part in outcome.editions] == ["updated"]
    assert Revision.objects.get().version == 1


def test_check_only_refuses_what_an_import_would_refuse(client):
    page = send(client, good_files(), check_only="on")
    assert page.status_code == 422
    assert "belongs to" in page.text


# --- Refused: the file ------------------------------------------------------------------------------------------------


def test_no_file(client):
    page = client.post(URL, {})
    assert page.status_code == 422
    assert "Choose the file to import." in page.text


def test_an_empty_file(client):
    page = client.post(URL, {"bundle": SimpleUploadedFile("module.zip", b"")})
    assert page.status_code == 422
    assert "The file is empty." in page.text


def test_a_file_of_another_type(client):
    page = client.post(URL, {"bundle": SimpleUploadedFile("module.docx", b"PK\x03\x04 anything")})
    assert page.status_code == 422
    assert "This is not a zip file." in page.text


def test_a_zip_in_name_only(client):
    page = client.post(URL, {"bundle": SimpleUploadedFile("module.zip", b"not a zip at all")})
    assert page.status_code == 422
    assert "This is not a whole zip file" in page.text


def test_a_file_that_is_too_large(client, settings):
    settings.BUNDLE_MAX_UPLOAD = 1_000
    page = send(client, core_files())
    assert page.status_code == 422
    assert "at most 1000" in page.text.replace("\xa0", "")


# --- Refused: what is in it -------------------------------------------------------------------------------------------


def test_broken_yaml(client):
    broken = {**core_files(), "core/030-check.quiz.yaml": b"key: [check\nkind: quiz\n"}
    ((file, line, _message),) = refusal(client, broken)
    assert file == "core/030-check.quiz.yaml"
    assert line


def test_unknown_kind_of_question(client):
    files = {
        **core_files(),
        "core/030-check.quiz.yaml": CHECK.replace("kind: single", "kind: essay").encode(),
    }
    ((file, line, message),) = refusal(client, files)
    assert (file, line) == ("core/030-check.quiz.yaml", 11)
    assert "essay" in message


def test_two_lessons_with_one_key(client):
    files = {**core_files(), "core/020-clock.md": WELCOME.encode()}
    problems = refusal(client, files)
    assert ("core/020-clock.md", 2) in [(file, line) for file, line, _message in problems]
    assert any("“welcome” is taken by core/010-welcome.md" in message for _file, _line, message in problems)


def test_a_fact_without_a_source(signed_in, partners, pharma_centre, author, now):
    draft(core_files(), by=author, at=now)
    adapter = signed_in(with_role("adapter", Role.AUTHOR, pharma_centre))
    facts = FACTS.replace("    source_url: https://tukija.fi\n", "").encode()
    problems = refusal(adapter, {**files_of(FINNISH), "countries/FI/facts.yaml": facts})
    assert {file for file, _line, _message in problems} == {"countries/FI/facts.yaml"}
    assert not Fact.objects.exists()


def test_a_translation_of_a_lesson_that_is_not_there(client, author, now):
    draft(core_files(), by=author, at=now)
    files = files_of(SWEDISH)
    files["translations/sv/010-welcome.md"] = files["translations/sv/010-welcome.md"].replace(
        b"key: welcome", b"key: farewell"
    )
    ((file, _line, message),) = refusal(client, files)
    assert file == "translations/sv/010-welcome.md"
    assert "farewell" in message
    assert not Edition.objects.filter(kind="translation").exists()


# --- Refused: who and when --------------------------------------------------------------------------------------------


def test_a_refused_bundle_leaves_no_file(client, settings):
    """Everything in it is right, but one layer belongs to somebody else."""
    page = send(client, good_files())
    assert page.status_code == 422
    assert "Pharmaceutical Information Centre" in page.text
    assert not Module.objects.exists()
    assert not Asset.objects.exists()
    assert stored_files(settings) == []


def test_author_of_another_partner_cannot_import_it(signed_in, partners, lif):
    page = send(signed_in(with_role("stranger", Role.AUTHOR, lif)), core_files())
    assert page.status_code == 422
    assert not Module.objects.exists()


def test_what_is_in_review_is_not_overwritten(client, author, now):
    submit(draft(core_files(), by=author, at=now), by=author, at=now)
    page = send(client, changed_core("thin layers", "thin national layers"))
    assert page.status_code == 422
    assert "in review" in page.text


def test_published_texts_stay_as_they_are(client, author, publisher, other_publisher, now):
    revision = draft(core_files(), by=author, at=now)
    published(revision, author=author, publishers=[publisher, other_publisher], at=now)
    assert send(client, changed_core("thin layers", "thin national layers")).status_code == 200
    assert "thin layers" in Revision.objects.get(number=1).lessons.get(key="welcome").body
    assert Revision.objects.get(number=2).status == "draft"


def test_hostile_zip_is_refused_with_the_name(client, settings):
    page = send(client, {**core_files(), "../outside.md": b"x"})
    assert page.status_code == 422
    assert "../outside.md" in page.text
    assert stored_files(settings) == []
