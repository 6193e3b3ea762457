"""Writing in the studio: nothing vanishes, and what comes out is what files would say."""

from datetime import timedelta

import pytest

from courses import services
from courses.bundle import write_zip
from courses.errors import (
    DraftHasMovedOn,
    DraftHasProblems,
    DraftIsNeeded,
    DraftOpenAlready,
    LastLesson,
    LessonGone,
    LessonKeyTaken,
    LessonKeyUnfit,
    ModuleKeyTaken,
    NotADraft,
    NothingPublishedYet,
    TextHasChanged,
    TranslatedAlready,
)
from courses.models import Edition, Module, Revision, SavedState
from courses.selectors.bundles import bundle_of, newest_revisions
from courses.selectors.drafts import version_of
from courses.selectors.studio.editor import completion, state_difference, states_of, text_page, text_rows
from courses.services.importing import Change
from courses.services.writing import tidy, version_of_about
from lms.accounts.models import Role
from lms.records.models import AuditEvent
from tests.conftest import with_role

from .studio_builders import SWEDISH, changed_core, core_files, draft, files_of, imported, published

ABOUT = {
    "title": {"en": "New"},
    "summary": {"en": "About it."},
    "audience": {"en": "All"},
    "outcomes": [],
    "hours": "1.5",
    "subject": "devices",
    "references": [],
    "validity_months": None,
    "licence": "",
}


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def out(core, author, publisher, other_publisher, now):
    return published(core, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def colleague(occ):
    return with_role("colleague", Role.AUTHOR, occ)


def lesson(revision, key="welcome"):
    return revision.lessons.get(key=key)


def write(revision, body, *, by, at, key="welcome", base=None, **more):
    base = version_of(lesson(revision, key)) if base is None else base
    return services.save_lesson(revision, key, {"body": body}, base=base, by=by, at=at, **more)


def keys(revision):
    return list(revision.lessons.order_by("position").values_list("key", flat=True))


def exported(revision):
    module = revision.edition.module
    return write_zip(bundle_of(module, newest_revisions(Revision.objects.all(), module)))


# --- The same thing as files ------------------------------------------------------------------------------------------


def test_an_edited_draft_is_what_the_edited_files_are(core, author, now):
    files = changed_core("One core, thin layers.", "One core, many layers.")
    body = lesson(core).body.replace("One core, thin layers.", "One core, many layers.")
    write(core, body, by=author, at=now)
    in_studio = exported(core)
    core.refresh_from_db()
    written = core.content_hash

    (edition,) = imported(files, by=author, at=now).editions
    assert edition.change is Change.UNCHANGED
    Revision.objects.filter(pk=core.pk).update(content_hash="0" * 64)
    (edition,) = imported(files, by=author, at=now).editions
    assert (edition.change, exported(core), edition.revision.content_hash) == (
        Change.UPDATED,
        in_studio,
        written,
    )


def test_an_edited_outline_is_what_reordered_files_are(core, author, now):
    services.move_lesson(core, "check", steps=-5, by=author, at=now)
    services.remove_lesson(core, "clock", by=author, at=now)
    files = core_files()
    lessons = b"lessons:\n  - core/010-welcome.md\n  - core/020-clock.md\n  - core/030-check.quiz.yaml\n"
    assert lessons in files["module.yaml"]
    files["module.yaml"] = files["module.yaml"].replace(
        lessons, b"lessons:\n  - core/030-check.quiz.yaml\n  - core/010-welcome.md\n"
    )
    unused = ("core/020", "assets/clock")
    files = {path: data for path, data in files.items() if not path.startswith(unused)}
    (edition,) = imported(files, by=author, at=now).editions
    assert edition.change is Change.UNCHANGED


def test_a_translation_written_here_is_what_its_files_are(out, author, now):
    (edition,) = imported(files_of(SWEDISH), by=author, at=now).editions
    from_files, text = exported(out), edition.revision.lesson_translations.get(key="welcome")
    quiz = edition.revision.lesson_translations.get(key="check")
    services.discard(edition.revision, by=author, at=now)
    own = services.start_translation(out.edition.module, "sv", owner=out.edition.owner, by=author, at=now)
    for each in (text, quiz):
        words = {"title": each.title, "body": each.body, "questions": each.questions}
        services.save_translation(own, each.key, words, base="", source="", by=author, at=now)
    assert exported(out) == from_files


def test_a_draft_begun_from_what_is_published_is_the_same(out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    assert (again.number, again.content_hash, again.meta) == (2, out.content_hash, out.meta)
    assert list(again.authors.all()) == [author]
    assert keys(again) == keys(out)
    assert again.questions.count() == out.questions.count()
    assert again.assets.count() == out.assets.count()
    assert [event.act for event in AuditEvent.objects.filter(chain=f"courses.revision:{again.pk}")] == [
        "revision.started"
    ]


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_a_save_moves_hash_version_and_authors(core, colleague, now):
    before = lesson(core).text_hash
    write(core, "New words.", by=colleague, at=now)
    core.refresh_from_db()
    assert lesson(core).text_hash != before
    assert core.version == 2
    assert colleague in core.authors.all()


def test_text_is_kept_as_a_file_would_be_read():
    assert tidy("\r\n\r\n  e\u0301 one\r\n\x00two  \n\n") == "  é one\ntwo"


def test_what_two_people_wrote_both_stay(core, author, colleague, now):
    base = version_of(lesson(core))
    write(core, "Of the author.", by=author, at=now, base=base)
    with pytest.raises(TextHasChanged):
        write(core, "Of the colleague.", by=colleague, at=now, base=base)
    assert lesson(core).body == "Of the author."
    aside = states_of(core)[0]
    assert (aside.saved_by, aside.act) == (colleague, "aside welcome")
    services.restore_state(
        SavedState.objects.get(pk=aside.pk),
        version=Revision.objects.get(pk=core.pk).version,
        by=colleague,
        at=now,
    )
    assert lesson(core).body == "Of the colleague."


def test_a_text_put_aside_again_takes_its_own_place(core, author, colleague, now):
    base = version_of(lesson(core))
    write(core, "Of the author.", by=author, at=now, base=base)
    for words in ("One", "One two"):
        with pytest.raises(TextHasChanged):
            write(core, words, by=colleague, at=now, base=base, is_autosave=True)
    states = states_of(core)
    assert [state.act for state in states] == ["aside welcome", "lesson welcome"]
    (row,) = [
        row for row in SavedState.objects.get(pk=states[0].pk).content["lessons"] if row["key"] == "welcome"
    ]
    assert row["body"] == "One two"


def test_people_on_different_lessons_do_not_meet(core, author, colleague, now):
    first, second = version_of(lesson(core)), version_of(lesson(core, "clock"))
    write(core, "One.", by=author, at=now, base=first)
    write(core, "Two.", by=colleague, at=now, base=second, key="clock")
    assert [lesson(core, key).body for key in ("welcome", "clock")] == ["One.", "Two."]


def test_autosaves_of_one_sitting_make_one_state(core, author, now):
    for number in range(3):
        write(core, f"Words {number}", by=author, at=now + timedelta(minutes=number), is_autosave=True)
    assert core.saved_states.count() == 1
    write(core, "Later", by=author, at=now + timedelta(minutes=11), is_autosave=True)
    assert core.saved_states.count() == 2


def test_autosaves_of_two_people_make_states_of_their_own(core, author, colleague, now):
    for who in (author, colleague, author):
        write(core, f"Words of {who.pk}", by=who, at=now, is_autosave=True)
    assert core.saved_states.count() == 3


def test_the_last_fifty_states_are_kept_then_one_an_hour(core, author, now):
    for number in range(60):
        write(core, f"Words {number}", by=author, at=now + timedelta(minutes=number))
    assert core.saved_states.count() == 51


def test_edits_are_recorded_once_an_hour_and_person(core, author, colleague, now):
    for minutes, who in ((0, author), (5, author), (6, colleague), (70, colleague)):
        write(core, f"{minutes}", by=who, at=now + timedelta(minutes=minutes))
    acts = AuditEvent.objects.filter(chain=f"courses.revision:{core.pk}", act="revision.edited")
    assert acts.count() == 3


def test_what_is_not_a_draft_is_not_written(out, author, now):
    for act in (
        lambda: write(out, "x", by=author, at=now),
        lambda: services.add_lesson(out, title="x", kind="text", minutes=1, by=author, at=now),
        lambda: services.move_lesson(out, "welcome", steps=1, by=author, at=now),
        lambda: services.remove_lesson(out, "welcome", by=author, at=now),
        lambda: services.save_about(out, {}, base=version_of_about(out.meta), by=author, at=now),
        lambda: services.discard(out, by=author, at=now),
    ):
        with pytest.raises(NotADraft):
            act()
    assert out.saved_states.count() == 0


def test_a_lesson_that_is_gone_is_not_written(core, author, now):
    with pytest.raises(LessonGone):
        services.save_lesson(core, "nowhere", {"body": "x"}, base="", by=author, at=now)
    assert core.saved_states.count() == 0


# --- Outline ----------------------------------------------------------------------------------------------------------


def test_a_lesson_is_added_at_the_end_and_named_by_its_title(core, author, now):
    added = services.add_lesson(core, title="  Welcome  again ", kind="text", minutes=5, by=author, at=now)
    assert (added.key, added.title, added.position) == ("welcome-again", "Welcome again", 4)
    twin = services.add_lesson(core, title="Welcome again", kind="text", minutes=5, by=author, at=now)
    assert twin.key == "welcome-again-2"


@pytest.mark.parametrize("key", ["welcome", "country-check"])
def test_two_lessons_never_share_a_key(core, author, now, key):
    with pytest.raises(LessonKeyTaken):
        services.add_lesson(core, title="x", kind="text", minutes=1, key=key, by=author, at=now)
    assert keys(core) == ["welcome", "clock", "check"]


@pytest.mark.parametrize("key", ["Über", "a b", "-a", "a" * 61])
def test_a_key_is_plain(core, author, now, key):
    with pytest.raises(LessonKeyUnfit):
        services.add_lesson(core, title="x", kind="text", minutes=1, key=key, by=author, at=now)


def test_the_key_of_a_published_lesson_is_never_used_for_another(out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    services.remove_lesson(again, "clock", by=author, at=now)
    with pytest.raises(LessonKeyTaken):
        services.add_lesson(again, title="x", kind="text", minutes=1, key="clock", by=author, at=now)
    assert (
        services.add_lesson(again, title="Clock", kind="text", minutes=1, by=author, at=now).key == "clock-2"
    )


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"steps": -1}, ["clock", "welcome", "check"]),
        ({"steps": 1}, ["welcome", "check", "clock"]),
        ({"steps": -9}, ["clock", "welcome", "check"]),
        ({"place": 3}, ["welcome", "check", "clock"]),
        ({"place": 99}, ["welcome", "check", "clock"]),
    ],
)
def test_a_lesson_moves(core, author, now, how, expected):
    services.move_lesson(core, "clock", by=author, at=now, **how)
    assert keys(core) == expected


