"""Header and footer are drawn once and kept: nobody may get what was drawn for a reader of another kind."""

import re
from itertools import permutations

import pytest
from django.core.cache import cache, caches
from django.test import Client

from courses.models import Programme
from lms.accounts.models import User


@pytest.fixture(autouse=True)
def nothing_kept_yet():
    caches["template_fragments"].clear()


def client_of(user=None, **cookies: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    client.cookies.load(cookies)
    return client


def header(page: str) -> str:
    return page[page.index('<header class="masthead">') : page.index("</header>")]


def menu(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', header(page)[: header(page).index("</nav>")])


@pytest.fixture
def readers(learner, author, coordinator, administrator):
    User.objects.update(language="en")  # so that only their roles tell them apart
    return {
        "nobody": (client_of(), ["/courses/", "/verify/"]),
        "learner": (client_of(learner), ["/courses/", "/learn/"]),
        "author": (client_of(author), ["/courses/", "/learn/", "/studio/"]),
        "coordinator": (client_of(coordinator), ["/courses/", "/learn/", "/people/"]),
        "administrator": (client_of(administrator), ["/courses/", "/learn/", "/administration/"]),
    }


@pytest.mark.parametrize("first", ["nobody", "learner", "author", "coordinator", "administrator"])
def test_everybody_gets_their_own_menu_whoever_came_first(readers, first):
    for name in [first, *readers]:
        client, expected = readers[name]
        assert menu(client.get("/privacy/").content.decode()) == expected, name


def current(client: Client, path: str) -> list[tuple[str, str]]:
    page = client.get(path, follow=True).content.decode()
    return re.findall(r'<a href="([^"]+)" aria-current="([^"]+)"', page)


MARKED = {
    "/privacy/": [("/privacy/", "page")],
    "/courses/": [("/courses/", "page")],
    "/courses/none/": [("/courses/", "true")],
    "/verify/": [("/verify/", "page"), ("/verify/", "page")],
    "/": [],
}


@pytest.mark.parametrize("paths", list(permutations(MARKED, 2)))
def test_the_page_that_one_is_on_is_marked_whatever_was_drawn_before(db, paths):
    client = client_of()
    assert [current(client, path) for path in paths] == [MARKED[path] for path in paths]


def pressed(page: str) -> set[str]:
    return set(re.findall(r'value="(\w+)"(?: lang="\w+")? aria-pressed="true"', header(page)))


@pytest.mark.parametrize("themes", list(permutations(["light", "dark", ""], 2)))
def test_the_chosen_appearance_is_pressed(db, themes):
    for theme in themes:
        page = client_of(**({"theme": theme} if theme else {})).get("/").content.decode()
        assert pressed(page) == {"en", theme or "system"}


@pytest.mark.parametrize("languages", list(permutations(["en", "sv", "fi"], 2)))
def test_the_header_is_in_the_language_of_the_page(db, languages):
    for language in languages:
        page = client_of().get("/", headers={"accept-language": language})
        assert pressed(page.content.decode()) == {language, "system"}


def test_a_new_name_of_the_programme_shows_at_once(academy):
    client, programme = client_of(), Programme.objects.create(title={"en": "A name"}, coordinator=academy)
    assert "A name" in header(client.get("/privacy/").content.decode())
    programme.title = {"en": "Another name"}
    programme.save()
    cache.clear()  # as whoever changes the programme does
    assert "Another name" in header(client.get("/privacy/").content.decode())


def test_nothing_of_a_person_is_kept(learner):
    page = client_of(learner).get("/privacy/").content.decode()
    assert learner.email in page
    kept = caches["template_fragments"]
    assert kept._cache
    for value in kept._cache.values():
        assert learner.email.encode() not in value
        assert b"csrfmiddlewaretoken" not in value
