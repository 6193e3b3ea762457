"""The interface in its languages: nothing missing, nothing doubtful, nothing mixed."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from lms.accounts.models import User
from lms.demo.fill import fill
from tests.conftest import NOW

LOCALE = Path(settings.BASE) / "lms" / "locale"
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|</?\w+|&\w+;")


def catalogue(language: str, ending: str = "po") -> polib.POFile:
    path = LOCALE / language / "LC_MESSAGES" / f"django.{ending}"
    return polib.pofile(str(path)) if ending == "po" else polib.mofile(str(path))


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_or_doubtful(language):
    po = catalogue(language)
    assert [entry.msgid for entry in po.untranslated_entries()] == []
    assert [entry.msgid for entry in po.fuzzy_entries()] == []
    assert po.metadata["Language"] == language


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_tags_are_those_of_the_original(language):
    wrong = []
    for entry in catalogue(language):
        allowed = [sorted(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if sorted(PLACEHOLDER.findall(text)) not in allowed:
                wrong.append((entry.msgid, text))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_written_one(language):
    """Nobody needs gettext to run the site, so the compiled files travel with it: `make messages` writes both."""

    def content(entries):
        return {(e.msgctxt, e.msgid): (e.msgstr, tuple(e.msgstr_plural.values())) for e in entries if e.msgid}

    assert content(catalogue(language, "mo")) == content(catalogue(language))


def test_one_thing_has_one_name():
    """We say log in, video and e-mail."""
    other = re.compile(r"\b(sign(ed|ing|s)? (in|out|up)|films?|a mail|(?<!-)mails)\b", re.IGNORECASE)
    texts = (text for entry in catalogue("sv") for text in (entry.msgid, entry.msgid_plural))
    assert [text for text in texts if other.search(text)] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no gettext: sudo apt install gettext")
def test_every_word_of_the_code_is_in_the_catalogues(tmp_path, settings):
    """A string somebody added without `make messages` shows here."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.html", "*.txt"],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE,
    ).stdout.split()
    for name in tracked:
        if not name.startswith("tests/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(settings.BASE) / name, tmp_path / name)
    locale = tmp_path / "lms" / "locale"
    locale.mkdir(parents=True)
    settings.LOCALE_PATHS = [locale]
    collected = collect(tmp_path)
    assert sorted(collected - {(e.msgctxt, e.msgid) for e in catalogue("sv")}, key=str) == []


def collect(folder: Path) -> set[tuple[str | None, str]]:
    import os

    before = Path.cwd()
    os.chdir(folder)
    try:
        call_command("makemessages", locale=["sv"], no_location=True, verbosity=0)
    finally:
        os.chdir(before)
    found = folder / "lms" / "locale" / "sv" / "LC_MESSAGES" / "django.po"
    return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(found)) if not entry.obsolete}


# --- Pages ------------------------------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The text of a page that claims to be in the page's language: what carries a `lang` of its own is left out."""

    VOID = {
        "img",
        "input",
        "br",
        "meta",
        "link",
        "hr",
        "source",
        "track",
        "wbr",
        "path",
        "circle",
        "rect",
        "line",
    }

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.words: set[str] = set()

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            foreign = tag != "html" and any(name == "lang" for name, _value in attrs)
            self.open.append(foreign or tag in ("script", "style"))

    def handle_endtag(self, tag):
        if tag not in self.VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if not any(self.open) and data.strip():
            self.words.add(" ".join(data.split()))


PAGES = {
    "": [
        "/",
        "/courses/",
        "/courses/trials-and-devices/",
        "/verify/",
        "/privacy/",
        "/accessibility/",
        "/contact/",
    ],
    "learner-fi@example.org": [
        "/learn/",
        "/learn/trials-and-devices/clinical-trials/the-clock/",
        "/learn/trials-and-devices/clinical-trials/check/",
        "/certificates/",
        "/profile/",
    ],
    "author@example.org": ["/studio/", "/studio/import/", "/studio/modules/clinical-trials/"],
    "coordinator@example.org": ["/people/lakemedelsakademin/", "/people/lakemedelsakademin/enrol/"],
    "administrator@example.org": [
        "/administration/",
        "/administration/certificates/due/",
        "/administration/certificates/",
        "/administration/organisations/",
        "/administration/people/",
    ],
}


@pytest.fixture(scope="module")
def english_only() -> dict[str, set[str]]:
    """By language: English texts that must not be seen, because the catalogue says them otherwise."""
    return {
        language: {
            entry.msgid
            for entry in catalogue(language)
            if " " in entry.msgid and entry.msgstr not in ("", entry.msgid)
        }
        for language in TRANSLATED
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_page_mixes_languages(db, settings, language, english_only):
    settings.DEMONSTRATION = True
    fill(at=NOW)
    User.objects.update(language=language)
    mixed = {}
    for email, addresses in PAGES.items():
        client = Client(headers={"accept-language": language})
        if email:
            client.force_login(User.objects.get(email=email))
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            page = Words()
            page.feed(response.content.decode())
            if english := page.words & english_only[language]:
                mixed[address] = english
    assert mixed == {}
