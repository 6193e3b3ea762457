"""Questions written in the studio: each kind, each refusal at its field, and a try-out that keeps nothing."""

import io
from dataclasses import replace

import pytest

from courses.bundle import read_zip, write_zip
from courses.content import COUNTRY_CHECK
from courses.errors import QuestionGone, QuestionHasChanged
from courses.models import Question, Revision
from courses.selectors.bundles import bundle_of
from courses.selectors.drafts import problems_of
from courses.selectors.quizzes import question_content
from courses.services import submit
from courses.services.questions import save_question, version_of_question
from lms.accounts.models import Membership, Role
from lms.lib.errors import DomainError
from tests.conftest import with_role

from .bundle.samples import good_files
from .studio_builders import CORE, core_files, draft, files_of, imported

HASH = "0f" * 32
COMMON = {"prompt": "Which one?", "explanation": "Because.", "points": "2", "references": "Art. 1\n\nArt. 2"}


@pytest.fixture
def core(author, partners, now) -> Revision:
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def layer(author, partners, now) -> Revision:
    """Finland's, owned by the Finnish partner, of a module whose core is a draft."""
    imported(files_of(CORE), by=None, at=now)
    parts = imported(good_files(), by=None, at=now).editions
    return next(part.revision for part in parts if part.edition.kind == "layer")


@pytest.fixture
def writer(signed_in, author):
    return signed_in(author)


def url(revision, more="", lesson="check"):
    return f"/studio/revisions/{revision.pk}/quizzes/{lesson}/{more}"


def option(number, text, feedback="", **more):
    row = {f"option-{number}-key": "", f"option-{number}": text, f"option-{number}-feedback": feedback}
    return row | {f"option-{number}-{name}": value for name, value in more.items()}


def match(letter, text):
    return {f"match-{letter}-key": "", f"match-{letter}": text}


def rows(*parts):
    return {name: value for part in parts for name, value in part.items()}


BODIES = {
    "single": rows(option(1, "Yes", correct="on"), option(2, "No", "Not so.")),
    "multiple": rows(option(1, "Yes", correct="on"), option(2, "No"), option(3, "Perhaps", correct="on")),
    "truefalse": {"correct": "false"},
    "numeric": {"answer": "2,5", "tolerance": "0.1", "unit": "days"},
    "short": rows(
        option(1, "Läkemedelsverket", correct="on"),
        option(2, "Socialstyrelsen", "Not that one."),
        {"case": "ignore", "diacritics": "ignore"},
    ),
    "matching": rows(
        option(1, "Brochure", match="A"),
        option(2, "Form", match="B"),
        match("A", "Part I"),
        match("B", "Part II"),
        match("C", "Nowhere"),
    ),
    "ordering": rows(option(1, "Second", place="2"), option(2, "First", place="1")),
    "attestation": {
        "document_title": "SOP 12",
        "document_version": "3.0",
        "document_sha256": HASH,
        "document_url": "https://example.org/sop",
    },
}
RULES = {
    "single": {"options": ["o1", "o2"], "correct": ["o1"]},
    "multiple": {"options": ["o1", "o2", "o3"], "correct": ["o1", "o3"]},
    "truefalse": {"correct": False},
    "numeric": {"answer": "2.5", "tolerance": "0.1"},
    "short": {"options": ["o1", "o2"], "correct": ["o1"], "case": "ignore", "diacritics": "ignore"},
    "matching": {"options": ["o1", "o2"], "matches": ["m1", "m2", "m3"], "correct": {"o1": "m1", "o2": "m2"}},
    "ordering": {"options": ["o2", "o1"]},
    "attestation": {
        "document": {"title": "SOP 12", "version": "3.0", "sha256": HASH, "url": "https://example.org/sop"}
    },
}


# --- Writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BODIES)
def test_a_question_of_each_kind_is_written(writer, core, kind):
    assert writer.get(url(core, f"add/?kind={kind}")).status_code == 200
    answer = writer.post(url(core, f"add/?kind={kind}"), {**COMMON, **BODIES[kind], "base": ""})
    assert (answer.status_code, answer["Location"]) == (302, f"{url(core)}#q-q1")
    row = core.questions.get(key="q1")
    assert (row.kind, row.points, row.rule, row.position) == (kind, 2, RULES[kind], 5)
    assert row.references == ["Art. 1", "Art. 2"]
    assert row.texts["en"]["prompt"] == "Which one?"
    assert problems_of(core) == []


