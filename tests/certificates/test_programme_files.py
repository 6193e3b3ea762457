"""The whole programme as files: taken home, brought back, and pulled from a folder every night."""

import shutil
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from certificates.models import CertificateDefinition
from certificates.programme_files import programme_files, read_programme_zip
from courses.bundle import pack
from courses.models import Course, Edition, Module, Programme, Revision
from courses.services import create_programme, publish_course
from lms.accounts.models import Organisation, Role
from lms.records.models import AuditEvent
from tests.conftest import with_role
from tests.courses.bundle.samples import good_files, write_files, zipped
from tests.courses.studio_builders import CORE, draft, files_of, published

EXPORT, IMPORT = "/studio/programme/export/", "/studio/programme/"
COURSE = """\
format: 1
slug: small-course
owner: occ-incubator
title:
  en: A small course
summary:
  en: One module of it.
hours: "0.5"
modules:
  - key: small-module
certificate:
  kind: passed
  partners: [occ-incubator]
"""


@pytest.fixture
def folder(tmp_path):
    """What partners keep in git: a module, a course, and things that are nobody's business here."""
    write_files(tmp_path / "git" / "modules" / "small-module", good_files())
    write_files(tmp_path / "git", {"courses/small-course.yaml": COURSE.encode(), "README.md": b"# Hello"})
    write_files(tmp_path / "git" / ".git", {"config": b"[core]"})
    return tmp_path / "git"


def pulled(folder, *options):
    said = StringIO()
    call_command("programme_import", folder, *options, stdout=said)
    return said.getvalue().splitlines()


def refused(folder, *options):
    before = everything()
    with pytest.raises(CommandError) as error:
        pulled(folder, *options)
    assert everything() == before
    return str(error.value).splitlines()


def everything():
    models = (Module, Edition, Revision, Course, CertificateDefinition, Organisation, AuditEvent)
    return [model.objects.count() for model in models]


def edit(folder, old, new, path="modules/small-module/core/010-welcome.md"):
    file = folder / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def done(lines):
    """The lines about editions and courses, without the warnings."""
    return [line for line in lines if line.endswith((": created", ": updated", ": unchanged", "version 1"))]


# --- A folder ---------------------------------------------------------------------------------------------------------


def test_a_folder_becomes_drafts(partners, folder):
    assert done(pulled(folder)) == [
        "A small module: Core: created",
        "A small module: Svenska: created",
        "A small module: Finland: created",
        "small-course: course created, certificate defined, version 1",
    ]
    assert set(Revision.objects.values_list("status", flat=True)) == {"draft"}
    assert Course.objects.get().status == "draft"


def test_the_same_folder_again_does_nothing(partners, folder):
    pulled(folder)
    before = everything()
    assert {line.rpartition(": ")[2] for line in done(pulled(folder))} == {"unchanged"}
    assert everything() == before


def test_only_what_changed_becomes_a_draft(partners, folder):
    pulled(folder)
    edit(folder, "thin layers", "thin national layers")
    assert done(pulled(folder))[:2] == ["A small module: Core: updated", "A small module: Svenska: unchanged"]
    assert [each.version for each in Revision.objects.order_by("pk")] == [2, 1, 1]


def test_a_pull_leaves_alone_what_was_written_here_since(partners, folder, author, now):
    """Without the option an import is an import: the files take the place of the draft."""
    pulled(folder)
    Revision.objects.filter(edition__kind="core").update(content_hash="0" * 64)  # edited in the Studio
    assert done(pulled(folder, "--pull"))[0] == "A small module: Core: unchanged"
    assert done(pulled(folder))[0] == "A small module: Core: updated"


def test_a_pull_brings_what_is_new_in_the_folder(partners, folder):
    pulled(folder)
    Revision.objects.filter(edition__kind="core").update(content_hash="0" * 64)
    edit(folder, "thin layers", "thin national layers")
    assert done(pulled(folder, "--pull"))[0] == "A small module: Core: updated"


