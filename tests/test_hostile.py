"""Hostile values at every door: no server error, nothing reflected as markup, no header of the sender's making.

One person who may do everything walks through all pages, so that no value stops at a refusal; what visitors may send
is sent by a visitor.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver

from courses import services as studio_services
from courses.models import Fact, Revision, SavedState, SourceReplacement
from enrollment.services import start_attempt
from enrollment.services.inviting import invite
from lms.accounts.models import Membership, Role, User
from tests.courses import studio_builders as studio
from tests.enrollment.builders import NOW, build_course, start, step_of
from tests.hostile import BODIES, MARK, MARKUP, TYPES, VALUES, WORST, values_for

pytestmark = pytest.mark.django_db

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)")
# Asking for these ends the walk, for everybody or for the one who walks.
LEFT_OUT = (
    "account_logout",
    "take_administrator_away",
    "deactivate_person",
    "change_account",
    "end_role",
    "leave",
)


@pytest.fixture
def good(academy, occ, author, administrator, settings) -> dict[str, Any]:
    """What fills the addresses rightly. The administrator holds every role and learns too."""
    settings.ACCOUNT_RATE_LIMITS = False
    for role in (Role.AUTHOR, Role.PUBLISHER, Role.COORDINATOR):
        Membership.objects.create(user=administrator, organisation=occ, role=role, starts_on=NOW.date())
    learning = start(administrator, build_course(), organisation=occ)
    start_attempt(learning, step_of(learning, "check"), at=NOW)
    draft = studio.draft(studio.core_files(), by=author, at=NOW)
    said = {"place": "lesson/welcome", "words": "Look.", "by": administrator, "at": NOW}
    layer = studio_services.start_layer(
        draft.edition.module, "DK", source_language="en", owner=occ, by=author, at=NOW
    )
    studio_services.add_language(layer, "sv", by=author, at=NOW)
    thread = studio_services.begin_comment(draft, **said)
    core = Revision.objects.get(edition__module__key="trials", edition__kind="core")
    spoken = {"place": "lesson/one", "title": "One", "kind": "wrong", "words": "No.", "at": NOW}
    suggestion = studio_services.suggest(core, by=administrator, **spoken)
    invitation = invite("new@example.org", organisation=occ, by=administrator, at=NOW, language="en")
    return {
        "slug": learning.enrollment.course.slug,
        "organisation": occ.slug,
        "module": "trials",
        "lesson": "check",
        "key": "small-module",
        "pk": draft.pk,
        "path": "assets/parts.svg",
        "invitation": invitation.pk,
        "layer": layer.pk,
        "core": core.pk,
        "module_key": draft.edition.module.key,
        "state": SavedState.objects.create(revision=draft, content={}, saved_at=NOW, saved_by=author).pk,
        "enrollment": learning.enrollment.pk,
        "fact": (fact := Fact.objects.get(key="authority")).pk,
        "replacement": (announced := replacement_of(fact, by=author)).pk,
        "task": announced.tasks.get().pk,
        "suggestion": suggestion.pk,
        "offer": 1,
        "thread": thread.pk,
        "comment": thread.comments.get().pk,
        "sha256": "a" * 64,
        "name": "clock.png",
        "token": "x" * 43,
        "public_id": "2" * 26,
        "uidb36": "1",
    }


def replacement_of(fact: Fact, *, by: User) -> SourceReplacement:
    statement = fact.statements.get()
    return studio_services.announce_replacement(
        statement.source_url,
        replaced_on=NOW.date(),
        successor="Act 5/2027",
        organisation=statement.revision.edition.owner,
        by=by,
        at=NOW,
    )


@pytest.fixture
def everybody(good, administrator) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(administrator)
    return client


@pytest.fixture
def visitor(good) -> Client:
    return Client(raise_request_exception=False)


def routes() -> list[str]:
    return [route for route, name in below(get_resolver(), "") if name not in LEFT_OUT]


def below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern).removeprefix("^").removesuffix("$")
        if isinstance(each, URLResolver):
            if not route.startswith("admin/"):
                yield from below(each, route)
        else:
            yield route, each.name or ""


def address(route: str, values: Mapping[str, Any]) -> str:
    def filled(found: re.Match[str]) -> str:
        return quote(str(values[found[1] or found[2]]).encode(errors="surrogatepass"), safe="")

    return "/" + PARAMETER.sub(filled, route).replace("[vV]", "v").replace("/?", "/")


def check(response: HttpResponse, *what: object) -> None:
    told = [each if len(str(each)) < 200 else f"{str(each)[:200]} …" for each in what]
    assert response.status_code < 500, told
    assert "X-Hostile" not in response.headers, told
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if MARK.encode() in body and "html" in response.headers.get("Content-Type", ""):
        assert not [markup for markup in MARKUP if markup.encode() in body], told


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_addresses(everybody, good):
    for route in routes():
        for name in {found[1] or found[2] for found in PARAMETER.finditer(route)}:
            for value in WORST:
                url = address(route, {**good, name: value})
                check(everybody.get(url), "GET", url)


def test_acts_at_hostile_addresses(everybody, good):
    for route in routes():
        names = {found[1] or found[2] for found in PARAMETER.finditer(route)}
        for value in ("\0", "1" + "0" * 40) if names else ():
            url = address(route, {**good, **dict.fromkeys(names - {"slug"}, value)})
            check(everybody.post(url), "POST", url)


def test_headers(visitor):
    for value in VALUES:
        if "\n" in value or "\r" in value:
            continue  # no server passes these on
        value = value.encode(errors="surrogatepass").decode("latin-1")  # as a server hands it on
        headers = {"HX-Request": "true", "HX-Current-URL": value, "Accept-Language": value, "Referer": value}
        check(visitor.get("/learn/", headers=headers), value)
        check(
            visitor.get("/api/v1/enrollments/", headers={"Authorization": f"Token {value}"}), "token", value
        )
        octal = "".join(f"\\{ord(each):03o}" if ord(each) < 32 else each for each in value.replace('"', ""))
        cookies = "; ".join(
            f'{name}="aaaaaaaa{octal}"' for name in ("sessionid", "csrftoken", "theme", "messages")
        )
        check(visitor.get("/courses/", headers={"Cookie": cookies}), "cookie", value)


# --- Queries ----------------------------------------------------------------------------------------------------------

QUERIES = {
    "courses/": "q subject country language partner hours ordering page",
    "learn/<slug>/<module>/one/compare/": "with",
    "people/<organisation>/": "q course state ordering page",
    "people/<organisation>/learners.csv": "q course state ordering",
    "people/<organisation>/invitations/": "page",
    "studio/revisions/<pk>/preview/": "lesson language country",
    "studio/revisions/<layer>/panels/welcome/": "anchor language",
    "studio/revisions/<layer>/new-fact/": "key",
    "studio/modules/<module_key>/adapt/": "country",
    "studio/revisions/<pk>/comments/": "place quote",
    "studio/suggestions/": "state kind module edition page",
    "suggest/trials/one/": "language country part quote next",
    "facts/authority/suggest/": "country part quote next",
    "suggestions/": "page",
    "administration/audit/": "act thing person first_day last_day page check",
    "administration/organisations/": "q page",
    "administration/people/": "q page",
    "administration/certificates/": "q state course ordering page",
    "administration/certificates/due/": "q course organisation show page",
    "administration/jobs/": "page",
    "accounts/login/": "next",
    "accounts/signup/": "next",
    "api/v1/courses/": "q subject country language partner hours ordering page page_size",
    "api/v1/modules/": "subject country language owner ordering page page_size",
    "api/v1/modules/trials/facts/": "country status page",
    "api/v1/enrollments/": "course completed open ordering page",
    "api/v1/certificates/": "q state course ordering page",
}


def fields_of(forms: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every field with the values whose turn it is: route, field, value."""
    fields = ((route, name) for route, form in forms.items() for name in form)
    for turn, (route, name) in enumerate(fields):
        for value in values_for(turn):
            yield route, name, value


