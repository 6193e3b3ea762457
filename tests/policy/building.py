"""Builds the world by the services: real rows, each with its owner's canary wherever a text has room for it.

The Incubator (Norway) and the Academy (Sweden) publish; each shares modules with the other and keeps one to itself.
The Academy and LMI follow one learner each.
"""

from collections.abc import Iterator
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from courses.services import create_programme
from lms.accounts.models import Role as Held
from lms.accounts.models import User
from lms.accounts.services import make_administrator
from lms.records.services.jobs import beat
from tests.conftest import partner, person, with_role

from . import building_learning, building_studio
from .building_studio import SHARED
from .rules import Role
from .world import FOLLOWED, ORGANISATION, PARTNERS, World, canary, plain

HELD = {
    Role.AUTHOR: Held.AUTHOR,
    Role.PUBLISHER: Held.PUBLISHER,
    Role.OTHER_PUBLISHER: Held.PUBLISHER,
    Role.COORDINATOR: Held.COORDINATOR,
    Role.OTHER_COORDINATOR: Held.COORDINATOR,
}
NEEDS_SECOND_FACTOR = (*HELD, Role.ADMINISTRATOR, Role.SUPERUSER)


def build_world() -> World:
    world = World(at=timezone.now())
    add_organisations(world)
    add_people(world)
    building_studio.add(world)
    building_learning.add(world)
    world.marks = {str(mark).casefold(): owner for mark, owner in marks_of(world)}
    beat("worker", at=world.at + timedelta(hours=1))
    return world


def add_organisations(world: World) -> None:
    world.organisations = {
        "occ": partner("occ-incubator", "The Incubator", "Incubator", "OCC", "NO", "#8a3b12"),
        "academy": partner("lakemedelsakademin", "The Academy", "Academy", "LA", "SE", "#0b5d57"),
        "lmi": partner("lmi", "The Association", "LMI", "LMI", "NO", "#6b2f7a"),
    }
    create_programme(
        title={"en": "The programme"},
        coordinator=world.organisations["academy"],
        partners=list(world.organisations.values()),
        countries=["SE", "NO", "FI"],
        contact_email="contact@example.org",
        by=None,
        at=world.at,
    )


def add_people(world: World) -> None:
    for role in set(Role) - {Role.ANONYMOUS}:
        world.people[role] = add_person(world, role)
    world.studio.writer = named(
        with_role("canary-writer", Held.AUTHOR, world.organisations["academy"]), "writer"
    )
    world.studio.readers = {
        owner: named(person(f"canary-{owner}reader"), f"{owner}reader") for owner in PARTNERS
    }
    make_administrator(world.user(Role.ADMINISTRATOR), by=None, at=world.at)
    User.objects.filter(pk=world.user(Role.SUPERUSER).pk).update(is_superuser=True, is_staff=True)
    for role in NEEDS_SECOND_FACTOR:
        TOTP.activate(world.user(role), generate_totp_secret())
        RecoveryCodes.activate(world.user(role))
    learner = world.user(Role.LEARNER)
    EmailAddress.objects.create(user=learner, email="canary-learner@new.example.org", verified=False)


def add_person(world: World, role: Role) -> User:
    address = f"canary-{plain(role)}"
    if role in HELD:
        return named(with_role(address, HELD[role], world.organisations[ORGANISATION[role]]), role)
    return named(person(address, country="FI"), role)


def named(user: User, owner: str) -> User:
    user.full_name = canary(owner)
    user.save(update_fields=["full_name"])
    return user


def marks_of(world: World) -> Iterator[tuple[object, str]]:
    studio, learning = world.studio, world.learning
    for role in FOLLOWED:
        yield learning.invitations[role].pk, f"{FOLLOWED[role][0]}guest"
        yield from ((things[role].pk, plain(role)) for things in (learning.enrollments, learning.due))
        for certificates in (learning.issued, learning.hidden, learning.revoked, learning.reserved):
            yield certificates[role].public_id, plain(role)
            yield certificates[role].serial, plain(role)
            yield certificates[role].enrollment_id, plain(role)
    for owner in PARTNERS:
        yield from (
            (things[owner].pk, f"{owner}draft")
            for things in (studio.draft, studio.in_review, studio.approved)
        )
        yield from ((getattr(studio, name)[owner].pk, f"{owner}shared") for name in SHARED)
