"""Whole bundles, generated: any words in any field, all kinds of questions, three languages, three countries."""

import io
import unicodedata
from datetime import date
from functools import partial
from hashlib import sha256

from hypothesis import strategies as st

from courses.bundle.names import core_path
from courses.content import (
    AWAITING_REVIEW,
    Asset,
    AudioContent,
    Bundle,
    CoreContent,
    CountryQuiz,
    FactContent,
    LayerContent,
    LessonContent,
    ModuleInfo,
    NativeTerm,
    PanelContent,
    Pool,
    QuestionContent,
    QuestionText,
    QuizContent,
    TranslatedLesson,
    TranslationContent,
    VideoContent,
)
from courses.question_kinds import KINDS, ShortText

from .samples import MP4, PDF, SVG, VTT

LANGUAGES = ["en", "fi", "sv"]
COUNTRIES = ["FI", "NO", "SE"]
HASHES = st.integers(0, 9).map(lambda number: f"{number}" * 64)
AWKWARD = [
    "NO",
    "no",
    "null",
    "~",
    "true",
    "1",
    "2.5",
    "2026-11-20",
    "a: b",
    "- a",
    "# a",
    "'",
    '"',
    "|",
    "{a}",
    "=",
    "<<",
    "yes",
    "off",
    "1e3",
    "007",
    "0x1F",
    ".5",
    "1_000",
    "12:30",
    ".inf",
    "2026-11-20T10:00:00Z",
    "---",
    "...",
    "&a",
    "*a",
    "!x",
    "%a",
    "@a",
    "? a",
    "a #b",
    "\\n",
    "a\u0301\u0300",
    "👩‍🔬",
    "مرحبا",
    "a\u200bb",
    "a\u00a0b",
    "a\tb",
]
# What is unknown at one place may be a word of the format elsewhere.
KNOWN_ELSEWHERE = ["sha256", "No", "1e3", "2026-11-20", "ä", "a b", "~", ""]

