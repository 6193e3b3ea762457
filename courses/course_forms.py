"""What is filled in for a course: its words by language, and its modules in order.

It refuses what the file of a course refuses (`docs/exchange-format.md`), so that a course written here can be
downloaded and read again.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import Organisation
from lms.lib.places import CONTENT_LANGUAGES, language_name

from .bundle.fields import KEY_LENGTH, TEXT_LENGTH
from .bundle.lessons import TITLE_LENGTH
from .bundle.reader import HOURS
from .bundle.syntax import UNFIT
from .models import Course, Module

Item = tuple[Module, list[str] | None]
WORDS = ("title", "summary", "outcomes", "audience")


class Words(forms.CharField):
    """Text as it is kept: one form of every character, one kind of line end, nothing invisible."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if UNFIT.search(text):
            raise ValidationError(_("There is an invisible control character. Remove it."))
        return text.strip() if self.strip else text.rstrip()


def words_fields() -> dict[str, tuple[Any, int]]:
    """Label and greatest length, in the order of the form."""
    return {
        "title": (gettext_lazy("Title"), TITLE_LENGTH),
        "summary": (gettext_lazy("Summary"), TEXT_LENGTH),
        "outcomes": (gettext_lazy("What learners will be able to do, one per line"), TEXT_LENGTH),
        "audience": (gettext_lazy("For whom"), TEXT_LENGTH),
    }