def test_a_check_keeps_nothing(partners, folder):
    before = everything()
    assert done(pulled(folder, "--check"))[0] == "A small module: Core: created"
    assert everything() == before


def test_every_problem_of_all_parts_is_told_at_once_and_nothing_changes(partners, folder):
    shutil.copytree(folder / "modules" / "small-module", folder / "modules" / "other-module")
    edit(folder, "minutes: 5", "minutes: many", "modules/other-module/core/010-welcome.md")
    edit(folder, "pass: 80", "pass: high", "modules/small-module/core/030-check.quiz.yaml")
    (folder / "courses" / "notes.txt").write_text("x")
    found = refused(folder)
    assert [line.partition(": ")[0] for line in found] == [
        "courses/notes.txt",
        "modules/other-module/core/010-welcome.md, line 5",
        "modules/small-module/core/030-check.quiz.yaml, line 6",
        "The bundle has 3 errors. Nothing was imported.",
    ]


def test_what_the_rows_refuse_is_told_at_once_too(partners, folder):
    edit(folder, "owner: occ-incubator", "owner: nobody", "modules/small-module/module.yaml")
    edit(folder, "partners: [occ-incubator]", "partners: [somebody]", "courses/small-course.yaml")
    found = "\n".join(refused(folder))
    assert "modules/small-module/module.yaml: “nobody” is not a partner of this programme" in found
    assert "courses/small-course.yaml, line 10: There is no module “small-module” here." in found
    assert "courses/small-course.yaml, line 13: “somebody” is no partner here." in found


def test_two_folders_of_one_module_are_refused(partners, folder):
    shutil.copytree(folder / "modules" / "small-module", folder / "modules" / "again")
    assert any(
        line
        == "modules/small-module/module.yaml: The module “small-module” stands in modules/again/ already. "
        "Keep one of the two."
        for line in refused(folder)
    )


def test_an_empty_folder_says_what_is_expected(partners, tmp_path):
    assert "There is no module and no course in it." in refused(tmp_path)[0]
    assert "cannot be read" in refused(tmp_path / "nothing")[0]


# --- All of it, into an empty installation ----------------------------------------------------------------------------

PROGRAMME = """\
format: 1
title:
  en: The programme
coordinator: laaketietokeskus
countries:
- "FI"
- "NO"
partners:
- slug: laaketietokeskus
  country: "FI"
  name: Pharmaceutical Information Centre
  short_name: PIC
  letters: PIC
  colour: '#0b5d57'
- slug: occ-incubator
  country: "NO"
  name: OCC Incubator
  short_name: OCC
  letters: OCC
  colour: '#1b4f72'
projects:
- title: A grant
  funder_line:
    en: Paid.
  countries:
  - "FI"
  starts_on: "2019-05-01"
  ends_on: "2022-05-31"
translations:
  small-module:
    sv: laaketietokeskus
"""


@pytest.fixture
def whole(folder):
    edit(folder, "co_owners: [lakemedelsakademin]\n", "", "modules/small-module/module.yaml")
    edit(folder, "pass: null", "pass: 75", "modules/small-module/countries/FI/layer.yaml")
    (folder / "programme.yaml").write_text(PROGRAMME)
    return folder


def publish_everything(now):
    finn = with_role("a-finn", Role.PUBLISHER, Organisation.objects.get(slug="laaketietokeskus"))
    norwegian = with_role("a-norwegian", Role.PUBLISHER, Organisation.objects.get(slug="occ-incubator"))
    author = with_role("an-author", Role.AUTHOR, Organisation.objects.get(slug="occ-incubator"))
    for revision in Revision.objects.order_by("pk"):
        people = {"core": [norwegian, finn]}.get(revision.edition.kind, [finn])
        published(revision, author=author, publishers=people, at=now)
    publish_course(Course.objects.get(), by=norwegian, at=now)


