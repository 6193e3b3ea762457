"""The bodies that people belong to."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from lms.lib.locks import lock
from lms.records.services import record

from ..errors import StillOwnsContent, StillWritesContent
from ..holdings import holdings_of
from ..models import Organisation, User, current
from ..signals import organisation_saved
from .roles import PARTNER_ROLES

RESERVED = {"new"}  # a page beside those of the organisations
FIELDS = (
    "name",
    "names",
    "short_name",
    "letters",
    "country",
    "kind",
    "contact_email",
    "privacy_email",
    "website",
    "colour",
)


def create_organisation(
    *,
    name: str,
    country: str,
    at: datetime,
    by: User | None,
    kind: str = Organisation.Kind.OTHER,
    short_name: str = "",
    letters: str = "",
    slug: str = "",
    **more: Any,
) -> Organisation:
    """Add an organisation. `slug` is its lasting public key, made from the short name where none is given.

    `more` are other fields of the model. A slug that is taken gets a number. After commit: `organisation_saved`.
    """
    short_name = short_name or name[:60]
    with transaction.atomic():
        organisation = Organisation.objects.create(
            slug=free_slug(slug or short_name),
            name=name,
            short_name=short_name,
            letters=letters or initials(short_name),
            country=country,
            kind=kind,
            **more,
        )
        record("organisation.created", organisation, by=by, at=at, kind=str(kind), country=country)
        tell(organisation)
    return organisation


def update_organisation(
    organisation: Organisation, *, at: datetime, by: User | None, **wanted: Any
) -> Organisation:
    """Change fields of an organisation; its slug stays. What stays the same is not written.

    Raises StillWritesContent and StillOwnsContent where a partner that writes or owns content would stop being one.
    After commit: `organisation_saved`.
    """
    changed = [name for name in FIELDS if name in wanted and getattr(organisation, name) != wanted[name]]
    if not changed:
        return organisation
    with transaction.atomic():
        if "kind" in changed and wanted["kind"] != Organisation.Kind.PARTNER:
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            keep_partner(organisation, at=at)
        for name in changed:
            setattr(organisation, name, wanted[name])
        organisation.save(update_fields=changed)
        tell(organisation)
        record("organisation.updated", organisation, by=by, at=at, fields=changed)
    return organisation


def tell(organisation: Organisation) -> None:
    pk = organisation.pk
    transaction.on_commit(
        lambda: organisation_saved.send_robust(Organisation, organisation_id=pk), robust=True
    )


def keep_partner(organisation: Organisation, *, at: datetime) -> None:
    held = organisation.memberships.filter(current(timezone.localdate(at)), role__in=PARTNER_ROLES)
    if held.exists():
        raise StillWritesContent
    holdings = holdings_of(organisation)
    if holdings:
        raise StillOwnsContent(holdings=", ".join(holdings))


def free_slug(wanted: str) -> str:
    """Call inside the transaction that uses it."""
    lock("organisation-slug")
    base = slugify(wanted)[:50] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in candidates(base) if slug not in taken | RESERVED)


def candidates(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def initials(name: str) -> str:
    """One to four letters for the mark: of each word the first, or the beginning of a single word."""
    words = [word for word in name.split() if word[0].isalpha()]
    if len(words) > 1:
        return "".join(word[0] for word in words)[:4].upper()
    return (words[0] if words else name or "?")[:3]
