"""An empty machine, an operator and a handful of people: from `setup` to a certificate, by commands and pages only.

No demonstration and no rows made by hand, with the second factor and with real mail, worker and files.
"""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from tests.courses.bundle.samples import CHECK, changed, write_files, zipped
from tests.installation import Installation, Serving, free_port, until

PASSWORD = "correct horse battery"
ADMINISTRATOR, LEARNER = "administrator@example.org", "learner@example.org"
AUTHOR, PUBLISHER = "author@example.org", "publisher@example.org"
ABROAD, FINNISH = "abroad@example.org", "finnish@example.org"
RIGHT = {"The site form", "Tukija"}
QUIZ = CHECK[: CHECK.index("  - {key: both")]
FILES = {
    path: data
    for path, data in changed({"core/030-check.quiz.yaml": QUIZ}).items()
    if not path.startswith("translations/")
}
COURSE = """\
format: 1
slug: small-course
owner: occ-incubator
title: {en: "A small course"}
summary: {en: "All there is."}
hours: "0.5"
modules:
  - key: small-module
certificate:
  kind: passed
  partners: [occ-incubator, lakemedelsakademin]
"""


class Person:
    """Somebody with a browser: cookies, forms, and what the last page said."""

    def __init__(self, site: Serving, email: str) -> None:
        self.site, self.email, self.cookies = site, email, CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.path, self.page = "", ""

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.site.address + path)).decode()

    def post(self, path: str, **values: str) -> str:
        fields = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": self._token()})
        return self._open(urllib.request.Request(self.site.address + path, fields.encode())).decode()

    def upload(self, path: str, name: str, content: bytes) -> str:
        edge = uuid4().hex
        head = 'Content-Disposition: form-data; name="{}"'
        parts = [
            f"--{edge}\r\n{head.format('csrfmiddlewaretoken')}\r\n\r\n{self._token()}\r\n".encode(),
            f'--{edge}\r\n{head.format(name)}; filename="it.mod.zip"\r\n\r\n'.encode() + content + b"\r\n",
            f"--{edge}--\r\n".encode(),
        ]
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._open(urllib.request.Request(self.site.address + path, b"".join(parts), kind)).decode()

    def download(self, path: str) -> bytes:
        return self._open(urllib.request.Request(self.site.address + path))

    def _token(self) -> str:
        return next(cookie.value or "" for cookie in self.cookies if cookie.name.endswith("csrftoken"))

    def _open(self, request: urllib.request.Request) -> bytes:
        try:
            with self.browser.open(request, timeout=30) as answer:
                self.path = urllib.parse.urlsplit(answer.url).path
                return answer.read()
        except urllib.error.HTTPError as error:
            page = error.read().decode().partition("<main")[2]
            text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
            raise AssertionError(f"{request.full_url}: {error.code} {text}") from error

    # --- Acts ---

    def sign_up(self, name: str) -> None:
        self.get("/accounts/signup/")
        self.post("/accounts/signup/", full_name=name, email=self.email, password1=PASSWORD)
        self.get(self._link_in_mail())
        self.post(self.path)

    def _link_in_mail(self) -> str:
        """On the console, where mail goes until EMAIL_URL is set."""
        link = re.compile(rf"To: {re.escape(self.email)}\n(?:.*\n)*?.*(/accounts/confirm-email/\S+)")
        assert until(lambda: link.search(self.site.text())), self.site.text()
        found = link.search(self.site.text())
        assert found
        return found[1]

    def log_in(self) -> "Person":
        self.get("/accounts/login/")
        self.post("/accounts/login/", login=self.email, password=PASSWORD)
        return self

    def set_up_second_factor(self) -> "Person":
        page = self.get("/studio/" if self.email != ADMINISTRATOR else "/administration/")
        assert self.path == "/accounts/2fa/totp/activate/", self.path
        secret = re.search(r"\b[A-Z2-7]{32}\b", page)
        assert secret, page
        counter = next(iter(yield_hotp_counters_from_time()))
        self.post(self.path, code=format_hotp_value(hotp_value(secret[0], counter)))
        return self


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path / "var")
    installation.environment["LMS_SETUP_PASSWORD"] = PASSWORD
    yield installation
    installation.remove()


