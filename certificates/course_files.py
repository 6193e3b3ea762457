"""A course as one YAML file (docs/exchange-format.md): read, with every name in it looked up or refused with its line,
and written.

It lies here because the file says what the certificate is; courses do not know that certificates exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.bundle.documents import Quoted, to_yaml
from courses.bundle.fields import Fields
from courses.bundle.lessons import TITLE_LENGTH
from courses.bundle.problems import Problem, Problems, refuse
from courses.bundle.reader import HOURS, check_format
from courses.bundle.syntax import read_text, read_yaml
from courses.bundle.tree import TEXT_LIMIT
from courses.models import Course, Edition, Module, Programme, Project, Revision
from courses.selectors.studio.courses import words_of_modules
from lms.accounts.models import Organisation

from .models import CertificateDefinition

Item = tuple[Module, list[str] | None]
Texts = dict[str, str]


@dataclass(frozen=True)
class CourseFile:
    """What the services take, under their names. `lines` says where each part of the file begins."""

    file: str
    slug: str
    owner: Organisation
    course: Mapping[str, Any]
    certificate: Mapping[str, Any] | None
    project: Mapping[str, Any] | None
    lines: Mapping[str, int]
    warnings: tuple[Problem, ...]


def read_course_file(path: Path) -> CourseFile:
    """Raises BundleRefused with every problem found, and OSError where there is no such file."""
    with path.open("rb") as stream:
        return read_course(path.name, stream.read(TEXT_LIMIT + 1))


def read_course(file: str, data: bytes) -> CourseFile:
    """The same, of a file that was read already; `file` is how problems call it."""
    problems = Problems()
    fields = fields_of(file, data, problems)
    check_format(fields)
    slug, owner = slug_of(fields), partner_of(fields, "owner", fields.key("owner"))
    course = course_of(fields, slug)
    certificate = certificate_of(fields.record("certificate"))
    project = project_of(fields.record("project"))
    fields.refuse_extra()
    check_known_course(fields, slug, owner, certificate)
    if project:
        check_known_project(fields, project)
    problems.refuse_errors()
    assert owner is not None  # or there was an error
    lines = {name: fields.line(name) for name in ("slug", "owner", "modules", "certificate")}
    return CourseFile(fields.file, slug, owner, course, certificate, project, lines, problems.warnings)


def fields_of(file: str, data: bytes, problems: Problems) -> Fields:
    if len(data) > TEXT_LIMIT:
        raise refuse(file, _("A text file may have 1 MB. Split it or make it smaller."))
    text = read_text(file, data, problems)
    node = None if text is None else read_yaml(file, text, problems)
    if node is None:
        problems.refuse_errors()
        raise refuse(file, _("The file cannot be read."))
    return Fields(node, file, problems)


def slug_of(fields: Fields) -> str:
    slug = fields.key("slug")
    if "." in slug:
        fields.error("slug", _("The slug stands in an address and may have no “.”. Use “-”."))
    return slug


def partner_of(fields: Fields, name: str, slug: str) -> Organisation | None:
    partners = {partner.slug: partner for partner in Organisation.objects.partners()}
    if slug and slug not in partners:
        message = _("“%(slug)s” is no partner here. Add it under Organisations, or name one of: %(known)s.")
        fields.error(name, message, slug=slug, known=", ".join(sorted(partners)))
    return partners.get(slug)


# --- Course -----------------------------------------------------------------------------------------------------------


def course_of(fields: Fields, slug: str) -> dict[str, Any]:
    """Where the file says no outcomes or no audience, the course has those of its modules as they are published.

    One that is open keeps those that it has: what learners were promised does not change behind its file.
    """
    items = items_of(fields)
    outcomes, audience = words_of_modules(module for module, _lessons in items)
    if known := Course.objects.filter(slug=slug, status=Course.Status.PUBLISHED).first():
        outcomes, audience = known.outcomes, known.audience
    return {
        "title": words_of(fields, "title", most=TITLE_LENGTH),
        "summary": words_of(fields, "summary"),
        "outcomes": texts_of(fields, "outcomes") if fields.has("outcomes") else outcomes,
        "audience": dict(fields.texts("audience")) if fields.has("audience") else audience,
        "hours": fields.positive("hours", most=HOURS).quantize(Decimal("0.01")),  # as a course keeps it
        "items": items,
    }


def words_of(fields: Fields, name: str, **limits: int) -> Texts:
    """Texts by language, one at least: readers of other languages get what there is."""
    record = fields.record(name, required=True)
    texts = dict(record.as_texts("", **limits)) if record else {}
    if record and not texts:
        fields.error(name, _("“%(name)s” is missing. Add it."), name=name)
    return texts


def texts_of(fields: Fields, name: str) -> list[Texts]:
    return [dict(record.as_texts("")) for record in fields.records(name)]


def items_of(fields: Fields) -> list[Item]:
    items = [item for record in fields.records("modules", required=True) if (item := item_of(record))]
    if len({module.pk for module, _lessons in items}) < len(items):
        message = _("“%(name)s” names the same thing twice. Keep one of them.")
        fields.error("modules", message, name="modules")
    return items


def item_of(fields: Fields) -> Item | None:
    key, lessons = fields.key("key"), list(fields.keys("lessons"))
    fields.refuse_extra()
    module = Module.objects.filter(key=key).first()
    if module is None:
        fields.error("key", _("There is no module “%(key)s” here. Import it first, or correct it."), key=key)
        return None
    if fields.has("lessons") and not lessons:
        fields.error("lessons", _("Name a lesson, or leave “lessons” out to take the whole module."))
    check_lessons(fields, lessons, published_core(module))
    return module, lessons or None


def check_lessons(fields: Fields, lessons: Iterable[str], core: Revision | None) -> None:
    """Before there is a published core nobody can say; then publishing the course asks again."""
    known = [lesson["key"] for lesson in core.outline] if core else lessons
    for key in set(lessons) - set(known):
        message = _("The module has no lesson “%(key)s”. It has: %(known)s.")
        fields.error("lessons", message, key=key, known=", ".join(known))


def published_core(module: Module) -> Revision | None:
    return Revision.objects.filter(
        pk__in=module.editions.filter(kind=Edition.Kind.CORE).values("current")
    ).first()


# --- Certificate and project ------------------------------------------------------------------------------------------


def certificate_of(fields: Fields | None) -> dict[str, Any] | None:
    """What `define_certificate` takes; how many partners and signatories there may be, it says itself."""
    if fields is None:
        return None
    definition = CertificateDefinition
    said = {
        "kind": fields.choice("kind", tuple(definition.Kind.values)),
        "policy": fields.choice(
            "policy", tuple(definition.Policy.values), default=definition.Policy.ADMINISTRATOR
        ),
        "valid_months": fields.optional_integer("validity_months", least=1, most=1_200),
        "partners": [partner_of(fields, "partners", slug) for slug in fields.keys("partners")],
        "signatories": [signatory_of(record) for record in fields.records("signatories")],
        "outcomes": texts_of(fields, "outcomes"),
    }
    fields.refuse_extra()
    return said


def signatory_of(fields: Fields) -> Texts:
    said = {name: fields.text(name, most=TITLE_LENGTH) for name in ("name", "title", "organisation")}
    fields.refuse_extra()
    return said


def project_of(fields: Fields | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    if not Programme.objects.exists():
        fields.error("", _("A project belongs to the programme, and there is none yet. Run manage.py setup."))
    starts_on, ends_on = required_day(fields, "starts_on"), required_day(fields, "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        fields.error("ends_on", _("The project ends before it starts. Correct one of the days."))
    said = {
        "title": fields.text("title", most=TITLE_LENGTH),
        "number": fields.text("number", required=False, most=60),
        "funder_line": dict(fields.texts("funder_line")),
        "countries": list(fields.countries("countries")),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    fields.refuse_extra()
    return said


def required_day(fields: Fields, name: str) -> Any:
    day = fields.day(name)
    if not fields.has(name):
        fields.error(name, _("“%(name)s” is missing. Add it."), name=name)
    return day


# --- What is here already ---------------------------------------------------------------------------------------------
# What a file cannot change is refused where it would mean another course, and said where it changes nothing.


def check_known_course(
    fields: Fields, slug: str, owner: Organisation | None, certificate: Mapping[str, Any] | None
) -> None:
    known = Course.objects.filter(slug=slug).select_related("owner").first()
    if known is None:
        return
    if owner and known.owner != owner:
        message = _("This course belongs to “%(slug)s”, and stays there. Correct it, or choose another slug.")
        fields.error("owner", message, slug=known.owner.slug)
    if known.status == Course.Status.CLOSED:
        fields.error("slug", _("This course is closed and changes no more. Choose another slug."))
    if certificate is None and known.certificate_definitions.filter(active=True).exists():
        fields.warning("", _("The course keeps its certificate, which this file does not mention."))


def check_known_project(fields: Fields, wanted: Mapping[str, Any]) -> None:
    known = Project.objects.filter(title=wanted["title"], starts_on=wanted["starts_on"]).first()
    for name in [name for name, value in wanted.items() if known and getattr(known, name) != value]:
        message = _("This project is here already and stays as it is: “%(name)s” is not changed.")
        fields.warning("project", message, name=name)


# --- Written ----------------------------------------------------------------------------------------------------------


ALWAYS = ("outcomes", "audience", "modules")  # left out, the first two mean those of the modules


def write_course_file(course: Course) -> str:
    """The course as the file that makes it. A project belongs to the programme and stands in no course's file."""
    definition = course.certificate_definitions.filter(active=True).first()
    said: dict[str, Any] = {
        "format": 1,
        "slug": course.slug,
        "owner": course.owner.slug,
        "title": in_order(course.title),
        "summary": in_order(course.summary),
        "outcomes": [in_order(outcome) for outcome in course.outcomes],
        "audience": in_order(course.audience),
        "hours": Quoted(course.hours),
        "modules": [
            {"key": item.module.key, **({} if item.lesson_keys is None else {"lessons": item.lesson_keys})}
            for item in course.items.select_related("module")
        ],
        "certificate": written_certificate(definition) if definition else None,
    }
    return to_yaml({name: value for name, value in said.items() if value or name in ALWAYS})


def written_certificate(definition: CertificateDefinition) -> dict[str, Any]:
    partners = definition.definitionpartner_set.values_list("organisation__slug", flat=True)
    said = {
        "kind": definition.kind,
        "policy": definition.policy,
        "validity_months": definition.valid_months,
        "partners": list(partners),
        "signatories": [
            {name: signatory[name] for name in ("name", "title", "organisation")}
            for signatory in definition.signatories
        ],
        "outcomes": [in_order(outcome) for outcome in definition.outcomes],
    }
    return {name: value for name, value in said.items() if value}


def in_order(texts: Texts) -> Texts:
    return dict(sorted(texts.items()))
