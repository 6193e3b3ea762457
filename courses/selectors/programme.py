"""The programme as every page shows it, read once a minute and process, not in every request."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import get_language

from lms.accounts.models import Organisation
from lms.lib.places import LANDS, pick

from ..models import Programme

KEY = "programme"
SECONDS = 60


@dataclass(frozen=True)
class ProgrammeOnPages:
    """Texts are picked by the reader's language when they are read.

    `partners` are all organisations that may own modules: those the programme was set up with in its order, then those
    that administrators added. `countries` are the programme's own, or else those of its partners.
    """

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
    order = F("programmepartner__position").asc(nulls_last=True)
    partners = Organisation.objects.partners().order_by(order, "pk").values(*ORGANISATION)
    return ProgrammeOnPages(
        texts={name: getattr(programme, name) for name in ("title", "short_title", "description")},
        countries=tuple(programme.countries or their_lands(partners)),
        partners=tuple(partners),
        coordinator={name: getattr(programme.coordinator, name) for name in ORGANISATION},
        contact_email=programme.contact_email,
    )


def their_lands(partners: Iterable[dict[str, Any]]) -> list[str]:
    theirs = {partner["country"] for partner in partners}
    return [code for code in LANDS if code in theirs]
