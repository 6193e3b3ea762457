"""Forms of corrections that readers suggest, and of what is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms_comments import quote_field
from .models import Suggestion

LONGEST = 2_000


class SuggestionForm(forms.Form):
    """`parts`: what the reader may mean, by code; asked only where there is a choice."""

    part = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    quote = quote_field()
    kind = forms.ChoiceField(
        label=_("What is the matter with it?"),
        choices=Suggestion.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is the matter.")},
    )
    words = forms.CharField(
        label=_("What should be different, and how do you know?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what should be different.")},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], initial: dict[str, str]) -> None:
        first = initial.get("part") if initial.get("part") in dict(parts) else parts[0][0]
        super().__init__(data, initial={**initial, "part": first})
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = parts
        if len(parts) == 1:
            field.widget, field.required = forms.HiddenInput(), False

    def clean_part(self) -> str:
        return self.cleaned_data["part"] or str(self.get_initial_for_field(self.fields["part"], "part"))


class ReplyForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What comes of it?"),
        choices=[
            (Suggestion.State.ANSWERED, _("It is corrected, or will be with the next revision")),
            (Suggestion.State.DECLINED, _("It stays as it is")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes of it.")},
    )
    words = forms.CharField(
        label=_("Answer to the sender"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "They get it by e-mail and under My suggestions, from your organisation, not in your name."
        ),
        error_messages={"required": _("Write an answer: the sender took the trouble to tell you.")},
    )
