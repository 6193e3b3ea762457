"""The editor's pages: who comes in, what a save answers, how many queries a page takes."""

import pytest

from courses import services
from courses.models import Edition, Module, Revision
from courses.selectors import current_programme
from courses.selectors.drafts import version_of
from courses.services.writing import version_of_reviews
from lms.accounts.models import Role
from tests.conftest import with_role

from .studio_builders import core_files, draft, files_of, imported, published

NEW_MODULE = {
    "owner": "occ-incubator",
    "key": "brand-new",
    "source_language": "en",
    "title": "Brand new",
    "summary": "About it.",
    "audience": "Everyone",
    "hours": "1.50",
    "subject": "devices",
    "first_lesson": "Welcome",
}


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def out(core, author, publisher, other_publisher, now):
    return published(core, author=author, publishers=[publisher, other_publisher], at=now)


@pytest.fixture
def swedish(out, occ, author, now):
    return services.start_translation(out.edition.module, "sv", owner=occ, by=author, at=now)


@pytest.fixture
def desk(signed_in, author):
    return signed_in(author)


@pytest.fixture
def stranger(lif):
    return with_role("stranger", Role.AUTHOR, lif)


def at(revision, rest=""):
    return f"/studio/revisions/{revision.pk}/{rest}"


def text_of(response):
    return response.content.decode()


def typed(revision, key="welcome", **changes):
    lesson = revision.lessons.get(key=key)
    values = {
        "base": version_of(lesson),
        "title": lesson.title,
        "section": lesson.section,
        "minutes": lesson.minutes,
        "required": "on",
        "references": "\n".join(lesson.references),
        "body": lesson.body,
    }
    return {**values, **changes}


# --- Who may come in --------------------------------------------------------------------------------------------------

READ = ("edit/", "about/", "lessons/welcome/", "states/", "discard/")
ACTS = (
    "lessons/",
    "lessons/welcome/",
    "lessons/welcome/move/",
    "lessons/welcome/remove/",
    "lessons/welcome/rename/",
    "about/",
    "discard/",
)


@pytest.mark.parametrize("rest", READ)
def test_authors_of_others_do_not_learn_that_a_draft_exists(signed_in, core, stranger, rest):
    assert signed_in(stranger).get(at(core, rest)).status_code == 404


@pytest.mark.parametrize("rest", READ)
def test_publishers_of_others_read_a_draft_but_do_not_write_it(signed_in, core, other_publisher, rest):
    Module.objects.get().co_owners.clear()
    assert signed_in(other_publisher).get(at(core, rest)).status_code == 403


@pytest.mark.parametrize("rest", ACTS)
def test_nobody_else_writes(signed_in, core, stranger, other_publisher, learner, rest):
    Module.objects.get().co_owners.clear()
    before = core.content_hash
    codes = [
        signed_in(who).post(at(core, rest), {"title": "x"}).status_code
        for who in (stranger, other_publisher, learner)
    ]
    assert codes == [404, 403, 403]
    core.refresh_from_db()
    assert (core.content_hash, core.version) == (before, 1)


@pytest.mark.parametrize("rest", READ)
def test_anonymous_is_asked_to_log_in(client, core, rest):
    assert client.get(at(core, rest)).status_code == 302


@pytest.mark.parametrize("rest", ["edit/", "about/", "lessons/welcome/", "states/", "discard/"])
def test_what_is_published_leads_to_its_own_page(desk, out, rest):
    assert desk.get(at(out, rest)).url == at(out)


# --- About a translation ----------------------------------------------------------------------------------------------


def write_swedish(swedish, author, now, *keys):
    for key in keys:
        original = swedish.edition.module.editions.get(kind="core").current.lessons.get(key=key)
        services.save_translation(
            swedish, key, {"title": f"sv {key}", "body": "Ord.", "questions": {}}, base="",
            source=original.text_hash, by=author, at=now,
        )  # fmt: skip


def reviews(swedish):
    return dict(swedish.lesson_translations.values_list("key", "review"))


