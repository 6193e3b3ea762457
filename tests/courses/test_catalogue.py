"""The catalogue: what is found, how it is shared, and what it costs."""

from decimal import Decimal

import pytest

from courses.models import Programme, ProgrammePartner
from courses.search import normalised, search_text
from courses.selectors import current_programme, forget_programme
from courses.selectors.catalogue import Coverage
from courses.selectors.keeping import forget_kept

from .builders import build_course, build_module, organisation

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def programme(academy, occ):
    programme = Programme.objects.create(
        title={"en": "Programme"}, coordinator=academy, countries=["FI", "LV", "NO", "SE"]
    )
    for position, partner in enumerate([academy, occ]):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()
    current_programme()


def found(client, query: str = "", **headers: str) -> list[str]:
    return [course.slug for course in client.get(f"/courses/{query}", headers=headers).context["courses"]]


# --- What is found ----------------------------------------------------------------------------------------------


def test_published_courses_are_listed_newest_first(client, now):
    build_course("older", published_at=now.replace(day=1))
    build_course("newer", published_at=now.replace(day=2))
    build_course("draft", status="draft")
    build_course("closed", status="closed")
    assert found(client) == ["newer", "older"]


def test_author_does_not_find_drafts_in_the_catalogue_either(signed_in, author):
    build_course("draft", status="draft")
    assert found(signed_in(author)) == []


@pytest.mark.parametrize("query", ["ås", "ÅS", "A\u030as", "ås kliniska", "kliniska ås"])
def test_words_are_found_whatever_their_form(client, query):
    build_course("one", title={"en": "Trials", "sv": "Kliniska prövningar i Ås"})
    build_course("other")
    assert found(client, f"?q={query}") == ["one"]


@pytest.mark.parametrize("query", ["as", "ås medicinteknik", "100%", "a_s"])
def test_words_that_are_not_there_find_nothing(client, query):
    build_course("one", title={"en": "Trials", "sv": "Kliniska prövningar i Ås"})
    assert found(client, f"?q={query}") == []


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("?subject=devices", ["devices"]),
        ("?country=NO", ["devices"]),
        ("?country=FI", ["devices", "trials"]),
        ("?country=LV", []),
        ("?language=sv", ["trials"]),
        ("?language=en", ["devices", "trials"]),
        ("?language=lv", []),
        ("?partner=occ-incubator", ["trials"]),
        ("?partner=lakemedelsakademin", ["devices"]),
        ("?hours=short", ["trials"]),
        ("?hours=half-day", []),
        ("?hours=day", ["devices"]),
        ("?country=FI&language=sv", ["trials"]),
        ("?country=NO&language=sv", []),
        ("?q=course&hours=day", ["devices"]),
        ("?ordering=hours", ["trials", "devices"]),
        ("?ordering=-hours", ["devices", "trials"]),
    ],
)
def test_filters_narrow_and_can_be_shared(client, academy, query, slugs):
    build_course("trials", countries=["FI"], languages=["sv"], hours=Decimal(2))
    devices = build_module("devices", countries=["FI", "NO"], languages=[], owner=academy, subject="devices")
    build_course("devices", modules=[devices], owner=academy, hours=Decimal("4.5"))
    assert found(client, query) == slugs


def test_partner_is_found_by_its_modules_too(client, academy):
    module = build_module("trials")
    build_course("joint", modules=[module], owner=academy)
    assert found(client, "?partner=occ-incubator") == ["joint"]


def test_unpublished_layer_covers_nothing(client):
    course = build_course("trials", countries=["FI"])
    course.items.get().module.editions.filter(country="FI").update(current=None)
    assert found(client, "?country=FI") == []


def test_unknown_filter_is_left_out_and_said(client):
    build_course("trials")
    response = client.get("/courses/?country=QQ")
    assert [course.slug for course in response.context["courses"]] == ["trials"]
    assert "asks for something unknown" in response.text


def test_part_of_a_course_covered_says_so(client):
    modules = [build_module("one", countries=["FI", "NO"]), build_module("two", countries=["FI"])]
    build_course("both", modules=modules)
    response = client.get("/courses/")
    (card,) = response.context["courses"]
    assert card.countries == (Coverage("FI", "Finland", 2, 2), Coverage("NO", "Norway", 1, 2))
    assert "Finland, Norway (in part)" in response.text


# --- The page -----------------------------------------------------------------------------------------------------


