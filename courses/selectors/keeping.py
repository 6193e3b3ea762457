"""Parts of pages that are the same for many readers, kept for a minute: no row is read for them, nothing is drawn."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches
from django.utils.translation import get_language

SECONDS = 60
GENERATION = "generation"
Kept = TypeVar("Kept")

pages = caches["pages"]


def kept(name: str, draw: Callable[[], Kept]) -> Kept:
    """What every reader of that name gets: drawn at most once a minute in each language of the interface."""
    key = f"{generation()}:{name}:{get_language()}"
    found: Kept | None = pages.get(key)
    if found is None:
        found = draw()
        pages.set(key, found, SECONDS)
    return found


def generation() -> str:
    """Part of the key of all that is kept; what is drawn while it changes belongs to the one before."""
    return pages.get_or_set(GENERATION, secrets.token_hex, None) or ""


def forget_kept() -> None:
    """Called by whoever changes what courses or lessons say; processes with a cache of their own follow in a minute."""
    pages.delete(GENERATION)
