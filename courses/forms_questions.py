"""What authors fill in of a question: its words, its options one by one, and which answer is right.

One form for every kind; a new option is a row that was empty, and a row whose words are taken out is gone.
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from .content import KEY, Pool, QuestionContent, QuestionText
from .question_kinds import HASH, KIND_WORDS, KINDS, MalformedAnswer, read_number
from .questions import validate
from .selectors.words import language_here
from .services.writing import in_a_line, tidy

EMPTY_ROWS = 3
MOST_ROWS = 12
TEXT = 4_000
HELP = {
    "single": _("Mark the one that is right. A row without words is left out."),
    "multiple": _("Mark all that are right: only exactly these count. A row without words is left out."),
    "short": _("Mark what is accepted. What is not marked is a mistake that has feedback of its own."),
    "matching": _(
        "Give each option the letter of what belongs to it. A letter may be used twice, or not at all."
    ),
    "ordering": _("Write them in the right order, or number them; learners get them shuffled."),
}
SPELLING = {
    "case": (_("Capital letters"), _("Capital letters do not count."), _("Capital letters count.")),
    "diacritics": (
        _("Accents and dots"),
        _("Accents and dots do not count."),
        _("Accents and dots count."),
    ),
}


class NewQuestionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, words) for kind, words in KIND_WORDS.items()])


class QuestionForm(forms.Form):
    """`question` is what is there, or an empty one of the kind; words are those of `language`."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    prompt = forms.CharField(label=_("Question"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    explanation = forms.CharField(
        label=_("Why the answer is right"),
        help_text=_("Shown once the quiz is handed in."),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100)
    references = forms.CharField(
        label=_("References"),
        help_text=_("One on each line: the article of law, the section of the guideline."),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        question: QuestionContent,
        language: str,
        facts: Mapping[str, str] | None = None,
        base: str = "",
    ) -> None:
        self.question, self.language = question, language
        self.kind = KINDS[question.kind]
        self.texts = question.texts.get(language, QuestionText())
        super().__init__(data, initial={"base": base, **words_of(question, self.texts)})
        self.build(facts)

    def build(self, facts: Mapping[str, str] | None) -> None:
        if facts is not None:
            self.add_facts(facts)
        adders = {"numeric": self.add_number, "truefalse": self.add_truth, "attestation": self.add_document}
        adders.get(self.question.kind, self.add_rows)()

    # --- Fields of each kind ---

    def add(self, name: str, field: forms.Field, initial: object = None) -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def add_facts(self, facts: Mapping[str, str]) -> None:
        choices = [(key, key) for key, status in facts.items() if status == "verified"]
        field = forms.MultipleChoiceField(
            label=_("Rests on"),
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Verified facts of this layer. No question rests on what is not verified."),
        )
        self.add("rests_on", field, list(self.question.rests_on))

    def add_number(self) -> None:
        rule = self.question.rule
        self.add("answer", number_field(_("The right number")), rule.get("answer", ""))
        self.add("tolerance", number_field(_("How far off is still right")), rule.get("tolerance", "0"))
        self.add("unit", forms.CharField(label=_("Unit"), max_length=60, required=False), self.texts.unit)

    def add_truth(self) -> None:
        choices = [("true", _("True")), ("false", _("False"))]
        field = forms.ChoiceField(label=_("The right answer"), choices=choices, widget=forms.RadioSelect)
        correct = self.question.rule.get("correct")
        self.add("correct", field, None if correct is None else str(correct).lower())

    def add_document(self) -> None:
        known = self.question.rule.get("document", {})
        fields = {
            "title": forms.CharField(label=_("Title of the document"), max_length=200),
            "version": forms.CharField(label=_("Version"), max_length=60, required=False),
            "sha256": forms.RegexField(
                HASH,
                label=_("SHA-256 of the document"),
                help_text=_(
                    "64 characters of 0–9 and a–f, so that what was read can be told from what came later."
                ),
                error_messages={"invalid": _("Give all 64 characters, of 0–9 and a–f.")},
            ),
            "url": forms.CharField(
                label=_("Address"),
                max_length=600,
                required=False,
                validators=[URLValidator(schemes=["http", "https"])],
                help_text=_("Where learners read it; begin with https://."),
            ),
        }
        for name, field in fields.items():
            self.add(f"document_{name}", field, known.get(name, ""))

    def add_rows(self) -> None:
        if self.question.kind == "short":
            for name, (label, ignored, counted) in SPELLING.items():
                choices = [("ignore", ignored), ("exact", counted)]
                self.add(name, forms.ChoiceField(label=label, choices=choices), self.spelling(name))
        for number, key in enumerate(self.row_keys("option", self.question.rule.get("options", ())), 1):
            self.add_option(number, key)
        if self.question.kind == "matching":
            keys = self.row_keys("match", self.question.rule.get("matches", ()))
            for letter, key in zip(string.ascii_uppercase, keys, strict=False):
                self.add(f"match-{letter}-key", hidden(), key)
                self.add(
                    f"match-{letter}",
                    words_field(_("What belongs to it, %(letter)s"), letter=letter),
                    self.words(key),
                )

    def spelling(self, name: str) -> str:
        return str(self.question.rule.get(name, "ignore" if name == "case" else "exact"))

    def row_keys(self, name: str, known: Sequence[str]) -> list[str]:
        """One for each row that is there or was sent, and some empty ones."""
        rows = len(known) + EMPTY_ROWS
        if self.is_bound:
            sent = [field for field in self.data if field.startswith(f"{name}-") and field.endswith("-key")]
            rows = max(rows, len(sent))
        rows = min(max(rows, 4), max(MOST_ROWS, len(known)))
        return [*known, *[""] * (rows - len(known))]

    def words(self, key: str) -> str:
        return self.texts.options.get(key, "")

    def add_option(self, number: int, key: str) -> None:
        rule, name = self.question.rule, f"option-{number}"
        self.add(f"{name}-key", hidden(), key)
        self.add(name, words_field(_("Option %(number)s"), number=number), self.words(key))
        if self.question.kind in ("single", "multiple"):
            self.add(
                f"{name}-correct",
                checkbox(_("Option %(number)s is right"), number),
                key in rule.get("correct", ()),
            )
        if self.question.kind == "short":
            self.add(
                f"{name}-correct",
                checkbox(_("Option %(number)s is accepted"), number),
                key in rule.get("correct", ()),
            )
        if self.question.kind == "matching":
            letters = zip(string.ascii_uppercase, rule.get("matches", ()), strict=False)
            letter = {match: letter for letter, match in letters}.get(
                rule.get("correct", {}).get(key, ""), ""
            )
            choices = [("", "–"), *[(letter, letter) for letter in string.ascii_uppercase[:MOST_ROWS]]]
            field = forms.ChoiceField(
                label=labelled(_("What belongs to option %(number)s"), number=number),
                choices=choices,
                required=False,
            )
            self.add(f"{name}-match", field, letter)
        if self.question.kind == "ordering":
            place = forms.IntegerField(
                label=labelled(_("Place of option %(number)s"), number=number),
                min_value=1,
                max_value=99,
                required=False,
            )
            self.add(f"{name}-place", place, number if key else None)
        feedback = words_field(_("Feedback to option %(number)s"), number=number)
        self.add(f"{name}-feedback", feedback, self.texts.feedback.get(key, ""))

    # --- For the page ---

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The bound fields of each row."""
        for field in self.fields:
            if field.startswith(f"{name}-") and field.endswith("-key"):
                row = field.removesuffix("-key")
                yield [self[other] for other in self.fields if other == row or other.startswith(f"{row}-")]

    @property
    def option_rows(self) -> list[list[Any]]:
        return list(self.rows("option"))

    @property
    def match_rows(self) -> list[list[Any]]:
        return list(self.rows("match"))

    @property
    def rows_help(self) -> Promise | str:
        return HELP.get(self.question.kind, "")

    @property
    def head(self) -> list[Any]:
        """What stands above the rows."""
        names = [name for name in self.fields if name not in QuestionForm.base_fields]
        return [
            self[name] for name in ("base", "prompt", *names) if not name.startswith(("option-", "match-"))
        ]

    @property
    def tail(self) -> list[Any]:
        return [self[name] for name in ("explanation", "points", "references") if name in self.fields]

    # --- What comes of it ---

    def clean_answer(self) -> str:
        return self.clean_number("answer")

    def clean_tolerance(self) -> str:
        return self.clean_number("tolerance")

    def clean_number(self, name: str) -> str:
        try:
            number = read_number(self.cleaned_data[name])
        except MalformedAnswer as error:
            raise forms.ValidationError(str(error.message)) from error
        if name == "tolerance" and number < 0:
            raise forms.ValidationError(_("It cannot be less than 0."))
        return f"{number:f}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        question = self.changed_question(said)
        for flaw in validate(question):
            self.add_error(self.field_of(flaw.field), str(flaw.message) % flaw.values)
        if question.kind == "attestation":
            return said
        if "rests_on" in self.fields and not question.rests_on:
            self.add_error("rests_on", _("A country question rests on a verified fact. Choose at least one."))
        elif not question.references and not question.rests_on:
            self.add_error("references", _("The question rests on nothing. Name what it rests on."))
        return said

    def field_of(self, name: str) -> str | None:
        places = {"options": "option-1", "matches": "match-A"}
        wanted = places.get(name, name)
        return wanted if wanted in self.fields else None

    def changed_question(self, said: Mapping[str, Any]) -> QuestionContent:
        """The question as it would be; words in other languages stay with what they are of."""
        rule, options, feedback = self.rule_of(said)
        kept = set(rule.get("options", ())) | set(rule.get("matches", ()))
        words = QuestionText(
            prompt=tidy(said["prompt"]).strip(),
            options=options,
            feedback=feedback,
            explanation=tidy(said["explanation"]).strip(),
            unit=in_a_line(said.get("unit", "")),
        )
        others = {
            code: replace(
                text,
                options={key: each for key, each in text.options.items() if key in kept},
                feedback={key: each for key, each in text.feedback.items() if key in kept},
            )
            for code, text in self.question.texts.items()
        }
        references = (in_a_line(line) for line in said["references"].splitlines())
        return replace(
            self.question,
            rule=rule,
            texts={**others, self.language: words},
            points=said["points"],
            references=tuple(line for line in references if line),
            rests_on=tuple(said.get("rests_on", ())),
        )

    def rule_of(self, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
        kind = self.question.kind
        if kind == "truefalse":
            return {"correct": said["correct"] == "true"}, {}, {}
        if kind == "numeric":
            return {"answer": said["answer"], "tolerance": said["tolerance"]}, {}, {}
        if kind == "attestation":
            of_document = ("title", "version", "sha256", "url")
            document = {name: in_a_line(said[f"document_{name}"]) for name in of_document}
            return {"document": {name: text for name, text in document.items() if text}}, {}, {}
        options = list(self.filled("option", said))
        if kind == "ordering":
            options.sort(key=lambda row: said.get(f"{row[0]}-place") or 100)
        texts = {key: tidy(said[row]).strip() for row, key in options}
        feedback = {key: tidy(said[f"{row}-feedback"]).strip() for row, key in options}
        rule: dict[str, Any] = {"options": [key for _row, key in options]}
        if kind in ("single", "multiple", "short"):
            rule["correct"] = [key for row, key in options if said[f"{row}-correct"]]
        if kind == "short":
            rule |= {name: said[name] for name in SPELLING}
        if kind == "matching":
            matches = dict(self.filled("match", said))
            texts |= {key: tidy(said[row]).strip() for row, key in matches.items()}
            given = {key: matches.get(f"match-{said[f'{row}-match']}", "") for row, key in options}
            rule |= {"matches": list(matches.values()), "correct": given}
        return rule, texts, {key: words for key, words in feedback.items() if words}

    def filled(self, name: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The rows that have words, each with its key: the one it was sent with, else a new one that never was.

        By what was sent, not by place: somebody else may have changed the rows meanwhile.
        """
        known, used = set(self.question.option_keys), set[str]()
        for field in list(self.fields):
            if not (field.startswith(f"{name}-") and field.endswith("-key")):
                continue
            row, sent = field.removesuffix("-key"), said[field]
            if not tidy(said[row]).strip():
                continue
            is_its_own = sent in known and sent not in used
            key = sent if is_its_own else free_key(name[0], known | used)
            used.add(key)
            yield row, key


