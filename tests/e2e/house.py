"""The installation that the browser visits, and a visitor of it."""

import email
import email.policy
import re
from pathlib import Path
from typing import Any

from tests.installation import ROOT, Installation, until

try:  # without the browser lock these tests are skipped, but they are still collected
    from playwright.sync_api import expect

    expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
except ImportError:
    expect = None

__all__ = ["WIDE", "House", "Visitor", "expect"]

WIDE = {"width": 1280, "height": 800}
SCREENSHOTS = ROOT / "var" / "screenshots"


class House:
    """One installation for the whole suite: its address, its mails, and who is known at the door."""

    def __init__(self, address: str, installation: Installation, told: dict[str, Any]) -> None:
        from lms.demo.people import DEMO_LOGINS

        self.address = address
        self.installation = installation
        self.told = told
        self.sessions: dict[str, Any] = {}
        self.doors = {login["email"] for login in DEMO_LOGINS}

    def link_in_mail(self, recipient: str, path: str) -> str:
        """The first link below `path` in the newest mail to somebody that has one; waits for the worker."""
        found: list[str] = []

        def arrived() -> bool:
            found.extend(link for text in self.mails(recipient) for link in self.links(text) if path in link)
            return bool(found)

        assert until(arrived, 30), f"no mail to {recipient} with a link to {path}"
        return found[0]

    def links(self, text: str) -> list[str]:
        return re.findall(re.escape(self.address) + r"[^\s\"<>]*", text)

    def mails(self, recipient: str) -> list[str]:
        """The plain texts, newest first."""
        folder = Path(self.installation.folder) / "mail"
        texts = []
        for file in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True):
            for part in file.read_bytes().split(b"-" * 79 + b"\n"):
                message = email.message_from_bytes(part, policy=email.policy.default)
                if recipient in str(message["To"]):
                    texts.append(message.get_body(("plain",)).get_content())
        return texts


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


class Visitor:
    """Somebody in front of a window."""

    def __init__(self, page: Any, house: House) -> None:
        self.page = page
        self.house = house

    def log_in(self, email: str) -> None:
        """By the card of the demonstration where there is one, else with the password."""
        self.page.goto("/accounts/login/")
        card = self.page.locator(".demo-logins form", has_text=email)
        if email in self.house.doors:
            card.get_by_role("button").click()
        else:
            self.page.locator("#id_login").fill(email)
            self.page.locator("#id_password").fill("demo")
            self.page.locator("main form button[data-variant=primary]").click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        if secret := self.house.told["secrets"].get(email):
            self.page.locator("#id_code").fill(code_of(secret))
            self.page.locator("main form button[data-variant=primary]").click()
            self.page.wait_for_url(lambda url: "/accounts/2fa" not in url)

    def go(self, path: str) -> Any:
        """Open a page and see that it came."""
        response = self.page.goto(path)
        assert response, path
        assert response.status == 200, f"{response.status} at {path}"
        return response

    def keep(self, name: str) -> None:
        """A picture of the whole page, for people to look at; nothing compares it."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
