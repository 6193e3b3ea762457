"""What rests on a source: facts and their layers, lessons and questions, and whoever learns or has learnt from them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from lms.lib.places import country_name

from ...impact import impact_on
from ...models import Edition, FactStatement, Lesson, Panel, Question
from ..words import Words, said


@dataclass(frozen=True)
class Resting:
    """A published edition with what in it rests on the source. Questions with the lesson that asks them."""

    edition: Edition
    title: Words
    facts: tuple[FactStatement, ...]
    lessons: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return country_name(self.edition.country) if self.edition.country else ""


@dataclass(frozen=True)
class SourcePage:
    editions: tuple[Resting, ...]
    impact: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Facts, lessons, questions."""
        return (
            sum(len(each.facts) for each in self.editions),
            sum(len(each.lessons) for each in self.editions),
            sum(len(each.questions) for each in self.editions),
        )


def source_page(source: str, *, language: str) -> SourcePage:
    """What is published and names this source, by its address or in its reference. Five queries and the impact's."""
    statements = list(stating(source))
    keys: defaultdict[int, set[str]] = defaultdict(set)
    for statement in statements:
        keys[statement.revision_id].add(statement.fact.key)
    lessons, questions = in_layers(keys), questions_of_layers(keys)
    lessons_of_cores, questions_of_cores = in_cores(source)
    editions = editions_with({*keys, *lessons_of_cores, *questions_of_cores})
    resting = tuple(
        Resting(
            edition=edition,
            title=said(edition.module.title, language),
            facts=tuple(each for each in statements if each.revision_id == edition.current_id),
            lessons=tuple(sorted({*lessons[pk], *lessons_of_cores[pk]})),
            questions=tuple(sorted({*questions[pk], *questions_of_cores[pk]})),
        )
        for edition in editions
        for pk in [edition.current_id or 0]
    )
    return SourcePage(resting, tuple(impact_on(editions)) if editions else ())


def stating(source: str) -> QuerySet[FactStatement]:
    """The facts of published layers that come from there."""
    named = Q(source_url__icontains=source) | Q(legal_ref__icontains=source)
    current = FactStatement.objects.filter(named, revision=F("revision__edition__current"))
    return current.select_related("fact").order_by("fact__country", "fact__key", "pk")


Lessons = defaultdict[int, set[str]]
Questions = defaultdict[int, set[tuple[str, str]]]


def in_layers(keys: dict[int, set[str]]) -> Lessons:
    """By revision, the lessons at which a panel shows one of these facts."""
    found: Lessons = defaultdict(set)
    rows = Panel.objects.filter(revision__in=list(keys)).values_list("revision", "lesson_key", "fact_keys")
    for revision, lesson, shown in rows:
        if keys[revision] & set(shown):
            found[revision].add(lesson)
    return found


def questions_of_layers(keys: dict[int, set[str]]) -> Questions:
    """By revision, the country questions that rest on one of these facts."""
    found: Questions = defaultdict(set)
    rows = Question.objects.filter(revision__in=list(keys))
    for revision, lesson, key, rests_on in rows.values_list("revision", "lesson_key", "key", "rests_on"):
        if keys[revision] & set(rests_on):
            found[revision].add((lesson, key))
    return found


def in_cores(source: str) -> tuple[Lessons, Questions]:
    """By revision, the lessons and questions of published cores whose references name the source.

    Read here and not in the database: SQLite keeps what is not ASCII in JSON in another form than PostgreSQL does.
    """
    lessons: Lessons = defaultdict(set)
    questions: Questions = defaultdict(set)
    wanted = source.casefold()
    for revision, key, references in published(Lesson).values_list("revision", "key", "references"):
        if names(references, wanted):
            lessons[revision].add(key)
    rows = published(Question).values_list("revision", "lesson_key", "key", "references")
    for revision, lesson, key, references in rows:
        if names(references, wanted):
            questions[revision].add((lesson, key))
    return lessons, questions


def published(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(revision=F("revision__edition__current")).exclude(
        references=[]
    )
    return rows


def names(references: Iterable[Any], wanted: str) -> bool:
    return any(wanted in str(each).casefold() for each in references)


def editions_with(revisions: Iterable[int]) -> list[Edition]:
    found = Edition.objects.filter(current__in=list(revisions)).select_related("module", "owner")
    return list(found.order_by("module__key", "country"))
