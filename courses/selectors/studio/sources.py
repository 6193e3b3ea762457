"""What rests on a source: facts and their layers, lessons and questions, and whoever learns or has learnt from them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import F, Q, QuerySet

from lms.lib.places import country_name

from ...impact import impact_on
from ...models import Edition, Fact, FactStatement, Lesson, Panel, Question, SourceReplacement
from ...permissions import Hats, can_announce
from ..resting import References, naming, published, stating
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
class Address:
    """An address that facts name as their source; `fact` is one of them. `replacement` where one is announced."""

    url: str
    fact: Fact
    replacement: SourceReplacement | None
    can_announce: bool


@dataclass(frozen=True)
class Counts:
    """How much of each."""

    facts: int
    layers: int
    lessons: int
    questions: int


@dataclass(frozen=True)
class SourcePage:
    editions: tuple[Resting, ...]
    impact: tuple[str, ...]
    addresses: tuple[Address, ...] = ()

    @property
    def counts(self) -> Counts:
        return Counts(
            facts=sum(len(each.facts) for each in self.editions),
            layers=sum(bool(each.edition.country) for each in self.editions),
            lessons=sum(len(each.lessons) for each in self.editions),
            questions=sum(len(each.questions) for each in self.editions),
        )


def source_page(source: str, who: Hats, *, language: str) -> SourcePage:
    """What is published and names this source, by its address or in its reference. Six queries and the impact's."""
    wanted = source.casefold()
    statements = list(mentioning(source))
    page = page_of(statements, lambda references: names(references, wanted), language=language)
    return replace(page, addresses=tuple(addresses_of(statements, who)))


def replaced_page(source_url: str, *, language: str) -> SourcePage:
    """What rests on exactly this address. Five queries and the impact's."""
    statements = list(with_what_is_shown(stating(source_url)))
    return page_of(statements, naming(source_url), language=language)


def addresses_of(statements: Iterable[FactStatement], who: Hats) -> Iterator[Address]:
    by_address: defaultdict[str, list[FactStatement]] = defaultdict(list)
    for statement in statements:
        if statement.source_url:
            by_address[statement.source_url].append(statement)
    standing = SourceReplacement.objects.filter(withdrawn_at=None, source_url__in=list(by_address))
    announced = {each.source_url: each for each in standing}
    for url, resting in sorted(by_address.items()):
        yield Address(url, resting[0].fact, announced.get(url), can_announce(who, resting))


def page_of(
    statements: list[FactStatement], is_named: Callable[[References], bool], *, language: str
) -> SourcePage:
    keys: defaultdict[int, set[str]] = defaultdict(set)
    for statement in statements:
        keys[statement.revision_id].add(statement.fact.key)
    lessons, questions = in_layers(keys), questions_of_layers(keys)
    lessons_of_cores, questions_of_cores = in_cores(is_named)
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


def mentioning(source: str) -> QuerySet[FactStatement]:
    """The facts of published layers that come from there."""
    named = Q(source_url__icontains=source) | Q(legal_ref__icontains=source)
    return with_what_is_shown(FactStatement.objects.filter(named, revision=F("revision__edition__current")))


def with_what_is_shown(statements: QuerySet[FactStatement]) -> QuerySet[FactStatement]:
    related = statements.select_related("fact", "revision__edition")
    return related.defer("revision__meta", "revision__outline").order_by("fact__country", "fact__key", "pk")


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


def in_cores(is_named: Callable[[References], bool]) -> tuple[Lessons, Questions]:
    """By revision, the lessons and questions of published editions whose references name the source.

    Read here and not in the database: SQLite keeps what is not ASCII in JSON in another form than PostgreSQL does.
    """
    lessons: Lessons = defaultdict(set)
    questions: Questions = defaultdict(set)
    for revision, key, references in published(Lesson).values_list("revision", "key", "references"):
        if is_named(references):
            lessons[revision].add(key)
    rows = published(Question).values_list("revision", "lesson_key", "key", "references")
    for revision, lesson, key, references in rows:
        if is_named(references):
            questions[revision].add((lesson, key))
    return lessons, questions


def names(references: References, wanted: str) -> bool:
    return any(wanted in str(each).casefold() for each in references)


def editions_with(revisions: Iterable[int]) -> list[Edition]:
    found = Edition.objects.filter(current__in=list(revisions)).select_related("module", "owner")
    return list(found.order_by("module__key", "country"))
