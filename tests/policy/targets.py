"""What fills the addresses: for each family of routes the things that may be asked for, and whose they are."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from courses.models import CommentThread, Revision, RevisionAsset

from .building_studio import FIGURE, SPARE
from .rules import Role
from .world import FOLLOWED, NEVER, PARTNERS, Target, World

Targets = dict[str, Target]
Family = Callable[[World], Targets]
Fill = Callable[[Any], Mapping[str, Any]]

UNKNOWN_CODE = "2" * 26
LESSON = {"module": "trials", "lesson": "two"}
QUIZ = {"module": "trials", "lesson": "check"}


def none(**values: Any) -> Target:
    return Target(values, exists=False)


def public(**values: Any) -> Target:
    return Target(values, is_public=True)


def by_pk(thing: Any) -> dict[str, Any]:
    return {"pk": thing.pk}


# --- The studio -------------------------------------------------------------------------------------------------------


def of_partners(things: Mapping[str, Any], fill: Fill, *, shared: bool = False) -> Targets:
    """One thing of each partner; the Incubator's is written by the role that writes."""
    return {
        f"{owner}, shared" if shared else owner: Target(
            fill(things[owner]),
            person=Role.AUTHOR if owner == "occ" else None,
            organisation=owner,
            shared_with=PARTNERS[owner] if shared else "",
        )
        for owner in PARTNERS
    }


def revisions(state: str) -> Family:
    def family(world: World) -> Targets:
        own, shared = getattr(world.studio, state), getattr(world.studio, f"shared_{state}")
        targets = {**of_partners(own, by_pk), **of_partners(shared, by_pk, shared=True)}
        return {**targets, "none": none(pk=NEVER)}

    return family


def of_lesson(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "key": "welcome"}


def of_quiz(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "lesson": "check"}


def of_question(draft: Revision) -> dict[str, Any]:
    return {**of_quiz(draft), "key": "both"}


def of_state(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "state": draft.saved_states.values_list("pk", flat=True)[0]}


def of_video(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "key": "clock"}


def of_file(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "path": SPARE}


def drafts(fill: Fill) -> Family:
    """What stands in the drafts of each partner."""

    def family(world: World) -> Targets:
        studio = world.studio
        targets = {
            **of_partners(studio.draft, fill),
            **of_partners(studio.shared_draft, fill, shared=True),
        }
        return {**targets, "none": none(**{**fill(studio.draft["occ"]), "pk": NEVER})}

    return family


def of_thread(threads: Mapping[str, CommentThread], state: str) -> dict[str, Any]:
    thread = threads[state]
    return {"pk": thread.revision_id, "thread": thread.pk, "comment": thread.comments.get().pk}


def comments(state: str) -> Family:
    """What is said of the drafts of each partner."""

    def fill(threads: Mapping[str, CommentThread]) -> dict[str, Any]:
        return of_thread(threads, state)

    def family(world: World) -> Targets:
        studio = world.studio
        own = of_thread(studio.threads["occ"], state)
        other = of_thread(studio.threads["academy"], state)
        return {
            **of_partners(studio.threads, fill),
            **of_partners(studio.shared_threads, fill, shared=True),
            "academy's, at occ's": none(**{**other, "pk": own["pk"]}),
            "none": none(**{**own, "pk": NEVER}),
        }

    return family


def layers(fill: Fill) -> Family:
    """What stands in the draft of a layer of each partner."""

    def family(world: World) -> Targets:
        targets = of_partners(world.studio.layers, fill)
        return {**targets, "none": none(**{**fill(world.studio.layers["occ"]), "pk": NEVER})}

    return family


def of_panel(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "key": "welcome"}


def of_fact(draft: Revision) -> dict[str, Any]:
    return {"pk": draft.pk, "key": "ct.act"}


def published_editions(world: World) -> Targets:
    targets = of_partners(world.studio.published, lambda revision: {"pk": revision.edition_id})
    return {**targets, "none": none(pk=NEVER)}


def in_force(state: str) -> Family:
    """What only its owner works on, and nobody shares."""

    def family(world: World) -> Targets:
        return {**of_partners(getattr(world.studio, state), by_pk), "none": none(pk=NEVER)}

    return family


def published_revisions(world: World) -> Targets:
    return {**of_partners(world.studio.published, by_pk), "none": none(pk=NEVER)}


def by_key(revision: Revision) -> dict[str, Any]:
    return {"key": revision.edition.module.key}