def test_a_removed_lesson_comes_back_with_its_questions(core, author, now):
    questions = core.questions.count()
    state = services.remove_lesson(core, "check", by=author, at=now)
    assert (keys(core), core.questions.count()) == (["welcome", "clock"], 0)
    core.refresh_from_db()
    hash_before = state.content["content_hash"]
    services.restore_state(state, version=core.version, by=author, at=now)
    core.refresh_from_db()
    assert (keys(core), core.questions.count()) == (["welcome", "clock", "check"], questions)
    assert core.content_hash == hash_before


def test_the_last_lesson_stays(core, author, now):
    for key in ("welcome", "clock"):
        services.remove_lesson(core, key, by=author, at=now)
    with pytest.raises(LastLesson):
        services.remove_lesson(core, "check", by=author, at=now)
    assert keys(core) == ["check"]


# --- Saved states -----------------------------------------------------------------------------------------------------


def test_going_back_is_itself_undone(core, author, now):
    first = lesson(core).body
    write(core, "Second", by=author, at=now)
    core.refresh_from_db()
    services.restore_state(core.saved_states.get(), version=core.version, by=author, at=now)
    assert lesson(core).body == first
    core.refresh_from_db()
    services.restore_state(core.saved_states.order_by("-pk").first(), version=core.version, by=author, at=now)
    assert lesson(core).body == "Second"


