"""Each kind of question: right, wrong, not answered, malformed; and what a page is shown before and after."""

import json
from dataclasses import asdict, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content import Pool, QuestionContent, QuestionText, question_from_json, question_to_json
from courses.question_kinds import read_number
from courses.questions import (
    MalformedAnswer,
    Mark,
    answer_values,
    drawn,
    mark,
    missing,
    passes,
    percent,
    presented,
    reviewed,
    shuffled,
    validate,
    with_translation,
)

OPTIONS = ["a", "b", "c", "d"]
TEXT = QuestionText(
    prompt="Which?",
    options={key: key.upper() for key in OPTIONS},
    feedback={"a": "Not that one."},
    explanation="Because.",
)
SINGLE = QuestionContent("one", "single", {"options": OPTIONS, "correct": ["b"]}, {"en": TEXT}, points=2)
MULTIPLE = QuestionContent("many", "multiple", {"options": OPTIONS, "correct": ["b", "d"]}, {"en": TEXT})
TRUE = QuestionContent(
    "true", "truefalse", {"correct": True}, {"en": QuestionText(prompt="So?", explanation="Yes.")}
)
NUMBER = QuestionContent(
    "number",
    "numeric",
    {"answer": "2.5", "tolerance": "0.1"},
    {"en": QuestionText(prompt="How much?", explanation="So much.", unit="years")},
)
SHORT = QuestionContent(
    "short",
    "short",
    {"options": ["full", "old"], "correct": ["full"], "case": "ignore", "diacritics": "exact"},
    {
        "en": QuestionText(
            prompt="Which agency?",
            options={"full": "Läkemedelsverket", "old": "Socialstyrelsen"},
            feedback={"old": "Not that one."},
            explanation="Because.",
        ),
        "sv": QuestionText(options={"full": "Svenska Läkemedelsverket"}),
    },
)
MATCHING = QuestionContent(
    "match",
    "matching",
    {"options": ["x", "y"], "matches": ["m", "n", "o"], "correct": {"x": "n", "y": "m"}},
    {
        "en": QuestionText(
            prompt="What belongs?",
            options={"x": "X", "y": "Y", "m": "M", "n": "N", "o": "O"},
            feedback={"x": "Not that one."},
            explanation="Because.",
        )
    },
)
ORDER = QuestionContent("order", "ordering", {"options": ["a", "b", "c"]}, {"en": TEXT})
READ = QuestionContent(
    "read",
    "attestation",
    {"document": {"title": "SOP 12", "sha256": "0f" * 32}},
    {"en": QuestionText(prompt="Please read it.")},
)
ALL = [SINGLE, MULTIPLE, TRUE, NUMBER, SHORT, MATCHING, ORDER, READ]
EXACT = replace(SHORT, rule={**SHORT.rule, "case": "exact", "diacritics": "exact"})
LOOSE = replace(SHORT, rule={**SHORT.rule, "diacritics": "ignore"})

RIGHT = Mark(Decimal(1), True)
WRONG = Mark(Decimal(0), False)


# --- Marking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (SINGLE, "b", Mark(Decimal(2), True)),
        (SINGLE, ["b"], Mark(Decimal(2), True)),
        (SINGLE, "a", WRONG),
        (MULTIPLE, ["b", "d"], RIGHT),
        (MULTIPLE, ["d", "b", "b"], RIGHT),
        (MULTIPLE, ["b"], WRONG),
        (MULTIPLE, ["a", "b", "d"], WRONG),
        (TRUE, "true", RIGHT),
        (TRUE, True, RIGHT),
        (TRUE, False, WRONG),
        (TRUE, ["false"], WRONG),
        (NUMBER, "2.5", RIGHT),
        (NUMBER, "2,5", RIGHT),
        (NUMBER, " 2,60 ", RIGHT),
        (NUMBER, "2.4", RIGHT),
        (NUMBER, "2.601", WRONG),
        (NUMBER, "-2.5", WRONG),
        (NUMBER, "25", WRONG),
        (SHORT, "Läkemedelsverket", RIGHT),
        (SHORT, "  läkemedelsVERKET ", RIGHT),
        (SHORT, "La\u0308kemedelsverket", RIGHT),
        (SHORT, "svenska   läkemedelsverket", RIGHT),
        (SHORT, "Lakemedelsverket", WRONG),
        (SHORT, "Socialstyrelsen", WRONG),
        (SHORT, "full", WRONG),
        (EXACT, "läkemedelsverket", WRONG),
        (EXACT, "Läkemedelsverket", RIGHT),
        (LOOSE, "lakemedelsverket", RIGHT),
        (MATCHING, ["x=n", "y=m"], RIGHT),
        (MATCHING, ["y=m", "x=n"], RIGHT),
        (MATCHING, ["x=n", "y=n"], WRONG),
        (MATCHING, ["x=n"], WRONG),
        (ORDER, ["a=1", "b=2", "c=3"], RIGHT),
        (ORDER, ["a=1", "b=3", "c=2"], WRONG),
        (READ, "read", RIGHT),
    ],
)
def test_answer_is_marked(question, answer, expected):
    assert mark(question, answer) == expected


