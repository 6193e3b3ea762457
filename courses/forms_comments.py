"""Forms of what people say about content: comments on a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_QUOTE = 1_000
LONGEST_COMMENT = 4_000


def quote_field() -> forms.CharField:
    return forms.CharField(
        label=_("The passage"),
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy the words that you mean."),
    )


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you want to say.")},
    )


class CommentForm(AnswerForm):
    quote = quote_field()
    field_order = ["quote", "words"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["words"].label = pgettext_lazy("what is said", "Comment")
