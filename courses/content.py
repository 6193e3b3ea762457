"""What a module bundle holds, as plain values: no files, no database, no HTML.

The reader of bundles makes these, the import service stores them, the writer turns them into files again.
Hashes are those of docs/exchange-format.md. `extra` keeps what this version of the format does not know, and
`file` says where a thing was read, for messages only: neither takes part in a text hash.
"""

import calendar
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, BinaryIO

from lms.lib.canonical import sha256

COUNTRY_CHECK = "country-check"
KEY = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
REVIEW_MONTHS = 6
AWAITING_REVIEW = "awaiting-native-reviewer"
CHUNK = 256 * 1024

Texts = Mapping[str, str]
Extra = Mapping[str, Any]


def _source_file() -> str:
    return field(default="", compare=False, repr=False)


def _source_line() -> int | None:
    """Where its key stands in that file."""
    return field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ModuleInfo:
    """`module.yaml`. `lessons` are paths in the tree, in the order of the module."""

    key: str
    owner: str
    subject: str
    source_language: str
    title: Texts
    summary: Texts
    audience: Texts
    hours: Decimal
    outcomes: tuple[Texts, ...] = ()
    co_owners: tuple[str, ...] = ()
    licence: str = ""
    validity_months: int | None = None
    references: tuple[str, ...] = ()
    fact_keys: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class VideoContent:
    """Paths are those of the tree (`assets/…`); captions by language."""

    src: str
    seconds: int
    captions: Mapping[str, str]
    poster: str = ""


@dataclass(frozen=True)
class AudioContent:
    """A recording; what is said in it stands in the body of its lesson."""

    src: str
    seconds: int


@dataclass(frozen=True)
class QuestionText:
    """The words of a question in one language; options and feedback by option key. In a translation some may miss."""

    prompt: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    feedback: Mapping[str, str] = field(default_factory=dict)
    explanation: str = ""
    unit: str = ""


@dataclass(frozen=True)
class QuestionContent:
    """A question. `rule` says what is right, in JSON values:

    single, multiple: `{"options": [all keys in order], "correct": [keys]}` · truefalse: `{"correct": true}` ·
    numeric: `{"answer": "60", "tolerance": "0"}` ·
    short: as multiple, with `"case"` and `"diacritics"`, each "ignore" or "exact" ·
    matching: `{"options": [keys], "matches": [keys], "correct": {option: match}}` ·
    ordering: `{"options": [keys in the right order]}` ·
    attestation: `{"document": {"title": "…", "version": "…", "sha256": "…", "url": "…"}}`.
    """

    key: str
    kind: str
    rule: Mapping[str, Any]
    texts: Mapping[str, QuestionText]
    points: int = 1
    references: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def option_keys(self) -> tuple[str, ...]:
        """All that has words of its own: options, and what they are matched with."""
        return (*self.rule.get("options", ()), *self.rule.get("matches", ()))

    @cached_property
    def text_hash(self) -> str:
        form = asdict(self)
        form.pop("extra")
        return sha256(form)


@dataclass(frozen=True)
class Pool:
    """Questions of a quiz of which only so many are drawn for an attempt."""

    key: str
    draw: int
    questions: tuple[str, ...]
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class QuizContent:
    """`pass_percent` of the points; `attempts` and `draw` are None for "unlimited" and "all questions".

    Where `attempts` are used up, each further one opens `wait_hours` after the last; None is a day.
    """

    questions: tuple[QuestionContent, ...]
    pass_percent: int
    attempts: int | None = None
    draw: int | None = None
    pools: tuple[Pool, ...] = ()
    wait_hours: int | None = None


@dataclass(frozen=True)
class LessonContent:
    """A lesson of the core. `section` is a heading in the outline.

    Of a video or recording the body is the transcript; of a file (`download` is its path) it says what it is for.
    """

    key: str
    kind: str
    title: str
    minutes: int
    required: bool = True
    body: str = ""
    references: tuple[str, ...] = ()
    video: VideoContent | None = None
    quiz: QuizContent | None = None
    audio: AudioContent | None = None
    download: str = ""
    section: str = ""
    extra: Extra = field(default_factory=dict)
    file: str = _source_file()
    line: int | None = _source_line()

    @cached_property
    def text_hash(self) -> str:
        """Of what a learner reads, sees and answers.

        Section, minutes, pass mark, attempts and captions are left out: changing them sends no translator back to work.
        """
        form: dict[str, Any] = {"key": self.key, "kind": self.kind, "title": self.title, "body": self.body}
        form["references"] = self.references
        if self.video:
            form["video"] = {"src": self.video.src, "seconds": self.video.seconds}
        if self.audio:
            form["audio"] = asdict(self.audio)
        if self.download:
            form["download"] = self.download
        if self.quiz:
            form["questions"] = [question.text_hash for question in self.quiz.questions]
        return sha256(form)


