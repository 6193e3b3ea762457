"""Short texts, matching, ordering, attestations and pools: read whole, written to the byte, each fault at its line."""

import pytest

from courses.bundle import read_zip
from courses.bundle.writer import documents
from courses.content import Pool, question_from_json, question_to_json

from .samples import changed, errors, said, zipped

PATH = "core/030-check.quiz.yaml"
HASH = "0f" * 32
QUIZ = f"""\
key: check
kind: quiz
title: Check what you know
minutes: 15
pass: 80
attempts: 2
wait_hours: 12
pools:
  - {{key: words, draw: 1, questions: [agency, parts]}}
questions:
  - key: agency
    kind: short
    prompt: Which agency?
    options:
      - {{key: full, text: Läkemedelsverket, correct: true}}
      - {{key: old, text: Socialstyrelsen, feedback: "That is another one."}}
    case: ignore
    diacritics: ignore
    explanation: It says so.
    references: ["Art. 1"]
  - key: parts
    kind: matching
    prompt: Where does it belong?
    options:
      - {{key: brochure, text: The brochure, match: one}}
      - {{key: site, text: The site form, match: two, feedback: "It is about places."}}
    matches:
      - {{key: one, text: Part I}}
      - {{key: two, text: Part II}}
      - {{key: none, text: Nowhere}}
    explanation: Places and people stand apart.
    references: ["Art. 2"]
  - key: steps
    kind: ordering
    prompt: What comes first?
    options:
      - {{key: submit, text: Submission}}
      - {{key: validate, text: Validation}}
      - {{key: assess, text: Assessment}}
    explanation: In this order.
    references: ["Art. 3"]
  - key: sop
    kind: attestation
    prompt: Read the procedure.
    document:
      title: SOP 12, Safety letters
      version: "3.0"
      sha256: {HASH}
      url: https://example.org/sop-12
"""
TRANSLATED = """\
key: check
title: Pröva dig själv
questions:
  agency: {prompt: "Vilken myndighet?", options: {full: Läkemedelsverket, old: Socialstyrelsen}}
  parts: {prompt: "Var hör det hemma?", options: {brochure: P, site: F, one: Del I, two: Del II, none: Ingenstans}}
  steps: {prompt: "Vad kommer först?", options: {submit: A, validate: B, assess: C}}
  sop: {prompt: "Läs rutinen."}
"""


def files(core=QUIZ, translated=TRANSLATED):
    return changed({PATH: core, "translations/sv/030-check.quiz.yaml": translated})


def quiz_of(bundle):
    return bundle.core.lesson("check").quiz


@pytest.fixture
def bundle():
    return read_zip(zipped(files()))


def test_every_kind_reads_into_a_rule_and_words(bundle):
    assert {question.key: question.rule for question in quiz_of(bundle).questions} == {
        "agency": {
            "options": ["full", "old"],
            "correct": ["full"],
            "case": "ignore",
            "diacritics": "ignore",
        },
        "parts": {
            "options": ["brochure", "site"],
            "matches": ["one", "two", "none"],
            "correct": {"brochure": "one", "site": "two"},
        },
        "steps": {"options": ["submit", "validate", "assess"]},
        "sop": {
            "document": {
                "title": "SOP 12, Safety letters",
                "version": "3.0",
                "sha256": HASH,
                "url": "https://example.org/sop-12",
            }
        },
    }
    parts = quiz_of(bundle).questions[1].texts["en"]
    assert parts.options["none"] == "Nowhere"
    assert parts.feedback == {"site": "It is about places."}


def test_spelling_that_is_not_said_ignores_capitals_and_keeps_accents():
    plain = QUIZ.replace("    case: ignore\n    diacritics: ignore\n", "")
    rule = quiz_of(read_zip(zipped(files(plain)))).questions[0].rule
    assert (rule["case"], rule["diacritics"]) == ("ignore", "exact")


def test_pools_and_waiting_time_are_read(bundle):
    quiz = quiz_of(bundle)
    assert quiz.pools == (Pool("words", 1, ("agency", "parts")),)
    assert (quiz.attempts, quiz.wait_hours) == (2, 12)


def test_what_is_read_is_written_the_same(bundle):
    once = documents(bundle)
    assets = {path: data for path, data in files().items() if path.startswith("assets/")}
    again = read_zip(zipped({**assets, **once}))
    assert documents(again) == once
    assert again.core == bundle.core


def test_questions_survive_a_json_column(bundle):
    for question in quiz_of(bundle).questions:
        assert question_from_json(question_to_json(question)) == question


def test_words_of_every_option_and_match_are_translated_without_a_warning(bundle):
    assert not [line for line in said(files()) if "translated in part" in line or "is not translated" in line]
    assert bundle.translations["sv"].lessons["check"].questions["parts"].options["none"] == "Ingenstans"


def test_match_that_is_not_translated_is_a_warning():
    found = said(files(translated=TRANSLATED.replace(", none: Ingenstans", "")))
    assert any("“parts” is translated in part only" in line for line in found)


FAULTS = [
    (
        "text: Läkemedelsverket, correct: true}",
        "text: Läkemedelsverket}",
        14,
        "None of its options is marked correct",
    ),
    ("text: Socialstyrelsen", "text: lakemedelsverket", 14, "is both accepted and a mistake"),
    ("case: ignore", "case: maybe", 17, "“maybe” is not known as “case”. Choose one of: ignore, exact."),
    (", match: one", "", 25, "“match” is missing"),
    ("match: one", "match: three", 24, "The option “brochure” has no match."),
    ("{key: none, text", "{key: site, text", 30, "Two options have the key “site”"),
    (
        "      - {key: two, text: Part II}\n      - {key: none, text: Nowhere}\n",
        "",
        27,
        "It has 1 matches.",
    ),
    (
        "      - {key: validate, text: Validation}\n      - {key: assess, text: Assessment}\n",
        "",
        36,
        "It has 1 options. Give it at least two.",
    ),
    (HASH, "short", 48, "“sha256” must be 64 characters"),
    ("      title: SOP 12, Safety letters\n", "", 46, "“title” is missing"),
    ("https://example.org/sop-12", "javascript:alert(1)", 49, "is no web address"),
    ("draw: 1", "draw: 3", 9, "The pool draws more questions than it has. Lower it."),
    ("[agency, parts]", "[agency, gone]", 9, "There is no question “gone”."),
    (
        "questions: [agency, parts]}\n",
        "questions: [agency]}\n  - {key: more, draw: 1, questions: [agency]}\n",
        10,
        "The question “agency” is in another pool already.",
    ),
    (
        "questions: [agency, parts]}\n",
        "questions: [agency]}\n  - {key: words, draw: 1, questions: [parts]}\n",
        10,
        "Two pools have the key “words”.",
    ),
    ("attempts: 2", "attempts: 2\ndraw: 1", 7, "It draws from all questions and from pools."),
    ("wait_hours: 12", "wait_hours: 0", 7, "“wait_hours” must be a whole number from 1 to 168"),
    (
        'references: ["Art. 3"]',
        "rests_on: [ct.ethics]",
        41,
        "Only questions of a national layer rest on facts.",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS)
def test_fault_is_refused_with_its_line(old, new, line, words):
    assert old in QUIZ
    found = errors(files(QUIZ.replace(old, new, 1)))
    assert any(each.startswith(f"{PATH}, line {line}:") and words in each for each in found), found


def test_answer_key_in_a_translation_is_kept_and_does_nothing():
    spoilt = TRANSLATED.replace("steps: {", "steps: {correct: a, ")
    found = said(files(translated=spoilt))
    assert any("The key “correct” is not known here" in line for line in found)
