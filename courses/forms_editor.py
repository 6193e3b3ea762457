"""What is typed in the editor. Texts may be unfinished: what readers must find in them is asked at submission."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.lib.places import CONTENT_LANGUAGES

from .bundle.fields import KEY_LENGTH
from .bundle.lessons import MINUTES, SECTION_LENGTH, TITLE_LENGTH
from .bundle.reader import HOURS
from .content import KEY, QuestionContent, QuestionText
from .models import Lesson, Module
from .services.writing import in_a_line, tidy

BODY_LENGTH = 200_000
LINE, PASSAGE = 400, 4_000


class Lines(forms.CharField):
    """A list, one thing a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        lines = [in_a_line(line) for line in super().clean(value).splitlines()]
        if any(len(line) > LINE for line in lines):
            raise ValidationError(_("A line may have %(most)s characters.") % {"most": LINE})
        return [line for line in lines if line]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(in_a_line, value)) if isinstance(value, list | tuple) else value


def as_before(before: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Lines that nobody changed, as they were written: a file may hold blanks that no form gives back."""
    known = {in_a_line(text): text for text in before}
    return [known.get(line, line) for line in lines]


class LessonHeadForm(forms.Form):
    """How a lesson stands in the outline. `base` names the text as the person saw it."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    section = forms.CharField(
        label=_("Section"),
        max_length=SECTION_LENGTH,
        required=False,
        help_text=_("A heading in the outline, above this lesson and those that follow with the same one."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MINUTES)
    required = forms.BooleanField(label=_("Required for the certificate"), required=False)


class LessonForm(LessonHeadForm):
    references = Lines(
        label=_("References"), required=False, help_text=_("What the lesson rests on, one a line.")
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=BODY_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )


class NewLessonForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=Lesson.Kind.choices)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MINUTES, initial=10)
    key = forms.CharField(
        label=_("Key"),
        max_length=KEY_LENGTH,
        required=False,
        help_text=_(
            "Names the lesson for ever; learners' progress hangs on it. Left empty, it is made of the title."
        ),
    )


class TranslationForm(forms.Form):
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=BODY_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )


class TranslatedQuizForm(forms.Form):
    """The words of every question; which answer is right stays where it is."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)

    def __init__(
        self, *args: Any, questions: list[QuestionContent], source_language: str, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.originals = {question.key: question.texts[source_language] for question in questions}
        for key, original in self.originals.items():
            for name, label, words in parts_of(original):
                self.fields[f"{key}|{name}"] = forms.CharField(
                    label=label,
                    help_text=words,
                    required=False,
                    max_length=PASSAGE,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def questions(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (key, [self[f"{key}|{name}"] for name, _label, _words in parts_of(original)])
            for key, original in self.originals.items()
        ]

    def words(self) -> dict[str, dict[str, Any]]:
        """By question key, as a translation keeps them. One of which nothing was ever said is no part of it."""
        found = {
            key: {
                "prompt": self.said(key, "prompt"),
                "options": self.said_of(key, "options", original.options),
                "feedback": self.said_of(key, "feedback", original.options),
                "explanation": self.said(key, "explanation"),
                "unit": self.said(key, "unit"),
            }
            for key, original in self.originals.items()
        }
        return {
            key: words
            for key, words in found.items()
            if any(words.values()) or f"{key}|prompt" in self.initial
        }

    def said(self, key: str, name: str) -> str:
        """What is not asked, since the original says nothing there, stays as it was."""
        before = self.initial.get(f"{key}|{name}", "")
        return tidy(self.cleaned_data.get(f"{key}|{name}", before)).strip()

    def said_of(self, key: str, name: str, original: Mapping[str, str]) -> dict[str, str]:
        found = {option: self.said(key, f"{name}|{option}") for option in original}
        return {option: text for option, text in found.items() if text}


def parts_of(original: QuestionText) -> list[tuple[str, Any, str]]:
    """Name, label and original words of what is to be translated of a question."""
    parts: list[tuple[str, Any, str]] = [("prompt", _("Question"), original.prompt)]
    for option, text in original.options.items():
        parts.append((f"options|{option}", _("Answer"), text))
        if feedback := original.feedback.get(option):
            parts.append((f"feedback|{option}", _("Feedback"), feedback))
    parts += [("explanation", _("Explanation"), original.explanation), ("unit", _("Unit"), original.unit)]
    return [part for part in parts if part[2]]


def initial_words(questions: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The values of a TranslatedQuizForm, of words as a translation keeps them."""
    found: dict[str, str] = {}
    for key, words in questions.items():
        for name, value in words.items():
            if isinstance(value, Mapping):
                found.update({f"{key}|{name}|{option}": text for option, text in value.items()})
            else:
                found[f"{key}|{name}"] = value
    return found