@dataclass(frozen=True)
class CoreContent:
    lessons: tuple[LessonContent, ...]

    def lesson(self, key: str) -> LessonContent:
        return next(lesson for lesson in self.lessons if lesson.key == key)


@dataclass(frozen=True)
class TranslatedLesson:
    """The words of one lesson in another language; `source` is the text hash of what they translate, or empty.

    `review` is empty or AWAITING_REVIEW: something about the words and none of them, so no text hash holds it; nor
    `captions`, the path of those in this language.
    """

    key: str
    title: str
    body: str = ""
    source: str = ""
    review: str = ""
    questions: Mapping[str, QuestionText] | None = None
    captions: str = ""
    extra: Extra = field(default_factory=dict)
    file: str = _source_file()
    line: int | None = _source_line()
    question_lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_quiz(self) -> bool:
        return self.questions is not None

    @cached_property
    def text_hash(self) -> str:
        questions = {key: asdict(text) for key, text in (self.questions or {}).items()}
        return sha256({"key": self.key, "title": self.title, "body": self.body, "questions": questions})


@dataclass(frozen=True)
class TranslationContent:
    language: str
    lessons: Mapping[str, TranslatedLesson]


@dataclass(frozen=True)
class NativeTerm:
    lang: str
    text: str


@dataclass(frozen=True)
class FactContent:
    key: str
    statement: Texts
    status: str
    native_terms: tuple[NativeTerm, ...] = ()
    legal_ref: str = ""
    source_url: str = ""
    verified_on: date | None = None
    review_due: date | None = None
    note: str = ""
    extra: Extra = field(default_factory=dict)

    @property
    def review_due_on(self) -> date | None:
        """The day set, or six months after the check; None where nobody has checked."""
        if self.review_due or not self.verified_on:
            return self.review_due
        return months_after(self.verified_on, REVIEW_MONTHS)


@dataclass(frozen=True)
class PanelContent:
    """What a national layer says at a lesson; an empty anchor is the place of `:::country`, or the end."""

    lesson: str
    language: str
    body: str
    anchor: str = ""
    facts: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)
    file: str = _source_file()
    line: int | None = _source_line()

    @cached_property
    def text_hash(self) -> str:
        return sha256({"body": self.body, "facts": self.facts})


@dataclass(frozen=True)
class CountryQuiz:
    title: Texts
    minutes: int
    questions: tuple[QuestionContent, ...]
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class LayerContent:
    """A national layer. `pass_percent` None: two thirds of the points, rounded up."""

    country: str
    owner: str
    source_language: str
    languages: tuple[str, ...]
    pass_percent: int | None = None
    panels: tuple[PanelContent, ...] = ()
    facts: tuple[FactContent, ...] = ()
    quiz: CountryQuiz | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class Asset:
    """A file of the bundle. `open` reads it again from where the bundle lies, which must still be there."""

    path: str
    sha256: str
    size: int
    mime: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)

    def chunks(self) -> Iterator[bytes]:
        """The bytes that were checked, a little at a time: a film never lies in memory whole.

        Raises AssetChanged at the end if the file is another one by now.
        """
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != self.sha256:
            raise AssetChanged(self.path)

    def read(self) -> bytes:
        """All of it, where it is known to be small. Raises AssetChanged."""
        return b"".join(self.chunks())


class AssetChanged(Exception):
    """A file of a bundle changed between being checked and being read."""


@dataclass(frozen=True)
class Bundle:
    """A whole folder. Each of core, translations and layers may be absent."""

    module: ModuleInfo
    core: CoreContent | None = None
    translations: Mapping[str, TranslationContent] = field(default_factory=dict)
    layers: Mapping[str, LayerContent] = field(default_factory=dict)
    assets: Mapping[str, Asset] = field(default_factory=dict)
    warnings: tuple[Any, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class LessonOutline:
    """What translations and layers must know of a core lesson: its places for panels, its questions' option keys."""

    kind: str
    anchors: frozenset[str] = frozenset()
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text_hash: str = ""


def question_to_json(question: QuestionContent) -> dict[str, Any]:
    """For a JSON column or a snapshot; `question_from_json` gives the equal question back."""
    return asdict(question)


def question_from_json(data: Mapping[str, Any]) -> QuestionContent:
    texts = {language: question_text_from_json(text) for language, text in data["texts"].items()}
    lists = {name: tuple(data.get(name, ())) for name in ("references", "rests_on")}
    return QuestionContent(**{**data, **lists, "texts": texts})


def pools_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Pool, ...]:
    return tuple(Pool(**{**pool, "questions": tuple(pool["questions"])}) for pool in data)


def question_text_from_json(data: Mapping[str, Any]) -> QuestionText:
    return QuestionText(**data)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 August + 6 = 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