@pytest.mark.parametrize("kind", BODIES)
def test_saving_a_question_as_it_stands_changes_nothing_of_it(writer, core, kind):
    writer.post(url(core, f"add/?kind={kind}"), {**COMMON, **BODIES[kind], "base": ""})
    before = Question.objects.filter(revision=core, key="q1").values().get()
    form = writer.get(url(core, "questions/q1/")).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {
        name: "on" if value is True else value for name, value in sent.items() if value not in (None, False)
    }
    answer = writer.post(url(core, "questions/q1/"), sent)
    assert answer.status_code == 302
    assert Question.objects.filter(revision=core, key="q1").values().get() == before


def test_what_is_written_here_is_what_a_file_would_say(writer, core):
    for kind, body in BODIES.items():
        writer.post(url(core, f"add/?kind={kind}"), {**COMMON, **body, "base": ""})
    core.refresh_from_db()
    bundle = bundle_of(core.edition.module, [core])
    again = read_zip(io.BytesIO(write_zip(bundle)))
    assert again.core == bundle.core
    assert core.lessons.get(key="check").text_hash == again.core.lesson("check").text_hash


def test_a_changed_question_keeps_the_words_of_other_languages(writer, layer, grant_finland):
    row = layer.questions.get()
    sent = sent_form(writer, layer, row.key, lesson=COUNTRY_CHECK) | {"prompt": "Who looks at it?"}
    assert writer.post(url(layer, f"questions/{row.key}/", COUNTRY_CHECK), sent).status_code == 302
    changed = layer.questions.get()
    assert changed.texts["en"]["prompt"] == "Who looks at it?"
    assert changed.texts["sv"] == row.texts["sv"]


@pytest.fixture
def grant_finland(author, layer):
    """The author writes for the layer's owner too."""
    Membership.objects.create(
        user=author, organisation=layer.edition.owner, role=Role.AUTHOR, starts_on="2026-01-01"
    )


def sent_form(client, revision, key, lesson="check", query=""):
    form = client.get(url(revision, f"questions/{key}/{query}", lesson)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else value for name, value in sent.items() if value not in (None, False)
    }


def test_the_words_of_another_language_of_a_layer_are_written(writer, layer, grant_finland):
    row = layer.questions.get()
    sent = sent_form(writer, layer, row.key, COUNTRY_CHECK, "?language=sv") | {"prompt": "Vem granskar det?"}
    writer.post(url(layer, f"questions/{row.key}/?language=sv", COUNTRY_CHECK), sent)
    changed = layer.questions.get()
    assert changed.texts["sv"]["prompt"] == "Vem granskar det?"
    assert changed.texts["en"] == row.texts["en"]
    assert changed.rule == row.rule


# --- Refusals at the field --------------------------------------------------------------------------------------------

FAULTS = [
    ("single", {"option-1-correct": ""}, "option-1", "0 of its options are marked correct."),
    ("single", {"option-2-correct": "on"}, "option-1", "2 of its options are marked correct."),
    ("single", {"option-2": ""}, "option-1", "It has 1 options. Give it at least two."),
    (
        "multiple",
        {"option-1-correct": "", "option-3-correct": ""},
        "option-1",
        "None of its options is marked",
    ),
    ("single", {"prompt": "  "}, "prompt", "This field is required."),
    ("single", {"references": " \n "}, "references", "The question rests on nothing."),
    ("single", {"points": "0"}, "points", "greater than or equal to 1"),
    ("truefalse", {"correct": ""}, "correct", "This field is required."),
    ("numeric", {"answer": "sixty"}, "answer", "Write the number alone"),
    ("numeric", {"tolerance": "-1"}, "tolerance", "It cannot be less than 0."),
    ("short", {"option-1-correct": ""}, "option-1", "None of its options is marked correct."),
    ("short", {"option-2": "lakemedelsverket"}, "option-1", "is both accepted and a mistake"),
    ("matching", {"option-1-match": ""}, "option-1", "has no match"),
    ("matching", {"option-1-match": "D"}, "option-1", "has no match"),
    ("matching", {"match-B": "", "match-C": "", "option-2-match": "A"}, "match-A", "It has 1 matches."),
    ("ordering", {"option-2": ""}, "option-1", "It has 1 options."),
    ("attestation", {"document_title": ""}, "document_title", "This field is required."),
    ("attestation", {"document_sha256": "0F" * 32}, "document_sha256", "Give all 64 characters"),
    ("attestation", {"document_url": "javascript:alert(1)"}, "document_url", "Enter a valid URL."),
]


