"""Modules, revisions and courses of two partners, in every state that a page of the studio may find them in."""

from datetime import date, timedelta

from django.utils import timezone

from courses.models import CommentThread, Course, Revision, SourceReplacement, Suggestion
from courses.services import (
    announce_replacement,
    approve,
    begin_comment,
    check_unchanged,
    look_at_replacement,
    publish,
    resolve_comment,
    submit,
    suggest,
    withdraw,
    withdraw_replacement,
)
from courses.services.editing import keep_state
from lms.accounts.models import User
from tests.courses.bundle.samples import Files
from tests.courses.studio_builders import core_files, files_of, imported

from .rules import Role
from .world import PARTNERS, World, canary

FIGURE = "assets/parts.svg"
SPARE = "assets/spare.svg"  # used by nothing, so that it may go
FAR = date(2099, 1, 1)
MORE_FACTS = "".join(
    f"  - key: ct.{name}\n    statement: {{{{en: More.}}}}\n    source_url: https://{{owner}}.example/{name}\n"
    "    status: confirm\n"
    for name in ("one", "two", "three")
)
STATES = ("published", "draft", "in_review", "approved")
SHARED = ("shared_draft", "shared_in_review", "shared_approved")


def add(world: World) -> None:
    """By partner: a core that is `published` and translations of it, a core in `draft`, and what is shared."""
    world.studio.writers = {"occ": world.user(Role.AUTHOR), "academy": world.studio.writer}
    world.studio.publishers = {"occ": world.user(Role.PUBLISHER), "academy": world.user(Role.OTHER_PUBLISHER)}
    named = ("courses", "facts", "checks", "layers", "threads", "shared_threads", "suggestions")
    announcements = ("replacements", "withdrawn", "tasks")
    for name in (*STATES, *SHARED, "upcoming", "ending", *named, *announcements):
        setattr(world.studio, name, {})
    for owner in PARTNERS:
        add_own(world, owner)
        add_shared(world, owner)
        world.studio.courses[owner] = draft_course(world, owner)
        add_facts(world, owner)
        add_replacements(world, owner)
        world.studio.suggestions[owner] = suggestion(
            world, world.studio.published[owner], world.studio.readers[owner]
        )
        world.studio.threads[owner] = add_threads(world, owner, world.studio.draft[owner], f"{owner}draft")
        shared = world.studio.shared_draft[owner]
        world.studio.shared_threads[owner] = add_threads(world, owner, shared, f"{owner}shared")


def suggestion(world: World, revision: Revision, sender: User) -> Suggestion:
    """In words that are the sender's own, for the owner's people only."""
    words = sender.full_name
    return suggest(
        revision,
        place="lesson/welcome",
        title="Welcome",
        kind="wrong",
        words=words,
        quote=words,
        by=sender,
        at=world.at,
    )


def add_threads(world: World, owner: str, draft: Revision, mark: str) -> dict[str, CommentThread]:
    """What the partner's writer says of a draft: one comment that is open, one that is resolved."""
    writer = world.studio.writers[owner]
    said = {
        state: begin_comment(
            draft, place="lesson/welcome", words=canary(mark), quote=canary(mark), by=writer, at=world.at
        )
        for state in ("open", "resolved")
    }
    resolve_comment(said["resolved"], seen=1, by=writer, at=world.at)
    return said


def add_own(world: World, owner: str) -> None:
    studio = world.studio
    studio.draft[owner] = new_core(world, owner, f"{owner}-draft", marked=f"{owner}draft")
    core = approved(world, owner, new_core(world, owner, f"{owner}-published"))
    studio.published[owner] = publish(core, by=studio.publishers[owner], at=world.at)
    by = studio.publishers[owner]
    later = approved(world, owner, new_core(world, owner, f"{owner}-upcoming"))
    studio.upcoming[owner] = publish(later, effective_on=FAR, by=by, at=world.at)
    ending = publish(approved(world, owner, new_core(world, owner, f"{owner}-ending")), by=by, at=world.at)
    studio.ending[owner] = withdraw(ending, reason={"en": "Old."}, on=FAR, by=by, at=world.at)
    studio.in_review[owner] = submitted(world, owner, new_translation(world, owner, "sv"))
    ready = submitted(world, owner, new_translation(world, owner, "nb"))
    approve(ready, by=studio.publishers[owner], at=world.at)
    studio.approved[owner] = ready


def add_shared(world: World, owner: str) -> None:
    cores = {
        name: new_core(
            world, owner, f"{owner}-{name.replace('_', '-')}", marked=f"{owner}shared", shared=True
        )
        for name in SHARED
    }
    world.studio.shared_draft[owner] = cores["shared_draft"]
    world.studio.shared_in_review[owner] = submitted(world, owner, cores["shared_in_review"])
    world.studio.shared_approved[owner] = approved(world, owner, cores["shared_approved"])
    for draft in (world.studio.draft[owner], cores["shared_draft"]):
        keep_state(draft, by=world.studio.writers[owner], at=world.at, act="outline")
        draft.assets.create(path=SPARE, asset=draft.assets.get(path=FIGURE).asset)


