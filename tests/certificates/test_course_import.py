"""`manage.py course_import`: a course from its file, whole or not at all, and the same again changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from certificates.models import CertificateDefinition
from courses.models import Course, Programme, Project
from courses.services import close_course, create_programme
from lms.accounts.models import Role
from lms.records.models import AuditEvent
from tests.conftest import NOW, with_role
from tests.courses.builders import build_module

COURSE = """\
format: 1
slug: trials
owner: occ-incubator
title: {en: "Trials", nb: "Utprøvinger"}
summary: {en: "How a trial is applied for."}
outcomes:
  - {en: "Apply"}
audience: {en: "Sponsors"}
hours: "2.5"
modules:
  - key: devices
  - key: trials
    lessons: [lesson-2]
certificate:
  kind: passed
  validity_months: 36
  partners: [occ-incubator, lakemedelsakademin]
  signatories:
    - {name: "Kari Nygård", title: "Head", organisation: "OCC Incubator"}
project:
  title: The grant
  number: "7"
  funder_line: {en: "Paid by all"}
  countries: ["SE", "NO"]
  starts_on: "2026-01-01"
  ends_on: "2027-12-31"
"""


def without(*beginnings: str) -> str:
    return "\n".join(line for line in COURSE.splitlines() if not line.startswith(beginnings))


@pytest.fixture
def world(occ, academy, publisher):
    """A programme with two modules, and a publisher of the course's owner."""
    create_programme(
        title={"en": "P"}, coordinator=academy, partners=[occ], countries=["SE", "NO"], by=None, at=NOW
    )
    return [build_module(key, owner=occ) for key in ("devices", "trials")]


@pytest.fixture
def run(tmp_path, capsys):
    """Writes the text as a file, imports it and returns what was said."""

    def run_with(text: str = COURSE, **options) -> str:
        path = tmp_path / "course.yaml"
        path.write_text(text, encoding="utf-8")
        call_command("course_import", path, **options)
        return capsys.readouterr().out

    return run_with


def everything() -> list:
    """All that an import writes, the audit trail too."""
    models = (Course, CertificateDefinition, Project, AuditEvent)
    items = Course.items.rel.related_model.objects.values()
    return [*(list(model.objects.order_by("pk").values()) for model in models), list(items)]


# --- What it makes ----------------------------------------------------------------------------------------------------


def test_it_makes_project_course_and_certificate(world, run, occ, academy):
    said = run()
    assert said == "trials: project added, course created, certificate defined, version 1.\n"
    course = Course.objects.get()
    assert (course.slug, course.owner, course.status) == ("trials", occ, Course.Status.DRAFT)
    assert (course.title, course.summary) == (
        {"en": "Trials", "nb": "Utprøvinger"},
        {"en": "How a trial is applied for."},
    )
    assert (course.outcomes, course.audience, course.hours) == (
        [{"en": "Apply"}],
        {"en": "Sponsors"},
        Decimal("2.5"),
    )
    assert list(course.items.values_list("module__key", "lesson_keys")) == [
        ("devices", None),
        ("trials", ["lesson-2"]),
    ]
    definition = CertificateDefinition.objects.get()
    assert (definition.kind, definition.policy, definition.valid_months) == ("passed", "administrator", 36)
    assert [row.organisation for row in definition.definitionpartner_set.all()] == [occ, academy]
    assert definition.signatories == [
        {"name": "Kari Nygård", "title": "Head", "organisation": "OCC Incubator"}
    ]
    project = Project.objects.get()
    assert (project.title, project.number, project.countries) == ("The grant", "7", ["SE", "NO"])
    assert (project.starts_on, project.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))


def test_a_publisher_of_the_owner_publishes_it(world, run, publisher):
    assert run(publish_as="Publisher@example.org").endswith("version 1, course published.\n")
    assert Course.objects.get().status == Course.Status.PUBLISHED
    assert AuditEvent.objects.get(act="course.published").actor == publisher.audit_ref


def test_a_draft_is_published_by_the_same_file(world, run, publisher):
    run()
    assert run(publish_as=publisher.email) == "trials: course published.\n"


def test_outcomes_and_audience_are_those_of_the_modules_where_the_file_has_none(world, run):
    run(without("outcomes:", "  - {en:", "audience:"))
    course = Course.objects.get()
    assert course.outcomes == [{"en": "Use devices"}, {"en": "Use trials"}]
    assert course.audience == {"en": "Users of devices"}


