"""Texts kept by language, as one reader gets them: a page never mixes languages silently."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lms.lib.places import Texts, pick

# Django's own list says "Norwegian Bokmal", without its å.
LANGUAGES = {
    "en": _("English"),
    "nb": _("Norwegian"),
    "sv": _("Swedish"),
    "fi": _("Finnish"),
    "da": _("Danish"),
    "is": _("Icelandic"),
    "et": _("Estonian"),
    "lv": _("Latvian"),
    "lt": _("Lithuanian"),
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