class AboutForm(forms.Form):
    """What `module.yaml` says, in the language in which the module is written."""

    title = forms.CharField(label=_("Title of the module"), max_length=TITLE_LENGTH)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=PASSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences for the catalogue."),
    )
    audience = forms.CharField(label=_("For whom"), max_length=PASSAGE)
    outcomes = Lines(
        label=_("What a learner will be able to do"), required=False, help_text=_("One outcome a line.")
    )
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal("0.1"), max_value=HOURS, max_digits=5, decimal_places=2
    )
    subject = forms.ChoiceField(label=_("Subject"), choices=Module.Subject.choices)
    references = Lines(label=_("References"), required=False, help_text=_("One a line."))
    validity_months = forms.IntegerField(
        label=_("Months for which the knowledge is good"), min_value=1, max_value=1_200, required=False
    )
    licence = forms.CharField(label=_("Licence"), max_length=LINE, required=False)

    def changes(self, meta: Mapping[str, Any], language: str) -> dict[str, Any]:
        """As a revision's `meta` keeps them; texts in other languages stay."""
        said = self.cleaned_data
        texts = {
            name: {**meta.get(name, {}), language: tidy(said[name]).strip()}
            for name in ("title", "summary", "audience")
        }
        same = {name: said[name] for name in ("subject", "validity_months")}
        return {
            **texts,
            **same,
            "licence": as_before([meta.get("licence", "")], [in_a_line(said["licence"])])[0],
            "references": as_before(meta.get("references", []), said["references"]),
            "outcomes": outcomes_with(meta.get("outcomes", []), said["outcomes"], language),
            "hours": hours_with(meta.get("hours", "0"), said["hours"]),
        }


def hours_with(before: str, hours: Decimal) -> str:
    """ "2.50" stays as it is written while it means the same."""
    return before if Decimal(before) == hours else f"{hours.normalize():f}"


def outcomes_with(before: list[dict[str, str]], lines: list[str], language: str) -> list[dict[str, str]]:
    """An outcome that is unchanged keeps its words in other languages; one that is reworded starts anew."""
    known = {in_a_line(outcome.get(language, "")): outcome for outcome in before}
    return [known.get(line, {language: line}) for line in lines]


def about_initial(meta: Mapping[str, Any], language: str) -> dict[str, Any]:
    texts = {name: meta.get(name, {}).get(language, "") for name in ("title", "summary", "audience")}
    same = {name: meta.get(name) for name in ("subject", "references", "validity_months", "licence", "hours")}
    outcomes = [outcome.get(language, "") for outcome in meta.get("outcomes", [])]
    return {**texts, **same, "outcomes": [line for line in outcomes if line]}


class EditAboutForm(AboutForm):
    base = forms.CharField(widget=forms.HiddenInput, required=False)


class AboutTranslationForm(forms.Form):
    """What is said of a translation besides its words. `texts` are the lessons that are translated, by key."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    awaiting = forms.MultipleChoiceField(
        label=_("These await review by a native speaker"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Readers of these lessons are told so. Untick a lesson when a native speaker has read it."
        ),
    )

    def __init__(self, *args: Any, texts: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["awaiting"].choices = texts  # type: ignore[attr-defined]


class NewModuleForm(AboutForm):
    """A module that does not exist yet. `organisations` are those the person writes for."""

    owner = forms.ChoiceField(label=_("Owner"))
    key = forms.CharField(
        label=_("Key"),
        max_length=KEY_LENGTH,
        help_text=_("Names the module for ever, in addresses and files: a–z, 0–9 and “-”."),
    )
    source_language = forms.ChoiceField(label=_("Written in"), choices=list(CONTENT_LANGUAGES.items()))
    first_lesson = forms.CharField(label=_("Title of the first lesson"), max_length=TITLE_LENGTH)

    field_order = ["owner", "title", "key", "source_language", "subject", "summary", "audience", "hours"]

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].choices = organisations  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not KEY.fullmatch(key) or "_" in key or "." in key:
            raise ValidationError(_("Use a–z, 0–9 and “-” only, and begin with a letter or a number."))
        return key


class NewTranslationForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"))
    owner = forms.ChoiceField(label=_("Owner of the translation"))

    def __init__(
        self, *args: Any, languages: list[tuple[str, str]], organisations: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["owner"].choices = organisations  # type: ignore[attr-defined]
