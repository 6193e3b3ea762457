"""What is asked before something goes out to learners, or is taken from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.lib.fields import DayField
from lms.lib.places import CONTENT_LANGUAGES, language_name

from .errors import DayHasPassed, ReasonMissing, RetakenTooEarly
from .forms import LONGEST_NOTE
from .models import Edition, Revision

Choices = Iterable[tuple[int, str]]


class WordsForm(forms.Form):
    """Words for learners in every language of the interface, and in those that have some already."""

    def ask_for_words(self, name: str, label: str | Promise, said: dict[str, str]) -> None:
        codes = dict.fromkeys([*said, *dict(settings.LANGUAGES)])
        self.codes = [code for code in CONTENT_LANGUAGES if code in codes]
        for code in self.codes:
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=label % {"language": language_name(code)},
                required=False,
                max_length=LONGEST_NOTE,
                initial=said.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )

    def words(self, name: str) -> dict[str, str]:
        said = {code: self.cleaned_data.get(f"{name}_{code}", "") for code in self.codes}
        return {code: text for code, text in said.items() if text}


class PublishForm(WordsForm):
    """From which day it holds and, where somebody may be reading an earlier one, what they are told and asked."""

    effective_on = DayField(
        label=_("Takes effect on"),
        required=False,
        help_text=_("From this day on it is what new learners read. Leave it empty for today."),
    )
    retake_by = DayField(
        label=_("Learners should take it again by"),
        required=False,
        help_text=_(
            "For a change so important that whoever has learnt, or is learning, an earlier revision should take it "
            "again. They see the day on their pages."
        ),
    )
    together = forms.MultipleChoiceField(
        label=_("Publish together with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of them on the same day, or none: nobody reads the new beside the old."),
    )

    def __init__(
        self, data: Any = None, *, revision: Revision, is_first: bool, together: Choices, today: date
    ) -> None:
        super().__init__(data)
        self.today = today
        is_pinned = revision.edition.kind != Edition.Kind.TRANSLATION and not is_first
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()
        if not is_pinned or revision.change_class != Revision.ChangeClass.MAJOR:
            del self.fields["retake_by"]
        offered = [(str(pk), name) for pk, name in together]
        if offered:
            self.fields["together"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["together"]
        self.has_words = is_pinned
        if is_pinned:
            self.ask_for_words("note", _("Note for learners (%(language)s)"), revision.change_note)

    def clean_effective_on(self) -> date | None:
        day: date | None = self.cleaned_data["effective_on"]
        if day and day < self.today:
            raise ValidationError(DayHasPassed.message)
        return day

    def clean_retake_by(self) -> date | None:
        day: date | None = self.cleaned_data["retake_by"]
        if day and day <= (self.cleaned_data.get("effective_on") or self.today):
            raise ValidationError(RetakenTooEarly.message)
        return day

    @property
    def plan(self) -> dict[str, Any]:
        """As `publish` takes it, without what goes out together."""
        return {
            "change_note": self.words("note") if self.has_words else None,
            "effective_on": self.cleaned_data["effective_on"],
            "retake_by": self.cleaned_data.get("retake_by"),
        }

    @property
    def chosen(self) -> set[int]:
        return {int(pk) for pk in self.cleaned_data.get("together", ())}


class WithdrawForm(WordsForm):
    """Why, from when on, and what takes its place."""

    on = DayField(
        label=_("Withdraw on"),
        required=False,
        help_text=_("Leave it empty for today. Until a later day it can be taken back."),
    )
    successor = forms.TypedChoiceField(
        label=_("Successor"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("What learners are pointed to in its place."),
    )

    def __init__(self, data: Any = None, *, revision: Revision, successors: Choices, today: date) -> None:
        said = {"on": revision.withdraw_on, "successor": revision.successor_id}
        super().__init__(data, initial=said)
        self.today = today
        self.fields["on"].widget.attrs["min"] = today.isoformat()
        self.fields["successor"].choices = [("", _("No successor")), *successors]  # type: ignore[attr-defined]
        self.ask_for_words("reason", _("Reason for learners (%(language)s)"), revision.withdrawal_reason)

    def clean_on(self) -> date | None:
        day: date | None = self.cleaned_data["on"]
        if day and day < self.today:
            raise ValidationError(DayHasPassed.message)
        return day

    def clean(self) -> None:
        if not self.words("reason") and not self.errors:
            self.add_error(f"reason_{self.codes[0]}", ReasonMissing.message)

    @property
    def reason(self) -> dict[str, str]:
        return self.words("reason")