def zipped_programme() -> bytes:
    packed = BytesIO()
    pack(programme_files(), packed)
    return packed.getvalue()


@pytest.mark.django_db
def test_an_empty_installation_has_everything_after_one_command(whole, now, tmp_path):
    lines = pulled(whole)
    assert [line for line in lines if line.endswith("organisation added")] == [
        "laaketietokeskus: organisation added",
        "occ-incubator: organisation added",
    ]
    programme = Programme.objects.get()
    assert (programme.title, programme.coordinator.slug) == ({"en": "The programme"}, "laaketietokeskus")
    assert [project.title for project in programme.projects.all()] == ["A grant"]
    assert Edition.objects.get(language="sv").owner.slug == "laaketietokeskus"
    assert Edition.objects.get(country="FI").owner.slug == "laaketietokeskus"


@pytest.mark.django_db
def test_what_is_published_comes_out_as_the_same_bytes_and_goes_in_again_without_change(whole, now, tmp_path):
    pulled(whole)
    publish_everything(now)
    unpublished = files_of(CORE, key="only-a-draft")
    module = unpublished["module.yaml"].replace(b"co_owners: [lakemedelsakademin]\n", b"")
    draft({**unpublished, "module.yaml": module}, by=None, at=now)
    packed = zipped_programme()
    assert zipped_programme() == packed
    found = read_programme_zip(BytesIO(packed))
    assert [module.bundle.module.key for module in found.modules] == ["small-module"]
    assert [name for name, _data in found.courses] == ["courses/small-course.yaml"]
    (tmp_path / "programme.zip").write_bytes(packed)
    before = everything()
    assert {line.rpartition(": ")[2] for line in done(pulled(tmp_path / "programme.zip"))} == {"unchanged"}
    assert everything() == before
    call_command("programme_export", tmp_path / "out", stdout=StringIO())
    assert (tmp_path / "out" / "programme.yaml").read_text() == PROGRAMME
    assert {line.rpartition(": ")[2] for line in done(pulled(tmp_path / "out"))} == {"unchanged"}


@pytest.mark.django_db
def test_what_is_published_is_no_news_though_somebody_writes_the_next_revision(whole, now, tmp_path):
    """Unless the draft is an import that nobody touched: then the folder has gone back, and so does the draft."""
    pulled(whole)
    publish_everything(now)
    edit(whole, "thin layers", "thin national layers")
    assert done(pulled(whole))[0] == "A small module: Core: created"
    edit(whole, "thin national layers", "thin layers")
    assert done(pulled(whole))[0] == "A small module: Core: updated"
    Revision.objects.filter(status="draft").update(content_hash="0" * 64)  # edited in the Studio
    before = everything()
    assert done(pulled(whole))[0] == "A small module: Core: unchanged"
    assert everything() == before


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("format: 1", "format: 2", "programme.yaml: This is format 2"),
        (
            "coordinator: laaketietokeskus",
            "coordinator: nobody",
            "programme.yaml, line 4: The coordinator “nobody”",
        ),
        ('country: "NO"', 'country: "XX"', "programme.yaml, line 16: “XX” is not a country we know"),
        ("'#1b4f72'", "red", "programme.yaml, line 20: colour: Like #0b5d57."),
        ("letters: OCC", "letters: OCCUP", "programme.yaml, line 19: letters: "),
        (
            "slug: occ-incubator",
            "slug: laaketietokeskus",
            "programme.yaml, line 8: “partners” names the same",
        ),
        (
            "title:\n  en: The",
            "contact_email: nobody\ntitle:\n  en: The",
            "programme.yaml, line 2: contact_email: ",
        ),
        ("name: OCC Incubator\n  ", "", "programme.yaml, line 15: “name” is missing"),
        ('"2022-05-31"', '"2018-05-31"', "programme.yaml, line 28: The project ends before it starts"),
        (
            "letters: OCC",
            "letters: OCC\n  secret: x",
            "programme.yaml, line 20: The key “secret” is not known here",
        ),
    ],
)
@pytest.mark.django_db
def test_a_fault_in_the_programme_itself_is_told_with_its_line(whole, old, new, problem):
    edit(whole, old, new, "programme.yaml")
    assert any(line.startswith(problem) for line in refused(whole)), refused(whole)


