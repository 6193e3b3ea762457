"""Languages and countries, the same list everywhere, and texts kept by language."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

# Content may be in any of these; the interface speaks the ones in settings.LANGUAGES.
CONTENT_LANGUAGES = {
    "en": "English",
    "nb": "Norsk bokmål",
    "sv": "Svenska",
    "fi": "Suomi",
    "da": "Dansk",
    "is": "Íslenska",
    "et": "Eesti",
    "lv": "Latviešu",
    "lt": "Lietuvių",
}

COUNTRIES = {
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "FI": _("Finland"),
    "IS": _("Iceland"),
    "LV": _("Latvia"),
    "LT": _("Lithuania"),
    "NO": _("Norway"),
    "SE": _("Sweden"),
    "FO": _("Faroe Islands"),
    "GL": _("Greenland"),
    "AX": _("Åland"),
    "XX": _("Other country"),
}
LANDS = tuple(
    code for code in COUNTRIES if code != "XX"
)  # "other country" has no law of its own, so no layer

Texts = Mapping[str, str]


def language_choices() -> list[tuple[str, str]]:
    return list(CONTENT_LANGUAGES.items())


def country_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in COUNTRIES.items()]


def country_name(code: str) -> str:
    return str(COUNTRIES.get(code, code))


def language_name(code: str) -> str:
    return CONTENT_LANGUAGES.get(code, code)


def pick(texts: Texts, preferred: Iterable[str]) -> tuple[str, str]:
    """The first text there is: by `preferred`, then English, then any. Returns (text, its language)."""
    for language in (*preferred, "en", *sorted(texts)):
        if texts.get(language):
            return texts[language], language
    return "", ""