def modules(world: World) -> Targets:
    own, shared = world.studio.draft, world.studio.shared_draft
    targets = {**of_partners(own, by_key), **of_partners(shared, by_key, shared=True)}
    return {**targets, "none": none(key="no-such-module")}


def public_modules(world: World) -> Targets:
    return {"published": public(**by_key(world.studio.published["occ"])), **modules(world)}


def public_facts(world: World) -> Targets:
    """What a published layer states, what only a draft does, and nothing."""
    return {
        "published": public(key="ct.ethics"),
        "draft": Target({"key": "ct.academy"}, organisation="academy"),
        "none": none(key="no-such-fact"),
    }


def checks(world: World) -> Targets:
    return {**of_partners(world.studio.checks, by_pk), "none": none(pk=NEVER)}


def of_studio(name: str) -> Family:
    """What each partner has of it."""
    return lambda world: {**of_partners(getattr(world.studio, name), by_pk), "none": none(pk=NEVER)}


def stated_facts(world: World) -> Targets:
    facts = of_partners(world.studio.facts, lambda statement: {"pk": statement.fact_id})
    return {**facts, "none": none(pk=NEVER)}


def letters(world: World) -> Targets:
    """What readers suggest to each partner."""
    sent = world.studio.suggestions
    return {
        **{owner: Target(by_pk(each), organisation=owner) for owner, each in sent.items()},
        "none": none(pk=NEVER),
    }


def own_suggestions(world: World) -> Targets:
    targets = of_learners(world.learning.suggestions, by_pk)
    occs = Target(by_pk(world.studio.suggestions["occ"]))
    return {**targets, "somebody else's": occs, "none": none(pk=NEVER)}


def lessons_to_speak_of(world: World) -> Targets:
    """Of a module that is published, of each partner's drafts, and none."""
    studio = world.studio

    def fill(revision: Revision) -> dict[str, Any]:
        return {"module": revision.edition.module.key, "lesson": "welcome"}

    return {
        "published": public(**fill(studio.published["occ"])),
        **of_partners(studio.draft, fill),
        **of_partners(studio.shared_draft, fill, shared=True),
        "none": none(module="no-such-module", lesson="welcome"),
    }


def figure_of(revision: Revision) -> dict[str, str]:
    figure = RevisionAsset.objects.get(revision=revision, path=FIGURE)
    return {"sha256": figure.asset.sha256, "name": FIGURE.rpartition("/")[2]}


def files(world: World) -> Targets:
    studio = world.studio
    return {
        "published": public(**figure_of(studio.published["occ"])),
        **of_partners(studio.draft, figure_of),
        **of_partners(studio.shared_draft, figure_of, shared=True),
        "none": none(sha256="0" * 64, name="parts.svg"),
    }


def courses(world: World) -> Targets:
    return {
        "published": public(slug=world.learning.to_join.slug),
        **of_partners(world.studio.courses, lambda course: {"slug": course.slug}),
        "none": none(slug="no-such-course"),
    }


# --- Learners ---------------------------------------------------------------------------------------------------------


def of_learners(things: Mapping[Role, Any], fill: Fill) -> Targets:
    """One thing of each learner, whom an organisation follows."""
    return {
        role: Target(fill(things[role]), person=role, organisation=FOLLOWED[role][0]) for role in FOLLOWED
    }


def offers(world: World) -> Targets:
    made = world.learning.offers
    targets = of_learners(made, lambda offer: {"slug": offer.pin.enrollment.course.slug, "pk": offer.pk})
    return {**targets, "none": none(**{**targets[Role.LEARNER].values, "pk": NEVER})}


def offers_of_api(world: World) -> Targets:
    made = world.learning.offers
    targets = of_learners(made, lambda offer: {"pk": offer.pin.enrollment_id, "offer": offer.pk})
    return {**targets, "none": none(**{**targets[Role.LEARNER].values, "offer": NEVER})}


def learning(place: Mapping[str, str]) -> Family:
    def family(world: World) -> Targets:
        targets = of_learners(world.learning.courses, lambda course: {"slug": course.slug, **place})
        if place:
            elsewhere = {**targets[Role.LEARNER].values, "lesson": "no-such-lesson"}
            targets["no such lesson"] = none(**elsewhere)
        return {**targets, "none": none(slug="no-such-course", **place)}

    return family


def enrollments(place: Mapping[str, str]) -> Family:
    def family(world: World) -> Targets:
        targets = of_learners(world.learning.enrollments, lambda each: {"pk": each.pk, **place})
        return {**targets, "none": none(pk=NEVER, **place)}

    return family


