"""What every module of the library must hold before a learner reads it. A new folder is checked at once."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it.token import Token

from courses.bundle.checks import outline
from courses.content import FactContent, LessonContent, QuestionContent
from courses.rendering import parser, render_markdown
from lms.lib.places import CONTENT_LANGUAGES

from .folders import MODULES, module

pytestmark = pytest.mark.parametrize("key", MODULES)

CORE_QUESTIONS = 8
EVIDENCE_TAG = re.compile(
    r"\[(?:\?|[SK](?:[/, ][^\]]*)?)\]"
)  # how the sources mark what is sure: never for learners
UNFINISHED = re.compile(r"\b(?:TODO|TBD|XXX|lorem ipsum)\b", re.IGNORECASE)
WORDS_A_MINUTE = range(15, 131)  # from slow study with cases to plain reading
MINUTES_A_QUESTION = (0.75, 3.5)
HOURS_WITHIN = 0.1
ARTICLES = re.compile(r"Art(?:icles?|\.) ((?:\d+[a-z]?(?:\([^)]*\))*(?:[,–/ ]|–\(|and |to |or )*)+)")
ARTICLE = re.compile(r"(\d+)[a-z]?(?:–(\d+))?")
ACT = re.compile(r"\d{2,4}/\d{1,4}|MDCG \d{4}-\d+|E6\(R3\)|INS/GCP/\d+/\d+")


def text_lessons(key: str) -> list[LessonContent]:
    return [lesson for lesson in module(key).core.lessons if lesson.kind == "text"]


def core_questions(key: str) -> list[QuestionContent]:
    return [
        question for lesson in module(key).core.lessons if lesson.quiz for question in lesson.quiz.questions
    ]


def country_questions(key: str) -> Iterator[tuple[str, QuestionContent]]:
    for country, layer in module(key).layers.items():
        for question in layer.quiz.questions if layer.quiz else ():
            yield country, question


def all_questions(key: str) -> Iterator[QuestionContent]:
    return chain(core_questions(key), (question for _country, question in country_questions(key)))


def facts(key: str) -> Iterator[FactContent]:
    return chain.from_iterable(layer.facts for layer in module(key).layers.values())


def bodies(key: str) -> Iterator[tuple[str, str, str]]:
    """Every text in Markdown: where it stands, its language, its words."""
    bundle = module(key)
    for lesson in bundle.core.lessons:
        yield lesson.file, bundle.module.source_language, lesson.body
    for language, translation in bundle.translations.items():
        yield from ((lesson.file, language, lesson.body) for lesson in translation.lessons.values())
    for layer in bundle.layers.values():
        yield from ((panel.file, panel.language, panel.body) for panel in layer.panels)


def words_of_questions(key: str) -> Iterator[tuple[str, str]]:
    for question in all_questions(key):
        for text in question.texts.values():
            words = (text.prompt, text.explanation, *text.options.values(), *text.feedback.values())
            yield from ((question.key, one) for one in words)


def tokens(text: str) -> Iterator[Token]:
    for token in parser().parse(text):
        yield token
        yield from token.children or ()


# --- It reads -----------------------------------------------------------------------------------------------------


def test_every_lesson_reads(key):
    for file, language, body in bodies(key):
        if not body:
            continue  # a quiz
        html = render_markdown(body, language=language, asset_url=lambda path: f"/{path}")
        assert ":::" not in html, file
        assert re.search(r"<(p|table|ul|ol)\b", html), file
    for lesson in text_lessons(key):
        assert 400 <= len(lesson.body.split()) <= 1500, lesson.key
        assert re.search(r"^## ", lesson.body, re.MULTILINE), f"{lesson.key} has no heading"
        assert ":::remember" in lesson.body, f"{lesson.key} has nothing to remember"
        assert len(lesson.title) >= 5


def test_nothing_unsure_or_unfinished_is_left_in_a_text(key):
    said = [
        *((file, body) for file, _language, body in bodies(key)),
        *words_of_questions(key),
        *((fact.key, statement) for fact in facts(key) for statement in fact.statement.values()),
    ]
    found = [(place, text) for place, text in said if EVIDENCE_TAG.search(text) or UNFINISHED.search(text)]
    assert found == []


def test_what_the_module_says_of_itself_is_whole(key):
    info = module(key).module
    for texts in (info.title, info.summary, info.audience, *info.outcomes):
        assert texts[info.source_language].strip()
        assert set(texts) <= set(CONTENT_LANGUAGES)
    assert len(info.outcomes) >= 3
    assert info.references
    assert info.fact_keys


def test_panels_stand_at_places_that_the_lesson_has(key):
    lessons = outline(module(key).core)
    for country, layer in module(key).layers.items():
        for panel in layer.panels:
            places = lessons[panel.lesson].anchors
            assert not panel.anchor or panel.anchor in places, (country, panel.file)


# --- Links and references -----------------------------------------------------------------------------------------


def is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", url)


def test_every_link_is_well_formed(key):
    assets = module(key).assets
    for file, _language, body in bodies(key):
        headings = {str(token.attrGet("id")) for token in tokens(body) if token.type == "heading_open"}
        for token in tokens(body):
            if token.type not in ("link_open", "image"):
                continue
            href = str(token.attrGet("src" if token.type == "image" else "href"))
            inside = href.lstrip("./")
            known = inside in assets or (href.startswith("#") and href[1:] in headings)
            assert known or is_address(href), (file, href)
    for fact in facts(key):
        assert not fact.source_url or is_address(fact.source_url), fact.key


def test_every_reference_is_well_formed(key):
    bundle = module(key)
    references = [
        *bundle.module.references,
        *chain.from_iterable(lesson.references for lesson in bundle.core.lessons),
        *chain.from_iterable(question.references for question in all_questions(key)),
        *(fact.legal_ref for fact in facts(key) if fact.legal_ref),
    ]
    for reference in references:
        assert reference == " ".join(reference.split())
        assert reference.count("(") == reference.count(")"), reference
        assert not reference.endswith((",", ";", ":")), reference
    assert all(lesson.references for lesson in text_lessons(key))


def articles(text: str) -> set[int]:
    """The numbers of articles that a text names: "Art. 5(5)–(6), 8" are 5 and 8, "Art. 10–12" are three."""
    found: set[int] = set()
    for named in ARTICLES.findall(text):
        for first, last in ARTICLE.findall(re.sub(r"\([^)]*\)", "", named)):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_what_a_core_question_rests_on_is_cited_by_a_lesson(key):
    cited = " ".join(
        chain.from_iterable((*lesson.references, lesson.body) for lesson in module(key).core.lessons)
    )
    for question in core_questions(key):
        assert question.references, question.key
        for reference in question.references:
            names = ACT.findall(reference) or [" ".join(reference.split()[:2])]
            assert [name for name in names if name not in cited] == [], question.key
            assert articles(reference) <= articles(cited), question.key


# --- Questions ----------------------------------------------------------------------------------------------------


def test_there_are_enough_core_questions(key):
    assert len(core_questions(key)) >= CORE_QUESTIONS


def test_question_keys_are_not_used_twice(key):
    keys = [question.key for question in all_questions(key)]
    assert sorted(keys) == sorted(set(keys))


def test_every_question_has_a_right_answer_and_an_explanation(key):
    for question in all_questions(key):
        options, right = question.option_keys, question.rule.get("correct", question.rule.get("answer"))
        if question.kind == "single":
            assert len(right) == 1, question.key
        if question.kind in ("single", "multiple"):
            assert set(right) < set(options), f"{question.key}: all options are right"
        if question.kind == "numeric":
            assert float(right) >= 0, question.key
        assert right is not None or question.rule, question.key
        for language, text in question.texts.items():
            place = (question.key, language)
            assert len(text.prompt) >= 12, place
            assert len(text.explanation) >= 5, place
            if question.kind in ("single", "multiple"):
                assert set(options) - set(right) <= set(text.feedback), f"{place}: a wrong option unexplained"
                assert len(set(text.options.values())) == len(options), place


def test_the_right_option_does_not_stand_out(key):
    """Neither always in one place nor, as a rule, the longest."""
    single = [question for question in all_questions(key) if question.kind == "single"]
    places = {question.option_keys.index(question.rule["correct"][0]) for question in single}
    assert len(places) >= 2
    longest = 0
    for question in single:
        options = question.texts[module(key).module.source_language].options
        right = len(options[question.rule["correct"][0]])
        longest += all(
            len(text) < right for option, text in options.items() if option not in question.rule["correct"]
        )
    assert longest <= len(single) / 2


# --- Facts --------------------------------------------------------------------------------------------------------


def test_only_verified_facts_are_quizzed(key):
    for country, question in country_questions(key):
        status = {fact.key: fact.status for fact in module(key).layers[country].facts}
        assert question.rests_on, question.key
        assert {status[fact] for fact in question.rests_on} == {"verified"}, question.key
    assert [question.key for question in core_questions(key) if question.rests_on] == []


def test_a_verified_fact_says_where_it_stands_and_until_when(key):
    for fact in facts(key):
        if fact.status == "verified":
            assert fact.source_url, fact.key
            assert fact.verified_on < fact.review_due_on, fact.key
        else:
            assert fact.verified_on is None, f"{fact.key} is {fact.status} and looks checked"


def test_every_fact_is_shown_somewhere(key):
    for country, layer in module(key).layers.items():
        shown = set(chain.from_iterable(panel.facts for panel in layer.panels))
        cards = {fact.key for fact in layer.facts if not fact.key.endswith(".tip")}
        assert cards - shown == set(), country


# --- Pictures -----------------------------------------------------------------------------------------------------


def test_every_picture_has_an_alternative_text(key):
    for file, _language, body in bodies(key):
        for token in tokens(body):
            if token.type == "image":
                assert len(token.content.strip()) >= 20, (file, token.attrGet("src"))
                assert token.content != token.attrGet("title"), file


def test_every_drawing_names_itself_and_loads_nothing(key):
    for path, asset in module(key).assets.items():
        if not path.endswith(".svg"):
            continue
        drawing = ElementTree.fromstring(asset.read())
        tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
        assert {"title", "desc"} <= tags, path
        assert not tags & {"script", "image", "foreignObject", "use"}, path
        assert drawing.get("role") == "img", path


# --- Time ---------------------------------------------------------------------------------------------------------


def test_stated_minutes_fit_the_reading(key):
    for lesson in module(key).core.lessons:
        if lesson.kind == "text":
            assert len(lesson.body.split()) // lesson.minutes in WORDS_A_MINUTE, lesson.key
        elif lesson.kind == "video":
            assert abs(lesson.minutes * 60 - lesson.video.seconds) <= 60, lesson.key
        elif lesson.quiz:
            least, most = MINUTES_A_QUESTION
            asked = lesson.quiz.draw or len(lesson.quiz.questions)
            assert least <= lesson.minutes / asked <= most, lesson.key


def test_lessons_add_up_to_the_hours_of_the_module(key):
    bundle = module(key)
    minutes = sum(lesson.minutes for lesson in bundle.core.lessons if lesson.required)
    assert minutes == pytest.approx(float(bundle.module.hours) * 60, rel=HOURS_WITHIN)