@pytest.mark.parametrize("question", ALL)
@pytest.mark.parametrize("nothing", [None, "", [], [""], "  "])
def test_no_answer_earns_nothing(question, nothing):
    assert mark(question, nothing) == WRONG


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SINGLE, ["a", "b"]),
        (SINGLE, "z"),
        (SINGLE, [["b"]]),
        (SINGLE, [1]),
        (MULTIPLE, ["b", "z"]),
        (TRUE, "maybe"),
        (TRUE, ["true", "false"]),
        (NUMBER, "two"),
        (NUMBER, "2.5 years"),
        (NUMBER, "2.5.1"),
        (NUMBER, "1e9"),
        (NUMBER, "NaN"),
        (NUMBER, "9" * 40),
        (NUMBER, "٢"),
        (NUMBER, ["2", "3"]),
        (NUMBER, "2\0"),
        (SHORT, ["Läkemedelsverket", "Socialstyrelsen"]),
        (MATCHING, "x"),
        (MATCHING, ["x=n", "x=m"]),
        (MATCHING, ["x=z"]),
        (MATCHING, ["z=n"]),
        (MATCHING, ["="]),
        (ORDER, ["a=4"]),
        (ORDER, ["a=0"]),
        (READ, "understood"),
    ],
)
def test_malformed_answer_is_refused_and_not_marked(question, answer):
    with pytest.raises(MalformedAnswer):
        mark(question, answer)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", "60"),
        ("2,5", "2.5"),
        ("1 000", "1000"),
        ("1\N{NARROW NO-BREAK SPACE}000,5", "1000.5"),
        ("\N{MINUS SIGN}3", "-3"),
    ],
)
def test_number_is_read_as_people_write_it(text, number):
    assert read_number(text) == Decimal(number)


anything = (
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3) | st.sampled_from(OPTIONS), max_size=4)
)


@given(st.sampled_from(ALL), anything)
def test_any_answer_is_marked_or_refused(question, answer):
    try:
        result = mark(question, answer)
    except MalformedAnswer:
        return
    assert result.points == (question.points if result.correct else 0)


# --- Validity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ALL)
def test_good_question_has_no_flaw(question):
    assert validate(question) == []


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        (SINGLE, {"options": ["a"], "correct": ["a"]}),
        (SINGLE, {"options": OPTIONS, "correct": []}),
        (SINGLE, {"options": OPTIONS, "correct": ["a", "b"]}),
        (MULTIPLE, {"options": OPTIONS, "correct": []}),
        (TRUE, {"correct": None}),
        (TRUE, {"correct": "true"}),
        (NUMBER, {"answer": "x", "tolerance": "0"}),
        (NUMBER, {"answer": "1", "tolerance": "-1"}),
        (NUMBER, {"answer": "1,5", "tolerance": "0"}),
        (NUMBER, {"tolerance": "0"}),
        (SHORT, {"options": ["full"], "correct": []}),
        (MATCHING, {**MATCHING.rule, "options": ["x"]}),
        (MATCHING, {**MATCHING.rule, "correct": {"x": "n"}}),
        (MATCHING, {**MATCHING.rule, "correct": {"x": "n", "y": "z"}}),
        (MATCHING, {"options": ["x", "y"], "matches": ["n"], "correct": {"x": "n", "y": "n"}}),
        (ORDER, {"options": ["a"]}),
        (READ, {"document": {"title": "", "sha256": "0f" * 32}}),
        (READ, {"document": {"title": "SOP 12", "sha256": "0F" * 32}}),
    ],
)
def test_flaw_is_found(question, rule):
    assert len(validate(replace(question, rule=rule))) == 1