def test_going_back_is_refused_where_somebody_went_on(core, author, colleague, now):
    write(core, "Second", by=author, at=now)
    core.refresh_from_db()
    state, seen = core.saved_states.get(), core.version
    write(core, "Third", by=colleague, at=now)
    with pytest.raises(DraftHasMovedOn):
        services.restore_state(state, version=seen, by=author, at=now)
    assert lesson(core).body == "Third"


def test_a_layer_is_brought_back_whole(core, lif, author, now):
    imported({**core_files(), **files_of("countries/")}, by=None, at=now)
    layer = Revision.objects.get(edition__kind=Edition.Kind.LAYER)
    before = layer.content_hash
    state = services.editing.keep_state(layer, by=author, at=now)
    layer.panels.all().delete()
    layer.statements.all().delete()
    services.restore_state(state, version=layer.version, by=author, at=now)
    layer.refresh_from_db()
    assert layer.content_hash == before
    assert layer.statements.count()
    assert layer.panels.count()


def test_the_difference_of_a_state_is_what_going_back_would_do(core, author, now):
    services.remove_lesson(core, "clock", by=author, at=now)
    found = state_difference(core.saved_states.get())
    assert next((change.kind, change.name) for change in found) == ("added", "Lesson: The clock")


# --- Drafts begin and end ---------------------------------------------------------------------------------------------


