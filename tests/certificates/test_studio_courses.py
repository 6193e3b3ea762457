"""The certificate of a course in the studio, and the course as a file that makes the same course again."""

import pytest
from django.core.management import call_command

from certificates.course_files import write_course_file
from certificates.models import CertificateDefinition
from courses.models import Course
from courses.services import close_course
from lms.records.models import AuditEvent
from tests.certificates.test_course_import import COURSE, everything
from tests.conftest import NOW
from tests.courses.builders import build_course, build_module

HERE = "/studio/courses/trials/"
FILLED = {
    "kind": "passed",
    "policy": "administrator",
    "valid_months": "36",
    "partner_0": "occ-incubator",
    "partner_1": "lakemedelsakademin",
    "signatory_0_name": "Kari Nygård",
    "signatory_0_title": "Head",
    "signatory_0_organisation": "OCC Incubator",
}


@pytest.fixture
def modules(occ, academy):
    return [build_module("devices", owner=academy), build_module("trials", owner=occ)]


@pytest.fixture
def draft(occ, modules):
    return build_course("trials", owner=occ, modules=modules, status=Course.Status.DRAFT)


@pytest.fixture
def course(occ, modules):
    return build_course("trials", owner=occ, modules=modules)


def test_author_defines_the_certificate_of_a_draft(signed_in, author, draft, occ, academy):
    assert signed_in(author).post(f"{HERE}certificate/", FILLED).headers["Location"] == HERE
    definition = CertificateDefinition.objects.get()
    assert (definition.kind, definition.valid_months, definition.version) == ("passed", 36, 1)
    assert [row.organisation for row in definition.definitionpartner_set.all()] == [occ, academy]
    assert definition.signatories == [
        {"name": "Kari Nygård", "title": "Head", "organisation": "OCC Incubator"}
    ]
    assert AuditEvent.objects.get(act="certificate.defined").actor == author.audit_ref
    page = signed_in(author).get(HERE).text
    assert "Valid for 36 months." in page


def test_the_same_again_makes_no_version_and_a_change_makes_one(signed_in, author, draft):
    browser = signed_in(author)
    browser.post(f"{HERE}certificate/", FILLED)
    form = browser.get(f"{HERE}certificate/").context["form"]
    browser.post(f"{HERE}certificate/", {field.html_name: field.value() or "" for field in form})
    assert CertificateDefinition.objects.count() == 1
    browser.post(f"{HERE}certificate/", {**FILLED, "valid_months": ""})
    newest = CertificateDefinition.objects.get(active=True)
    assert (newest.version, newest.valid_months) == (2, None)


def test_what_a_file_says_of_outcomes_stays(signed_in, author, draft, occ):
    made = CertificateDefinition.objects.create(
        course=draft, kind="passed", outcomes=[{"en": "Other words"}], created_at=NOW
    )
    made.definitionpartner_set.create(organisation=occ, role="issuer", position=0)
    signed_in(author).post(f"{HERE}certificate/", FILLED)
    assert CertificateDefinition.objects.get(active=True).outcomes == [{"en": "Other words"}]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "honour"}, "Select a valid choice"),
        ({"policy": "never"}, "Select a valid choice"),
        ({"valid_months": "0"}, "greater than or equal to 1"),
        ({"valid_months": "1201"}, "less than or equal to 1200"),
        ({"partner_0": ""}, "This field is required."),
        ({"partner_1": "occ-incubator"}, "Name one to five different partners; the first issues"),
        ({"partner_1": "nobody"}, "Select a valid choice"),
        ({"signatory_0_title": ""}, "A signatory has all three."),
        ({"signatory_0_name": "A\x07B"}, "There is an invisible control character. Remove it."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(signed_in, author, draft, wrong, message):
    page = signed_in(author).post(f"{HERE}certificate/", {**FILLED, **wrong})
    assert (page.status_code, message in page.text) == (422, True)
    assert not CertificateDefinition.objects.exists()


def test_author_leaves_the_certificate_of_an_open_course_alone(signed_in, author, course):
    assert signed_in(author).post(f"{HERE}certificate/", FILLED).status_code == 403


def test_publisher_changes_the_certificate_of_an_open_course(signed_in, publisher, course):
    assert signed_in(publisher).post(f"{HERE}certificate/", FILLED).status_code == 302


def test_a_closed_course_gets_no_other_certificate(signed_in, publisher, course):
    close_course(course, by=publisher, at=NOW)
    page = signed_in(publisher).post(f"{HERE}certificate/", FILLED)
    assert (page.status_code, "This course is closed and changes no more." in page.text) == (422, True)
    assert not CertificateDefinition.objects.exists()


# --- The file --------------------------------------------------------------------------------------------------------


def test_the_download_makes_the_same_course_again(signed_in, author, draft, tmp_path, capsys):
    """Read where it came from it changes nothing; read elsewhere it makes the course, and its file is the same."""
    signed_in(author).post(f"{HERE}certificate/", FILLED)
    draft.refresh_from_db()
    draft.title = {"en": 'A "title": # {with} [signs]', "nb": "- tittel", "sv": "NO"}
    draft.summary = {"en": "Two lines,\n\nand a third.", "fi": "@merkki & *tähti*"}
    draft.outcomes = [{"en": "1.5"}, {"sv": "null", "nb": "true"}]
    draft.save()
    draft.items.filter(position=1).update(lesson_keys=["lesson-1", "lesson-3"])
    response = signed_in(author).get(f"{HERE}export/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="trials.yaml"'
    path = tmp_path / "trials.yaml"
    path.write_bytes(response.content)
    call_command("course_import", path)
    assert capsys.readouterr().out == "trials: unchanged.\n"
    before = [list(draft.items.values_list("module", "lesson_keys")), draft.title, draft.hours]
    forget(draft)
    call_command("course_import", path)
    again = Course.objects.get()
    assert [list(again.items.values_list("module", "lesson_keys")), again.title, again.hours] == before
    assert write_course_file(again) == response.text


def forget(course: Course) -> None:
    for definition in course.certificate_definitions.all():
        definition.delete()
    course.delete()


def test_a_file_that_was_imported_comes_out_saying_the_same(occ, academy, tmp_path, publisher):
    for key in ("devices", "trials"):
        build_module(key, owner=occ)
    said = COURSE.partition("project:")[0]
    path = tmp_path / "course.yaml"
    path.write_text(said, encoding="utf-8")
    call_command("course_import", path)
    before = everything()
    path.write_text(write_course_file(Course.objects.get()), encoding="utf-8")
    call_command("course_import", path)
    assert everything() == before


def test_pages_cost_a_literal_number(signed_in, author, draft, count_queries):
    browser = signed_in(author)
    browser.post(f"{HERE}certificate/", FILLED)
    with count_queries(8):
        assert browser.get(f"{HERE}certificate/").status_code == 200
    with count_queries(7):
        assert browser.get(f"{HERE}export/").status_code == 200