@pytest.mark.parametrize(("kind", "changes", "field", "said"), FAULTS)
def test_a_fault_is_said_at_its_field_and_nothing_is_written(writer, core, kind, changes, field, said):
    answer = writer.post(url(core, f"add/?kind={kind}"), {**COMMON, **BODIES[kind], **changes, "base": ""})
    assert answer.status_code == 422
    assert any(said in error for error in answer.context["form"].errors[field]), answer.context["form"].errors
    assert not core.questions.filter(key="q1").exists()


def test_a_country_question_rests_on_verified_facts_alone(writer, layer, grant_finland):
    key = layer.questions.get().key
    form = writer.get(url(layer, f"questions/{key}/", COUNTRY_CHECK)).context["form"]
    assert [choice for choice, _label in form.fields["rests_on"].choices] == ["ct.ethics"]
    sent = sent_form(writer, layer, key, COUNTRY_CHECK) | {"rests_on": ["ct.act"]}
    answer = writer.post(url(layer, f"questions/{key}/", COUNTRY_CHECK), sent)
    assert answer.status_code == 422
    assert "rests_on" in answer.context["form"].errors


def test_a_core_question_cannot_rest_on_a_fact(writer, core):
    assert "rests_on" not in writer.get(url(core, "add/?kind=single")).context["form"].fields


# --- Rule at submission -----------------------------------------------------------------------------------------------


def test_a_core_question_on_a_national_fact_is_not_submitted(core, author, now):
    core.questions.filter(key="both").update(rests_on=["ct.ethics"], references=[])
    with pytest.raises(DomainError) as refusal:
        submit(core, by=author, at=now)
    assert any(
        "Only questions of a national layer rest on facts" in str(each) for each in refusal.value.problems
    )
    core.refresh_from_db()
    assert core.is_draft


# --- Order, removal, the quiz as a whole ------------------------------------------------------------------------------


def keys(revision):
    return list(revision.questions.order_by("position").values_list("key", flat=True))


def test_questions_are_moved_and_stay_at_the_ends(writer, core):
    writer.post(url(core, "questions/both/move/"), {"steps": "-1"})
    assert keys(core) == ["both", "part-two", "true-one", "days"]
    writer.post(url(core, "questions/both/move/"), {"steps": "-1"})
    writer.post(url(core, "questions/days/move/"), {"steps": "1"})
    assert keys(core) == ["both", "part-two", "true-one", "days"]


def test_a_removed_question_leaves_its_pool_and_its_key_is_not_given_again(writer, core):
    writer.post(url(core, "add/?kind=truefalse"), {**COMMON, "correct": "true", "base": ""})
    settings = {"pass_percent": "80", "pools": "two 2: both, q1", "base": settings_base(writer, core)}
    assert writer.post(url(core, "settings/"), settings).status_code == 302
    writer.post(url(core, "questions/both/remove/"))
    assert keys(core) == ["part-two", "true-one", "days", "q1"]
    (pool,) = core.lessons.get(key="check").data["quiz"]["pools"]
    assert (pool["questions"], pool["draw"]) == (["q1"], 1)
    assert problems_of(core) == []


def test_the_removal_of_a_question_can_be_undone_at_once(writer, core):
    before = keys(core)
    gone = writer.post(url(core, "questions/both/remove/"), follow=True)
    assert "The question is removed." in gone.text
    assert "both" not in keys(core)
    state = gone.context["undo"]
    restore = f"/studio/revisions/{core.pk}/states/{state.pk}/restore/"
    assert restore in gone.text
    core.refresh_from_db()
    writer.post(restore, {"version": core.version})
    assert keys(core) == before


@pytest.mark.parametrize("removed", ["x", "0", "9" * 30, "٣"])
def test_nothing_is_said_of_a_removal_that_never_was(writer, core, removed):
    answer = writer.get(url(core, f"?removed={removed}"))
    assert answer.status_code == 200
    assert "is removed" not in answer.text


def settings_base(client, revision, lesson="check"):
    return client.get(url(revision, "", lesson)).context["form"]["base"].value()