def add_facts(world: World, owner: str) -> None:
    """A published layer of Finland with a fact that its people have checked, and a draft of another country's."""
    layer = submitted(world, owner, new_layer(world, owner, "FI"))
    approve(layer, by=world.studio.publishers[owner], at=world.at)
    publish(layer, by=world.studio.publishers[owner], at=world.at)
    world.studio.layers[owner] = new_layer(world, owner, "LV", fact=f"ct.{owner}", marked=f"{owner}draft")
    statement = layer.statements.get(fact__key="ct.ethics")
    world.studio.facts[owner] = statement
    tomorrow = world.at + timedelta(days=1)
    (check,) = check_unchanged([statement], by=world.studio.writers[owner], at=tomorrow)
    world.studio.checks[owner] = check


def add_replacements(world: World, owner: str) -> None:
    """Of sources of the partner's alone: one that stands, one that is withdrawn, one looked at."""
    studio = world.studio
    replacements = [announced(world, owner, name) for name in ("one", "two", "three")]
    studio.replacements[owner], studio.withdrawn[owner], looked_at = replacements
    withdraw_replacement(studio.withdrawn[owner], by=studio.writers[owner], at=world.at)
    tasks = list(looked_at.tasks.all())
    (task,) = look_at_replacement(tasks, reason="Renumbered.", by=studio.writers[owner], at=world.at)
    studio.tasks[owner] = task


def announced(world: World, owner: str, name: str) -> SourceReplacement:
    return announce_replacement(
        f"https://{owner}.example/{name}",
        replaced_on=timezone.localdate(world.at),
        successor="A newer one",
        organisation=world.organisations[owner],
        by=world.studio.writers[owner],
        at=world.at,
    )


def submitted(world: World, owner: str, revision: Revision) -> Revision:
    return submit(revision, by=world.studio.writers[owner], at=world.at)


def approved(world: World, owner: str, core: Revision) -> Revision:
    """By both partners, since they are in two countries."""
    revision = submitted(world, owner, core)
    for publisher in world.studio.publishers.values():
        approve(revision, by=publisher, at=world.at)
    return revision


# --- Files ------------------------------------------------------------------------------------------------------------


def new_core(world: World, owner: str, key: str, *, marked: str = "", shared: bool = False) -> Revision:
    return drafted(world, owner, core_of(world, owner, key, marked=marked, shared=shared))


def core_of(world: World, owner: str, key: str, *, marked: str = "", shared: bool = False) -> Files:
    """The small module of a partner, with a figure of its own and a canary in its title and a lesson."""
    files = owned(world, core_files(key), owner, shared=shared)
    files = edited(files, FIGURE, 'width="9"', f'width="9" id="of-{key}"')
    if not marked:
        return files
    files = edited(files, "module.yaml", "A small module", f"{canary(marked)} module")
    return edited(files, "core/010-welcome.md", "One core, thin layers.", f"{canary(marked)} says.")


def new_translation(world: World, owner: str, language: str) -> Revision:
    files = owned(world, files_of("translations/", key=f"{owner}-published"), owner)
    files = edited(files, "translations/sv/010-welcome.md", "Välkommen", canary(f"{owner}draft"))
    return drafted(
        world, owner, {path.replace("/sv/", f"/{language}/"): data for path, data in files.items()}
    )


def new_layer(
    world: World, owner: str, country: str, *, fact: str = "ct.ethics", marked: str = ""
) -> Revision:
    files = files_of("countries/", key=f"{owner}-published")
    files = {path.replace("/FI/", f"/{country}/"): data for path, data in owned(world, files, owner).items()}
    for name, old, new in (
        ("layer.yaml", 'country: "FI"', f'country: "{country}"'),
        ("layer.yaml", "owner: laaketietokeskus", f"owner: {world.organisations[owner].slug}"),
        ("facts.yaml", "ct.ethics", fact),
        ("facts.yaml", "The national committee", canary(marked) if marked else "The committee"),
        ("facts.yaml", "https://tukija.fi", f"https://{owner}.example/law"),
        ("facts.yaml", "  - key: ct.act", f"{MORE_FACTS.format(owner=owner)}  - key: ct.act"),
        ("questions.yaml", "[ct.ethics]", f"[{fact}]"),
        ("panels/welcome.en.md", "ct.ethics", fact),
    ):
        files = edited(files, f"countries/{country}/{name}", old, new)
    return drafted(world, owner, files)


def owned(world: World, files: Files, owner: str, *, shared: bool = False) -> Files:
    co_owner = world.organisations[PARTNERS[owner]].slug if shared else ""
    files = edited(files, "module.yaml", "owner: occ-incubator", f"owner: {world.organisations[owner].slug}")
    return edited(files, "module.yaml", "co_owners: [lakemedelsakademin]", f"co_owners: [{co_owner}]")


def edited(files: Files, path: str, old: str, new: str) -> Files:
    text = files[path].decode()
    assert old in text, (path, old)
    return {**files, path: text.replace(old, new, 1).encode()}


def drafted(world: World, owner: str, files: Files) -> Revision:
    (edition,) = imported(files, by=world.studio.writers[owner], at=world.at).editions
    return edition.revision


def draft_course(world: World, owner: str) -> Course:
    words = {"en": canary(f"{owner}draft")}
    course = Course.objects.create(
        slug=f"{owner}-draft-course",
        owner=world.organisations[owner],
        title=words,
        summary=words,
        hours=1,
        created_at=world.at,
    )
    course.items.create(module=world.studio.published[owner].edition.module, position=1)
    return course
