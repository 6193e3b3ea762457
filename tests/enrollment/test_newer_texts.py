"""The words of before beside the newer ones, on the page of what has changed and over the API; never a question."""

import pytest

from courses.models import Revision
from courses.services.withdrawing import end
from enrollment.models import Enrollment, Offer, Pin
from enrollment.services import complete_lesson, spread
from tests.enrollment.builders import (
    NOW,
    build_course,
    build_module,
    choice,
    fact,
    layer,
    quiz_lesson,
    start,
    step_of,
    text_lesson,
    with_place,
)

NEWER = "/learn/nordic-trials/newer/"
BEFORE = (
    with_place("one"),
    text_lesson("two", body="## Deadlines\n\nThe sponsor **has** 60 days."),
    quiz_lesson(),
)
AFTER = (
    with_place("one"),
    text_lesson(
        "two", body="## Deadlines\n\nThe sponsor **has** 45 days.\n\nSee [the law](https://example.org/law)."
    ),
    quiz_lesson(questions=(choice("other"),)),
)


@pytest.fixture
def learning(learner):
    learner.language = "en"
    learner.save()
    return start(learner, build_course(modules=[build_module(lessons=BEFORE)]))


@pytest.fixture
def reader(signed_in, learner, learning):
    return signed_in(learner)


def republish(lessons=AFTER, layers=None) -> Revision:
    before = set(Revision.objects.values_list("pk", flat=True))
    build_module(lessons=lessons, layers=layers or [layer("FI")], change_class="minor", note="Shorter.")
    newest = Revision.objects.exclude(pk__in=before).exclude(edition__kind="translation").get()
    spread(newest.pk, at=NOW)
    return newest


def words(lines) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def test_old_words_stand_beside_new_ones(reader, learning):
    republish()
    page = reader.get(NEWER)
    (offer,) = page.context["offers"]
    (text,) = offer.texts
    assert (text.key, text.language) == ("two", "en")
    assert words(text.before)[-1] == "The sponsor has 60 days."
    assert words(text.after)[-2:] == ["The sponsor has 45 days.", "See [the law]."]
    assert "Compare the words: Title of two" in page.text
    assert "<del>" in page.text
    assert "<ins>" in page.text


def test_in_the_language_of_the_reader_where_both_were_translated(reader, learner, learning):
    learner.language = "sv"
    learner.save()
    republish()
    (text,) = reader.get(NEWER).context["offers"][0].texts
    assert (text.language, words(text.after)[0]) == ("sv", "sv: ## Deadlines")


def test_no_question_is_ever_shown(reader, learning):
    republish()
    for path in (NEWER, f"/api/v1/enrollments/{learning.enrollment.pk}/offers/"):
        assert "CANARY" not in reader.get(path).text
        assert "Prompt of" not in reader.get(path).text


def test_of_a_layer_its_panels_and_facts_are_compared(reader, learning):
    changed = [fact(statement={"en": "The office answers in 30 days."})]
    republish(BEFORE, [layer("FI", facts=changed)])
    (text,) = reader.get(NEWER).context["offers"][0].texts
    assert text.name == "one"
    assert words(text.before)[-1] == "Statement of authority."
    assert words(text.after)[-1] == "The office answers in 30 days."


def test_a_first_layer_is_new_from_its_first_word(reader, learner):
    start(learner, build_course("other-course", modules=[build_module("other", layers=[])]))
    build_module("other", layers=[layer("FI")], change_class="major")
    newest = Revision.objects.get(edition__kind="layer", edition__module__key="other")
    spread(newest.pk, at=NOW)
    (offer,) = reader.get("/learn/other-course/newer/").context["offers"]
    assert (offer.is_first, words(offer.texts[0].before)) == (True, [])


# --- Over the API -----------------------------------------------------------------------------------------------------


def api(learning) -> str:
    return f"/api/v1/enrollments/{learning.enrollment.pk}/offers/"


def post(reader, path: str, body: dict | None = None):
    return reader.post(path, body or {}, content_type="application/json")


def test_the_api_lists_what_is_offered(reader, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    newest = republish()
    (offer,) = reader.get(api(learning)).json()
    assert (offer["id"], offer["module"], offer["revision"]) == (
        Offer.objects.get().pk,
        "trials",
        newest.number,
    )
    assert (offer["change_note"], offer["unchanged"], offer["retake_by"]) == ({"en": "Shorter."}, 1, None)
    assert {each["key"]: (each["what"], each["done"]) for each in offer["lessons"]} == {
        "two": ("changed", True),
        "check": ("changed", False),
    }
    assert {"kind": "added", "text": "45"} in offer["texts"][0]["lines"][-2]


def test_the_api_takes_it_and_does_the_named_lessons_again(reader, learning):
    complete_lesson(learning, step_of(learning, "two"), at=NOW)
    republish()
    path = f"{api(learning)}{Offer.objects.get().pk}/take/"
    for _twice in range(2):
        body = post(reader, path, {"again": ["two"]}).json()
        assert (body["modules"][0]["core_revision"], body["progress"]["done"]) == (2, 0)
    assert reader.get(api(learning)).json() == []


def test_the_api_stays(reader, learning):
    republish()
    path = f"{api(learning)}{Offer.objects.get().pk}"
    assert post(reader, f"{path}/keep/").json()["modules"][0]["core_revision"] == 1
    refused = post(reader, f"{path}/take/")
    assert (refused.status_code, refused.json()["code"]) == (409, "offer-gone")
    assert refused["Content-Type"] == "application/problem+json"


def test_the_api_refuses_what_was_withdrawn(reader, learning):
    newest = republish()
    Revision.objects.filter(pk=newest.pk).update(withdraw_on=NOW.date(), withdrawal_reason={"en": "Wrong."})
    end(Revision.objects.get(pk=newest.pk), by=None, at=NOW)
    refused = post(reader, f"{api(learning)}{Offer.objects.get().pk}/take/")
    assert (refused.status_code, refused.json()["code"]) == (409, "offer-withdrawn")
    assert Pin.objects.get().core_revision.number == 1


@pytest.mark.parametrize("again", ["two", [1.5, {}], ["x" * 61]])
def test_the_api_says_what_is_malformed(reader, learning, again):
    republish()
    refused = post(reader, f"{api(learning)}{Offer.objects.get().pk}/take/", {"again": again})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert Offer.objects.get().answered_at is None


@pytest.mark.parametrize("act", ["take", "keep"])
def test_an_offer_of_somebody_else_is_not_there(signed_in, other_learner, reader, learning, act):
    republish()
    stranger = signed_in(other_learner)
    assert post(stranger, f"{api(learning)}{Offer.objects.get().pk}/{act}/").status_code == 404
    theirs = start(other_learner, Enrollment.objects.get().course)
    assert post(stranger, f"{api(theirs)}{Offer.objects.get().pk}/{act}/").status_code == 404
    assert Offer.objects.get().answered_at is None
