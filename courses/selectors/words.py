"""Texts kept by language, as one reader gets them: a page never mixes languages silently."""

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from lms.lib.places import Texts, pick

# As they stand in the middle of a sentence: "svenska", where Django's own list says "Svenska" (and "Norwegian Bokmal").
LANGUAGES = {
    "en": pgettext_lazy("language", "English"),
    "nb": pgettext_lazy("language", "Norwegian"),
    "sv": pgettext_lazy("language", "Swedish"),
    "fi": pgettext_lazy("language", "Finnish"),
    "da": pgettext_lazy("language", "Danish"),
    "is": pgettext_lazy("language", "Icelandic"),
    "et": pgettext_lazy("language", "Estonian"),
    "lv": pgettext_lazy("language", "Latvian"),
    "lt": pgettext_lazy("language", "Lithuanian"),
}


@dataclass(frozen=True)
class Words:
    """A text and the language it is in; `is_fallback` where the reader asked for another."""

    text: str
    language: str
    is_fallback: bool

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def language_name(self) -> str:
        return language_here(self.language)


def said(texts: Texts, language: str) -> Words:
    """The text in the reader's language, else in English, else in any."""
    text, found = pick(texts, [language])
    return Words(text, found, is_fallback=bool(text) and found != language)


def language_here(code: str) -> str:
    """A language's name in the reader's own: "Swedish", "svenska", "ruotsi"."""
    return str(LANGUAGES.get(code, code))
