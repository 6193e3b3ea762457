"""The kinds of questions: what makes one complete, what it asks for, whether an answer to it is right.

Each kind needs nothing but the question and the answer, and gives all of the points or none.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError

from .content import QuestionContent

Values = tuple[str, ...]
Message = str | Promise


class MalformedAnswer(DomainError):
    """An answer that no form of ours sends, or a number that is none. Nothing is marked."""

    code = "malformed-answer"
    status = 400
    message = _("This answer cannot be read. Choose among the options shown.")


@dataclass(frozen=True)
class Flaw:
    """What makes a question unusable, and what to do about it. `field` is what a form shows it at."""

    message: Message
    values: Mapping[str, object]
    field: str = ""


class Kind:
    """One kind of question. Answers are `values`: sorted option keys, pairs `option=match`, or what was typed."""

    has_options = True  # texts by option key in the file, shown or not
    words: Mapping[str, Promise] = {}  # of options that are the same in every question

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        raise NotImplementedError

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        """Raises MalformedAnswer."""
        raise NotImplementedError

    def right(self, question: QuestionContent) -> Values:
        """The answer that is right, as answers are stored."""
        raise NotImplementedError

    def option_keys(self, question: QuestionContent) -> Values:
        """The options that a page shows before submission."""
        return ()

    def match_keys(self, question: QuestionContent) -> Values:
        """What each option is to be given, where the answer is pairs."""
        return ()

    def missing(self, question: QuestionContent, values: Values) -> Message:
        """Why the answer cannot be handed in yet; empty where it can."""
        return "" if values else _("Choose an answer.")

    def touched(self, question: QuestionContent, values: Values) -> Values:
        """The options whose feedback the answer calls for."""
        return values


class Choice(Kind):
    """One right option (single), or exactly the set of right ones (multiple): all or nothing."""

    def __init__(self, *, several: bool) -> None:
        self.several = several

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        right = len(self.right(question))
        yield from too_few_options(question)
        if not self.several and right != 1:
            message = _(
                "%(count)s of its options are marked correct. Mark exactly one, or use kind: multiple."
            )
            yield Flaw(message, {"count": right}, "options")
        if self.several and not right:
            yield none_right()

    def option_keys(self, question: QuestionContent) -> Values:
        return question.option_keys

    def right(self, question: QuestionContent) -> Values:
        return tuple(question.rule.get("correct", ()))

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        if not self.several and len(values) > 1:
            raise MalformedAnswer(_("Choose one option only."))
        if not set(values) <= set(question.option_keys):
            raise MalformedAnswer
        return set(values) == set(self.right(question))


def too_few_options(question: QuestionContent) -> Iterator[Flaw]:
    count = len(question.rule.get("options", ()))
    if count < 2:
        yield Flaw(_("It has %(count)s options. Give it at least two."), {"count": count}, "options")


def none_right() -> Flaw:
    message = _("None of its options is marked correct. Add “correct: true” to each that is.")
    return Flaw(message, {}, "options")


class TrueFalse(Kind):
    """A statement that is true or false."""

    has_options = False
    words = {"true": _("True"), "false": _("False")}

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        if not isinstance(question.rule.get("correct"), bool):
            message = _("It does not say what is right. Add “correct: true” or “correct: false”.")
            yield Flaw(message, {}, "correct")

    def option_keys(self, question: QuestionContent) -> Values:
        return tuple(self.words)

    def right(self, question: QuestionContent) -> Values:
        return ("true" if question.rule["correct"] else "false",)

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        if len(values) > 1 or values[0] not in self.words:
            raise MalformedAnswer
        return values == self.right(question)


class Numeric(Kind):
    """A number, right within its tolerance."""

    has_options = False

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        for name in ("answer", "tolerance"):
            number = written_decimal(question.rule.get(name))
            if number is None or (name == "tolerance" and number < 0):
                yield Flaw(_('“%(name)s” must be a number in quotes, such as "2.5".'), {"name": name}, name)

    def right(self, question: QuestionContent) -> Values:
        return (question.rule["answer"],)

    def missing(self, question: QuestionContent, values: Values) -> Message:
        if not values:
            return _("Write a number.")
        try:
            read_number(values[0])
        except MalformedAnswer as error:
            return error.message
        return ""

    def touched(self, question: QuestionContent, values: Values) -> Values:
        return ()

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        if len(values) > 1:
            raise MalformedAnswer
        off = read_number(values[0]) - Decimal(question.rule["answer"])
        return abs(off) <= Decimal(question.rule["tolerance"])


NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
WRITTEN_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.][0-9]{1,15})?")


def read_number(text: str) -> Decimal:
    """A number as people write it here: 2.5 or 2,5, spaces between thousands. Raises MalformedAnswer."""
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not NUMBER.fullmatch(plain):
        raise MalformedAnswer(_("Write the number alone, in digits, such as 60 or 2.5."))
    return Decimal(plain.replace(",", "."))


def written_decimal(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) and WRITTEN_NUMBER.fullmatch(value) else None


class ShortText(Kind):
    """A few words. Options marked correct are accepted; the others are mistakes that have feedback of their own.

    What is accepted in any language of the question is accepted in all: a national term is right in every one.
    """

    SPELLING = ("ignore", "exact")

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        if not self.right(question):
            yield none_right()
        for text in sorted(self.spellings(question, right=True) & self.spellings(question, right=False)):
            message = _("“%(text)s” is both accepted and a mistake. Keep one of them.")
            yield Flaw(message, {"text": text}, "options")

    def right(self, question: QuestionContent) -> Values:
        return tuple(question.rule.get("correct", ()))

    def missing(self, question: QuestionContent, values: Values) -> Message:
        return "" if values else _("Write an answer.")

    def touched(self, question: QuestionContent, values: Values) -> Values:
        typed = {spelt(value, question.rule) for value in values}
        return tuple(
            key
            for key in question.option_keys
            if typed & {spelt(t, question.rule) for t in texts(question, key)}
        )

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        if len(values) > 1:
            raise MalformedAnswer
        return spelt(values[0], question.rule) in self.spellings(question, right=True)

    def spellings(self, question: QuestionContent, *, right: bool) -> set[str]:
        keys = [key for key in question.option_keys if (key in self.right(question)) is right]
        return {spelt(text, question.rule) for key in keys for text in texts(question, key)}


def texts(question: QuestionContent, key: str) -> list[str]:
    """The words of an option in every language."""
    return [text.options[key] for text in question.texts.values() if text.options.get(key)]


# Letters that Unicode does not take apart into a letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L"}
)
# What phones and word processors put in the place of an apostrophe and a hyphen.
TYPED = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-"})


def spelt(text: str, rule: Mapping[str, object]) -> str:
    """The form in which two spellings are compared, as the question says."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(TYPED).split())
    if rule.get("case") != "exact":
        text = text.casefold()
    if rule.get("diacritics") == "ignore":
        letters = unicodedata.normalize("NFD", text.translate(PLAIN_LETTERS))
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return text