HOSTILE = {
    "a way out": {"../programme.yaml": b"x"},
    "a way out of a module": {"modules/small-module/../../x": b"x"},
    "two names in one": {"modules/small-module/core/010-WELCOME.md": b"x"},
    "a zip within": {"modules/small-module/assets/x.png": zipped({"a": b"b"}).getvalue()},
    "another type": {"modules/small-module/assets/x.exe": b"MZ"},
    "a course that is none": {"courses/x.yaml": b"\xff\xfe"},
    "a course without end": {"courses/x.yaml": b"x" * (1024**2 + 1)},
    "a bomb of YAML": {"programme.yaml": b"a: &a [x]\nb: [*a, *a]"},
    "deep YAML": {"programme.yaml": b"a: " + b"[" * 5_000},
    "no YAML": {"programme.yaml": b"\x00"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_whole(partners, tmp_path, name):
    files = {f"modules/small-module/{path}": data for path, data in good_files().items()}
    (tmp_path / "hostile.zip").write_bytes(zipped(files | HOSTILE[name]).getvalue())
    assert refused(tmp_path / "hostile.zip")


@pytest.mark.parametrize("cut", [0, 10, 500, -1])
def test_a_zip_that_is_cut_off_is_refused(partners, tmp_path, cut):
    files = {f"modules/small-module/{path}": data for path, data in good_files().items()}
    (tmp_path / "cut.zip").write_bytes(zipped(files).getvalue()[:cut])
    assert "This is not a whole zip file" in refused(tmp_path / "cut.zip")[0]


# --- Over the web -----------------------------------------------------------------------------------------------------


@pytest.fixture
def programme(partners, academy, now):
    return create_programme(
        title={"en": "The programme"}, coordinator=academy, partners=[], countries=["NO"], by=None, at=now
    )


def upload(files):
    return SimpleUploadedFile("programme.zip", zipped(files).getvalue(), content_type="application/zip")


def academys():
    """The core of the small module, as the academy's own."""
    files = files_of(CORE)
    text = files["module.yaml"].replace(b"co_owners: [lakemedelsakademin]\n", b"")
    return {**files, "module.yaml": text.replace(b"owner: occ-incubator", b"owner: lakemedelsakademin")}


def programme_of(files, **more):
    return {**{f"modules/small-module/{path}": data for path, data in files.items()}, **more}


def test_who_coordinates_and_administrators_take_it_home(
    signed_in, programme, other_publisher, administrator
):
    for person in (other_publisher, administrator):
        answer = signed_in(person).get(EXPORT)
        assert answer["Content-Disposition"] == 'attachment; filename="programme.zip"'
        assert b"".join(answer.streaming_content) == zipped_programme()


def test_nobody_else_does(signed_in, client, programme, author, publisher, learner, coordinator):
    for person in (author, publisher, learner, coordinator):
        assert signed_in(person).get(EXPORT).status_code == 403
        assert signed_in(person).post(IMPORT, {}).status_code == 403
    assert client.get(EXPORT).status_code == 302


def test_the_studio_shows_the_way_to_whom_it_is_open(signed_in, programme, publisher, other_publisher, now):
    draft(files_of(CORE), by=None, at=now)
    draft(files_of(CORE, key="theirs"), by=None, at=now)
    Module.objects.filter(key="theirs").update(owner=programme.coordinator)
    assert IMPORT in signed_in(other_publisher).get("/studio/").text
    assert IMPORT not in signed_in(publisher).get("/studio/").text


def test_it_is_only_read(signed_in, programme, other_publisher):
    assert signed_in(other_publisher).post(EXPORT).status_code == 405


def test_an_upload_becomes_drafts_of_ones_own(signed_in, programme, other_publisher):
    files = academys()
    page = signed_in(other_publisher).post(IMPORT, {"bundle": upload(programme_of(files))})
    assert (page.status_code, "The programme is imported." in page.text) == (200, True)
    assert list(Revision.objects.get().authors.all()) == [other_publisher]
    again = signed_in(other_publisher).post(IMPORT, {"bundle": upload(programme_of(files))})
    assert "Nothing was new" in again.text


def test_what_belongs_to_others_is_refused_and_nothing_is_kept(signed_in, programme, lif, other_publisher):
    before = everything()
    course = COURSE.replace("occ-incubator", lif.slug).encode()
    files = programme_of(files_of(CORE), **{"courses/small-course.yaml": course})
    page = signed_in(other_publisher).post(IMPORT, {"bundle": upload(files)})
    assert page.status_code == 422
    assert "A small module: Core belongs to" in page.text
    assert everything() == before


def test_an_administrator_brings_everything_organisations_too(signed_in, whole, administrator, db):
    files = {str(path.relative_to(whole)): path.read_bytes() for path in whole.rglob("*.*") if path.is_file()}
    files = {path: data for path, data in files.items() if not path.startswith((".git", "README"))}
    page = signed_in(administrator).post(IMPORT, {"bundle": upload(files)})
    assert (page.status_code, "The programme is imported." in page.text) == (200, True)
    assert Programme.objects.get().coordinator.slug == "laaketietokeskus"
    assert Edition.objects.get(language="sv").owner.slug == "laaketietokeskus"


def test_a_course_of_others_is_refused_with_its_line(signed_in, programme, other_publisher, now):
    draft(files_of(CORE), by=None, at=now)
    before = everything()
    page = signed_in(other_publisher).post(IMPORT, {"bundle": upload({"courses/c.yaml": COURSE.encode()})})
    assert page.status_code == 422
    assert "This course belongs to" in page.text
    assert everything() == before


def test_a_check_on_the_page_keeps_nothing(signed_in, programme, other_publisher):
    before = everything()
    files = academys()
    page = signed_in(other_publisher).post(
        IMPORT, {"bundle": upload(programme_of(files)), "check_only": "on"}
    )
    assert (page.status_code, "Everything can be used." in page.text) == (200, True)
    assert everything() == before


def test_a_file_that_is_no_zip_is_refused(signed_in, programme, other_publisher):
    page = signed_in(other_publisher).post(
        IMPORT, {"bundle": SimpleUploadedFile("programme.zip", b"nothing")}
    )
    assert page.status_code == 422
    assert "This is not a whole zip file" in page.text


# --- Over the API -----------------------------------------------------------------------------------------------------


def test_the_api_gives_and_takes_the_same(signed_in, programme, other_publisher, author):
    client = signed_in(other_publisher)
    answer = client.get("/api/v1/programme/export/")
    assert b"".join(answer.streaming_content) == zipped_programme()
    refusal = client.post("/api/v1/programme/import/", {"bundle": upload(programme_of(files_of(CORE)))})
    assert (refusal.status_code, refusal.json()["code"]) == (422, "bundle-refused")
    (problem,) = refusal.json()["problems"]
    assert problem["file"] == "modules/small-module/module.yaml"
    assert not Module.objects.exists()
    assert signed_in(author).get("/api/v1/programme/export/").status_code == 403
    assert signed_in(author).post("/api/v1/programme/import/").status_code == 403


def test_the_api_imports(signed_in, programme, other_publisher):
    files = academys()
    sent = {"bundle": upload(programme_of(files))}
    answer = signed_in(other_publisher).post("/api/v1/programme/import/", sent)
    assert answer.status_code == 201
    assert answer.json()["editions"] == [
        {"module": "small-module", "kind": "core", "language": "", "country": "", "change": "created"}
    ]