def test_page_keeps_what_was_asked(client):
    page = client.get("/courses/?q=trials&country=FI").text
    assert 'value="trials"' in page
    assert '<option value="FI" selected>Finland</option>' in page


def test_each_filter_can_be_taken_away(client):
    response = client.get("/courses/?q=trials&country=FI&ordering=hours")
    chips = [(chip.label, chip.value, chip.without) for chip in response.context["chips"]]
    assert chips == [
        ("Search", "trials", "country=FI&ordering=hours"),
        ("Adapted to", "Finland", "q=trials&ordering=hours"),
    ]


def test_nothing_found_offers_a_way_out(client):
    build_course("trials")
    page = client.get("/courses/?q=nothing").text
    assert "Nothing fits all of this" in page
    assert 'href="/courses/">Show all courses' in page


def test_no_courses_at_all_says_so(client):
    assert "No courses yet" in client.get("/courses/").text


def test_many_courses_come_in_pages_that_keep_the_filter(client):
    module = build_module("shared")
    for number in range(13):
        build_course(f"course-{number:02}", modules=[module])
    response = client.get("/courses/?country=FI")
    assert len(response.context["courses"]) == 12
    assert "?country=FI&amp;page=2" in response.text
    assert found(client, "?country=FI&page=2") == ["course-12"]
    assert found(client, "?country=FI&page=99") == ["course-12"]


def test_text_in_another_language_is_marked(client):
    build_course("trials", title={"en": "Trials", "sv": "Prövningar"}, summary={"en": "About trials."})
    page = client.get("/courses/", headers={"accept-language": "sv"}).text
    assert ">Prövningar</a>" in page
    assert '<span lang="en">About trials.</span>' in page
    assert 'data-fallback="en"' in page


def test_texts_of_partners_are_escaped(client):
    build_course("trials", title={"en": "<script>alert(1)</script>"})
    assert "<script>alert" not in client.get("/courses/").text


# --- htmx ---------------------------------------------------------------------------------------------------------


def test_htmx_gets_the_results_with_an_address_to_share(client):
    build_course("trials")
    response = client.get("/courses/?q=trials&subject=&country=FI", headers=HTMX)
    assert response.text.lstrip().startswith('<section class="stack" id="results"')
    assert 'data-announce="1 course"' in response.text
    assert response["HX-Push-Url"] == "/courses/?q=trials&country=FI"
    assert "HX-Request" in response["Vary"]


def test_htmx_without_filters_pushes_the_bare_address(client):
    assert client.get("/courses/?q=&subject=", headers=HTMX)["HX-Push-Url"] == "/courses/"


def test_going_back_gets_the_whole_page(client):
    response = client.get("/courses/?q=trials", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in response.text
    assert "HX-Push-Url" not in response


def test_without_htmx_comes_the_whole_page(client):
    response = client.get("/courses/")
    assert "<html" in response.text
    assert "HX-Request" in response["Vary"]


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_catalogue_costs_five_queries(signed_in, learner, count_queries, count):
    for number in range(count):
        build_course(f"course-{number}")
    browser = signed_in(learner)
    with count_queries(5):  # session, user, count, courses, modules
        browser.get("/courses/?q=course&country=FI&language=sv&partner=occ-incubator")


@pytest.mark.parametrize("count", [1, 3])
def test_catalogue_costs_a_visitor_three_queries(client, count_queries, count):
    for number in range(count):
        build_course(f"course-{number}")
    with count_queries(3):  # count, courses, modules
        client.get("/courses/")


def test_unfiltered_catalogue_is_drawn_once_a_minute(signed_in, learner, count_queries):
    build_course("trials")
    browser = signed_in(learner)
    with count_queries(5):
        browser.get("/courses/")
    with count_queries(2):  # session, user
        page = browser.get("/courses/").text
    assert "Course trials" in page


def test_new_course_is_there_once_the_catalogue_is_forgotten(client):
    client.get("/courses/")
    build_course("trials")
    forget_kept()
    assert "Course trials" in client.get("/courses/").text


# --- Search text --------------------------------------------------------------------------------------------------


def test_search_text_holds_the_course_its_modules_and_owners():
    course = build_course("trials", title={"en": "Trials", "sv": "Prövningar"}, audience={"en": "Monitors"})
    text = search_text(course)
    for word in ("trials", "prövningar", "monitors", "name the authority", "module trials-module"):
        assert word in text
    assert normalised(organisation().short_name) in text


def test_normalised_is_one_form():
    assert normalised("A\u030aSA Straße") == "åsa strasse"