def test_queries(everybody, good):
    for route, name, value in fields_of({route: names.split() for route, names in QUERIES.items()}):
        url = address(route, good)
        query = urlencode({name: value}, errors="surrogatepass")
        check(everybody.get(f"{url}?{query}"), url, name, value)


# --- Forms ------------------------------------------------------------------------------------------------------------

VISITORS_FORMS = {
    "accounts/login/": {"login": "a@example.org", "password": "x", "next": "/", "remember": "on"},
    "accounts/signup/": {"email": "b@example.org", "password1": "correct horse battery", "full_name": "A B"},
    "accounts/password/reset/": {"email": "a@example.org"},
    "demonstration/login/": {"email": "a@example.org"},
    "language/": {"language": "sv", "next": "/"},
    "theme/": {"theme": "dark", "next": "/"},
    "verify/": {"code": "2" * 26},
    "verify/serial/": {"serial": "NLS-2026-000001", "surname": "Berg"},
}
FORMS = {
    "language/": {"language": "sv", "next": "/"},
    "profile/name/": {"full_name": "A B"},
    "profile/name/confirm/": {"full_name": "A B"},
    "profile/details/": {"language": "en", "country": "FI", "sector": "", "occupation": ""},
    "administration/organisations/new/": {
        "name": "New",
        "short_name": "New",
        "letters": "N",
        "kind": "employer",
        "country": "FI",
        "website": "https://example.org",
        "contact_email": "a@example.org",
        "privacy_email": "",
        "colour": "#0b5d57",
        "name_sv": "Ny",
    },
    "administration/organisations/<organisation>/edit/": {
        "name": "New",
        "short_name": "New",
        "letters": "N",
        "kind": "partner",
        "country": "NO",
        "colour": "#0b5d57",
    },
    "administration/organisations/<organisation>/roles/": {"person": "author@example.org", "role": "member"},
    "people/<organisation>/enrol/": {
        "emails": "administrator@example.org",
        "course": "nordic-trials",
        "due_on": "2030-01-01",
        "language": "en",
    },
    "people/<organisation>/<enrollment>/due/": {"due_on": "2030-01-01"},
    "courses/<slug>/enrol/": {"country": "FI", "language": "en", "organisation": ""},
    "learn/<slug>/language/": {"language": "sv", "next": "/learn/nordic-trials/trials/one/"},
    "learn/<slug>/country/": {"country": "NO", "next": "/learn/nordic-trials/trials/one/"},
    "learn/<slug>/<module>/<lesson>/answers/": {
        "q1": "0",
        "q2": "0",
        "q3": "0",
        "q4": "60",
        "question": "q4",
    },
    "learn/<slug>/<module>/<lesson>/submit/": {"q1": "", "q2": "0", "q3": "0", "q4": "60"},
    "studio/facts/<fact>/source-replaced/": {
        "replaced_on": "2027-01-01",
        "successor": "Act 5/2027",
        "successor_url": "https://law.example.org",
        "note": "New.",
    },
    "studio/facts/replacements/<replacement>/unchanged/": {"task": "1", "reason": "Renumbered."},
    "studio/revisions/<layer>/new-fact/": {
        "key": "ct.new",
        "statement": "One act.",
        "status": "verified",
        "legal_ref": "Act 1",
        "source_url": "https://example.org/act",
        "verified_on": "2026-11-01",
        "review_due": "2027-05-01",
        "note": "Seen.",
        "term-1": "Lov",
        "term-1-lang": "da",
    },
    "studio/revisions/<layer>/panels/welcome/": {
        "base": "",
        "body": "One.",
        "facts": "ct.new",
        "attach": "ct.new",
        "act": "in",
    },
    "studio/revisions/<layer>/panels/welcome/move/": {"anchor": "ethics", "to": "clock "},
    "studio/revisions/<layer>/panels/welcome/remove/": {"anchor": "ethics", "language": "sv"},
    "studio/revisions/<layer>/languages/": {"language": "nb", "remove": "nb"},
    "studio/modules/<module_key>/adapt/": {
        "country": "EE",
        "source_language": "en",
        "owner": "occ-incubator",
    },
    "studio/revisions/<pk>/submit/": {"change_class": "major", "note": "New."},
    "studio/revisions/<core>/withdraw/": {"on": "2030-01-01", "successor": "", "reason_en": "Old."},
    "studio/revisions/<pk>/publish/": {
        "effective_on": "2030-01-01",
        "retake_by": "2031-01-01",
        "note_en": "New.",
    },
    "studio/revisions/<pk>/send-back/": {"reason": "Not yet."},
    "studio/revisions/<pk>/comments/": {"place": "lesson/welcome", "quote": "One", "words": "Look."},
    "studio/revisions/<pk>/comments/<thread>/answer/": {"words": "Where?"},
    "studio/revisions/<pk>/comments/<thread>/resolve/": {"seen": "1"},
    "studio/revisions/<pk>/comments/said/<comment>/": {"words": "There."},
    "studio/revisions/<pk>/lessons/clock/files/": {
        "base": "x",
        "src": "assets/clock.mp4",
        "seconds": "9",
        "poster": "assets/clock.png",
        "captions_en": "assets/clock.en.vtt",
    },
    "studio/revisions/<pk>/figure/": {"path": "assets/parts.svg", "alt": "Two boxes", "caption": "Boxes"},
    "studio/revisions/<pk>/media/assets%2Fparts.svg/replace/": {"base": "x", "file": ""},
    "suggest/trials/one/": {
        "part": "core",
        "kind": "wrong",
        "quote": "One",
        "words": "Not so.",
        "next": "/learn/",
    },
    "facts/authority/suggest/": {"kind": "wrong", "quote": "One", "words": "Not so.", "next": "/learn/"},
    "studio/suggestions/<suggestion>/answer/": {"outcome": "declined", "words": "It stays."},
    "administration/certificates/issue/": {"enrollments": "1", "course": "nordic-trials", "all": ""},
}


