"""What is typed into a national layer: where it begins, its panels, its facts, their words in other languages."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.lib.places import CONTENT_LANGUAGES

from .bundle.fields import KEY_LENGTH
from .content import KEY, NativeTerm
from .forms_editor import LINE
from .forms_questions import labelled
from .models import Fact, FactStatement, Revision
from .selectors.bundles import is_day_named
from .selectors.layer_drafts import version_of_fact
from .services.layer_facts import Said
from .services.writing import in_a_line, tidy

PANEL_LENGTH = 100_000
STATEMENT = 4_000
EMPTY_TERMS = 2
MOST_TERMS = 12
Status = Fact.Status


class NewLayerForm(forms.Form):
    country = forms.ChoiceField(label=_("Country"))
    source_language = forms.ChoiceField(
        label=_("Written in"),
        choices=list(CONTENT_LANGUAGES.items()),
        help_text=_("Other languages can be added later, each text beside the one it is written in."),
    )
    owner = forms.ChoiceField(label=_("Owner of the national layer"))

    def __init__(
        self, *args: Any, countries: list[tuple[str, str]], organisations: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["owner"].choices = organisations  # type: ignore[attr-defined]


class NewLanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]


def free_languages(draft: Revision) -> list[tuple[str, str]]:
    """Those that the layer does not speak yet."""
    return [(code, name) for code, name in CONTENT_LANGUAGES.items() if code not in draft.meta["languages"]]


# --- Panels -----------------------------------------------------------------------------------------------------------


class Keys(forms.MultipleChoiceField):
    """Keys in the order in which they were sent; one that is gone meanwhile costs nobody their text."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: str) -> bool:
        return True


