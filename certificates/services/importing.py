"""The operator's door for courses: one file, one transaction, and whoever publishes answers for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from courses.bundle.problems import BundleRefused, Problem
from courses.errors import PublishedByItsOwner
from courses.models import Course, Programme
from courses.services import add_project, create_course, publish_course, update_course
from lms.accounts.models import User
from lms.lib.errors import DomainError
from lms.lib.locks import lock

from ..course_files import CourseFile
from ..errors import DefinitionIncomplete, PublishedAlready
from .defining import define_certificate

BLAMED: dict[type[DomainError], str] = {
    DefinitionIncomplete: "certificate",
    PublishedAlready: "slug",
    PublishedByItsOwner: "owner",
}


def import_course(file: CourseFile, *, publisher: User | None, at: datetime) -> list[str]:
    """Bring project, course and certificate to what the file says, all of it or nothing, and say what was done.

    The same file again does nothing. With a publisher the course is published as well, in their name and by their
    right; without one a new course stays a draft, and a published one does not change. Raises BundleRefused.
    """
    with blaming(file), transaction.atomic(durable=True):
        return import_rows(file, publisher=publisher, at=at)


def check_course_import(file: CourseFile, *, publisher: User | None, at: datetime) -> list[str]:
    """What `import_course` would do or refuse, found out by doing it and taking it back. Nothing is kept."""
    with blaming(file), transaction.atomic(durable=True):
        done = import_rows(file, publisher=publisher, at=at)
        transaction.set_rollback(True)
    return done


def import_rows(
    file: CourseFile, *, publisher: User | None, at: datetime, by: User | None = None
) -> list[str]:
    """Within a transaction of the caller's. `by` is who brings the file, where it is not the publisher."""
    by = publisher or by
    added = bring_project(file, by=by, at=at)
    lock(f"course:{file.slug}")  # a new course has no row yet that two imports could wait for
    course = Course.objects.select_for_update().filter(slug=file.slug).first()
    was_published = course is not None and course.status == Course.Status.PUBLISHED
    course, done = bring_course(file, course, by=by, at=at)
    done += bring_certificate(file, course, by=by, at=at)
    if publisher:
        publish_course(course, by=publisher, at=at)
        done += [] if was_published else ["course published"]
    elif was_published and done:
        raise PublishedAlready
    return added + done


@contextmanager
def blaming(file: CourseFile) -> Iterator[None]:
    """A refusal of the services, with the line of the file that brought it about."""
    try:
        yield
    except DomainError as refused:
        line = file.lines[BLAMED.get(type(refused), "modules")]
        raise BundleRefused([Problem(file.file, line, "%(why)s", {"why": refused.message})]) from refused


def bring_project(file: CourseFile, *, by: User | None, at: datetime) -> list[str]:
    if file.project is None:
        return []
    programme = Programme.objects.get()
    before = programme.projects.count()
    add_project(programme, **file.project, by=by, at=at)
    return ["project added"] if programme.projects.count() > before else []


def bring_course(
    file: CourseFile, course: Course | None, *, by: User | None, at: datetime
) -> tuple[Course, list[str]]:
    if course is None:
        created = create_course(file.slug, owner=file.owner, **file.course, by=by, at=at)
        return created, ["course created"]
    return course, [f"{name} changed" for name in update_course(course, **file.course, by=by, at=at)]


def bring_certificate(file: CourseFile, course: Course, *, by: User | None, at: datetime) -> list[str]:
    if file.certificate is None:
        return []
    before = course.certificate_definitions.count()
    definition = define_certificate(course, **file.certificate, by=by, at=at)
    return [f"certificate defined, version {definition.version}"] if definition.version > before else []
