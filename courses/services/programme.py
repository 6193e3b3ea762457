"""The one programme of the installation, and the grants that pay for parts of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from lms.accounts.models import Organisation, User
from lms.lib.locks import lock
from lms.records.services import record

from ..models import Programme, ProgrammePartner, Project
from ..selectors import forget_programme

Texts = dict[str, str]


def create_programme(
    *,
    title: Texts,
    coordinator: Organisation,
    partners: Iterable[Organisation],
    countries: Iterable[str],
    at: datetime,
    by: User | None,
    short_title: Texts | None = None,
    description: Texts | None = None,
    contact_email: str = "",
) -> Programme:
    """Set up the programme with its partners in the order in which pages show them, the coordinator among them.

    There is one programme in an installation: where it exists already, it is returned as it is.
    """
    with transaction.atomic():
        lock("programme")
        existing = Programme.objects.first()
        if existing:
            return existing
        programme = Programme.objects.create(
            title=title,
            short_title=short_title or {},
            description=description or {},
            coordinator=coordinator,
            countries=list(countries),
            contact_email=contact_email,
        )
        add_partners(programme, [*partners, coordinator])
        record("programme.created", programme, by=by, on_behalf_of=coordinator, at=at)
        transaction.on_commit(forget_programme, robust=True)
    return programme


def add_partners(programme: Programme, partners: Sequence[Organisation]) -> None:
    once = dict.fromkeys(partners)
    ProgrammePartner.objects.bulk_create(
        ProgrammePartner(programme=programme, organisation=partner, position=position)
        for position, partner in enumerate(once, 1)
    )


def add_project(
    programme: Programme,
    *,
    title: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    by: User | None,
    number: str = "",
    funder_line: Texts | None = None,
    countries: Iterable[str] = (),
) -> Project:
    """Add a grant or funding period. One with the same title and first day is returned as it is."""
    with transaction.atomic():
        lock("programme")
        project, created = programme.projects.get_or_create(
            title=title,
            starts_on=starts_on,
            defaults={
                "ends_on": ends_on,
                "number": number,
                "funder_line": funder_line or {},
                "countries": list(countries),
            },
        )
        if created:
            record("project.added", project, by=by, on_behalf_of=programme.coordinator, at=at)
    return project
