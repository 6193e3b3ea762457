"""What a coordinator fills in. Addresses are pasted as they come: lines, commas, semicolons, `Name <address>`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.selectors.words import said
from lms.accounts.models import normalise_email
from lms.lib.fields import DayField

MOST_ADDRESSES = 200
LONGEST_ADDRESS = 254
# A name before an address in angle brackets, commas allowed ("Berg, Anna <…>"); bounded, so that no paste is slow.
NAMED = re.compile(r"(?:^|[,;>])[^;<>@]{0,200}<([^<>]*)>")
BETWEEN = re.compile(r"[,;\s]+")


class DueDateForm(forms.Form):
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on and due_on < self.today and due_on != self.initial.get("due_on"):
            raise ValidationError(_("This day has passed. Choose today or a later day."))
        return due_on


class CourseChoice(forms.ModelChoiceField):
    def label_from_instance(self, course: Course) -> str:
        return said(course.title, get_language() or "en").text


class EnrollForm(DueDateForm):
    """Nothing is done while one address is wrong: what was typed comes back with the lines to look at."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One or several, on lines of their own or with commas between them."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    course = CourseChoice(
        Course.objects.taking_learners().only("slug", "title"),
        label=_("Course"),
        to_field_name="slug",
        empty_label=_("Choose a course"),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        help_text=_("Those who have an account read in the language they have chosen there."),
        choices=settings.LANGUAGES,
    )
    field_order = ["emails", "course", "due_on", "language"]

    def clean_emails(self) -> list[str]:
        found = list(addresses_in(self.cleaned_data["emails"]))
        wrong = [(line, address) for line, address in found if not is_address(address)]
        if wrong:
            raise ValidationError([not_an_address(line, address) for line, address in wrong[:20]])
        emails = list(dict.fromkeys(normalise_email(address) for _line, address in found))
        if len(emails) > MOST_ADDRESSES:
            raise ValidationError(
                _("At most %(most)s addresses at a time; these are %(number)s."),
                params={"most": MOST_ADDRESSES, "number": len(emails)},
            )
        if not emails:
            raise ValidationError(_("There is no address in this text."))
        return emails


def addresses_in(text: str) -> Iterator[tuple[int, str]]:
    """Every address, right or wrong, with the number of its line."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in BETWEEN.split(NAMED.sub(r" \1 ", line)):
            if word:
                yield number, word


def is_address(word: str) -> bool:
    try:
        validate_email(word)
    except ValidationError:
        return False
    return len(word) <= LONGEST_ADDRESS


def not_an_address(line: int, word: str) -> ValidationError:
    values = {"line": line, "word": word[:80]}
    return ValidationError(_("Line %(line)s: “%(word)s” is not an e-mail address."), params=values)
