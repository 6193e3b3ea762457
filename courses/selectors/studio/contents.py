"""What a revision holds, for those who write and approve it: right answers, sources and notes included."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...composition import FactText, compose_fact
from ...content import COUNTRY_CHECK, QuestionContent
from ...models import Edition, FactStatement, Lesson, Revision
from ...question_kinds import KIND_WORDS, KINDS
from ...questions import LocalText, feedback_of, option_text, presented, reviewed
from ..fact_cards import FactCard, fact_card, stated
from ..quizzes import question_content

Kind = Edition.Kind


@dataclass(frozen=True)
class OptionOnPage:
    text: LocalText
    is_right: bool
    feedback: LocalText | None
    match: LocalText | None = None


@dataclass(frozen=True)
class QuestionOnPage:
    """A question with its answer. A numeric one has no options; `right` and `tolerance` are its numbers.

    `match` of an option is what it is given, a place in an order perhaps; `spelling` is the rule of short texts.
    """

    number: int
    key: str
    kind: str
    points: int
    prompt: LocalText
    options: tuple[OptionOnPage, ...]
    right: str
    tolerance: str
    unit: LocalText
    explanation: LocalText
    references: tuple[str, ...]
    rests_on: tuple[str, ...]
    kind_words: Promise
    spelling: tuple[Promise | str, ...] = ()
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class LessonEntry:
    """A lesson of a core, or a translated one; `is_stale` says whether the words it translates have changed."""

    key: str
    title: str
    language: str
    kind: str
    minutes: int | None = None
    section: str = ""
    required: bool = True
    is_stale: bool = False
    questions: tuple[QuestionOnPage, ...] = ()


@dataclass(frozen=True)
class PanelEntry:
    """The panels at one place of a lesson, in their languages."""

    lesson_key: str
    anchor: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class FactEntry:
    card: FactCard
    note: str


@dataclass(frozen=True)
class Contents:
    lessons: tuple[LessonEntry, ...] = ()
    panels: tuple[PanelEntry, ...] = ()
    facts: tuple[FactEntry, ...] = ()
    unanswered: tuple[str, ...] = ()
    questions: tuple[QuestionOnPage, ...] = ()


def contents_of(revision: Revision, *, language: str, on: date) -> Contents:
    """At most two queries, whatever the revision holds."""
    kind = revision.edition.kind
    if kind == Kind.CORE:
        return core_contents(revision)
    if kind == Kind.TRANSLATION:
        return translation_contents(revision)
    return layer_contents(revision, language, on=on)


# --- Core and translation -------------------------------------------------------------------------------------------


def core_contents(revision: Revision) -> Contents:
    language = revision.edition.module.source_language
    asked = questions_by_lesson(revision)
    return Contents(
        lessons=tuple(
            LessonEntry(
                key=lesson.key,
                title=lesson.title,
                language=language,
                kind=lesson.kind,
                minutes=lesson.minutes,
                section=lesson.section,
                required=lesson.required,
                questions=questions_on_page(asked[lesson.key], language),
            )
            for lesson in revision.lessons.defer("body")
        )
    )


def translation_contents(revision: Revision) -> Contents:
    """Against the published core; before there is one, against its draft."""
    core = core_beside(revision)
    originals = {lesson.key: lesson for lesson in core.lessons.defer("body")} if core else {}
    return Contents(
        lessons=tuple(
            LessonEntry(
                key=text.key,
                title=text.title,
                language=revision.edition.language,
                kind=originals[text.key].kind if text.key in originals else Lesson.Kind.TEXT,
                is_stale=text.key not in originals or originals[text.key].text_hash != text.source_hash,
            )
            for text in revision.lesson_translations.defer("body", "questions")
        )
    )


def core_beside(revision: Revision) -> Revision | None:
    """The core that a translation or layer belongs to today: the published one, else the draft."""
    core = Edition.objects.select_related("current").get(module=revision.edition.module_id, kind=Kind.CORE)
    return core.current or core.revisions.open().first()


# --- Layer ----------------------------------------------------------------------------------------------------------


def layer_contents(revision: Revision, language: str, *, on: date) -> Contents:
    source = revision.meta["source_language"]
    statements = list(revision.statements.select_related("fact__replacement"))
    stated = {statement.fact.key for statement in statements}
    questions = questions_by_lesson(revision)[COUNTRY_CHECK]
    return Contents(
        panels=panels_of(revision),
        facts=tuple(fact_entry(statement, language, source, on=on) for statement in statements),
        unanswered=tuple(key for key in revision.edition.module.fact_keys if key not in stated),
        questions=questions_on_page(questions, language, fallbacks=(source,)),
    )


def panels_of(revision: Revision) -> tuple[PanelEntry, ...]:
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key, anchor, language in revision.panels.values_list("lesson_key", "anchor", "language"):
        places[key, anchor].append(language)
    return tuple(PanelEntry(key, anchor, tuple(spoken)) for (key, anchor), spoken in places.items())


def fact_entry(statement: FactStatement, language: str, source: str, *, on: date) -> FactEntry:
    composed = compose_fact(fact_text(statement), language, source)
    return FactEntry(fact_card(composed, on=on), statement.note)


def fact_text(statement: FactStatement) -> FactText:
    """As the layer states it. A published layer's facts have newer checks perhaps, a draft's have none yet."""
    known = stated(statement)
    if not statement.revision.is_open:
        return known
    return replace(
        known,
        status=statement.status,
        checked_on=statement.verified_on,
        review_due_on=statement.review_due_on,
    )


# --- Questions ------------------------------------------------------------------------------------------------------


def questions_by_lesson(revision: Revision) -> defaultdict[str, list[QuestionContent]]:
    found: defaultdict[str, list[QuestionContent]] = defaultdict(list)
    for row in revision.questions.all():
        found[row.lesson_key].append(question_content(row))
    return found


def questions_on_page(
    questions: Iterable[QuestionContent], language: str, *, fallbacks: Sequence[str] = ()
) -> tuple[QuestionOnPage, ...]:
    """In the order of the file, each with what is right and why."""
    return tuple(
        question_on_page(number, question, language, fallbacks)
        for number, question in enumerate(questions, 1)
    )


def question_on_page(
    number: int, question: QuestionContent, language: str, fallbacks: Sequence[str]
) -> QuestionOnPage:
    shown = presented(question, language, 0, fallbacks=fallbacks)
    return QuestionOnPage(
        number=number,
        key=question.key,
        kind=question.kind,
        points=question.points,
        prompt=shown.prompt,
        options=options_on_page(question, language, fallbacks),
        right=question.rule.get("answer", ""),
        tolerance=question.rule.get("tolerance", ""),
        unit=shown.unit,
        explanation=reviewed(question, None, language, fallbacks=fallbacks).explanation,
        references=question.references,
        rests_on=question.rests_on,
        kind_words=KIND_WORDS[question.kind],
        spelling=spelling_of(question),
        document=shown.document,
    )


def spelling_of(question: QuestionContent) -> tuple[Promise | str, ...]:
    """How a short text is compared, in words."""
    if question.kind != "short":
        return ()
    is_exact = {name: question.rule.get(name) == "exact" for name in ("case", "diacritics")}
    return (
        _("Capital letters count.") if is_exact["case"] else _("Capital letters do not count."),
        _("Accents and dots count.") if is_exact["diacritics"] else _("Accents and dots do not count."),
    )


def options_on_page(
    question: QuestionContent, language: str, fallbacks: Sequence[str]
) -> tuple[OptionOnPage, ...]:
    kind = KINDS[question.kind]
    right, wanted = kind.right(question), reviewed(question, None, language, fallbacks=fallbacks).wanted
    keys = kind.option_keys(question) or tuple(question.rule.get("options", ()))
    return tuple(
        OptionOnPage(
            text=option_text(question, key, language, fallbacks=fallbacks),
            is_right=key in right or key in wanted,
            feedback=feedback_of(question, key, language, fallbacks=fallbacks),
            match=wanted.get(key),
        )
        for key in keys
    )