def by_code(certificate: Any) -> dict[str, str]:
    return {"public_id": certificate.public_id}


def certificates(state: str) -> Family:
    def family(world: World) -> Targets:
        targets = of_learners(getattr(world.learning, state), by_code)
        return {**targets, "none": none(public_id=UNKNOWN_CODE)}

    return family


def verified(world: World) -> Targets:
    """The code opens the page, whoever has it, unless the holder hides it."""
    issued, hidden = world.learning.issued[Role.LEARNER], world.learning.hidden[Role.LEARNER]
    return {
        "issued": public(**by_code(issued)),
        "hidden": Target(by_code(hidden), person=Role.LEARNER, organisation="academy"),
        "none": none(public_id=UNKNOWN_CODE),
    }


def links(world: World) -> Targets:
    """The learner's invitation, in anybody's hands."""
    return {"forwarded": public(token=world.learning.links[Role.LEARNER][1]), "none": none(token="A" * 43)}


# --- Organisations and administration ---------------------------------------------------------------------------------


def slugs(owner: str, world: World) -> dict[str, str]:
    slug = world.organisations[owner].slug
    return {"organisation": slug, "slug": slug}


def organisations(world: World) -> Targets:
    there = {owner: Target(slugs(owner, world), organisation=owner) for owner in ("academy", "lmi")}
    return {**there, "none": none(organisation="no-such-place", slug="no-such-place")}


def below_organisations(name: str, things: str) -> Family:
    """Something of the Academy, something of LMI, that of LMI asked for at the Academy, and nothing."""

    def family(world: World) -> Targets:
        found = {FOLLOWED[role][0]: each.pk for role, each in getattr(world.learning, things).items()}
        academy = slugs("academy", world)
        return {
            **{
                owner: Target({**slugs(owner, world), name: pk}, organisation=owner)
                for owner, pk in found.items()
            },
            "lmi's, at academy": none(**academy, **{name: found["lmi"]}),
            "none": none(**academy, **{name: NEVER}),
        }

    return family


def people(world: World) -> Targets:
    return {**of_learners(world.people, by_pk), "none": none(pk=NEVER)}


def jobs(world: World) -> Targets:
    return {**of_learners(world.learning.jobs, by_pk), "none": none(pk=NEVER)}


# --- Sign-in and the superuser's back room ----------------------------------------------------------------------------


def address_links(world: World) -> Targets:
    address = EmailAddress.objects.get(user=world.user(Role.LEARNER), verified=False)
    return {"sent": public(key=EmailConfirmationHMAC(address).key), "none": none(key="MQ:no:such")}


def reset_links(world: World) -> Targets:
    user = world.user(Role.LEARNER)
    uid, token = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return {"sent": public(uidb36=uid, key=token), "none": none(uidb36=uid, key="no-such-token")}


def back_room(world: World) -> Targets:
    """An address of the learner's; tables that know no such row answer as they may."""
    row = EmailAddress.objects.filter(user=world.user(Role.LEARNER)).earliest("pk")
    kind = ContentType.objects.get_for_model(Group).pk
    values = {"object_id": row.pk, "content_type_id": kind, "app_label": "auth", "url": "no/such/page"}
    return {"learner": Target(values, person=Role.LEARNER)}


# --- Which family -----------------------------------------------------------------------------------------------------

QUIZ_PAGE = r"(start|attempt|answers|submit|result)/"

