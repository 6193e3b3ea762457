"""Who may do what with modules and courses. Asked by pages, API and templates alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from lms.accounts.models import STUDIO_ROLES, Membership, Organisation, Role
from lms.accounts.permissions import Anyone

from .approval import Need, needs
from .models import (
    Course,
    Edition,
    Fact,
    FactStatement,
    Module,
    Revision,
    SourceReplacement,
    SourceTask,
)


def studio_organisations(user: Anyone) -> QuerySet[Organisation]:
    """The partners for which the user writes or publishes."""
    return Organisation.objects.partners().where(user, *STUDIO_ROLES)


def writes_for(user: Anyone, organisation: Organisation) -> bool:
    return Membership.objects.held_by(user, *STUDIO_ROLES).filter(organisation=organisation).exists()


def publishes_for(user: Anyone, organisation: Organisation) -> bool:
    return Membership.objects.held_by(user, Role.PUBLISHER).filter(organisation=organisation).exists()


def wrote(user: Anyone, revision: Revision) -> bool:
    return revision.authors.filter(pk=user.pk).exists()


def can_edit(user: Anyone, edition: Edition) -> bool:
    """The edition's own people, and the authors of a module's co-owners for its core."""
    if writes_for(user, edition.owner):
        return True
    if edition.kind != Edition.Kind.CORE:
        return False
    held = Membership.objects.held_by(user, *STUDIO_ROLES)
    return held.filter(organisation__in=edition.module.co_owners.all()).exists()


def can_see_studio(user: Anyone, module: Module) -> bool:
    mine = studio_organisations(user)
    return (
        mine.filter(pk=module.owner_id).exists()
        or module.co_owners.filter(pk__in=mine).exists()
        or module.editions.filter(owner__in=mine).exists()
    )


def can_exchange_programme(user: Anyone) -> bool:
    """Takes the whole programme home, answers and all: administrators, and publishers of who coordinates it."""
    if not user.is_authenticated or not (user.is_administrator or user.is_publisher):
        return False
    if user.is_administrator:
        return True
    coordinates = Membership.objects.held_by(user, Role.PUBLISHER)
    return coordinates.filter(organisation__coordinated_programmes__isnull=False).exists()


# --- Review: asked of one revision by its page and its acts, of many by the list of what waits ---------------------


@dataclass(frozen=True)
class Hats:
    """For which partners a person writes and publishes today, and which person it is. One query for a whole page."""

    user_id: int | None
    writes_for: frozenset[int]
    publishes_for: frozenset[int]


def hats_of(user: Anyone) -> Hats:
    held = Membership.objects.held_by(user, *STUDIO_ROLES).filter(
        organisation__kind=Organisation.Kind.PARTNER
    )
    roles = list(held.values_list("organisation", "role"))
    return Hats(
        user_id=user.pk,
        writes_for=frozenset(organisation for organisation, _role in roles),
        publishes_for=frozenset(organisation for organisation, role in roles if role == Role.PUBLISHER),
    )


def is_author_of(who: Hats, revision: Revision) -> bool:
    return any(author.pk == who.user_id for author in revision.authors.all())


def can_write(who: Hats, edition: Edition) -> bool:
    """The edition's owner's people and, for a core, those of the module's co-owners."""
    owners = {edition.owner_id}
    if edition.kind == Edition.Kind.CORE:
        owners |= {owner.pk for owner in edition.module.co_owners.all()}
    return bool(owners & who.writes_for)


def can_discuss(who: Hats, edition: Edition) -> bool:
    """Whoever may see a draft of the edition may comment on it, and nobody else learns what was said."""
    if who.publishes_for or {edition.owner_id, edition.module.owner_id} & who.writes_for:
        return True
    return any(owner.pk in who.writes_for for owner in edition.module.co_owners.all())


def can_submit(who: Hats, revision: Revision) -> bool:
    """Those who may write the edition."""
    return can_write(who, revision.edition)


def can_approve(who: Hats, revision: Revision, wanted: Iterable[Need] | None = None) -> bool:
    """A publisher of an organisation whose approval the revision needs, who did not write it."""
    wanted = needs(revision) if wanted is None else wanted
    asked = any(need.organisations & who.publishes_for for need in wanted)
    return asked and not is_author_of(who, revision)


def can_send_back(who: Hats, revision: Revision) -> bool:
    """Whoever may approve it, and those who wrote it and want it back."""
    return can_submit(who, revision) or can_approve(who, revision)


def can_publish(who: Hats, revision: Revision) -> bool:
    """A publisher of the edition's owner: when it goes out is the owner's decision. Never one of its authors."""
    return revision.edition.owner_id in who.publishes_for and not is_author_of(who, revision)


def can_withdraw(who: Hats, revision: Revision) -> bool:
    """A publisher of the edition's owner, its author too: taking back what is wrong needs no second pair of eyes."""
    return revision.edition.owner_id in who.publishes_for


# --- Courses --------------------------------------------------------------------------------------------------------


def can_work_on_course(who: Hats, course: Course) -> bool:
    """The people of its owner. Others see of it what everybody sees."""
    return course.owner_id in who.writes_for


def can_edit_course(who: Hats, course: Course) -> bool:
    """Its owner's people while it is a draft; once it is open, a publisher of theirs answers for every change."""
    held = who.writes_for if course.status == Course.Status.DRAFT else who.publishes_for
    return course.owner_id in held


def can_publish_course(who: Hats, course: Course) -> bool:
    """Opens it to learners, and closes it."""
    return course.owner_id in who.publishes_for


# --- Facts ----------------------------------------------------------------------------------------------------------

CHECKABLE = (Fact.Status.VERIFIED, Fact.Status.CONFIRM, Fact.Status.DISPUTED)


def can_check(who: Hats, statement: FactStatement) -> bool:
    """The people of the organisation that owns the layer, as long as it says something of the fact."""
    return statement.revision.edition.owner_id in who.writes_for and statement.fact.status in CHECKABLE


# --- Sources that are replaced --------------------------------------------------------------------------------------


def can_announce(who: Hats, resting: Iterable[FactStatement]) -> bool:
    """The people of a partner whose published facts rest on the source; it concerns what they answer for themselves."""
    return any(statement.revision.edition.owner_id in who.writes_for for statement in resting)


def can_withdraw_replacement(who: Hats, replacement: SourceReplacement) -> bool:
    """The people of the partner that announced it."""
    return replacement.organisation_id in who.writes_for


def can_settle_source_task(who: Hats, task: SourceTask) -> bool:
    """The people of the organisation that owns the edition. Nobody says for others that nothing changes."""
    return task.edition.owner_id in who.writes_for
