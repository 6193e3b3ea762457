"""The whole programme as files (docs/exchange-format.md): `programme.yaml`, `modules/<key>/…`, `courses/<slug>.yaml`.

It lies here because the files of courses do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.bundle import BundleRefused, Limits, files
from courses.bundle.archive import archive_tree
from courses.bundle.documents import Quoted, to_yaml
from courses.bundle.fields import Fields
from courses.bundle.problems import Problem, Problems, refuse
from courses.bundle.reader import check_format, read_tree
from courses.bundle.syntax import read_text, read_yaml
from courses.bundle.tree import TEXT_LIMIT, Entry, Tree, below, folder_tree
from courses.bundle.writer import File
from courses.content import Bundle
from courses.models import Course, Edition, Module, Programme, Project, Revision
from courses.selectors.bundles import bundle_of
from lms.accounts.models import Organisation

from .course_files import write_course_file

PROGRAMME = "programme.yaml"
PARTNER_TEXTS = ("name", "short_name", "letters", "website", "colour")
MANY = ("title", "short_title", "description", "countries", "coordinator")  # read by their own rules
LIMITS = Limits(entries=200_000, total=20 * 1024**3)
Texts = dict[str, str]


@dataclass(frozen=True)
class ModuleFolder:
    """`translators` are the owners of its translations by language, where they are not the module's."""

    folder: str
    bundle: Bundle
    translators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """`programme.yaml`: what `create_programme`, `create_organisation` and `add_project` take."""

    programme: Mapping[str, Any]
    coordinator: str
    partners: tuple[Mapping[str, Any], ...]
    projects: tuple[Mapping[str, Any], ...]
    translators: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ProgrammeFiles:
    """`head` is None for a folder of modules and courses alone; course files are read when their modules are there."""

    head: Head | None
    modules: tuple[ModuleFolder, ...]
    courses: tuple[tuple[str, bytes], ...]
    warnings: tuple[Problem, ...]


# --- Read -------------------------------------------------------------------------------------------------------------


def read_programme_folder(path: Path) -> ProgrammeFiles:
    """What stands in a folder under these names; what else is there, such as `.git`, is not looked at.

    Raises BundleRefused with every problem of all its modules.
    """
    problems = Problems()
    tree: Tree = {}
    for name in ("modules", "courses"):
        if (path / name).is_dir():
            found = folder_tree(path / name, problems, LIMITS)
            tree |= {f"{name}/{each}": replace(entry, path=f"{name}/{each}") for each, entry in found.items()}
    if (path / PROGRAMME).is_file():
        tree[PROGRAMME] = _entry(path / PROGRAMME)
    return _read(tree, problems)


def _entry(path: Path) -> Entry:
    def opened() -> BinaryIO:
        return path.open("rb")

    return Entry(PROGRAMME, path.stat().st_size, "", b"", opened)


def read_programme_zip(file: IO[bytes]) -> ProgrammeFiles:
    """The same from a zip, which must stay open while assets are read. Raises BundleRefused."""
    problems = Problems()
    return _read(archive_tree(file, problems, LIMITS, top=PROGRAMME), problems)  # type: ignore[arg-type]


def _read(tree: Tree, problems: Problems) -> ProgrammeFiles:
    head = _read_head(tree[PROGRAMME], problems) if PROGRAMME in tree else None
    translators = head.translators if head else {}
    folders = sorted(
        {path.split("/")[1] for path in tree if path.startswith("modules/") and path.count("/") > 1}
    )
    found = [_read_module(tree, f"modules/{name}/", problems, translators) for name in folders]
    modules = [each for each in found if each]
    _check_keys(modules, problems)
    courses = [each for path, each in sorted(tree.items()) if path.startswith("courses/")]
    _check_strays(tree, folders, problems)
    problems.refuse_errors()
    if not modules and not courses:
        raise refuse("", _("There is no module and no course in it. They stand in modules/ and courses/."))
    contents = tuple((entry.path, entry.read()) for entry in courses)
    return ProgrammeFiles(head, tuple(modules), contents, problems.warnings)


