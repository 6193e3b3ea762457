"""The whole programme through one door: organisations, modules and courses, all of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from courses import permissions
from courses.bundle import BundleRefused
from courses.bundle.problems import Problem, Problems
from courses.models import Programme
from courses.services import ImportedEdition, ImportOutcome, Manner, add_project, create_programme
from courses.services.importing import Change
from courses.services.importing import import_rows as import_module_rows
from courses.services.storing import write_files
from lms.accounts.models import Organisation, User
from lms.accounts.services import create_organisation
from lms.lib.errors import DomainError

from ..course_files import CourseFile, read_course
from ..errors import CourseOfAnother
from ..programme_files import Head, ProgrammeFiles
from .importing import blaming
from .importing import import_rows as import_course_rows

Tell = Callable[[str], object]


def nobody(_part: str) -> None:
    """Hears of nothing: a page shows the whole when it is done."""


@dataclass(frozen=True)
class ProgrammeOutcome:
    """`courses` says of each what was done, nothing where it is as it was; `added` names organisations that are new."""

    modules: tuple[ImportOutcome, ...]
    courses: tuple[tuple[str, list[str]], ...]
    added: tuple[Organisation, ...]
    warnings: tuple[Problem, ...]

    @property
    def changed(self) -> bool:
        return bool(self.added or self.drafts or self.done)

    @property
    def drafts(self) -> list[ImportedEdition]:
        """What became another draft."""
        editions = (edition for module in self.modules for edition in module.editions)
        return [edition for edition in editions if edition.change is not Change.UNCHANGED]

    @property
    def done(self) -> list[tuple[str, list[str]]]:
        """Courses that are new or another."""
        return [(slug, done) for slug, done in self.courses if done]

    @property
    def unchanged(self) -> int:
        everything = len(self.courses) + sum(len(module.editions) for module in self.modules)
        return everything - len(self.drafts) - len(self.done)


def import_programme(
    found: ProgrammeFiles, *, by: User | None, at: datetime, is_pull: bool = False, tell: Tell = nobody
) -> ProgrammeOutcome:
    """Every edition that is new or another becomes a draft, every course that is new as well; nothing is published.

    For the operator (`by` None) and administrators missing partners, the programme and its projects are added; others
    import for the organisations they write for. `is_pull` is that of `Manner`. `tell` hears of each part as it is
    done. Raises BundleRefused with everything that is refused anywhere; then nothing has changed.
    """
    with transaction.atomic(durable=True):
        outcome = _import(found, by=by, at=at, is_pull=is_pull, tell=tell)
        for module in found.modules:
            write_files(module.bundle)
    return outcome


def check_programme(
    found: ProgrammeFiles, *, by: User | None, at: datetime, is_pull: bool = False, tell: Tell = nobody
) -> ProgrammeOutcome:
    """What `import_programme` would do or refuse, found out by doing it and taking it back. Nothing is kept."""
    with transaction.atomic(durable=True):
        outcome = _import(found, by=by, at=at, is_pull=is_pull, tell=tell)
        transaction.set_rollback(True)
    return outcome


def _import(
    found: ProgrammeFiles, *, by: User | None, at: datetime, is_pull: bool, tell: Tell
) -> ProgrammeOutcome:
    problems = Problems()
    for_all = by is None or by.is_administrator
    added = _bring_programme(found.head, by=by, at=at) if found.head and for_all else []
    modules: list[ImportOutcome] = []
    for module in found.modules:
        with _collected(problems, f"{module.folder}module.yaml", module.folder):
            manner = Manner(module.translators, is_pull, for_all, is_programme=True)
            modules.append(import_module_rows(module.bundle, by=by, at=at, manner=manner))
            tell(module.bundle.module.key)
    courses: list[tuple[str, list[str]]] = []
    warnings = list(found.warnings)
    for name, data in found.courses:
        with _collected(problems, name):
            file = read_course(name, data)
            warnings += file.warnings
            courses.append((file.slug, _bring_course(file, for_all=for_all, by=by, at=at)))
            tell(file.slug)
    problems.extend(warnings)
    problems.refuse_errors()
    return ProgrammeOutcome(tuple(modules), tuple(courses), tuple(added), tuple(warnings))


@contextmanager
def _collected(problems: Problems, file: str, folder: str = "") -> Iterator[None]:
    """What one part is refused for stands in the list, and the next is tried: whoever mends it sees all at once."""
    try:
        with transaction.atomic():
            yield
    except BundleRefused as refused:
        problems.extend(replace(each, file=f"{folder}{each.file}") for each in refused.problems)
    except DomainError as refused:
        problems.error(file, None, "%(why)s", why=refused.message)


def _bring_course(file: CourseFile, *, for_all: bool, by: User | None, at: datetime) -> list[str]:
    with blaming(file):
        done = import_course_rows(file, publisher=None, by=by, at=at)
        if (
            done
            and by is not None
            and not for_all
            and file.owner.pk not in permissions.hats_of(by).writes_for
        ):
            raise CourseOfAnother(organisation=file.owner.short_name)
    return done


# --- Who runs the programme -------------------------------------------------------------------------------------------


def _bring_programme(head: Head, *, by: User | None, at: datetime) -> list[Organisation]:
    """What is missing is added; what is here stays as it is."""
    known = set(Organisation.objects.values_list("slug", flat=True))
    added = [_add_partner(each, by=by, at=at) for each in head.partners if each["slug"] not in known]
    programme = Programme.objects.first() or _create_programme(head, by=by, at=at)
    if programme:
        for project in head.projects:
            add_project(programme, **project, by=by, at=at)
    return added


def _add_partner(said: Any, *, by: User | None, at: datetime) -> Organisation:
    return create_organisation(**said, kind=Organisation.Kind.PARTNER, by=by, at=at)


def _create_programme(head: Head, *, by: User | None, at: datetime) -> Programme | None:
    if not head.coordinator:
        return None
    partners = {each.slug: each for each in Organisation.objects.partners()}
    return create_programme(
        **head.programme,
        coordinator=partners[head.coordinator],
        partners=[partners[each["slug"]] for each in head.partners if each["slug"] in partners],
        by=by,
        at=at,
    )
