"""What the measured installation teaches: five modules of ten lessons, imported and published like any other.

The words are drawn at random from a fixed seed: every run measures the same pages, and they compress about as real
ones do. A lesson has some 700 words, a table and boxes; a quiz has five questions.
"""

import random
from collections.abc import Sequence

from courses.content import FactContent, LayerContent, LessonContent, PanelContent
from courses.models import Course, Module, Programme, ProgrammePartner
from courses.search import search_text
from tests.enrollment.builders import (
    build_course,
    build_module,
    choice,
    fact,
    layer,
    number,
    partner,
    quiz_lesson,
    text_lesson,
    translation,
    true_false,
)

MODULES, LESSONS = 5, 10
STEPS = LESSONS + 1  # with the country check
COURSES = 30
COUNTRIES, LANGUAGES = ("FI", "NO", "SE"), ("sv", "fi")
TEXT, QUIZ, CHECK = 10, 15, 5  # minutes
LONG_COURSE = "course-0"

QUESTIONS = (
    choice("first"),
    choice("second", kind="multiple", right=("yes", "perhaps")),
    true_false("third"),
    number("fourth"),
    choice("fifth", right=("never",)),
)


def module_key(position: int) -> str:
    return f"module-{position}"


def lesson_keys() -> list[str]:
    return [f"lesson-{number}" for number in range(1, LESSONS)] + ["quiz"]


def build_content() -> list[Course]:
    """The programme and its thirty courses; the first has fifty lessons, the others one or two modules each."""
    letters = random.Random(1)
    modules = [module(position, letters) for position in range(MODULES)]
    found = Programme.objects.create(
        title={"en": "A programme to measure"}, coordinator=partner(), countries=list(COUNTRIES)
    )
    ProgrammePartner.objects.create(programme=found, organisation=partner(), position=0)
    return [course(number, modules) for number in range(COURSES)]


def course(number: int, modules: Sequence[Module]) -> Course:
    title = {"en": f"Course {number}", "sv": f"Kurs {number}", "fi": f"Kurssi {number}"}
    chosen = [modules[each] for each in modules_of(number)]
    made = build_course(f"course-{number}", modules=chosen, title=title)
    made.search = search_text(made)
    made.save(update_fields=["search"])
    return made


def modules_of(course: int) -> list[int]:
    """Which modules a course is made of."""
    if course == 0:
        return list(range(MODULES))
    return [course % MODULES, (course + 1) % MODULES][: 1 + course % 2]


def module(position: int, letters: random.Random) -> Module:
    lessons = [lesson(key, letters) for key in lesson_keys()[:-1]]
    lessons.append(quiz_lesson("quiz", questions=QUESTIONS, pass_percent=50))
    return build_module(
        module_key(position),
        lessons=lessons,
        translations={language: translation(language, lessons) for language in LANGUAGES},
        layers=[national(country, lessons, letters) for country in COUNTRIES],
        fact_keys=("authority", "language", "fee"),
    )


def national(country: str, lessons: Sequence[LessonContent], letters: random.Random) -> LayerContent:
    """A panel with facts at every third lesson, and a country check."""
    facts: list[FactContent] = [fact("authority"), fact("language"), fact("fee")]
    base = layer(country, facts=facts, lesson=lessons[0].key)
    panels = tuple(
        PanelContent(each.key, language, paragraph(letters, 60), "", tuple(one.key for one in facts))
        for each in lessons[:-1:3]
        for language in ("en", *LANGUAGES)
    )
    return LayerContent(
        country=country,
        owner=base.owner,
        source_language="en",
        languages=("en", *LANGUAGES),
        panels=panels,
        facts=tuple(facts),
        quiz=base.quiz,
    )


# --- Words ------------------------------------------------------------------------------------------------------------


def lesson(key: str, letters: random.Random) -> LessonContent:
    sections = [
        f"## {sentence(letters, 4)}\n\n{paragraph(letters, 110)}\n\n{paragraph(letters, 60)}"
        for _ in range(4)
    ]
    sections.insert(2, table(letters))
    sections.append(f":::remember\n{paragraph(letters, 30)}\n:::\n\n:::country\n:::")
    return text_lesson(key, body="\n\n".join(sections))


def table(letters: random.Random) -> str:
    rows = [f"| {sentence(letters, 3)} | {sentence(letters, 6)} | {sentence(letters, 6)} |" for _ in range(5)]
    return "\n".join(["| What | Who | When |", "|---|---|---|", *rows])


def paragraph(letters: random.Random, words: int) -> str:
    return " ".join(sentence(letters, 10) for _ in range(words // 10))


def sentence(letters: random.Random, words: int) -> str:
    return " ".join(word(letters) for _ in range(words)).capitalize() + "."


def word(letters: random.Random) -> str:
    """One of five hundred, the first ones far more often than the last, as in any language."""
    rank = int(500 ** letters.random())
    return VOCABULARY[rank - 1]


def vocabulary() -> list[str]:
    letters = random.Random(2)
    syllables = [
        f"{one}{two}" for one in "bdfgklmnprst" for two in ("a", "e", "i", "o", "u", "er", "in", "al")
    ]
    return ["".join(letters.choices(syllables, k=1 + rank // 120)) for rank in range(500)]


VOCABULARY = vocabulary()