def _check_keys(modules: Iterable[ModuleFolder], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for each in modules:
        key = each.bundle.module.key
        if key in seen:
            message = _("The module “%(key)s” stands in %(other)s already. Keep one of the two.")
            problems.error(f"{each.folder}module.yaml", None, message, key=key, other=seen[key])
        seen[key] = each.folder


def _check_strays(tree: Tree, folders: Iterable[str], problems: Problems) -> None:
    homes = tuple(f"modules/{name}/" for name in folders)
    for path, entry in tree.items():
        is_course = path.startswith("courses/") and path.count("/") == 1 and path.endswith(".yaml")
        if path in (PROGRAMME, "README.md") or path.startswith(homes):
            continue
        if not is_course:
            message = _(
                "This file belongs to nothing. Modules stand in modules/<key>/, courses are courses/<slug>.yaml."
            )
            problems.error(path, None, message)
        elif entry.size > TEXT_LIMIT:
            problems.error(path, None, _("A text file may have 1 MB. Split it or make it smaller."))


def _read_module(
    tree: Tree, folder: str, problems: Problems, translators: Mapping[str, Mapping[str, str]]
) -> ModuleFolder | None:
    try:
        bundle = read_tree(below(tree, folder), Problems(), strict=False)
    except BundleRefused as refused:
        problems.extend(_in_folder(folder, refused.problems))
        return None
    problems.extend(_in_folder(folder, bundle.warnings))
    return ModuleFolder(folder, bundle, translators.get(bundle.module.key, {}))


def _in_folder(folder: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    return (replace(problem, file=f"{folder}{problem.file}") for problem in problems)


def _read_head(entry: Entry, problems: Problems) -> Head | None:
    with entry.open() as stream:
        text = read_text(PROGRAMME, stream.read(TEXT_LIMIT), problems)
    node = None if text is None else read_yaml(PROGRAMME, text, problems)
    if node is None:
        return None
    fields = Fields(node, PROGRAMME, problems)
    check_format(fields)
    head = Head(
        programme={
            "title": dict(fields.texts("title")),
            "short_title": dict(fields.texts("short_title")),
            "description": dict(fields.texts("description")),
            "countries": list(fields.countries("countries")),
            "contact_email": fields.text("contact_email", required=False, most=254),
        },
        coordinator=fields.key("coordinator"),
        partners=tuple(_partner(record) for record in fields.records("partners", required=True)),
        projects=tuple(_project(record) for record in fields.records("projects")),
        translators=_translators(fields.record("translations")),
    )
    slugs = [partner.get("slug") for partner in head.partners]
    if len(set(slugs)) < len(slugs):
        fields.error(
            "partners", _("“%(name)s” names the same thing twice. Keep one of them."), name="partners"
        )
    _check_model(fields, Programme(contact_email=head.programme["contact_email"]), MANY)
    if head.coordinator and head.coordinator not in slugs:
        fields.error(
            "coordinator", _("The coordinator “%(slug)s” is not among the partners."), slug=head.coordinator
        )
    fields.refuse_extra()
    return head


def _partner(fields: Fields) -> dict[str, Any]:
    said: dict[str, Any] = {
        "slug": fields.key("slug"),
        **{name: fields.text(name, required=name == "name") for name in PARTNER_TEXTS},
        "names": dict(fields.texts("names")),
        "country": fields.country("country"),
    }
    said = {name: value for name, value in said.items() if value}
    fields.refuse_extra()
    # Short name and letters are made of the name where they are missing.
    made = [name for name in ("short_name", "letters") if name not in said]
    _check_model(fields, Organisation(**said, kind=Organisation.Kind.PARTNER), made)
    return said


def _check_model(fields: Fields, row: Model, made: Collection[str]) -> None:
    """What a form for this row would refuse, at the lines of its fields."""
    try:
        row.clean_fields(exclude=made)
    except ValidationError as error:
        for name, found in error.message_dict.items():
            fields.error(name, "%(why)s", why=f"{name}: {found[0]}")


def _project(fields: Fields) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": fields.text("title", most=200),
        "number": fields.text("number", required=False, most=60),
        "funder_line": dict(fields.texts("funder_line")),
        "countries": list(fields.countries("countries")),
        "starts_on": fields.day("starts_on"),
        "ends_on": fields.day("ends_on"),
    }
    for name in ("starts_on", "ends_on"):
        if not fields.has(name):
            fields.error(name, _("“%(name)s” is missing. Add it."), name=name)
    if said["starts_on"] and said["ends_on"] and said["ends_on"] < said["starts_on"]:
        fields.error("ends_on", _("The project ends before it starts. Correct one of the days."))
    fields.refuse_extra()
    return said


def _translators(fields: Fields | None) -> dict[str, dict[str, str]]:
    """Owners by module and language."""
    return {key: record.as_keyed() for key, record in fields.named_records()} if fields else {}


# --- Written ----------------------------------------------------------------------------------------------------------


def programme_files() -> Iterator[File]:
    """Everything that is published: modules with all their editions, and the courses that are open.

    Raises AssetChanged while it is read.
    """
    modules = list(Module.objects.published().select_related("owner").order_by("key"))
    yield PROGRAMME, [programme_document(modules).encode()]
    for course in Course.objects.filter(status=Course.Status.PUBLISHED).select_related("owner"):
        yield f"courses/{course.slug}.yaml", [write_course_file(course).encode()]
    for module in modules:
        yield from (
            (f"modules/{module.key}/{path}", chunks) for path, chunks in files(published_bundle(module))
        )


def published_bundle(module: Module) -> Bundle:
    current = Revision.objects.filter(pk__in=module.editions.exclude(current=None).values("current"))
    return bundle_of(module, current.select_related("edition__owner", "edition__module"))


def programme_document(modules: Iterable[Module]) -> str:
    programme = Programme.objects.select_related("coordinator").first()
    said: dict[str, Any] = {"format": 1}
    if programme:
        said |= {name: in_order(getattr(programme, name)) for name in ("title", "short_title", "description")}
        said |= {
            "coordinator": programme.coordinator.slug,
            "countries": [Quoted(c) for c in programme.countries],
        }
        said["contact_email"] = programme.contact_email
    said["partners"] = [partner_of(each) for each in partners_in_order()]
    said["projects"] = [project_of(each) for each in Project.objects.order_by("starts_on", "title")]
    said["translations"] = translators_of(modules)
    return to_yaml({name: value for name, value in said.items() if value or name == "partners"})


def partners_in_order() -> QuerySet[Organisation]:
    """As pages show them: in the programme's order, then those that came later."""
    return Organisation.objects.partners().order_by(
        F("programmepartner__position").asc(nulls_last=True), "slug"
    )


def partner_of(organisation: Organisation) -> dict[str, Any]:
    """What stands on the front page; who works there, and how to reach them, is not the programme's content."""
    said: dict[str, Any] = {"slug": organisation.slug, "country": Quoted(organisation.country)}
    said |= {name: getattr(organisation, name) for name in PARTNER_TEXTS} | {
        "names": in_order(organisation.names)
    }
    return {name: value for name, value in said.items() if value}


def project_of(project: Project) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": project.title,
        "number": Quoted(project.number) if project.number else "",
        "funder_line": in_order(project.funder_line),
        "countries": [Quoted(country) for country in project.countries],
        "starts_on": Quoted(project.starts_on.isoformat()),
        "ends_on": Quoted(project.ends_on.isoformat()),
    }
    return {name: value for name, value in said.items() if value}


def translators_of(modules: Iterable[Module]) -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    editions = Edition.objects.filter(module__in=list(modules), kind=Edition.Kind.TRANSLATION).exclude(
        current=None
    )
    for edition in editions.select_related("module", "owner").order_by("module__key", "language"):
        if edition.owner_id != edition.module.owner_id:
            found.setdefault(edition.module.key, {})[edition.language] = edition.owner.slug
    return found


def in_order(texts: Texts) -> Texts:
    return dict(sorted(texts.items()))