def test_pass_mark_attempts_and_pools_are_kept(writer, core):
    sent = {"pass_percent": "90", "attempts": "3", "wait_hours": "12", "draw": "", "pools": "a 1: both, days"}
    answer = writer.post(url(core, "settings/"), sent | {"base": settings_base(writer, core)})
    assert answer.status_code == 302
    assert core.lessons.get(key="check").data["quiz"] == {
        "pass": 90,
        "attempts": 3,
        "draw": None,
        "pools": [{"key": "a", "draw": 1, "questions": ["both", "days"], "extra": {}}],
        "wait_hours": 12,
    }


SETTINGS_FAULTS = [
    ({"pass_percent": "101"}, "pass_percent", "less than or equal to 100"),
    ({"wait_hours": "169"}, "wait_hours", "less than or equal to 168"),
    ({"draw": "9"}, "draw", "It draws more questions than there are."),
    ({"pools": "nonsense"}, "pools", "is no pool"),
    ({"pools": "a 3: both, days"}, "pools", "draws more questions than it has"),
    ({"pools": "a 1: both, gone"}, "pools", "There is no question “gone”."),
    ({"pools": "a 1: both\nb 1: both"}, "pools", "is in another pool already"),
    ({"pools": "a 1: both\na 1: days"}, "pools", "Two pools have the key “a”."),
    ({"pools": "a 1: both", "draw": "2"}, "draw", "Keep one of the two."),
]


@pytest.mark.parametrize(("changes", "field", "said"), SETTINGS_FAULTS)
def test_a_fault_of_the_settings_is_said_at_its_field(writer, core, changes, field, said):
    sent = {"pass_percent": "80", "base": settings_base(writer, core), **changes}
    answer = writer.post(url(core, "settings/"), sent)
    assert answer.status_code == 422
    assert any(said in error for error in answer.context["form"].errors[field])
    assert core.lessons.get(key="check").data["quiz"]["pass"] == 80


def test_settings_that_somebody_changed_meanwhile_are_not_overwritten(writer, core):
    sent = {"pass_percent": "80", "base": "of yesterday"}
    answer = writer.post(url(core, "settings/"), sent | {"pass_percent": "1"}, follow=True)
    assert "Somebody else changed this question" in answer.text
    assert core.lessons.get(key="check").data["quiz"]["pass"] == 80


def test_a_country_check_has_a_title_minutes_and_a_pass_mark_of_its_own(writer, layer, grant_finland):
    sent = {
        "title": "Finland, briefly",
        "minutes": "7",
        "pass_percent": "",
        "base": settings_base(writer, layer, COUNTRY_CHECK),
    }
    assert writer.post(url(layer, "settings/", COUNTRY_CHECK), sent).status_code == 302
    layer.refresh_from_db()
    assert layer.meta["quiz"]["title"]["en"] == "Finland, briefly"
    assert (layer.meta["quiz"]["minutes"], layer.meta["pass"]) == (7, None)


def test_the_last_country_question_takes_the_check_with_it_and_the_first_brings_one(
    writer, layer, grant_finland
):
    key = layer.questions.get().key
    writer.post(url(layer, f"questions/{key}/remove/", COUNTRY_CHECK))
    layer.refresh_from_db()
    assert layer.meta["quiz"] is None
    body = {**COMMON, "correct": "true", "base": "", "references": "", "rests_on": ["ct.ethics"]}
    writer.post(url(layer, "add/?kind=truefalse", COUNTRY_CHECK), body)
    layer.refresh_from_db()
    assert layer.meta["quiz"]["minutes"] == 5
    assert layer.questions.get().rests_on == ["ct.ethics"]


# --- Two people -------------------------------------------------------------------------------------------------------


def test_two_people_at_one_question_both_see_both(writer, core, author, now):
    sent = sent_form(writer, core, "both")
    row = core.questions.get(key="both")
    theirs = question_content(row)
    texts = {"en": theirs.texts["en"].__class__(**{**vars(theirs.texts["en"]), "prompt": "Theirs?"})}
    save_question(
        core, "check", replace(theirs, texts=texts), base=version_of_question(row), by=author, at=now
    )
    answer = writer.post(url(core, "questions/both/"), sent | {"prompt": "Mine?"})
    assert answer.status_code == 409
    assert "Mine?" in answer.text
    assert "Theirs?" in answer.text
    assert core.questions.get(key="both").texts["en"]["prompt"] == "Theirs?"
    again = dict(sent.items()) | {
        "prompt": "Mine?",
        "base": answer.context["form"]["base"].value(),
    }
    assert writer.post(url(core, "questions/both/"), again).status_code == 302
    assert core.questions.get(key="both").texts["en"]["prompt"] == "Mine?"


