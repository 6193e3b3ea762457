"""The programme as every page shows it, read once a minute and process, not in every request."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

from lms.lib.places import pick

from ..models import Programme

KEY = "programme"
SECONDS = 60


@dataclass(frozen=True)
class ProgrammeOnPages:
    """Texts are picked by the reader's language when they are read."""

    texts: dict[str, dict[str, str]]
    countries: tuple[str, ...]
    partners: tuple[dict[str, Any], ...]
    coordinator: dict[str, Any]
    contact_email: str

    def text(self, name: str) -> str:
        return pick(self.texts.get(name, {}), [get_language() or "en"])[0]

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def short_title(self) -> str:
        return self.text("short_title") or self.title

    @property
    def description(self) -> str:
        return self.text("description")


NOTHING_YET = ProgrammeOnPages({"title": {"en": "Nordic LMS"}}, (), (), {}, "")
ORGANISATION = (
    "id",
    "slug",
    "name",
    "names",
    "short_name",
    "letters",
    "colour",
    "country",
    "website",
    "contact_email",
)


def current_programme() -> ProgrammeOnPages:
    """The one programme; before `setup` has run, an empty one with the product's name."""
    known: ProgrammeOnPages | None = cache.get(KEY)
    if known is None:
        known = load()
        cache.set(KEY, known, SECONDS)
    return known


def forget_programme() -> None:
    """Called by whoever changes the programme or a partner; other processes follow within a minute."""
    cache.delete(KEY)


def load() -> ProgrammeOnPages:
    programme = Programme.objects.select_related("coordinator").first()
    if programme is None:
        return NOTHING_YET
    partners = programme.partners.order_by("programmepartner__position").values(*ORGANISATION)
    return ProgrammeOnPages(
        texts={name: getattr(programme, name) for name in ("title", "short_title", "description")},
        countries=tuple(programme.countries),
        partners=tuple(partners),
        coordinator={name: getattr(programme.coordinator, name) for name in ORGANISATION},
        contact_email=programme.contact_email,
    )