def test_a_translation_says_which_texts_await_a_native_speaker(desk, swedish, author, now):
    write_swedish(swedish, author, now, "welcome", "clock")
    swedish.refresh_from_db()
    before = swedish.content_hash
    base = version_of_reviews(swedish)
    assert desk.post(at(swedish, "about/"), {"base": base, "awaiting": ["clock"]}).url == at(swedish, "edit/")
    assert reviews(swedish) == {"welcome": "", "clock": "awaiting-native-reviewer"}
    swedish.refresh_from_db()
    assert swedish.content_hash != before
    assert text_of(desk.get(at(swedish, "edit/"))).count("Awaits review by a native speaker") == 1
    desk.post(at(swedish, "about/"), {"base": version_of_reviews(swedish)})
    swedish.refresh_from_db()
    assert (reviews(swedish), swedish.content_hash) == ({"welcome": "", "clock": ""}, before)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"awaiting": ["check"]}, 422, "Select a valid choice. check is not one of the available choices."),
        (
            {"awaiting": ["welcome"], "base": "seen long ago"},
            200,
            "Somebody else has changed this text since you began.",
        ),
    ],
)
def test_what_cannot_be_said_of_a_translation_is_refused(desk, swedish, author, now, sent, status, words):
    write_swedish(swedish, author, now, "welcome")
    answer = desk.post(at(swedish, "about/"), {"base": version_of_reviews(swedish), **sent}, follow=True)
    assert answer.status_code == status
    assert words in text_of(answer)
    assert reviews(swedish) == {"welcome": ""}


def test_a_translation_without_a_text_has_nothing_to_say(desk, swedish):
    assert "Nothing is translated yet." in text_of(desk.get(at(swedish, "about/")))


@pytest.mark.parametrize("rest", ["about/", "lessons/welcome/"])
def test_a_layer_has_no_texts_of_its_own(desk, core, publisher, now, pharma_centre, rest):
    imported({**core_files(), **files_of("countries/")}, by=None, at=now)
    layer = Revision.objects.get(edition__kind=Edition.Kind.LAYER)
    Edition.objects.filter(pk=layer.edition_id).update(owner=core.edition.owner)
    assert desk.get(at(layer, "edit/")).status_code == 200
    assert desk.get(at(layer, rest)).status_code == 404


# --- Beginning and giving up ------------------------------------------------------------------------------------------


def test_a_new_revision_is_begun_from_the_module_page(desk, out):
    shown = desk.get(f"/studio/modules/{out.edition.module.key}/")
    assert f'action="/studio/editions/{out.edition_id}/draft/"' in text_of(shown)
    answer = desk.post(f"/studio/editions/{out.edition_id}/draft/")
    begun = Revision.objects.get(number=2)
    assert answer.url == at(begun, "edit/")
    shown = desk.get(f"/studio/modules/{out.edition.module.key}/")
    assert "/draft/" not in text_of(shown)


def test_a_second_draft_is_refused(desk, out):
    for _twice in range(2):
        answer = desk.post(f"/studio/editions/{out.edition_id}/draft/", follow=True)
    assert "There is a draft of this already. Go on with that one." in text_of(answer)
    assert Revision.objects.count() == 2


def test_a_module_is_begun(desk, author, occ):
    answer = desk.post("/studio/new/", NEW_MODULE)
    revision = Revision.objects.get()
    assert answer.url == at(revision, "edit/")
    assert revision.meta["hours"] == "1.5"
    assert [lesson.title for lesson in revision.lessons.all()] == ["Welcome"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"key": "Not a key"}, "Use a–z, 0–9 and “-” only"),
        ({"owner": "lif"}, "Select a valid choice"),
        ({"key": "small-module"}, "Another module has the key “small-module”. Choose another."),
        ({"hours": "0"}, "greater than or equal to 0.1"),
    ],
)
def test_a_module_is_refused(desk, core, wrong, words):
    answer = desk.post("/studio/new/", {**NEW_MODULE, **wrong})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert Module.objects.count() == 1