def test_forms(everybody, good):
    for route, name, value in fields_of(FORMS):
        cache.clear()  # suggestions are limited
        url = address(route, good)
        check(everybody.post(url, encoded({**FORMS[route], name: value}), URLENCODED), url, name, value)


def test_forms_of_visitors(visitor, good):
    for route, name, value in fields_of(VISITORS_FORMS):
        cache.clear()  # or most of them would only meet the rate limit
        data = encoded({**VISITORS_FORMS[route], name: value})
        check(visitor.post(f"/{route}", data, URLENCODED), route, name, value)
        visitor.cookies.clear()


URLENCODED = "application/x-www-form-urlencoded"


def encoded(data: Mapping[str, str]) -> str:
    return urlencode(data, errors="surrogatepass")


def test_what_was_stored_can_be_shown(everybody, good):
    """Faults of the second order: pages that show what came in by a form that accepted it."""
    for route in (
        "profile/name/confirm/",
        "administration/organisations/new/",
        "people/<organisation>/enrol/",
        "studio/revisions/<pk>/comments/",
        "studio/revisions/<pk>/comments/<thread>/answer/",
        "suggest/trials/one/",
        "studio/suggestions/<suggestion>/answer/",
        "studio/revisions/<layer>/new-fact/",
        "studio/revisions/<layer>/panels/welcome/",
    ):
        for turn, name in enumerate(FORMS[route]):
            for value in values_for(turn):
                cache.clear()
                everybody.post(address(route, good), encoded({**FORMS[route], name: value}), URLENCODED)
    pages = (
        "profile/ people/<organisation>/ people/<organisation>/learners.csv people/<organisation>/invitations/ "
        "administration/organisations/ administration/people/ administration/audit/ learn/ contact/ privacy/ "
        "studio/ studio/revisions/<pk>/ studio/revisions/<pk>/lessons/welcome/ "
        "studio/revisions/<pk>/comments/?place=lesson/welcome "
        "suggestions/ studio/suggestions/ studio/suggestions/<suggestion>/ "
        "studio/revisions/<layer>/ studio/revisions/<layer>/edit/ studio/revisions/<layer>/preview/ "
        "studio/revisions/<layer>/new-fact/ studio/revisions/<layer>/panels/welcome/ "
        "studio/revisions/<layer>/states/ studio/facts/ studio/facts/facts.csv"
    )
    for route in pages.split():
        path, _mark, query = route.partition("?")
        response = everybody.get(address(path, good) + (f"?{query}" if query else ""))
        assert response.status_code == 200, route
        check(response, route)