def run(installation: Installation, *arguments: str) -> str:
    done = installation.manage(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def set_up(installation: Installation) -> str:
    return run(
        installation,
        *("setup", "--no-input", "--title", "Learning together", "--organisation", "Läkemedelsakademin"),
        *("--country", "SE", "--email", ADMINISTRATOR, "--name", "Sofia Hallberg"),
    )


@pytest.mark.slow
@pytest.mark.pdf
def test_from_an_empty_machine_to_a_certificate(installation, tmp_path):
    assert "Ready" in set_up(installation)
    with installation.serving("--port", str(free_port())) as site:
        administrator = Person(site, ADMINISTRATOR).log_in().set_up_second_factor()
        add_organisations(administrator)
        add_people(site, administrator)
        publish_the_module(installation, site, tmp_path)
        make_the_course(installation, tmp_path)
        learner = take_the_course(site)
        certificate = issue_the_certificate(administrator, learner)
        assert "Åsa Sjöström" in Person(site, "anybody").get(f"/v/{certificate}/")
        assert "Traceback" not in site.text()


def add_organisations(administrator: Person) -> None:
    for short_name, letters, country in (("OCC Incubator", "OCC", "NO"), ("Lääketietokeskus", "PIC", "FI")):
        administrator.get("/administration/organisations/new/")
        page = administrator.post(
            "/administration/organisations/new/",
            name=short_name,
            short_name=short_name,
            letters=letters,
            kind="partner",
            country=country,
            colour="#123456",
        )
        assert administrator.path.startswith("/administration/organisations/"), page
        assert "new" not in administrator.path, page
    assert "OCC Incubator" in administrator.get("/")


def add_people(site: Serving, administrator: Person) -> None:
    roles = (
        (AUTHOR, "Ingrid Bakke", "author", "occ-incubator"),
        (PUBLISHER, "Kari Nygård", "publisher", "occ-incubator"),
        (ABROAD, "Erik Lindqvist", "publisher", "lakemedelsakademin"),
        (FINNISH, "Päivi Mäkelä", "publisher", "laaketietokeskus"),
    )
    for email, name, role, slug in roles:
        Person(site, email).sign_up(name)
        page = administrator.post(f"/administration/organisations/{slug}/roles/", person=email, role=role)
        assert name in page
    Person(site, LEARNER).sign_up("Åsa Sjöström")


def publish_the_module(installation: Installation, site: Serving, tmp_path: Path) -> None:
    """The author's part through the Studio; the partner abroad sent its layer to the operator."""
    author = Person(site, AUTHOR).log_in()
    own = {path: data for path, data in FILES.items() if not path.startswith("countries/")}
    author.get("/studio/import/")
    author.upload("/studio/import/", "bundle", zipped(own).getvalue())
    imported = run(installation, "module_import", str(write_files(tmp_path / "module", FILES)))
    assert "A small module: Finland: created" in imported
    assert "A small module: Core: unchanged" in imported
    publisher, abroad, finnish = (
        Person(site, email).log_in().set_up_second_factor() for email in (PUBLISHER, ABROAD, FINNISH)
    )
    core, layer = installation.ask(
        "*Revision.objects.order_by('edition__kind').values_list('pk', flat=True)"
    ).split()
    act(author, core, "submit")
    act(publisher, core, "approve")
    act(abroad, core, "approve")
    act(publisher, core, "publish")
    act(finnish, layer, "submit", "approve", "publish")


def act(person: Person, revision: str, *acts: str) -> None:
    for name in acts:
        person.get(f"/studio/revisions/{revision}/")
        person.post(f"/studio/revisions/{revision}/{name}/", note="The first one.")


def make_the_course(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "course.yaml"
    file.write_text(COURSE, encoding="utf-8")
    order = ("course_import", str(file), "--publish-as", PUBLISHER)
    made = "small-course: course created, certificate defined, version 1, course published.\n"
    assert run(installation, *order) == made
    assert run(installation, *order) == "small-course: unchanged.\n"


def take_the_course(site: Serving) -> Person:
    learner = Person(site, LEARNER).log_in()
    assert "A small course" in learner.get("/courses/")
    learner.get("/courses/small-course/enrol/")
    learner.post("/courses/small-course/enrol/", country="FI", language="en")
    here = "/learn/small-course/small-module"
    assert "In Finland there is" in learner.get(f"{here}/welcome/")
    learner.post(f"{here}/welcome/done/")
    for quiz in ("check", "country-check"):
        learner.get(f"{here}/{quiz}/")
        page = learner.post(f"{here}/{quiz}/start/")
        learner.post(f"{here}/{quiz}/submit/", **right_answers(page))
    learner.get("/profile/")
    learner.post("/profile/name/confirm/", full_name="Åsa Sjöström")
    return learner


def right_answers(page: str) -> dict[str, str]:
    options = re.findall(r'name="([^"]+)" value="(\d+)"[^>]*><span[^>]*>([^<]+)<', page)
    answers = {name: value for name, value, text in options if text in RIGHT}
    assert answers, page
    return answers


def issue_the_certificate(administrator: Person, learner: Person) -> str:
    """Returns its public id."""
    assert "Åsa Sjöström" in administrator.get("/administration/certificates/due/")
    administrator.post("/administration/certificates/issue/", all="1")
    made = re.compile(r"/certificates/([^/]+)/download/")
    assert until(lambda: made.search(learner.get("/certificates/")), 60), learner.get("/certificates/")
    found = made.search(learner.get("/certificates/"))
    assert found
    assert learner.download(found[0]).startswith(b"%PDF-")
    return found[1]