def test_a_question_that_is_gone_is_not_written_anew(core, author, now):
    row = core.questions.get(key="both")
    content, base = question_content(row), version_of_question(row)
    row.delete()
    with pytest.raises(QuestionGone):
        save_question(core, "check", content, base=base, by=author, at=now)
    with pytest.raises(QuestionHasChanged):
        save_question(
            core, "check", question_content(core.questions.get(key="days")), base="", by=author, at=now
        )


# --- Who and when -----------------------------------------------------------------------------------------------------

GETS = ["", "add/?kind=single", "questions/both/", "try/"]
POSTS = [
    "settings/",
    "add/?kind=single",
    "questions/both/",
    "questions/both/move/",
    "questions/both/remove/",
    "try/",
]


@pytest.mark.parametrize("place", GETS)
def test_nobody_else_sees_the_questions_of_a_draft(signed_in, learner, other_author, core, place):
    assert signed_in(learner).get(url(core, place)).status_code == 403
    assert signed_in(other_author).get(url(core, place)).status_code == 404


@pytest.fixture
def other_author(lif):
    return with_role("other-author", Role.AUTHOR, lif)


@pytest.fixture
def third_publisher(lif):
    """Of a partner that has nothing to do with the module."""
    return with_role("third-publisher", Role.PUBLISHER, lif)


@pytest.mark.parametrize("place", POSTS)
def test_who_may_look_but_not_write_is_told_so(signed_in, third_publisher, core, place):
    assert signed_in(third_publisher).post(url(core, place)).status_code == 403
    assert keys(core) == ["part-two", "both", "true-one", "days"]


@pytest.mark.parametrize("place", GETS)
def test_what_is_in_review_is_shown_on_its_own_page(writer, core, author, now, place):
    submit(core, by=author, at=now)
    answer = writer.get(url(core, place))
    assert (answer.status_code, answer["Location"]) == (302, f"/studio/revisions/{core.pk}/")


@pytest.mark.parametrize("lesson", ["welcome", "gone", COUNTRY_CHECK])
def test_what_is_no_quiz_of_the_draft_is_not_there(writer, core, lesson):
    assert writer.get(url(core, "", lesson)).status_code == 404


def test_unknown_kinds_and_questions_are_not_there(writer, core):
    assert writer.get(url(core, "add/?kind=essay")).status_code == 404
    assert writer.get(url(core, "questions/gone/")).status_code == 404
    assert writer.post(url(core, "questions/gone/move/"), {"steps": "1"}).status_code == 302


# --- Try-out ----------------------------------------------------------------------------------------------------------


def test_a_try_out_is_marked_and_nothing_of_it_is_kept(writer, core):
    before = (Question.objects.count(), core.saved_states.count())
    sheet = writer.get(url(core, "try/?seed=7"))
    assert "Part II is about people and places." not in sheet.text
    answers = {}
    for question in sheet.context["sheet"]:
        texts = {option.text.text: str(option.position) for option in question.options}
        wanted = {"The site form", "A", "B", "True"} & texts.keys()
        answers[question.name] = [texts[text] for text in wanted] or ["60"]
    marked = writer.post(url(core, "try/"), answers | {"seed": "7"})
    assert (marked.context["points"], marked.context["possible"]) == (4, 4)
    assert "Part II is about people and places." in marked.text
    assert (Question.objects.count(), core.saved_states.count()) == before


def test_a_try_out_asks_for_what_is_missing(writer, core):
    answer = writer.post(url(core, "try/"), {"seed": "7", "q1": ["99"]})
    assert answer.status_code == 422
    assert "Choose an answer." in answer.text


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("place", "queries"), [("", 10), ("add/?kind=matching", 11), ("try/", 10)])
def test_pages_cost_the_same_whatever_the_quiz_holds(
    writer, core, count, place, queries, django_assert_num_queries
):
    Question.objects.filter(revision=core, position__gt=count).delete()
    writer.get(url(core, place))
    with django_assert_num_queries(queries):
        assert writer.get(url(core, place)).status_code == 200