class PanelForm(forms.Form):
    """A panel in one language. `facts` are those it shows, in their order; what is known are those of the layer."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=PANEL_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
    )
    facts = Keys(required=False)
    attach = forms.ChoiceField(label=_("Show another fact"), required=False)

    def __init__(self, *args: Any, known: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", "–"), *((key, key) for key in known)]
        self.fields["attach"].choices = choices  # type: ignore[attr-defined]

    def ordered(self, act: str) -> list[str]:
        """The facts as they stand after `act`: "up KEY", "down KEY", "out KEY" or "in"."""
        keys = list(dict.fromkeys(self.cleaned_data["facts"]))
        verb, _space, key = act.partition(" ")
        if verb == "in":
            return list(dict.fromkeys([*keys, *filter(None, [self.cleaned_data["attach"]])]))
        if key not in keys:
            return keys
        place = keys.index(key)
        keys.remove(key)
        if verb != "out":
            keys.insert(max(0, place + {"up": -1, "down": 1}.get(verb, 0)), key)
        return keys


class PanelPlaceForm(forms.Form):
    """Where a panel is to stand: a place of the core, as "lesson anchor"."""

    to = forms.ChoiceField(label=_("Place"))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = places  # type: ignore[attr-defined]


# --- Facts ------------------------------------------------------------------------------------------------------------


def day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class FactForm(forms.Form):
    """What a layer says of a fact, in its source language; a new one is named by its key."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(
        label=_("Key"),
        max_length=KEY_LENGTH,
        help_text=_("The same in every country, such as ct.ethics: countries are compared by it."),
    )
    statement = forms.CharField(
        label=_("Statement"), max_length=STATEMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=Status.choices,
        help_text=_(
            "Verified needs the address of the source, the day and the reference. Learners see every other status."
        ),
    )
    legal_ref = forms.CharField(
        label=_("Reference"),
        max_length=LINE,
        required=False,
        help_text=_(
            "The article of law or the section; where no rule says it, the document or page that does."
        ),
    )
    source_url = forms.CharField(
        label=_("Address of the source"),
        max_length=600,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Begin with https://. The page itself, rather than the site it is on."),
    )
    verified_on = day(_("Checked on"))
    review_due = day(_("Next check by"), _("Empty: six months after the check."))
    note = forms.CharField(
        label=pgettext_lazy("fact", "Note"),
        max_length=STATEMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who edit; learners never see it."),
    )

    def __init__(
        self, data: Any = None, *, statement: FactStatement | None, language: str, **more: Any
    ) -> None:
        self.stated = statement
        initial = {**said_before(statement, language), **more.pop("initial", {})}
        super().__init__(data, initial=initial, **more)
        if statement is not None:
            del self.fields["key"]
        self.add_terms([(term["lang"], term["text"]) for term in statement.native_terms] if statement else [])

    def add_terms(self, known: list[tuple[str, str]]) -> None:
        rows = len(known) + EMPTY_TERMS
        if self.is_bound:
            rows = max(rows, sum(name.startswith("term-") and name.endswith("-lang") for name in self.data))
        rows = min(rows, max(MOST_TERMS, len(known)))
        languages = [("", "–"), *CONTENT_LANGUAGES.items()]
        for number, (language, text) in enumerate([*known, *[("", "")] * (rows - len(known))], 1):
            self.fields[f"term-{number}"] = forms.CharField(
                label=labelled(_("Native term %(number)s"), number=number), max_length=LINE, required=False
            )
            self.fields[f"term-{number}-lang"] = forms.ChoiceField(
                label=labelled(_("Language of term %(number)s"), number=number),
                choices=languages,
                required=False,
            )
            self.initial.update({f"term-{number}": text, f"term-{number}-lang": language})

    # --- For the page ---

    @property
    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("term-")]

    @property
    def term_rows(self) -> Iterator[list[forms.BoundField]]:
        for name in self.fields:
            if name.startswith("term-") and name.endswith("-lang"):
                yield [self[name.removesuffix("-lang")], self[name]]

    # --- What comes of it ---

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("“%(key)s” is no key: use a–z, 0–9, “-”, “_” and “.”.") % {"key": key}
            )
        return key

    def clean_verified_on(self) -> date | None:
        checked: date | None = self.cleaned_data["verified_on"]
        if checked and checked > timezone.localdate():
            raise forms.ValidationError(_("Nobody has checked it on a day to come."))
        return checked

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("status") == Status.VERIFIED:
            for name, message in NEEDED.items():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, message)
        checked, due = said.get("verified_on"), said.get("review_due")
        if checked and due and due <= checked:
            self.add_error(
                "review_due", _("The next check comes after the last one. Correct one of the days.")
            )
        for text, language in self.terms_typed(said):
            if bool(text) != bool(language):
                self.add_error(None, _("A native term needs its words and its language."))
                break
        return said

    def terms_typed(self, said: Mapping[str, Any]) -> list[tuple[str, str]]:
        names = [row[0].name for row in self.term_rows]
        return [(in_a_line(said.get(name, "")), said.get(f"{name}-lang", "")) for name in names]

    def said(self) -> Said:
        said = self.cleaned_data
        same = {name: said[name] for name in ("status", "source_url", "verified_on", "review_due")}
        terms = [NativeTerm(language, text) for text, language in self.terms_typed(said) if text]
        return Said(
            statement=tidy(said["statement"]).strip(),
            legal_ref=in_a_line(said["legal_ref"]),
            note=tidy(said["note"]).strip(),
            native_terms=tuple(terms),
            **same,
        )


NEEDED = {
    "legal_ref": _(
        "A verified fact needs a reference: the article, or the document or page that says it. "
        "Give it, or choose another status."
    ),
    "source_url": _("A verified fact needs the address of its source. Give it, or choose another status."),
    "verified_on": _("A verified fact needs the day of the check. Give it, or choose another status."),
}


def said_before(statement: FactStatement | None, language: str) -> dict[str, Any]:
    if statement is None:
        return {"status": Status.CONFIRM, "base": ""}
    same = {
        name: getattr(statement, name)
        for name in ("status", "legal_ref", "source_url", "verified_on", "note")
    }
    named = is_day_named(statement, statement.revision.meta.get("extras", {}))
    return same | {
        "base": version_of_fact(statement),
        "statement": statement.texts.get(language, ""),
        "review_due": statement.review_due_on if named else None,
    }


class FactWordsForm(forms.Form):
    """The statement in one more language of the layer, beside the one it is written in."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    statement = forms.CharField(
        label=_("Statement"), max_length=STATEMENT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, statement: FactStatement, source: str, language: str) -> None:
        initial = {
            "base": version_of_fact(statement, language),
            "statement": statement.texts.get(language, ""),
        }
        super().__init__(data, initial=initial)
        self.fields["statement"].help_text = escape(statement.texts.get(source, ""))

    def text(self) -> str:
        return tidy(self.cleaned_data["statement"]).strip()
