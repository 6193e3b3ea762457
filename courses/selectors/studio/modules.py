"""One module in the studio: its editions with all their revisions, facts that are overdue, courses that teach it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lms.lib.places import country_name

from ...approval import all_partners
from ...models import Course, Fact, Module, Revision
from ...permissions import Hats, can_write, hats_of
from ..words import Words, said
from .editions import EditionRow, edition_facts, editions_of, open_revisions


@dataclass(frozen=True)
class EditionHistory:
    """An edition and those of its revisions that the reader may open, the newest first."""

    row: EditionRow
    revisions: tuple[Revision, ...]
    may_start: bool  # a new revision, from what is published


@dataclass(frozen=True)
class OverdueFact:
    key: str
    country: str
    due_on: date


@dataclass(frozen=True)
class ModulePage:
    module: Module
    title: Words
    editions: tuple[EditionHistory, ...]
    overdue: tuple[OverdueFact, ...]
    courses: tuple[tuple[Course, Words], ...]
    is_mine: bool


def modules_in_studio(user: Any) -> QuerySet[Module]:
    """The modules of which the user may see a revision at work, and no others."""
    visible = Revision.objects.visible_to(user)
    return Module.objects.filter(pk__in=visible.values("edition__module"))


def module_page(module: Module, user: Any, *, language: str, on: date) -> ModulePage:
    """The same number of queries for one edition and for many."""
    who = hats_of(user)
    editions = editions_of([module])
    drafts = list(open_revisions(user).filter(edition__module=module))
    facts = edition_facts(editions, drafts, all_partners(), on=on)
    history = revisions_of(module, user)
    rows = [facts.row(edition) for edition in editions]
    return ModulePage(
        module=module,
        title=said(module.title, language),
        editions=tuple(
            EditionHistory(row, tuple(history[row.edition.pk]), may_start=may_start(who, row)) for row in rows
        ),
        overdue=overdue_in(module, on=on),
        courses=courses_with(module, user, language),
        is_mine=works_on_module(who, module, rows),
    )


def may_start(who: Hats, row: EditionRow) -> bool:
    was_published = row.published or row.upcoming or row.is_withdrawn
    return bool(was_published) and row.open is None and can_write(who, row.edition)


def works_on_module(who: Hats, module: Module, rows: Iterable[EditionRow]) -> bool:
    """May import into it and take it home, answers and all: those who own it or adapt it."""
    owners = {module.owner_id, *(row.edition.owner_id for row in rows)}
    return bool((owners | {owner.pk for owner in module.co_owners.all()}) & who.writes_for)


def revisions_of(module: Module, user: Any) -> defaultdict[int, list[Revision]]:
    found: defaultdict[int, list[Revision]] = defaultdict(list)
    visible = Revision.objects.visible_to(user).filter(edition__module=module)
    for revision in visible.defer("meta", "outline").order_by("edition", "-number"):
        found[revision.edition_id].append(revision)
    return found


def overdue_in(module: Module, *, on: date) -> tuple[OverdueFact, ...]:
    late = Fact.objects.filter(module=module, review_due_on__lt=on).exclude(status=Fact.Status.SUPERSEDED)
    rows = late.order_by("review_due_on", "country", "key").values_list("key", "country", "review_due_on")
    return tuple(OverdueFact(key, country_name(country), due_on) for key, country, due_on in rows if due_on)


def courses_with(module: Module, user: Any, language: str) -> tuple[tuple[Course, Words], ...]:
    teaching = Course.objects.visible_to(user).filter(items__module=module).defer("search").order_by("slug")
    return tuple((course, said(course.title, language)) for course in teaching)