def test_a_translation_is_begun(desk, out):
    answer = desk.post(
        "/studio/modules/small-module/translate/", {"language": "fi", "owner": "occ-incubator"}
    )
    edition = Edition.objects.get(language="fi")
    assert answer.url == at(edition.revisions.get(), "edit/")


def test_a_translation_into_a_language_that_is_there_is_refused(desk, swedish):
    answer = desk.post(
        "/studio/modules/small-module/translate/", {"language": "sv", "owner": "occ-incubator"}
    )
    assert answer.status_code == 422


def test_a_draft_is_discarded_after_a_question(desk, out, author, now):
    again = services.start_draft(out.edition, by=author, at=now)
    assert "Discard revision 2?" in text_of(desk.get(at(again, "discard/")))
    assert desk.post(at(again, "discard/")).url == "/studio/modules/small-module/"
    assert list(Revision.objects.all()) == [out]


# --- Outline ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 3])
def test_outline_takes_the_same_queries(desk, core, author, now, more, django_assert_num_queries):
    for number in range(more):
        services.add_lesson(core, title=f"More {number}", kind="text", minutes=1, by=author, at=now)
    current_programme()
    with django_assert_num_queries(9):
        assert desk.get(at(core, "edit/")).status_code == 200


def test_a_lesson_is_added(desk, core):
    answer = desk.post(at(core, "lessons/"), {"title": "Third part", "kind": "text", "minutes": 7})
    assert answer.url == at(core, "lessons/third-part/")
    assert "Third part" in text_of(desk.get(answer.url))


def test_a_key_that_is_taken_is_said_at_its_field(desk, core):
    answer = desk.post(at(core, "lessons/"), {"title": "x", "kind": "text", "minutes": 7, "key": "welcome"})
    assert answer.status_code == 422
    assert "The key “welcome” belongs to a lesson of this module, now or in an earlier revision" in text_of(
        answer
    )


def test_a_lesson_is_moved_and_htmx_gets_the_list(desk, core):
    desk.post(at(core, "lessons/clock/move/"), {"steps": "-1"})
    answer = desk.post(at(core, "lessons/check/move/"), {"place": "1"}, headers={"HX-Request": "true"})
    order = [lesson.key for lesson in core.lessons.order_by("position")]
    assert order == ["check", "clock", "welcome"]
    assert text_of(answer).lstrip().startswith('<ol class="stack lessons-edited"')


def test_a_lesson_is_renamed(desk, core):
    base = version_of(core.lessons.get(key="clock"))
    desk.post(at(core, "lessons/clock/rename/"), {"base": base, "title": " The  hour ", "minutes": "9"})
    lesson = core.lessons.get(key="clock")
    assert (lesson.title, lesson.minutes, lesson.required) == ("The hour", 9, False)


def test_a_rename_from_an_old_page_is_refused(desk, core):
    answer = desk.post(
        at(core, "lessons/clock/rename/"), {"base": "old", "title": "Mine", "minutes": "9"}, follow=True
    )
    assert "Somebody else has changed this text since you began." in text_of(answer)
    assert core.lessons.get(key="clock").title == "The clock"


def test_a_removal_is_undone(desk, core):
    answer = desk.post(at(core, "lessons/clock/remove/"), follow=True)
    assert "The lesson is removed." in text_of(answer)
    core.refresh_from_db()
    state = core.saved_states.get()
    desk.post(at(core, f"states/{state.pk}/restore/"), {"version": core.version})
    assert core.lessons.filter(key="clock").exists()


# --- A text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 3])
def test_a_text_takes_the_same_queries(desk, core, author, now, more, django_assert_num_queries):
    for number in range(more):
        services.add_lesson(core, title=f"More {number}", kind="text", minutes=1, by=author, at=now)
    current_programme()
    with django_assert_num_queries(15):
        assert desk.get(at(core, "lessons/welcome/")).status_code == 200


