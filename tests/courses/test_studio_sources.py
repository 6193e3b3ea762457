"""What rests on a source: found by its address or its reference, in what is published, with whom it concerns."""

import pytest

from courses.models import Edition, FactStatement, Lesson, Question, Revision
from courses.selectors.studio.sources import Counts
from enrollment.models import Enrollment, LayerPin, Pin

from .builders import build_course, build_module, publish
from .studio_builders import CORE, FINNISH, draft, files_of, imported, published

PAGE = "/studio/facts/source/"


def resting(response) -> list[tuple]:
    return [
        (each.edition.kind, [fact.fact.key for fact in each.facts], each.lessons, each.questions)
        for each in response.context["page"].editions
    ]


@pytest.fixture
def module(author, publisher, other_publisher, finnish_publisher, pharma_centre, academy, lif, now):
    """The small module with its Finnish layer, both published."""
    core = draft(files_of(CORE), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    (layer,) = imported(files_of(FINNISH), by=None, at=now).editions
    published(layer.revision, author=author, publishers=[finnish_publisher], at=now)
    return core.edition.module


def test_facts_lead_to_the_lessons_and_questions_that_rest_on_them(signed_in, author, module):
    page = signed_in(author).get(PAGE, {"source": "TUKIJA.fi"})
    assert resting(page) == [
        ("layer", ["ct.ethics"], ("welcome",), (("country-check", "fi-ethics"),)),
    ]
    assert page.context["page"].counts == Counts(facts=1, layers=1, lessons=1, questions=1)


def test_a_law_is_found_by_its_number(signed_in, author, module):
    assert resting(signed_in(author).get(PAGE, {"source": "983/2021"}))[0][1] == ["ct.ethics"]


def test_references_of_lessons_and_of_questions_count(signed_in, author, module):
    (core,) = resting(signed_in(author).get(PAGE, {"source": "536/2014 art"}))
    assert core == ("core", [], ("welcome",), (("check", "part-two"),))


def test_what_only_a_draft_names_is_nobodys_business(signed_in, other_publisher, module, author, now):
    changed = files_of(FINNISH)
    changed["countries/FI/facts.yaml"] = changed["countries/FI/facts.yaml"].replace(
        b"https://tukija.fi", b"https://elsewhere.example"
    )
    imported(changed, by=None, at=now)
    page = signed_in(other_publisher).get(PAGE, {"source": "elsewhere.example"})
    assert resting(page) == []
    assert "Nothing rests on it" in page.text


def test_an_older_revision_does_not_count(signed_in, author, occ):
    module = build_module("small", countries=["FI"], owner=occ)
    layer = module.editions.get(kind="layer")
    publish(
        Revision.objects.create(edition=layer, number=2, meta={}, created_at=layer.current.created_at), []
    )
    assert resting(signed_in(author).get(PAGE, {"source": "authority.example"})) == []


# --- Whom it concerns -------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(occ, learner, now):
    """In the middle of two courses that read the same layer."""
    module = build_module("small", countries=["FI"], owner=occ)
    for slug in ("one", "two"):
        course = build_course(slug, modules=[module])
        enrollment = Enrollment.objects.create(
            learner=learner, course=course, country="FI", language="sv", enrolled_at=now
        )
        core = Edition.objects.get(module=module, kind="core").current
        pin = Pin.objects.create(enrollment=enrollment, module=module, position=1, core_revision=core)
        LayerPin.objects.create(pin=pin, country="FI", layer_revision=FactStatement.objects.get().revision)


def impact(client) -> list[str]:
    return sorted(client.get(PAGE, {"source": "authority.example"}).context["page"].impact)


def test_each_learner_counts_once(signed_in, author, reader):
    assert impact(signed_in(author)) == [
        "0 certificates cover what rests on it.",
        "1 learner is in the middle of what rests on it.",
    ]


@pytest.mark.parametrize("ended", ["completed_at", "withdrawn_at"])
def test_whoever_has_completed_or_left_does_not_count(signed_in, author, reader, ended, now):
    Enrollment.objects.update(**{ended: now})
    assert impact(signed_in(author))[1] == "0 learners are in the middle of what rests on it."


# --- Asked wrongly ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "This field is required."),
        ("eu", "Ensure this value has at least 4 characters (it has 2)."),
        ("x" * 601, "Ensure this value has at most 600 characters (it has 601)."),
    ],
)
def test_a_source_that_is_none_is_said_at_the_field(signed_in, author, source, message):
    page = signed_in(author).get(PAGE, {"source": source})
    assert page.status_code == 422
    assert message in page.text


def test_without_a_source_the_page_only_asks(signed_in, author):
    page = signed_in(author).get(PAGE)
    assert (page.status_code, page.context["page"]) == (200, None)


@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
def test_people_without_a_studio_role_are_refused(who, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(PAGE).status_code == 403


def test_the_page_is_only_read(signed_in, author):
    assert signed_in(author).post(PAGE).status_code == 405


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_edition_and_for_three(signed_in, author, occ, count_queries, count):
    for number in range(count):
        build_module(f"m{number}", countries=["FI"], owner=occ)
    client = signed_in(author)
    client.get(PAGE)
    with count_queries(12):
        client.get(PAGE, {"source": "authority.example"})


def test_what_is_not_ascii_is_found(signed_in, author, occ):
    module = build_module("small", countries=[], owner=occ)
    again = Revision.objects.create(
        edition=module.editions.get(kind="core"), number=2, meta={}, created_at="2026-11-20T10:00Z"
    )
    Lesson.objects.create(
        revision=again,
        key="law",
        position=1,
        kind="text",
        title="Law",
        minutes=1,
        references=["Läkemedelslag (2015:315)"],
        text_hash="0" * 64,
    )
    Question.objects.create(
        revision=again,
        lesson_key="law",
        key="q",
        position=1,
        kind="single",
        references=["läkemedelslag (2015:315) 4 kap."],
        text_hash="0" * 64,
    )
    publish(again, [])
    page = signed_in(author).get(PAGE, {"source": "LÄKEMEDELSLAG"})
    assert resting(page) == [("core", [], ("law",), (("law", "q"),))]