letters = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
words = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(letters, min_size=1, max_size=30),
    st.lists(st.text(letters, max_size=15), min_size=1, max_size=4).map("\n".join),
).map(lambda text: _canonical(text) or "x")
lines = words.map(lambda text: " ".join(text.split("\n")).strip() or "x")
keys = st.from_regex(r"[a-z][a-z0-9]{0,4}([._-][a-z0-9]{1,3}){0,2}", fullmatch=True)
# What Markdown makes of any words is tested elsewhere; here a body is only carried.
bodies = st.lists(
    st.sampled_from(
        [
            "Plain text.",
            "## Åäö",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "- one\n- two",
            "    code",
            ":::note\nx\n:::",
        ]
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: "\n\n".join(parts).rstrip())
extras = st.dictionaries(
    st.from_regex(r"x-[a-z]{1,5}", fullmatch=True) | st.sampled_from(KNOWN_ELSEWHERE),
    st.recursive(
        st.none() | st.booleans() | st.integers(-999, 999) | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=4,
    ),
    max_size=2,
)


def _canonical(text):
    return unicodedata.normalize("NFC", text).strip()


def asset(path, data, mime):
    return Asset(path, sha256(data).hexdigest(), len(data), mime, partial(io.BytesIO, data))


ASSETS = {
    item.path: item
    for item in (
        asset("assets/parts.svg", SVG, "image/svg+xml"),
        asset("assets/clock.mp4", MP4, "video/mp4"),
        asset("assets/clock.en.vtt", VTT.encode(), "text/vtt"),
        asset("assets/clock.sv.vtt", VTT.encode() + b"\nNOTE translated\n", "text/vtt"),
        asset("assets/talk.mp3", b"ID3\x04" + b"\0" * 40, "audio/mpeg"),
        asset("assets/form.pdf", PDF, "application/pdf"),
    )
}


def unique_keys(**sizes):
    return st.lists(keys.filter(lambda key: key != "country-check"), unique=True, **sizes)


def texts(strategy=words, languages=LANGUAGES):
    return st.dictionaries(st.sampled_from(languages), strategy, min_size=1).flatmap(
        lambda found: st.just(found) if "en" in found else strategy.map(lambda text: {**found, "en": text})
    )


@st.composite
def questions(draw, key, languages, rests_on=()):
    kind = draw(st.sampled_from(list(KINDS)))
    options = draw(unique_keys(min_size=4, max_size=6)) if KINDS[kind].has_options else []
    return QuestionContent(
        key=key,
        kind=kind,
        rule=draw(rules(kind, options)),
        texts={language: draw(question_texts(kind, options)) for language in languages},
        points=draw(st.integers(1, 9)),
        references=("Art. 5",) if not rests_on else (),
        rests_on=tuple(rests_on),
        extra=draw(extras),
    )


@st.composite
def pools(draw, asked):
    if not asked or draw(st.booleans()):
        return ()
    chosen = draw(st.lists(st.sampled_from(asked), min_size=1, unique=True))
    return (Pool(draw(keys), draw(st.integers(1, len(chosen))), tuple(chosen), draw(extras)),)


@st.composite
def rules(draw, kind, options):
    if kind == "truefalse":
        return {"correct": draw(st.booleans())}
    if kind == "numeric":
        number = st.decimals(0, 999, places=2).map(str)
        return {"answer": draw(number), "tolerance": draw(number)}
    if kind == "attestation":
        said = {
            "version": draw(st.just("") | lines),
            "url": draw(st.sampled_from(["", "https://example.org"])),
        }
        said |= {"title": draw(lines), "sha256": draw(HASHES)}
        return {"document": {name: text for name, text in said.items() if text}}
    if kind == "ordering":
        return {"options": options}
    if kind == "matching":
        left, right = options[:2], options[2:]
        return {
            "options": left,
            "matches": right,
            "correct": {key: draw(st.sampled_from(right)) for key in left},
        }
    if kind == "short":
        spelling = st.sampled_from(ShortText.SPELLING)
        return {
            "options": options,
            "correct": options,
            "case": draw(spelling),
            "diacritics": draw(spelling),
        }
    correct = draw(
        st.lists(st.sampled_from(options), min_size=1, max_size=1 if kind == "single" else None, unique=True)
    )
    return {"options": options, "correct": [key for key in options if key in correct]}


@st.composite
def question_texts(draw, kind, options):
    return QuestionText(
        prompt=draw(words),
        options={key: draw(words) for key in options},
        feedback={key: draw(words) for key in options if draw(st.booleans())},
        explanation=draw(words),
        unit=draw(st.just("") | lines) if kind == "numeric" else "",
    )


@st.composite
def lessons(draw, key):
    kind = draw(st.sampled_from(["text", "video", "audio", "file", "quiz"]))
    quiz = video = None
    if kind == "quiz":
        asked = [draw(questions(name, ["en"])) for name in draw(unique_keys(min_size=1, max_size=3))]
        quiz = QuizContent(
            tuple(asked),
            draw(st.integers(1, 100)),
            draw(st.none() | st.integers(1, 9)),
            pools=draw(pools([question.key for question in asked])),
            wait_hours=draw(st.none() | st.integers(1, 168)),
        )
    if kind == "video":
        video = VideoContent(
            "assets/clock.mp4", draw(st.integers(1, 99)), {"en": "assets/clock.en.vtt"}, "assets/parts.svg"
        )
    return LessonContent(
        key=key,
        kind=kind,
        title=draw(lines),
        minutes=draw(st.integers(0, 90)),
        section=draw(st.sampled_from(["", "Part I"])),
        required=draw(st.booleans()),
        body="" if quiz else draw(bodies),
        references=tuple(draw(st.lists(lines, max_size=2))),
        video=video,
        audio=AudioContent("assets/talk.mp3", draw(st.integers(1, 99))) if kind == "audio" else None,
        download="assets/form.pdf" if kind == "file" else "",
        quiz=quiz,
        extra=draw(extras),
    )


@st.composite
def translations(draw, language, core):
    chosen = [lesson for lesson in core.lessons if draw(st.booleans())]
    return TranslationContent(language, {lesson.key: draw(translated(lesson)) for lesson in chosen})


@st.composite
def translated(draw, lesson):
    asked = None
    if lesson.quiz:
        asked = {
            item.key: draw(question_texts(item.kind, item.option_keys)) for item in lesson.quiz.questions
        }
    return TranslatedLesson(
        key=lesson.key,
        title=draw(lines),
        body="" if asked else draw(bodies),
        source=draw(st.just("") | HASHES),
        review=draw(st.sampled_from(["", AWAITING_REVIEW])),
        questions=asked,
        captions=draw(st.sampled_from(["", "assets/clock.sv.vtt"])) if lesson.video else "",
        extra=draw(extras),
    )


@st.composite
def facts(draw, key):
    checked = draw(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
    return FactContent(
        key=key,
        statement=draw(texts()),
        status="verified",
        native_terms=tuple(
            NativeTerm(draw(st.sampled_from(LANGUAGES)), draw(lines)) for _ in range(draw(st.integers(0, 2)))
        ),
        legal_ref=draw(lines),
        source_url="https://example.org/act",
        verified_on=checked,
        review_due=draw(st.none() | st.dates(date(2091, 1, 1), date(2199, 12, 31))),
        note=draw(st.just("") | words),
        extra=draw(extras),
    )


@st.composite
def layers(draw, country, core):
    stated = [draw(facts(key)) for key in draw(unique_keys(max_size=3))]
    places = draw(
        st.lists(
            st.tuples(
                st.sampled_from([lesson.key for lesson in core.lessons]),
                st.sampled_from(["", "ethics"]),
                st.sampled_from(LANGUAGES),
            ),
            unique=True,
            max_size=3,
        )
    )
    panels = [
        PanelContent(lesson, language, draw(bodies), anchor, tuple(fact.key for fact in stated), draw(extras))
        for lesson, anchor, language in sorted(places)
    ]
    asked = [
        draw(questions(key, LANGUAGES, [stated[0].key]))
        for key in (draw(unique_keys(max_size=2)) if stated else ())
    ]
    return LayerContent(
        country=country,
        owner=draw(keys),
        source_language="en",
        languages=tuple(LANGUAGES),
        pass_percent=draw(st.none() | st.integers(1, 100)),
        panels=tuple(panels),
        facts=tuple(stated),
        quiz=CountryQuiz(draw(texts(lines)), draw(st.integers(0, 9)), tuple(asked), draw(extras))
        if asked
        else None,
        extra=draw(extras),
    )


@st.composite
def modules(draw, core):
    return ModuleInfo(
        key=draw(keys),
        owner=draw(keys),
        subject="quality",
        source_language="en",
        title=draw(texts(lines)),
        summary=draw(texts()),
        audience=draw(texts()),
        hours=draw(st.decimals("0.1", 99, places=2)),
        outcomes=tuple(draw(st.lists(texts(), max_size=2))),
        co_owners=tuple(draw(unique_keys(max_size=2))),
        licence=draw(st.just("") | lines),
        validity_months=draw(st.none() | st.integers(1, 99)),
        references=tuple(draw(st.lists(lines, max_size=2))),
        fact_keys=tuple(draw(unique_keys(max_size=2))),
        lessons=tuple(core_path(number, lesson) for number, lesson in enumerate(core.lessons, 1)),
        extra=draw(extras),
    )


@st.composite
def bundles(draw):
    core = CoreContent(tuple(draw(lessons(key)) for key in draw(unique_keys(min_size=1, max_size=4))))
    spoken = [draw(translations(language, core)) for language in ("fi", "sv")]
    return Bundle(
        module=draw(modules(core)),
        core=core,
        translations={translation.language: translation for translation in spoken if translation.lessons},
        layers={country: draw(layers(country, core)) for country in COUNTRIES if draw(st.booleans())},
        assets=ASSETS,
    )