def test_a_save_comes_back_to_the_text(desk, core):
    answer = desk.post(at(core, "lessons/welcome/"), typed(core, body="New.\r\n"))
    assert answer.url == at(core, "lessons/welcome/")
    assert core.lessons.get(key="welcome").body == "New."


def test_an_autosave_says_when_and_hands_over_the_new_version(desk, core):
    answer = desk.post(
        at(core, "lessons/welcome/"), typed(core, body=":::note\nx"), headers={"HX-Request": "true"}
    )
    said = text_of(answer)
    assert "Saved at " in said
    assert f'value="{version_of(core.lessons.get(key="welcome"))}" hx-swap-oob="true"' in said
    assert "Line 1:" in said
    assert "“:::note” is not closed" in said
    assert "saved" in answer.headers["HX-Trigger"]


def test_an_autosave_with_a_wrong_field_keeps_the_text_that_was_there(desk, core):
    answer = desk.post(
        at(core, "lessons/welcome/"), typed(core, title="", body="x"), headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "Not saved yet:" in text_of(answer)) == (422, True)
    assert core.lessons.get(key="welcome").title == "Welcome"


def test_two_texts_are_shown_beside_each_other(desk, core, publisher, now):
    mine = typed(core, body="Mine.")
    services.save_lesson(core, "welcome", {"body": "Theirs."}, base=mine["base"], by=publisher, at=now)
    fragment = desk.post(at(core, "lessons/welcome/"), mine, headers={"HX-Request": "true"})
    assert (fragment.status_code, "Compare the two texts" in text_of(fragment)) == (422, True)
    answer = desk.post(at(core, "lessons/welcome/"), mine)
    assert answer.status_code == 409
    for words in ("Mine.", "Theirs.", publisher.get_short_name()):
        assert words in text_of(answer)
    assert core.lessons.get(key="welcome").body == "Theirs."

    desk.post(at(core, "lessons/welcome/"), {**mine, "base": answer.context["form"]["base"].value()})
    assert core.lessons.get(key="welcome").body == "Mine."
    kept = [
        row["body"]
        for state in core.saved_states.all()
        for row in state.content["lessons"]
        if row["key"] == "welcome"
    ]
    assert "Theirs." in kept


def test_a_lesson_that_is_not_there_is_not_found(desk, core):
    assert desk.get(at(core, "lessons/nowhere/")).status_code == 404


def test_the_preview_beside_the_text_is_only_the_text(desk, core):
    answer = desk.get(at(core, "preview/?lesson=welcome"), headers={"HX-Request": "true"})
    assert "One core, thin layers." in text_of(answer)
    assert "<html" not in text_of(answer)


def test_a_picture_that_is_not_there_does_not_break_the_preview(desk, core, author, now):
    base = version_of(core.lessons.get(key="welcome"))
    services.save_lesson(
        core,
        "welcome",
        {"body": "![x](../assets/none.svg) [y](../assets/no.pdf)"},
        base=base,
        by=author,
        at=now,
    )
    answer = desk.get(at(core, "preview/?lesson=welcome"))
    assert answer.status_code == 200
    assert "none.svg" not in text_of(answer)


def test_a_draft_with_problems_says_where_when_it_is_submitted(desk, core, author, now):
    base = version_of(core.lessons.get(key="welcome"))
    services.save_lesson(core, "welcome", {"body": ":::note"}, base=base, by=author, at=now)
    answer = desk.post(at(core, "submit/"), {"change_class": "major", "note": ""})
    assert answer.status_code == 422
    assert "core/010-welcome.md, line " in text_of(answer)


def test_about_is_saved(desk, core):
    shown = desk.get(at(core, "about/"))
    values = {name: shown.context["form"][name].value() for name in shown.context["form"].fields}
    answer = desk.post(at(core, "about/"), {**values, "title": "A larger module"})
    assert answer.url == at(core, "edit/")
    core.refresh_from_db()
    assert core.meta["title"] == {"en": "A larger module", "sv": "En liten modul"}
    assert core.meta["outcomes"] == [{"en": "Tell a core from a layer"}]
    stale = desk.post(at(core, "about/"), {**values, "title": "Third"}, follow=True)
    assert "Somebody else has changed this text since you began." in text_of(stale)