def test_a_mistake_that_is_accepted_too_is_a_flaw():
    words = replace(TEXT, options={"full": "Å", "old": "å"})
    (flaw,) = validate(replace(SHORT, texts={"en": words}))
    assert (flaw.values, flaw.field) == ({"text": "å"}, "options")


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        (SINGLE, None, "Choose an answer."),
        (NUMBER, "two", "Write the number alone, in digits, such as 60 or 2.5."),
        (NUMBER, None, "Write a number."),
        (SHORT, None, "Write an answer."),
        (SHORT, "Anything", ""),
        (MATCHING, ["x=n"], "Choose a match for each."),
        (MATCHING, ["x=n", "y=n"], ""),
        (ORDER, ["a=1", "b=1", "c=2"], "Give each its own place."),
        (ORDER, ["a=1", "b=2"], "Give each its own place."),
        (ORDER, ["a=3", "b=2", "c=1"], ""),
        (READ, None, "Confirm that you have read it, or come back when you have."),
    ],
)
def test_what_is_missing_is_said(question, answer, reason):
    assert missing(question, answer) == reason


# --- Before submission ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ALL)
def test_page_is_shown_nothing_that_tells_the_answer(question):
    shown = json.dumps(asdict(presented(question, "en", 1)))
    for secret in ("correct", "Because", "Yes.", "So much", "Not that one", "2.5", "0.1", "Läkemedelsverket"):
        assert secret not in shown


def test_two_questions_that_differ_in_the_answer_only_look_alike():
    other = replace(SINGLE, rule={"options": OPTIONS, "correct": ["c"]})
    assert [presented(other, "en", seed) for seed in range(20)] == [
        presented(SINGLE, "en", seed) for seed in range(20)
    ]


def test_nothing_in_a_matching_or_an_order_tells_the_pairs():
    other = replace(MATCHING, rule={**MATCHING.rule, "correct": {"x": "m", "y": "n"}})
    assert [presented(other, "en", seed) for seed in range(20)] == [
        presented(MATCHING, "en", seed) for seed in range(20)
    ]
    turned = replace(ORDER, rule={"options": ["c", "b", "a"]})
    assert presented(turned, "en", 3) == presented(ORDER, "en", 3)
    orders = {tuple(match.key for match in presented(MATCHING, "en", seed).matches) for seed in range(40)}
    assert len(orders) == 6


def test_options_are_shuffled_by_the_seed_and_stay_so():
    orders = {tuple(option.key for option in presented(SINGLE, "en", seed).options) for seed in range(40)}
    assert len(orders) > 10
    assert {tuple(sorted(order)) for order in orders} == {tuple(OPTIONS)}
    assert presented(SINGLE, "en", 7) == presented(SINGLE, "en", 7)


def test_shuffled_order_is_the_same_for_ever():
    assert shuffled(OPTIONS, "7:one") == ("c", "d", "a", "b")


def test_true_and_false_are_not_shuffled():
    assert [[option.key for option in presented(TRUE, "en", seed).options] for seed in range(5)] == [
        ["true", "false"]
    ] * 5


def test_texts_come_in_the_reader_s_language_and_what_is_missing_is_marked():
    swedish = QuestionText(prompt="Vilken?", options={"a": "Å"})
    shown = presented(with_translation(SINGLE, "sv", swedish), "sv", 1)
    assert (shown.prompt.text, shown.prompt.language, shown.prompt.is_fallback) == ("Vilken?", "sv", False)
    texts = {
        option.key: (option.text.text, option.text.language, option.text.is_fallback)
        for option in shown.options
    }
    assert texts["a"] == ("Å", "sv", False)
    assert texts["b"] == ("B", "en", True)


def test_fallback_goes_to_the_layer_s_language_before_english():
    question = with_translation(SINGLE, "nb", QuestionText(prompt="Hvilken?"))
    assert presented(question, "fi", 1, fallbacks=["nb"]).prompt.language == "nb"
    assert presented(question, "fi", 1).prompt.language == "en"