def test_an_edition_has_one_open_draft(out, author, now):
    services.start_draft(out.edition, by=author, at=now)
    with pytest.raises(DraftOpenAlready):
        services.start_draft(out.edition, by=author, at=now)


def test_a_draft_begins_from_something_published(core, author, now):
    Revision.objects.filter(pk=core.pk).delete()
    with pytest.raises(NothingPublishedYet):
        services.start_draft(core.edition, by=author, at=now)


def test_a_new_module_is_a_draft_with_a_lesson(occ, author, now):
    revision = services.start_module(
        "new", owner=occ, source_language="en", about=ABOUT, first_lesson="Welcome", by=author, at=now
    )
    module = Module.objects.get(key="new")
    assert (module.owner, module.title, revision.number) == (occ, {"en": "New"}, 1)
    assert keys(revision) == ["welcome"]
    with pytest.raises(ModuleKeyTaken):
        services.start_module(
            "new", owner=occ, source_language="en", about=ABOUT, first_lesson="Welcome", by=author, at=now
        )


def test_a_new_module_is_what_its_export_is(occ, author, now):
    revision = services.start_module(
        "new", owner=occ, source_language="en", about=ABOUT, first_lesson="Welcome", by=author, at=now
    )
    write(revision, "Words.", by=author, at=now)
    revision.refresh_from_db()
    from io import BytesIO

    from courses.bundle import read_zip

    outcome = services.import_bundle(read_zip(BytesIO(exported(revision))), by=author, at=now)
    assert [each.change for each in outcome.editions] == [Change.UNCHANGED]


def test_a_language_is_translated_once(out, occ, author, now):
    services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    for language in ("sv", "en"):
        with pytest.raises(TranslatedAlready):
            services.start_translation(out.edition.module, language, owner=occ, by=author, at=now)


