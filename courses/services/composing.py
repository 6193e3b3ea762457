"""Courses: composed of modules of any partner, published by their owner."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from lms.accounts.models import Organisation, User
from lms.records.services import record

from .. import permissions
from ..errors import (
    ContentMissing,
    CourseChangedMeanwhile,
    CourseClosed,
    NothingToTeach,
    PublishedByItsOwner,
    SlugTaken,
)
from ..models import Course, Edition, Module
from ..search import search_text
from ..selectors.keeping import forget_kept
from ..selectors.studio.courses import items_of, state_of
from ..signals import course_closed, course_published

Texts = dict[str, str]
Item = tuple[Module, list[str] | None]

TEXTS = ("title", "summary", "outcomes", "audience", "hours")


def create_course(
    slug: str,
    *,
    owner: Organisation,
    title: Texts,
    summary: Texts,
    hours: Decimal,
    items: Iterable[Item],
    by: User | None,
    at: datetime,
    outcomes: Iterable[Texts] = (),
    audience: Texts | None = None,
) -> Course:
    """A draft course of these modules, each whole (None) or as a list of lesson keys. Raises SlugTaken."""
    with transaction.atomic():
        course = Course(
            slug=slug,
            owner=owner,
            title=title,
            summary=summary,
            outcomes=list(outcomes),
            audience=audience or {},
            hours=hours,
            created_at=at,
        )
        insert(course)
        set_items(course, items)
        record("course.created", course, by=by, on_behalf_of=owner, at=at)
    return course


def insert(course: Course) -> None:
    try:
        with transaction.atomic():
            course.save(force_insert=True)
    except IntegrityError as taken:
        if Course.objects.filter(slug=course.slug).exists():
            raise SlugTaken(slug=course.slug) from taken
        raise


def update_course(
    course: Course,
    *,
    items: Iterable[Item],
    by: User | None,
    at: datetime,
    based_on: str | None = None,
    **texts: Any,
) -> list[str]:
    """Bring a course to these modules and TEXTS, and name what changed; its slug and its owner stay.

    Those who are learning keep the modules and lessons they started with. `based_on` is the `state_of` the course
    that the change was made from. Raises CourseClosed, CourseChangedMeanwhile where it is another by now, and
    NothingToTeach and ContentMissing where it is published.
    """
    wanted = list(items)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.status == Course.Status.CLOSED:
            raise CourseClosed
        now = items_of(course)
        if based_on is not None and based_on != state_of(course, now):
            raise CourseChangedMeanwhile
        changed = [name for name in TEXTS if name in texts and getattr(course, name) != texts[name]]
        for name in changed:
            setattr(course, name, texts[name])
        if now != wanted:
            changed.append("modules")
        if not changed:
            return []
        course.save()
        course.items.all().delete()
        set_items(course, wanted)
        if course.status == Course.Status.PUBLISHED:
            check_taught(course)
        record("course.updated", course, by=by, on_behalf_of=course.owner, at=at, fields=changed)
        transaction.on_commit(forget_kept, robust=True)
    return changed


def set_items(course: Course, items: Iterable[Item]) -> None:
    """Add them in this order, and keep what the course can be found by."""
    for position, (module, lesson_keys) in enumerate(items, 1):
        course.items.create(module=module, position=position, lesson_keys=lesson_keys)
    course.search = search_text(course)
    course.save(update_fields=["search"])


def publish_course(course: Course, *, by: User | None, at: datetime) -> Course:
    """Open the course to learners. Twice changes nothing.

    `by` None is the operator at the command line; a user publishes only for the organisations they are a publisher of.
    Raises PublishedByItsOwner, NothingToTeach, ContentMissing. After commit: `course_published`.
    """
    if by is not None and not permissions.publishes_for(by, course.owner):
        raise PublishedByItsOwner(organisation=course.owner.short_name)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.status == Course.Status.PUBLISHED:
            return course
        check_taught(course)
        course.status, course.closed_at = Course.Status.PUBLISHED, None
        course.published_at = course.published_at or at
        course.save(update_fields=["status", "published_at", "closed_at"])
        record("course.published", course, by=by, on_behalf_of=course.owner, at=at)
        pk = course.pk
        transaction.on_commit(lambda: course_published.send_robust(sender=Course, course_id=pk), robust=True)
    return course


def check_taught(course: Course) -> None:
    """Every module has a published core, and every lesson that is asked for stands in it."""
    cores = Edition.objects.filter(kind=Edition.Kind.CORE, module__course_items__course=course)
    outlines = dict(cores.exclude(current=None).values_list("module", "current__outline"))
    items = list(course.items.select_related("module"))
    missing = [item.module.key for item in items if item.module_id not in outlines or item.lesson_keys == []]
    if missing or not items:
        raise NothingToTeach(modules=", ".join(missing))
    for item in items:
        known = {lesson["key"] for lesson in outlines[item.module_id]}
        if unknown := set(item.lesson_keys or ()) - known:
            raise ContentMissing(keys=", ".join(sorted(unknown)))


def close_course(course: Course, *, by: User | None, at: datetime) -> Course:
    """Take no new learners; those inside keep what they started with. Twice changes nothing."""
    with transaction.atomic(durable=True):
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.status != Course.Status.CLOSED:
            course.status, course.closed_at = Course.Status.CLOSED, at
            course.save(update_fields=["status", "closed_at"])
            record("course.closed", course, by=by, on_behalf_of=course.owner, at=at)
            pk = course.pk
            transaction.on_commit(lambda: course_closed.send_robust(sender=Course, course_id=pk), robust=True)
    return course