# --- After submission -------------------------------------------------------------------------------------------------


def test_review_gives_mark_reasons_and_right_answer():
    result = reviewed(SINGLE, "a", "en")
    assert result.mark == Mark(Decimal(0), False)
    assert (result.correct, result.chosen) == (("b",), ("a",))
    assert result.feedback["a"].text == "Not that one."
    assert result.explanation.text == "Because."


def test_review_of_a_number_shows_it_as_typed():
    assert (reviewed(NUMBER, "2,55", "en").chosen, reviewed(NUMBER, "2,55", "en").correct) == (
        ("2,55",),
        ("2.5",),
    )


def test_review_of_pairs_shows_what_was_given_and_what_was_wanted():
    result = reviewed(MATCHING, ["x=m", "y=m"], "en")
    assert {key: text.text for key, text in result.given.items()} == {"x": "M", "y": "M"}
    assert {key: text.text for key, text in result.wanted.items()} == {"x": "N", "y": "M"}
    assert [text.text for text in result.feedback.values()] == ["Not that one."]
    assert {key: text.text for key, text in reviewed(ORDER, [], "en").wanted.items()} == {
        "a": "1",
        "b": "2",
        "c": "3",
    }


def test_review_of_a_short_text_shows_what_is_accepted_and_answers_a_known_mistake():
    result = reviewed(SHORT, "socialstyrelsen", "sv")
    assert [(text.text, text.language) for text in result.right] == [("Svenska Läkemedelsverket", "sv")]
    assert [text.text for text in result.feedback.values()] == ["Not that one."]
    assert reviewed(SHORT, "Something else", "en").feedback == {}


# --- Drawing and passing ----------------------------------------------------------------------------------------------


def test_draw_keeps_the_order_of_the_quiz():
    for seed in range(20):
        chosen = drawn(ALL, 2, seed)
        assert len(chosen) == 2
        assert [question for question in ALL if question in chosen] == list(chosen)
    assert drawn(ALL, None, 1) == tuple(ALL)
    assert drawn(ALL, 9, 1) == tuple(ALL)
    assert len({drawn(ALL, 2, seed)[0].key for seed in range(20)}) > 1


def test_each_pool_gives_its_number_and_what_is_in_none_is_always_asked():
    pools = [Pool("choices", 1, ("one", "many")), Pool("typed", 1, ("number", "short"))]
    seen = set()
    for seed in range(40):
        chosen = drawn(ALL, None, seed, pools)
        assert [question for question in ALL if question in chosen] == list(chosen)
        keys = [question.key for question in chosen]
        assert [key for key in keys if key not in ("one", "many", "number", "short")] == [
            "true",
            "match",
            "order",
            "read",
        ]
        assert len(keys) == 6
        seen.add(tuple(keys))
        assert drawn(ALL, None, seed, pools) == chosen
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("points", "total", "pass_percent", "passed"),
    [
        (8, 10, 80, True),
        ("7.99", 10, 80, False),
        (79, 99, 80, False),
        (4, 5, 80, True),
        (2, 3, None, True),
        (1, 3, None, False),
        (2, 4, None, False),
        (3, 4, None, True),
        (1, 2, None, False),
    ],
)
def test_pass_mark_is_exact(points, total, pass_percent, passed):
    assert passes(Decimal(points), Decimal(total), pass_percent) is passed


def test_percent_shown_never_reaches_a_pass_mark_that_was_missed():
    assert percent(Decimal("7.99"), Decimal(10)) == 79
    assert percent(Decimal(0), Decimal(0)) == 0


@given(st.integers(0, 100), st.integers(1, 100), st.integers(1, 100))
def test_percent_shown_agrees_with_the_result(points, total, pass_percent):
    shown = percent(Decimal(points), Decimal(total))
    assert (shown >= pass_percent) == passes(Decimal(points), Decimal(total), pass_percent)


@pytest.mark.parametrize("question", ALL)
def test_question_survives_a_json_column(question):
    back = question_from_json(json.loads(json.dumps(question_to_json(question))))
    assert back == question
    assert back.text_hash == question.text_hash


def test_an_answer_that_no_database_keeps_is_not_even_stored():
    with pytest.raises(MalformedAnswer):
        answer_values(["2\0"])