class CourseForm(forms.Form):
    """The words of a course in every language of content, and its hours. `texts` is what the services take."""

    hours = forms.DecimalField(
        label=gettext_lazy("Hours of learning"),
        min_value=0.01,
        max_value=HOURS,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("They stand on the certificate."),
    )

    def __init__(self, data: QueryDict | None = None, *, course: Course | None = None) -> None:
        super().__init__(data, initial=initial_of(course) if course else None)
        for language in CONTENT_LANGUAGES:
            for name, (label, most) in words_fields().items():
                self.fields[f"{name}_{language}"] = words_field(name, label, most, language)

    def only_shown(self) -> None:
        """Show what was typed, and say nothing about it yet."""
        self.initial = {name: self.data.get(name, "") for name in self.fields}
        self.is_bound = False

    @property
    def languages(self) -> list[tuple[str, str, list[BoundField], bool]]:
        """Code, name, fields, and whether they stand open: English, and what has a text or is wrong."""
        return [
            (code, name, fields, code == "en" or any(field.value() or field.errors for field in fields))
            for code, name in CONTENT_LANGUAGES.items()
            for fields in [[self[f"{each}_{code}"] for each in WORDS]]
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        for language in CONTENT_LANGUAGES:
            if not said[f"title_{language}"] and any(said[f"{name}_{language}"] for name in WORDS[1:]):
                self.add_error(f"title_{language}", _("Without a title nobody finds the other texts."))
        for name in ("title", "summary"):
            if not any(said.get(f"{name}_{language}") for language in CONTENT_LANGUAGES):
                self.add_error(f"{name}_en", _("Write it in one language at least."))
        return said

    @property
    def texts(self) -> dict[str, Any]:
        by_name = {name: self.by_language(name) for name in WORDS}
        return {
            **by_name,
            "outcomes": as_outcomes(by_name["outcomes"]),
            "hours": self.cleaned_data["hours"],
        }

    def by_language(self, name: str) -> dict[str, str]:
        said = {language: self.cleaned_data[f"{name}_{language}"] for language in CONTENT_LANGUAGES}
        return {language: text for language, text in said.items() if text}


class NewCourseForm(CourseForm):
    """With what stays: the address and the owner."""

    slug = forms.RegexField(
        r"^[a-z0-9]+([-_][a-z0-9]+)*$",
        label=gettext_lazy("Address"),
        max_length=KEY_LENGTH,
        help_text=gettext_lazy("Small letters, digits and hyphens, such as “clinical-trials”. It stays."),
        error_messages={"invalid": gettext_lazy("Use small letters a–z, digits and hyphens.")},
    )
    owner = forms.ChoiceField(label=gettext_lazy("Owner"))

    def __init__(self, data: QueryDict | None = None, *, owners: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.owners = {owner.slug: owner for owner in owners}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (owner.slug, owner.short_name) for owner in owners
        ]
        self.order_fields(["slug", "owner"])

    @property
    def chosen_owner(self) -> Organisation:
        return self.owners[self.cleaned_data["owner"]]


def words_field(name: str, label: Any, most: int, language: str) -> Words:
    rows = {"summary": 3, "outcomes": 5, "audience": 2}.get(name)
    attrs = {"lang": language, **({"rows": rows} if rows else {})}
    widget = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
    spoken = _("%(field)s (%(language)s)") % {"field": label, "language": language_name(language)}
    # An outcome that a language does not have is an empty line, and it may be the first.
    return Words(label=spoken, required=False, max_length=most, widget=widget, strip=name != "outcomes")


def initial_of(course: Course) -> dict[str, Any]:
    return {
        "hours": course.hours,
        **{
            f"{name}_{language}": text
            for name in ("title", "summary", "audience")
            for language, text in getattr(course, name).items()
        },
        **{f"outcomes_{language}": text for language, text in as_lines(course.outcomes).items()},
    }


def as_outcomes(lines: Mapping[str, str]) -> list[dict[str, str]]:
    """Line by line: the second line of each language is the second outcome."""
    said = {language: [line.strip() for line in text.split("\n")] for language, text in lines.items()}
    longest = max(map(len, said.values()), default=0)
    outcomes = [
        {language: texts[at] for language, texts in said.items() if at < len(texts) and texts[at]}
        for at in range(longest)
    ]
    return [outcome for outcome in outcomes if outcome]


def as_lines(outcomes: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """An outcome that a language does not have is an empty line, so that the others keep their place."""
    texts = [{code: " ".join(text.split("\n")) for code, text in outcome.items()} for outcome in outcomes]
    languages = {language for outcome in texts for language in outcome}
    return {
        language: "\n".join(outcome.get(language, "") for outcome in texts).rstrip("\n")
        for language in languages
    }


# --- Modules in order -------------------------------------------------------------------------------------------------


class CompositionForm:
    """The modules of a course as a form has them: each key in order, whole or with the lessons that are ticked.

    Buttons move, remove and add without saving; the order is that of the fields, so dragging rows changes it too.
    """

    def __init__(
        self, known: Mapping[str, Module], *, data: QueryDict | None = None, items: Iterable[Item] = ()
    ) -> None:
        self.known = known
        self.items, self.moved, self.errors = list(items), "", list[str]()
        if data is not None:
            keys = [key for key in dict.fromkeys(data.getlist("module")) if key in known]
            keys, self.moved = after(keys, data, known)
            self.items = [(known[key], lessons_of(data, key)) for key in keys]

    def is_valid(self, outlines: Mapping[int, list[dict[str, Any]]]) -> bool:
        self.errors = [
            error for module, lessons in self.items if (error := wrong_with(module, lessons, outlines))
        ]
        if not self.items:
            self.errors.append(_("A course has one module at least. Add one."))
        return not self.errors


def lessons_of(data: QueryDict, key: str) -> list[str] | None:
    """None where the module is taken whole; so is one that has just been added."""
    if data.get(f"whole-{key}") or f"of-{key}" not in data:
        return None
    return data.getlist(f"lesson-{key}")


def wrong_with(
    module: Module, lessons: list[str] | None, outlines: Mapping[int, list[dict[str, Any]]]
) -> str:
    if lessons is None:
        return ""
    if not lessons:
        return _("Choose a lesson of “%(module)s”, or take the whole module.") % {"module": module}
    known = [lesson["key"] for lesson in outlines.get(module.pk, [])]
    unknown = ", ".join(key for key in lessons if key not in known)
    values = {"module": module, "lessons": unknown}
    return _("“%(module)s” has no lesson %(lessons)s.") % values if unknown else ""


def after(keys: list[str], data: QueryDict, known: Mapping[str, Module]) -> tuple[list[str], str]:
    """The keys as the pressed button leaves them, and which module it was."""
    act, _space, key = data.get("move", "").partition(" ")
    if act == "add":
        added = data.get("add", "")
        return ([*keys, added], added) if added in known and added not in keys else (keys, "")
    if key not in keys:
        return keys, ""
    if act == "remove":
        return [each for each in keys if each != key], ""
    at = keys.index(key)
    to = max(0, min(len(keys) - 1, at + {"up": -1, "down": 1}.get(act, 0)))
    keys.insert(to, keys.pop(at))
    return keys, key