def test_a_discarded_draft_leaves_what_is_published(out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    services.discard(again, by=author, at=now)
    assert list(out.edition.revisions.all()) == [out]
    assert AuditEvent.objects.filter(act="revision.discarded").count() == 1


def test_a_first_draft_takes_its_module_along(core, author, now):
    services.discard(core, by=author, at=now)
    assert not Module.objects.exists()


def test_a_first_core_stays_while_something_rests_on_it(core, occ, author, now):
    services.start_translation(core.edition.module, "sv", owner=occ, by=author, at=now)
    with pytest.raises(DraftIsNeeded):
        services.discard(core, by=author, at=now)
    assert keys(core) == ["welcome", "clock", "check"]


def test_about_is_written_and_names_a_module_until_it_is_published(core, author, now):
    base = version_of_about(core.meta)
    services.save_about(core, {"title": {"en": "Other"}}, base=base, by=author, at=now)
    assert Module.objects.get().title == {"en": "Other"}
    with pytest.raises(TextHasChanged):
        services.save_about(core, {"title": {"en": "Third"}}, base=base, by=author, at=now)


# --- Submitting -------------------------------------------------------------------------------------------------------


def test_a_draft_with_problems_is_not_submitted(core, author, now):
    write(core, ":::note\nNot closed. ![](../assets/none.svg)", by=author, at=now)
    with pytest.raises(DraftHasProblems) as refused:
        services.submit(core, by=author, at=now)
    assert {problem.file for problem in refused.value.problems} == {"core/010-welcome.md"}
    assert len(refused.value.problems) == 3
    core.refresh_from_db()
    assert core.is_draft


def test_an_empty_translation_is_not_submitted(out, occ, author, now):
    own = services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)
    with pytest.raises(DraftHasProblems):
        services.submit(own, by=author, at=now)


# --- Translation ------------------------------------------------------------------------------------------------------


@pytest.fixture
def swedish(out, occ, author, now):
    return services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)


def translate(draft, body, *, by, at, key="welcome", source="", base="", **more):
    words = {"title": "Välkommen", "body": body, "questions": {}}
    return services.save_translation(draft, key, words, base=base, source=source, by=by, at=at, **more)


def test_completion_is_said_in_words(swedish, out, author, now):
    assert completion(text_rows(swedish)) == "0 of 3 lessons"
    translate(swedish, "Ord.", by=author, at=now)
    assert completion(text_rows(swedish)) == "1 of 3 lessons, 1 to be looked at again"
    text = translate(
        swedish,
        "Ord.",
        by=author,
        at=now,
        source=lesson(out).text_hash,
        base=version_of(swedish.lesson_translations.get()),
    )
    assert text.source_hash == lesson(out).text_hash
    assert completion(text_rows(swedish)) == "1 of 3 lessons"


def test_the_hash_of_other_words_is_not_taken(swedish, author, now):
    assert translate(swedish, "Ord.", by=author, at=now, source="0" * 64).source_hash == ""


def test_a_stale_text_shows_what_changed_in_the_original(
    swedish, out, author, publisher, other_publisher, now
):
    translate(swedish, "Ord.", by=author, at=now, source=lesson(out).text_hash)
    again = services.start_draft(out.edition, by=author, at=now)
    write(again, lesson(again).body.replace("thin layers", "fat layers"), by=author, at=now)
    published(again, author=author, publishers=[publisher, other_publisher], at=now)
    page = text_page(Revision.objects.get(pk=swedish.pk), "welcome")
    assert page.is_stale
    spans = {span.kind: span.text for line in page.source_change for span in line if span.kind != "same"}
    assert spans == {"removed": "thin", "added": "fat"}


def test_two_translators_meet(swedish, author, colleague, now):
    translate(swedish, "En.", by=author, at=now)
    with pytest.raises(TextHasChanged):
        translate(swedish, "Två.", by=colleague, at=now)
    assert swedish.lesson_translations.get().body == "En."
    assert states_of(swedish)[0].act == "aside welcome"


def test_a_translation_takes_the_pictures_of_the_original(swedish, author, now):
    translate(swedish, "![Två rutor](../../assets/parts.svg)", by=author, at=now)
    assert [use.path for use in swedish.assets.all()] == ["assets/parts.svg"]