def test_uploads(everybody, visitor, good):
    for name in (
        "a\0.zip",
        "..\\..\\a.zip",
        f"{MARKUP[1]}.zip",
        "a\r\nX-Hostile: 1.zip",
        "x" * 5_000 + ".zip",
        "\u202epiz.exe",
    ):
        for content in (b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-\0", b"GIF89a<script>"):
            for client, url, field in (
                (everybody, "/studio/import/", "bundle"),
                (visitor, "/verify/file/", "file"),
                (everybody, address("studio/revisions/<pk>/media/", good), "file"),
                (everybody, address("studio/revisions/<pk>/figure/", good), "file"),
                (everybody, address("studio/revisions/<pk>/lessons/clock/files/", good), "captions_en_file"),
            ):
                cache.clear()
                file = SimpleUploadedFile("x.zip", content)
                file._name = name  # the class itself would make it harmless
                check(client.post(url, {field: file}), url, name, content)


# --- The API ----------------------------------------------------------------------------------------------------------

API = {
    "api/v1/auth/token/": {"email": "a@example.org", "password": "x"},
    "api/v1/enrollments/": {
        "course": "nordic-trials",
        "country": "FI",
        "language": "en",
        "organisation": None,
    },
    "api/v1/enrollments/<enrollment>/lessons/trials/check/submit/": {"answers": {"1": ["0"], "4": ["60"]}},
    "api/v1/revisions/<pk>/submit/": {"change_class": "major", "change_note": {"en": "New."}},
    "api/v1/revisions/<pk>/send-back/": {"reason": "Not yet."},
    "api/v1/certificates/bulk/": {"course": "nordic-trials", "enrollments": [1]},
    "api/v1/certificates/22222222222222222222222222/revoke/": {"reason_code": "error", "reason_text": "x"},
}
STRANGE: list[Any] = [
    True,
    1.5,
    -1,
    10**40,
    [],
    {},
    ["x"],
    {"a": "b"},
    None,
    [None],
    {"\0": "\0"},
    {"9" * 5_000: ["1"]},
]


def test_api_fields(everybody, good):
    strange = ((route, name, value) for route in API for name in API[route] for value in STRANGE)
    for route, name, value in (*fields_of(API), *strange):
        cache.clear()
        url = address(route, good)
        body = json.dumps({**API[route], name: value})
        check(everybody.post(url, body, "application/json"), url, name, value)
        form = urlencode({**API[route], name: value}, errors="surrogatepass", doseq=True)
        check(everybody.post(url, form, URLENCODED), url, "form", name, value)


def test_api_bodies(everybody, good):
    routes = {**dict.fromkeys(API, "POST"), "api/v1/enrollments/<enrollment>/": "PATCH"}
    for (route, method), body in product(routes.items(), BODIES):
        cache.clear()
        url = address(route, good)
        check(everybody.generic(method, url, body, "application/json"), url, body)
    for route, kind in product(API, TYPES):
        cache.clear()
        url = address(route, good)
        check(everybody.generic("POST", url, b'{"a": "b"}', kind), url, kind)