class QuestionWordsForm(QuestionForm):
    """The words of a question in one more language of its layer, beside those it was written in.

    What is right, and what it rests on, is said there. Empty words are read in that language.
    """

    def __init__(self, data: Any = None, *, source: str, question: QuestionContent, **more: Any) -> None:
        self.original = question.texts.get(source, QuestionText())
        super().__init__(data, question=question, **more)

    def build(self, facts: Mapping[str, str] | None) -> None:
        del self.fields["points"], self.fields["references"]
        for name in ("prompt", "explanation"):
            self.fields[name].required = False
            self.fields[name].help_text = escape(getattr(self.original, name))
        if self.question.kind == "numeric":
            unit = forms.CharField(
                label=_("Unit"), max_length=60, required=False, help_text=escape(self.original.unit)
            )
            self.add("unit", unit, self.texts.unit)
        for number, key in enumerate(self.question.option_keys, 1):
            name = f"option-{number}"
            self.add(f"{name}-key", hidden(), key)
            self.add(name, words_field(_("Option %(number)s"), number=number), self.words(key))
            self.fields[name].help_text = escape(self.original.options.get(key, ""))
            if original := self.original.feedback.get(key):
                feedback = words_field(_("Feedback to option %(number)s"), number=number)
                feedback.help_text = escape(original)
                self.add(f"{name}-feedback", feedback, self.texts.feedback.get(key, ""))

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    def changed_question(self, said: Mapping[str, Any]) -> QuestionContent:
        keys = dict(enumerate(self.question.option_keys, 1))
        words = QuestionText(
            prompt=tidy(said["prompt"]).strip(),
            options=said_of(keys, "option-{}", said),
            feedback=said_of(keys, "option-{}-feedback", said),
            explanation=tidy(said["explanation"]).strip(),
            unit=in_a_line(said.get("unit", "")),
        )
        return replace(self.question, texts={**self.question.texts, self.language: words})