# --- Again ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("published", [True, False])
def test_the_same_file_again_changes_nothing(world, run, publisher, published):
    options = {"publish_as": publisher.email} if published else {}
    run(**options)
    before = everything()
    assert run(**options) == "trials: unchanged.\n"
    assert run() == "trials: unchanged.\n"
    assert everything() == before


def test_a_changed_file_changes_what_it_says(world, run, publisher):
    run(publish_as=publisher.email)
    changed = COURSE.replace('"Trials"', '"New"').replace("    lessons: [lesson-2]\n", "")
    said = run(changed.replace("months: 36", "months: null"), publish_as=publisher.email)
    assert said == "trials: title changed, modules changed, certificate defined, version 2.\n"
    course = Course.objects.get()
    assert (course.title["en"], course.status) == ("New", Course.Status.PUBLISHED)
    assert "new" in course.search
    assert list(course.items.values_list("module__key", "lesson_keys")) == [
        ("devices", None),
        ("trials", None),
    ]
    event = AuditEvent.objects.get(act="course.updated")
    assert (event.payload["values"]["fields"], event.actor) == (["title", "modules"], publisher.audit_ref)


def test_what_a_project_keeps_is_said(world, run):
    run()
    said = run(COURSE.replace("2027-12-31", "2028-12-31"))
    assert said == (
        "course.yaml, line 20: This project is here already and stays as it is: “ends_on” is not changed.\n"
        "trials: unchanged.\n"
    )
    assert Project.objects.get().ends_on == date(2027, 12, 31)


