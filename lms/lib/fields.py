"""Form fields that several apps ask with."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # room to count from, in every time zone


class DayField(forms.DateField):
    """A day as the browser's own calendar sends it, in every language."""

    input_formats = ["%Y-%m-%d"]

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)
        self.validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