def said_of(keys: Mapping[int, str], name: str, said: Mapping[str, Any]) -> dict[str, str]:
    words = {key: tidy(said.get(name.format(number), "")).strip() for number, key in keys.items()}
    return {key: text for key, text in words.items() if text}


def free_key(stem: str, taken: Iterable[str]) -> str:
    taken = set(taken)
    return next(key for number in range(1, 1_000) if (key := f"{stem}{number}") not in taken)


def words_of(question: QuestionContent, text: QuestionText) -> dict[str, Any]:
    return {
        "prompt": text.prompt,
        "explanation": text.explanation,
        "points": question.points,
        "references": "\n".join(question.references),
    }


def labelled(label: Promise, **values: object) -> str:
    return str(label) % values


def words_field(label: Promise, **values: object) -> forms.CharField:
    return forms.CharField(label=labelled(label, **values), max_length=1_000, required=False)


def number_field(label: Promise) -> forms.CharField:
    return forms.CharField(
        label=labelled(label),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def checkbox(label: Promise, number: int) -> forms.BooleanField:
    return forms.BooleanField(label=labelled(label, number=number), required=False)


def hidden() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)


# --- The quiz as a whole ----------------------------------------------------------------------------------------------


class QuizSettingsForm(forms.Form):
    """Of a core quiz. A pool is named at its questions: those with the same word are one."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    pass_percent = forms.IntegerField(label=_("Percent of the points to pass"), min_value=1, max_value=100)
    attempts = forms.IntegerField(
        label=_("Attempts before one has to wait"),
        min_value=1,
        max_value=1_000,
        required=False,
        help_text=_(
            "Empty: as many as one likes. A number never locks anybody out; it only opens a waiting time."
        ),
    )
    wait_hours = forms.IntegerField(
        label=_("Hours to wait"), min_value=1, max_value=168, required=False, help_text=_("Empty: a day.")
    )
    draw = forms.IntegerField(
        label=_("Questions in each attempt"),
        min_value=1,
        max_value=1_000,
        required=False,
        help_text=_("Drawn from all. Empty: every question, or as the pools say."),
    )
    pools = forms.CharField(
        label=_("Pools"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One on each line: its name, how many are drawn, and the keys, such as “terms 2: q1, q2, q3”."
        ),
    )

    def __init__(
        self, data: Any = None, *, settings: Mapping[str, Any], known: Sequence[str], base: str
    ) -> None:
        self.known = known
        self.extras = {pool["key"]: pool.get("extra", {}) for pool in settings.get("pools", ())}
        pools = (
            f"{pool['key']} {pool['draw']}: {', '.join(pool['questions'])}"
            for pool in settings.get("pools", ())
        )
        initial = {
            "base": base,
            "pass_percent": settings["pass"],
            "pools": "\n".join(pools),
            **{name: settings.get(name) for name in ("attempts", "wait_hours", "draw")},
        }
        super().__init__(data, initial=initial)

    def clean_draw(self) -> int | None:
        draw: int | None = self.cleaned_data["draw"]
        if draw and draw > len(self.known):
            raise forms.ValidationError(_("It draws more questions than there are."))
        return draw

    def clean_pools(self) -> tuple[Pool, ...]:
        pools: list[Pool] = []
        for line in filter(str.strip, self.cleaned_data["pools"].splitlines()):
            pools.append(self.pool_of(line, pools))
        return tuple(pools)

    def pool_of(self, line: str, others: Sequence[Pool]) -> Pool:
        head, _colon, tail = line.partition(":")
        words = head.split()
        keys = tuple(key for key in tail.replace(",", " ").split())
        if (
            len(words) != 2
            or not KEY.fullmatch(words[0])
            or not words[1].isdecimal()
            or not keys
            or len(set(keys)) < len(keys)
        ):
            raise forms.ValidationError(
                _("“%(line)s” is no pool. Write it as “terms 2: q1, q2, q3”.") % {"line": line}
            )
        pool = Pool(words[0], int(words[1][:4]), keys, self.extras.get(words[0], {}))
        for key in keys:
            if key not in self.known:
                raise forms.ValidationError(
                    _("There is no question “%(key)s”. Correct or remove it.") % {"key": key}
                )
            if any(key in other.questions for other in others):
                message = _("The question “%(key)s” is in another pool already. Keep it in one.")
                raise forms.ValidationError(message % {"key": key})
        if any(pool.key == other.key for other in others):
            raise forms.ValidationError(
                _("Two pools have the key “%(key)s”. Rename one.") % {"key": pool.key}
            )
        if not 1 <= pool.draw <= len(keys):
            raise forms.ValidationError(_("The pool draws more questions than it has. Lower it."))
        return pool

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("draw") and said.get("pools"):
            self.add_error("draw", _("It draws from all questions and from pools. Keep one of the two."))
        return said


class CountryCheckForm(forms.Form):
    """Of a layer's check; `languages` are those that its title may be said in besides its own."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600)
    pass_percent = forms.IntegerField(
        label=_("Percent of the points to pass"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Empty: two thirds of the points, rounded up."),
    )

    def __init__(
        self, data: Any = None, *, languages: Iterable[str] = (), titles: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.languages = list(languages)
        for language in self.languages:
            label = labelled(_("Title in %(language)s"), language=language_here(language))
            field = forms.CharField(label=label, max_length=200, required=False)
            self.fields[f"title_{language}"] = field
            self.initial[f"title_{language}"] = titles.get(language, "")

    def titles(self, source: str) -> dict[str, str]:
        """By language, as the layer keeps them."""
        said = {language: in_a_line(self.cleaned_data[f"title_{language}"]) for language in self.languages}
        return {
            source: in_a_line(self.cleaned_data["title"]),
            **{name: text for name, text in said.items() if text},
        }

    def clean_title(self) -> str:
        return in_a_line(self.cleaned_data["title"])