# --- Translation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_texts_takes_the_same_queries(
    desk, swedish, out, author, now, count, django_assert_num_queries
):
    for lesson in out.lessons.all()[:count]:
        words = {"title": "x", "body": "y", "questions": {}}
        services.save_translation(swedish, lesson.key, words, base="", by=author, at=now)
    current_programme()
    with django_assert_num_queries(10):
        answer = desk.get(at(swedish, "edit/"))
    assert f"{count} of 3 lessons, {count} to be looked at again" in text_of(answer)


def test_an_autosave_does_not_say_that_a_translation_is_done(desk, swedish, out):
    source = out.lessons.get(key="welcome").text_hash
    words = {"base": "", "source": source, "title": "Välkommen", "body": "Ord."}
    desk.post(at(swedish, "lessons/welcome/"), words, headers={"HX-Request": "true"})
    text = swedish.lesson_translations.get()
    assert (text.body, text.source_hash) == ("Ord.", "")
    desk.post(at(swedish, "lessons/welcome/"), {**words, "base": version_of(text)})
    assert swedish.lesson_translations.get().source_hash == source


def test_a_quiz_is_translated_question_by_question(desk, swedish, out):
    shown = text_of(desk.get(at(swedish, "lessons/check/")))
    assert "Which document belongs in Part II?" in shown
    source = out.lessons.get(key="check").text_hash
    words = {"base": "", "source": source, "title": "Pröva", "part-two|prompt": "Vilket?"}
    words["part-two|options|site"] = "Formuläret"
    desk.post(at(swedish, "lessons/check/"), words)
    text = swedish.lesson_translations.get()
    assert text.questions["part-two"]["prompt"] == "Vilket?"
    assert text.questions["part-two"]["options"] == {"site": "Formuläret"}
    assert "Vilket?" in text_of(desk.get(at(swedish, "lessons/check/")))


@pytest.mark.parametrize("key", ["welcome", "check"])
def test_a_translated_text_takes_few_queries(desk, swedish, key, django_assert_num_queries):
    current_programme()
    with django_assert_num_queries(15 if key == "welcome" else 16):
        assert desk.get(at(swedish, f"lessons/{key}/")).status_code == 200


# --- Saved states -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_states_take_the_same_queries(desk, core, author, now, count, django_assert_num_queries):
    for number in range(count):
        services.add_lesson(core, title=f"More {number}", kind="text", minutes=1, by=author, at=now)
    current_programme()
    with django_assert_num_queries(9):
        answer = desk.get(at(core, "states/"))
    assert text_of(answer).count("Before the outline was changed") == count


def test_a_state_shows_what_going_back_would_change(desk, core, author, now):
    services.remove_lesson(core, "clock", by=author, at=now)
    answer = desk.get(at(core, f"states/{core.saved_states.get().pk}/"))
    assert "Lesson: The clock" in text_of(answer)


def test_the_state_of_another_draft_is_not_found(desk, core, swedish, author, now):
    state = services.editing.keep_state(core, by=author, at=now)
    assert desk.get(at(swedish, f"states/{state.pk}/")).status_code == 404
    assert desk.post(at(swedish, f"states/{state.pk}/restore/"), {"version": "1"}).status_code == 404


def test_going_back_from_an_old_page_is_refused(desk, core, author, now):
    services.remove_lesson(core, "clock", by=author, at=now)
    state = core.saved_states.get()
    answer = desk.post(at(core, f"states/{state.pk}/restore/"), {"version": "1"}, follow=True)
    assert "Somebody has changed the draft since you opened this page." in text_of(answer)
    assert not core.lessons.filter(key="clock").exists()
