"""Lessons of the core, and their words in other languages."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.content import (
    AWAITING_REVIEW,
    COUNTRY_CHECK,
    AudioContent,
    CoreContent,
    LessonContent,
    QuestionText,
    TranslatedLesson,
    TranslationContent,
    VideoContent,
)
from lms.lib.places import CONTENT_LANGUAGES

from .bodies import resolve
from .fields import Fields
from .quizzes import read_question_text, read_quiz
from .reading import Reading

LESSON_FILE = re.compile(r"core/[^/]+(\.quiz\.yaml|\.md)")
QUIZ_ENDING = ".quiz.yaml"
HASH = re.compile(r"[0-9a-f]{64}")
TITLE_LENGTH = 200
SECTION_LENGTH = 160
MINUTES = 600
SECONDS = 36_000
# The kinds of lesson that are made of a file, and what it may be.
FILES = {"video": (".mp4", ".webm"), "audio": (".mp3", ".m4a", ".ogg"), "file": (".pdf",)}
CAPTIONS = (".vtt",)
PICTURES = (".png", ".jpg", ".webp", ".svg")


@dataclass(frozen=True)
class Listed:
    """A lesson as `module.yaml` lists it: the path and the line."""

    path: str
    line: int


def read_core(reading: Reading, listed: list[Listed], source: str) -> CoreContent | None:
    """The lessons in the order of `module.yaml`; None where the bundle has no core."""
    if not reading.below("core/"):
        return None
    lessons: dict[str, LessonContent] = {}
    for item in listed:
        lesson = _read_listed(reading, item, source)
        if lesson is None:
            continue
        if lesson.key in lessons:
            message = _("The lesson key “%(key)s” is taken by %(other)s. Give this lesson a key of its own.")
            reading.problems.error(
                lesson.file, lesson.line, message, key=lesson.key, other=lessons[lesson.key].file
            )
        lessons[lesson.key] = lesson
    return CoreContent(tuple(lessons.values()))


def _read_listed(reading: Reading, item: Listed, source: str) -> LessonContent | None:
    if item.path not in reading.tree:
        message = _("The lesson %(path)s is not in the bundle. Add the file, or remove the line.")
        reading.problems.error("module.yaml", item.line, message, path=item.path)
        return None
    if item.path in reading.used:
        message = _("The lesson %(path)s is listed twice. Remove one of the lines.")
        reading.problems.error("module.yaml", item.line, message, path=item.path)
        return None
    if not LESSON_FILE.fullmatch(item.path):
        message = _("%(path)s is no lesson: those stand in core/ and end in .md or .quiz.yaml.")
        reading.problems.error("module.yaml", item.line, message, path=item.path)
        return None
    return (
        _read_quiz_lesson(reading, item.path, source)
        if item.path.endswith(QUIZ_ENDING)
        else _read_lesson(reading, item.path, source)
    )


def _common(fields: Fields) -> dict[str, Any]:
    key = fields.key("key")
    if key == COUNTRY_CHECK:
        fields.error("key", _("“%(key)s” is kept for the questions of the national layers."), key=key)
    return {
        "file": fields.file,
        "line": fields.line("key"),
        "key": key,
        "title": fields.text("title", most=TITLE_LENGTH),
        "section": fields.text("section", required=False, most=SECTION_LENGTH),
        "minutes": fields.integer("minutes", least=0, most=MINUTES),
        "required": fields.boolean("required", default=True),
        "references": fields.strings("references"),
    }


def _read_quiz_lesson(reading: Reading, path: str, source: str) -> LessonContent | None:
    fields = reading.yaml(path)
    if fields is None:
        return None
    fields.choice("kind", ("quiz",))
    common, quiz = _common(fields), read_quiz(fields, source)
    return LessonContent(kind="quiz", quiz=quiz, extra=fields.extra(), **common)


def _read_lesson(reading: Reading, path: str, source: str) -> LessonContent | None:
    found = reading.document(path)
    if found is None:
        return None
    fields, document = found
    kind = fields.choice("kind", ("text", *FILES))
    common = _common(fields)
    shown: dict[str, Any] = {}
    if kind in FILES and not fields.has("src"):
        fields.error("kind", _("The file of this lesson is missing. Choose it: “src” is where it stands."))
    elif kind == "video":
        shown["video"] = _read_video(reading, fields, source)
    elif kind == "audio":
        shown["audio"] = AudioContent(
            src=_path(reading, fields, "src", FILES["audio"]), seconds=_read_seconds(fields)
        )
    elif kind == "file":
        shown["download"] = _path(reading, fields, "src", FILES["file"])
    reading.body(path, document)
    return LessonContent(kind=kind, body=document.body, extra=fields.extra(), **common, **shown)


def _read_seconds(fields: Fields) -> int:
    return fields.integer("seconds", least=1, most=SECONDS)


def _read_video(reading: Reading, fields: Fields, source: str) -> VideoContent:
    captions = fields.record("captions")
    tracks = (
        {language: _path(reading, captions, language, CAPTIONS) for language in captions.as_texts("")}
        if captions
        else {}
    )
    if source not in tracks:
        fields.error(
            "captions", _("Captions in the source language, “%(language)s”, are missing."), language=source
        )
    return VideoContent(
        src=_path(reading, fields, "src", FILES["video"]),
        seconds=_read_seconds(fields),
        captions=tracks,
        poster=_path(reading, fields, "poster", PICTURES, required=False),
    )


def _path(
    reading: Reading, fields: Fields, name: str, endings: tuple[str, ...], *, required: bool = True
) -> str:
    """The tree path of a file named in front matter."""
    href = fields.text(name, required=required)
    path = resolve(fields.file, href) if href else ""
    if not path:
        return ""
    if path not in reading.tree or not path.startswith("assets/"):
        message = _("“%(href)s” leads to no file in assets/. Add the file, or correct the path.")
        fields.error(name, message, href=href)
    elif not path.endswith(endings):
        message = _("“%(href)s” is of the wrong type: it must end in %(endings)s.")
        fields.error(name, message, href=href, endings=", ".join(endings))
    reading.used.add(path)
    return path


# --- Translations ---------------------------------------------------------------------------------------------------


def read_translations(reading: Reading) -> dict[str, TranslationContent]:
    languages = sorted(
        {path.split("/")[1] for path in reading.below("translations/") if path.count("/") >= 2}
    )
    for language in languages:
        if language not in CONTENT_LANGUAGES:
            message = _("“%(code)s” is not a language we know: %(known)s.")
            known = ", ".join(CONTENT_LANGUAGES)
            reading.problems.error(f"translations/{language}", None, message, code=language, known=known)
    return {
        language: TranslationContent(language, _read_translated(reading, language)) for language in languages
    }


def _read_translated(reading: Reading, language: str) -> dict[str, TranslatedLesson]:
    lessons: dict[str, TranslatedLesson] = {}
    for path in reading.below(f"translations/{language}/"):
        if path.count("/") != 2 or not path.endswith((QUIZ_ENDING, ".md")):
            continue
        lesson = _read_translation(reading, path)
        if lesson is None:
            continue
        if lesson.key in lessons:
            message = _("%(other)s translates “%(key)s” already. Keep one of the two files.")
            reading.problems.error(path, lesson.line, message, key=lesson.key, other=lessons[lesson.key].file)
        lessons[lesson.key] = lesson
    return lessons


def _read_translation(reading: Reading, path: str) -> TranslatedLesson | None:
    if path.endswith(QUIZ_ENDING):
        fields = reading.yaml(path)
        return _translated_quiz(fields) if fields else None
    found = reading.document(path)
    if found is None:
        return None
    fields, document = found
    reading.body(path, document)
    words = _translated(fields)
    captions = _path(reading, fields, "captions", CAPTIONS, required=False)
    return TranslatedLesson(body=document.body, captions=captions, extra=fields.extra(), **words)


def _translated(fields: Fields) -> dict[str, Any]:
    fields.choice("kind", ("text", *FILES, "quiz"), default="text")  # may be repeated; the core decides
    source = fields.text("source", required=False)
    if source and not HASH.fullmatch(source):
        fields.error(
            "source", _("“source” must be the 64 characters that the export prints for the core text.")
        )
    return {
        "file": fields.file,
        "line": fields.line("key"),
        "key": fields.key("key"),
        "title": fields.text("title", most=TITLE_LENGTH),
        "source": source,
        "review": fields.choice("review", (AWAITING_REVIEW,), default=""),
    }


def _translated_quiz(fields: Fields) -> TranslatedLesson:
    words = _translated(fields)
    questions: dict[str, QuestionText] = {}
    unknown: dict[str, Any] = {}
    record = fields.record("questions", required=True)
    for key, question in record.named_records() if record else ():
        questions[key] = read_question_text(question)
        if extra := question.extra():
            unknown[key] = extra
    if record and not questions:
        fields.error("questions", _("There is no question. Write one, or remove the file."))
    nested = {"questions": unknown} if unknown else {}
    return TranslatedLesson(
        questions=questions,
        question_lines={key: record.line(key) for key in questions} if record else {},
        extra={**fields.extra(), **nested},
        **words,
    )
