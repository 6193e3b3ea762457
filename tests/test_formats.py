"""Dates as each language writes them."""

from datetime import datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "20 Nov 2026, 14:05"),
        ("nb", "20. nov. 2026 14:05"),
        ("sv", "20 nov 2026 14:05"),
        ("fi", "20.11.2026 14.05"),
    ],
)
def test_an_hour_is_written_as_the_language_does(language, words):
    with translation.override(language):
        assert date_format(datetime(2026, 11, 20, 14, 5), "DATETIME_FORMAT") == words