class Pairs(Kind):
    """Each option is to be given something: all pairs right, or nothing."""

    def option_keys(self, question: QuestionContent) -> Values:
        return tuple(question.rule.get("options", ()))

    def touched(self, question: QuestionContent, values: Values) -> Values:
        return tuple(pairs_of(values))

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        given = pairs_of(values)
        if not (
            given.keys() <= set(self.option_keys(question))
            and set(given.values()) <= set(self.match_keys(question))
        ):
            raise MalformedAnswer
        return given == pairs_of(self.right(question))


def pair(option: str, match: str) -> str:
    return f"{option}={match}"


def pairs_of(values: Values) -> dict[str, str]:
    """Raises MalformedAnswer for what is no pair, and for an option that is given two things."""
    pairs = [value.partition("=") for value in values]
    found = {option: match for option, _sign, match in pairs}
    if len(found) < len(pairs) or not all(option and match for option, match in found.items()):
        raise MalformedAnswer
    return found


class Matching(Pairs):
    """Each option has its match; a match may serve several options, or none."""

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        yield from too_few_options(question)
        options, matches = self.option_keys(question), self.match_keys(question)
        if len(matches) < 2:
            message = _("It has %(count)s matches. Give it at least two.")
            yield Flaw(message, {"count": len(matches)}, "matches")
        for key in options:
            if question.rule.get("correct", {}).get(key) not in matches:
                message = _("The option “%(key)s” has no match. Give it the key of one of the matches.")
                yield Flaw(message, {"key": key}, "options")

    def match_keys(self, question: QuestionContent) -> Values:
        return tuple(question.rule.get("matches", ()))

    def right(self, question: QuestionContent) -> Values:
        return tuple(pair(option, match) for option, match in sorted(question.rule["correct"].items()))

    def missing(self, question: QuestionContent, values: Values) -> Message:
        return "" if len(values) == len(self.option_keys(question)) else _("Choose a match for each.")


class Ordering(Pairs):
    """Options in the right order; the answer gives each its place."""

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        yield from too_few_options(question)

    def match_keys(self, question: QuestionContent) -> Values:
        return tuple(str(place) for place in range(1, len(self.option_keys(question)) + 1))

    def right(self, question: QuestionContent) -> Values:
        places = enumerate(self.option_keys(question), 1)
        return tuple(sorted(pair(option, str(place)) for place, option in places))

    def missing(self, question: QuestionContent, values: Values) -> Message:
        places = {value.partition("=")[2] for value in values}
        if len(places) == len(self.option_keys(question)):
            return ""
        return _("Give each its own place.")


class Attestation(Kind):
    """That a named document, known by its hash, was read and understood. Whoever hands it in has said so."""

    has_options = False
    words = {"read": _("I have read and understood this document.")}

    def flaws(self, question: QuestionContent) -> Iterator[Flaw]:
        document = question.rule.get("document") or {}
        if not document.get("title"):
            yield Flaw(_("It names no document. Give the document a title."), {}, "document_title")
        if not HASH.fullmatch(document.get("sha256", "")):
            message = _("The document has no hash. Give its SHA-256, 64 characters of 0–9 and a–f.")
            yield Flaw(message, {}, "document_sha256")

    def option_keys(self, question: QuestionContent) -> Values:
        return tuple(self.words)

    def right(self, question: QuestionContent) -> Values:
        return tuple(self.words)

    def missing(self, question: QuestionContent, values: Values) -> Message:
        return "" if values else _("Confirm that you have read it, or come back when you have.")

    def is_correct(self, question: QuestionContent, values: Values) -> bool:
        if values != self.right(question):
            raise MalformedAnswer
        return True


HASH = re.compile(r"[0-9a-f]{64}")

KINDS: Mapping[str, Kind] = {
    "single": Choice(several=False),
    "multiple": Choice(several=True),
    "truefalse": TrueFalse(),
    "numeric": Numeric(),
    "short": ShortText(),
    "matching": Matching(),
    "ordering": Ordering(),
    "attestation": Attestation(),
}
KIND_WORDS: Mapping[str, Promise] = {
    "single": _("one right answer"),
    "multiple": _("several right answers"),
    "truefalse": _("true or false"),
    "numeric": _("a number"),
    "short": _("a few words"),
    "matching": _("matching"),
    "ordering": _("ordering"),
    "attestation": _("read and understood"),
}
TYPED_KINDS = ("numeric", "short")