def test_a_certificate_that_the_file_leaves_out_is_kept_and_said(world, run):
    run()
    before = everything()
    without = COURSE[: COURSE.index("certificate:")] + COURSE[COURSE.index("project:") :]
    assert "keeps its certificate" in run(without)
    assert everything() == before


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (COURSE.replace("format: 1", "format: 2"), "course.yaml: This is format 2"),
        (COURSE.replace("slug: trials", "slug: Trials"), "line 2: “Trials” is no key"),
        (COURSE.replace("slug: trials", "slug: a.b"), "line 2: The slug stands in an address"),
        (COURSE.replace("owner: occ-incubator", "owner: occ"), "line 3: “occ” is no partner here"),
        (COURSE.replace("nb:", "xx:"), "line 4: “xx” is not a language we know"),
        (
            COURSE.replace('title: {en: "Trials", nb: "Utprøvinger"}', "title: {}"),
            "line 4: “title” is missing",
        ),
        (without("summary:"), "line 1: “summary” is missing"),
        (COURSE.replace('"2.5"', '"0"'), "line 9: “hours” must be more than 0"),
        (COURSE.replace("key: devices", "key: drugs"), "line 11: There is no module “drugs” here"),
        (COURSE.replace("key: devices", "key: trials"), "line 10: “modules” names the same thing twice"),
        (COURSE.replace("lesson-2", "lesson-9"), "line 13: The module has no lesson “lesson-9”"),
        (COURSE.replace("[lesson-2]", "[]"), "line 13: Name a lesson"),
        (COURSE.replace("kind: passed", "kind: expert"), "line 15: “expert” is not known as “kind”"),
        (COURSE.replace("months: 36", "months: 0"), "line 16: “validity_months” must be a whole number"),
        (COURSE.replace(", lakemedelsakademin]", ", lif]"), "line 17: “lif” is no partner here"),
        (COURSE.replace("[occ-incubator, lakemedelsakademin]", "[]"), "line 14: Name one to five"),
        (COURSE.replace('title: "Head", ', ""), "line 19: “title” is missing"),
        (COURSE.replace('["SE", "NO"]', '["SE", "XX"]'), "line 24: “XX” is not a country we know"),
        (COURSE.replace("2027-12-31", "2025-12-31"), "line 26: The project ends before it starts"),
        (COURSE.replace('starts_on: "2026-01-01"', ""), "line 21: “starts_on” is missing"),
        (COURSE.replace("certificate:", "certifcate:"), "line 14: The key “certifcate” is not known here"),
        (COURSE + "certificate: {}\n", "line 27: The key “certificate” stands here twice"),
        ("- a list", "line 1: Keys and values are expected here"),
        ("a: [", "This is not the YAML we read"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_nothing_is_written(world, run, publisher, wrong, said):
    with pytest.raises(CommandError, match=r"course\.yaml") as refusal:
        run(wrong, publish_as=publisher.email)
    assert said in str(refusal.value)
    assert not Course.objects.exists()
    assert not Project.objects.exists()


def test_all_that_is_wrong_is_named_at_once(world, run):
    with pytest.raises(CommandError) as refusal:
        run(COURSE.replace("key: devices", "key: drugs").replace("kind: passed", "kind: expert"))
    assert str(refusal.value).count("\n") == 1


def test_text_that_is_not_utf8_and_a_file_too_large(world, tmp_path):
    path = tmp_path / "course.yaml"
    for data, said in ((b"\xff\xfe", "This is not UTF-8"), (b"#" * (1024**2 + 1), "may have 1 MB")):
        path.write_bytes(data)
        with pytest.raises(CommandError, match=said):
            call_command("course_import", path)


def test_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("course_import", tmp_path / "course.yaml")


def test_a_project_needs_a_programme(world, run):
    Programme.objects.all().delete()
    with pytest.raises(CommandError, match="line 21: A project belongs to the programme"):
        run()


def test_nobody_publishes_as_somebody_who_is_not_there(world, run, publisher):
    with pytest.raises(CommandError, match=r"as nobody@example\.org"):
        run(publish_as="nobody@example.org")
    publisher.is_active = False
    publisher.save()
    with pytest.raises(CommandError, match="Nobody logs in here"):
        run(publish_as=publisher.email)
    assert not Course.objects.exists()


@pytest.mark.parametrize("who", ["author", "other_publisher", "administrator"])
def test_only_a_publisher_of_the_owner_publishes(world, run, who, request):
    with pytest.raises(CommandError, match="line 3: Only a publisher of OCC Incubator"):
        run(publish_as=request.getfixturevalue(who).email)
    assert not Course.objects.exists()
    assert not Project.objects.exists()


def test_a_module_that_is_not_published_cannot_be_taught_but_drafted(world, run, publisher):
    world[0].editions.filter(kind="core").update(current=None)
    with pytest.raises(CommandError, match="line 10: Every module of a course must have a published core"):
        run(publish_as=publisher.email)
    assert not Course.objects.exists()
    assert "course created" in run()


def test_a_published_course_changes_only_in_the_name_of_a_publisher(world, run, publisher):
    run(publish_as=publisher.email)
    before = everything()
    with pytest.raises(CommandError, match="line 2: The course is published"):
        run(COURSE.replace('"Trials"', '"New"'))
    with pytest.raises(CommandError, match="line 2: The course is published"):
        run(COURSE.replace("kind: passed", "kind: attendance"))
    assert everything() == before


def test_a_published_course_keeps_something_to_teach(world, run, publisher):
    run(publish_as=publisher.email)
    before = everything()
    world[0].editions.filter(kind="core").update(current=None)
    with pytest.raises(CommandError, match="line 10: Every module of a course"):
        run(COURSE.replace('"Trials"', '"New"'), publish_as=publisher.email)
    assert everything() == before


def test_a_course_stays_with_its_owner(world, run, academy):
    run()
    with_role("academy-publisher", Role.PUBLISHER, academy)
    with pytest.raises(CommandError, match="line 3: This course belongs to “occ-incubator”"):
        run(COURSE.replace("owner: occ-incubator", "owner: lakemedelsakademin"))


def test_a_closed_course_changes_no_more(world, run, publisher):
    run(publish_as=publisher.email)
    close_course(Course.objects.get(), by=publisher, at=NOW)
    with pytest.raises(CommandError, match="line 2: This course is closed"):
        run(publish_as=publisher.email)


# --- Checked only -----------------------------------------------------------------------------------------------------


def test_check_says_what_would_be_and_writes_nothing(world, run, publisher):
    before = everything()
    said = run(check=True, publish_as=publisher.email)
    assert said == (
        "trials: would be: project added, course created, certificate defined, version 1, course published.\n"
    )
    assert everything() == before
    run()
    assert run(check=True) == "trials: unchanged.\n"


def test_check_refuses_what_the_import_would_refuse(world, run, author):
    with pytest.raises(CommandError, match="Only a publisher"):
        run(check=True, publish_as=author.email)
