"""Two learners on their way and at the end, those who follow them, their invitations and certificates."""

from typing import Any

from certificates.services import revoke, set_visibility, start_issuing
from courses.models import Module, Revision
from enrollment.models import Invitation, Offer
from enrollment.selectors import LearnerCourse
from enrollment.services import complete_lesson, start_attempt
from enrollment.services.inviting import invite
from lms.accounts.models import Membership
from lms.records.models import JobItem
from tests.certificates.builders import certified_course, completed, issued, reserved
from tests.enrollment.builders import build_course, build_module, opened, step_of, take
from tests.enrollment.people_builders import follow, last_token

from . import building_studio
from .rules import Role
from .world import FOLLOWED, World

CERTIFIED = ("issued", "reserved", "hidden", "revoked", "due")
THINGS = ("courses", "enrollments", "offers", "links", "invitations", "memberships", "jobs", *CERTIFIED)


def add(world: World) -> None:
    learning = world.learning
    module = build_module()
    learning.to_join = build_course("to-join", modules=[module])
    learning.certified = {name: certified_course(f"certified-{name}") for name in CERTIFIED}
    for name in THINGS:
        setattr(learning, name, {})
    for role in FOLLOWED:
        learning.courses[role] = build_course(f"course-of-{role.replace('_', '-')}", modules=[module])
        add_learning(world, role)
        add_invitations(world, role)
        add_certificates(world, role)
    icelandic = translation_of_the_association(world, module)
    learning.suggestions = {
        role: building_studio.suggestion(world, icelandic, world.user(role)) for role in FOLLOWED
    }


def translation_of_the_association(world: World, module: Module) -> Revision:
    """Nobody here works for its owner, so what is suggested of it is known to its senders alone."""
    edition = module.editions.create(kind="translation", language="is", owner=world.organisations["lmi"])
    revision = edition.revisions.create(
        number=1, status="published", created_at=world.at, published_at=world.at, content_hash=""
    )
    edition.current = revision
    edition.save(update_fields=["current"])
    return revision


def add_learning(world: World, role: Role) -> None:
    """One lesson done, one attempt failed, another one open; all of it followed."""
    slug, coordinator = FOLLOWED[role]
    user, course = world.user(role), world.learning.courses[role]
    followed = follow(user, course, world.organisations[slug], by=world.user(coordinator), at=world.at)
    world.learning.enrollments[role] = followed.enrollment
    learning: LearnerCourse = opened(user, course)
    complete_lesson(learning, step_of(learning, "one"), at=world.at)
    take(learning, passing=False, at=world.at)
    start_attempt(learning, step_of(learning, "check"), at=world.at)
    pin = followed.enrollment.pins.get()
    newer = Offer.objects.create(pin=pin, revision=pin.core_revision, made_at=world.at)
    world.learning.offers[role] = newer
    world.learning.memberships[role] = Membership.objects.get(user=world.user(coordinator))


def add_invitations(world: World, role: Role) -> None:
    """The learner's own, with its link, and one of somebody unknown."""
    slug, coordinator = FOLLOWED[role]
    about: dict[str, Any] = {
        "organisation": world.organisations[slug],
        "course": world.learning.to_join,
        "language": "en",
        "by": world.user(coordinator),
        "at": world.at,
    }
    world.learning.links[role] = sent(world.user(role).email, about)
    world.learning.invitations[role] = invite(f"canary-{slug}guest@example.org", **about)


def sent(email: str, about: dict[str, Any]) -> tuple[Invitation, str]:
    """An invitation and the token that only its mail knows."""
    return invite(email, **about), last_token()


def add_certificates(world: World, role: Role) -> None:
    learning, user = world.learning, world.user(role)
    learning.issued[role] = issued(user, learning.certified["issued"])
    learning.reserved[role] = reserved(user, learning.certified["reserved"])
    learning.hidden[role] = issued(user, learning.certified["hidden"])
    set_visibility(learning.hidden[role], name_hidden=False, page_hidden=True, by=user, at=world.at)
    learning.revoked[role] = revoke(
        issued(user, learning.certified["revoked"]),
        reason_code="data_error",
        reason_text="",
        by=world.user(Role.ADMINISTRATOR),
        at=world.at,
    )
    learning.due[role] = completed(user, learning.certified["due"])
    add_job(world, role)


def add_job(world: World, role: Role) -> None:
    """One item has failed, one waits."""
    pks = [world.learning.enrollments[role].pk, world.learning.issued[role].enrollment_id]
    job = start_issuing(pks, by=world.user(Role.ADMINISTRATOR), at=world.at)
    failed = {"outcome": JobItem.Outcome.FAILED, "result": {"reason": "Not due."}, "finished_at": world.at}
    job.items.filter(subject=str(pks[0])).update(**failed)
    world.learning.jobs[role] = job