# By the shape of the route; the first that fits.
FAMILIES: tuple[tuple[str, Family], ...] = (
    (r"admin/", back_room),
    (r"accounts/confirm-email/<key>", address_links),
    (r"accounts/password/reset/key/<uidb36>-<key>", reset_links),
    (r"files/<str:sha256>/<str:name>", files),
    (r"facts/<str:key>", public_facts),
    (r"suggest/<str:module>/<str:lesson>/", lessons_to_speak_of),
    (r"suggestions/<int:pk>/", own_suggestions),
    (r"studio/suggestions/<int:pk>/", letters),
    (r"studio/facts/checks/<int:pk>", checks),
    (r"studio/facts/<int:pk>/source-replaced/", stated_facts),
    (r"studio/facts/replacements/<int:pk>/restore/", of_studio("withdrawn")),
    (r"studio/facts/replacements/<int:pk>", of_studio("replacements")),
    (r"studio/facts/source-tasks/<int:pk>/reopen/", of_studio("tasks")),
    (r"studio/modules/<str:key>/adapt/", public_modules),
    (r"studio/modules/<str:key>|api/v1/modules/<str:key>/(revisions|export|translate)/", modules),
    (r"studio/editions/<int:pk>/", published_editions),
    (r"api/v1/revisions/<int:pk>/draft/", published_revisions),
    (r"studio/revisions/<int:pk>/panels/<str:key>/", layers(of_panel)),
    (r"studio/revisions/<int:pk>/facts/<str:key>/", layers(of_fact)),
    (r"studio/revisions/<int:pk>/(new-fact|languages)/", layers(by_pk)),
    (r"studio/revisions/<int:pk>/lessons/<str:key>/files/", drafts(of_video)),
    (r"(studio|api/v1)/revisions/<int:pk>/lessons/<str:key>/", drafts(of_lesson)),
    (r"studio/revisions/<int:pk>/(media|figure)/", drafts(of_file)),
    (r"studio/revisions/<int:pk>/states/<int:state>/", drafts(of_state)),
    (r"(studio|api/v1)/revisions/<int:pk>/quizzes/<str:lesson>/questions/", drafts(of_question)),
    (r"(studio|api/v1)/revisions/<int:pk>/quizzes/<str:lesson>/", drafts(of_quiz)),
    (r"studio/revisions/<int:pk>/comments/<int:thread>/reopen/", comments("resolved")),
    (r"studio/revisions/<int:pk>/comments/.", comments("open")),
    (
        r"(studio|api/v1)/revisions/<int:pk>/(preview/|export/|submit/|discard/|edit/|about/|lessons/|states/|comments/)?$",
        revisions("draft"),
    ),
    (r"(studio|api/v1)/revisions/<int:pk>/(approve|send-back)/", revisions("in_review")),
    (r"(studio|api/v1)/revisions/<int:pk>/publish/take-back/", in_force("upcoming")),
    (r"(studio|api/v1)/revisions/<int:pk>/withdraw/take-back/", in_force("ending")),
    (r"(studio|api/v1)/revisions/<int:pk>/withdraw/", in_force("published")),
    (r"(studio|api/v1)/revisions/<int:pk>/publish/", revisions("approved")),
    (r"studio/courses/<slug:slug>/", courses),
    (r"api/v1/modules/<(str:)?key>", public_modules),
    (r"(api/v1/)?courses/<(slug:)?slug>", courses),
    (rf"learn/<slug:slug>/<str:module>/<str:lesson>/{QUIZ_PAGE}", learning(QUIZ)),
    (r"learn/<slug:slug>/<str:module>/<str:lesson>/", learning(LESSON)),
    (r"learn/<slug:slug>/newer/<int:pk>/", offers),
    (r"learn/<slug:slug>/", learning({})),
    (rf"api/v1/enrollments/<pk>/lessons/<module>/<lesson>/{QUIZ_PAGE}", enrollments(QUIZ)),
    (r"api/v1/enrollments/<pk>/lessons/<module>/<lesson>/", enrollments(LESSON)),
    (r"api/v1/enrollments/<pk>/offers/<offer>/", offers_of_api),
    (r"api/v1/enrollments/<pk>/", enrollments({})),
    (r"(\[vV\]|api/v1/verify)/<(str:)?public_id>", verified),
    (r"administration/certificates/<str:public_id>/(retry|void)/", certificates("reserved")),
    (r"(administration|api/v1)/certificates/<(str:)?public_id>/correct/", certificates("revoked")),
    (r"(administration/|api/v1/)?certificates/<(str:)?public_id>", certificates("issued")),
    (r"(administration|api/v1)/jobs/<(int:)?pk>", jobs),
    (r"invitations/<str:token>", links),
    (r"people/<slug:organisation>/invitations/<int:pk>", below_organisations("pk", "invitations")),
    (r"people/<slug:organisation>/<int:enrollment>", below_organisations("enrollment", "enrollments")),
    (r"people/<slug:organisation>/", organisations),
    (r"administration/organisations/<slug:slug>/roles/<int:pk>", below_organisations("pk", "memberships")),
    (r"administration/organisations/<slug:slug>/", organisations),
    (r"administration/people/<int:pk>", people),
)


def targets_of(route: str, world: World) -> Targets:
    """What this route is asked for. A parameter that no family fills is an error: nobody would look behind it."""
    if "<" not in route:
        return {"": Target({})}
    for shape, family in FAMILIES:
        if re.match(shape, route):
            return family(world)
    raise LookupError(f"{route}: nothing here fills its parameters")
