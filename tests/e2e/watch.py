"""What no page may ever do: complain in the console, break its own policy, or ask anybody else for anything."""

from typing import Any
from urllib.parse import urlsplit


class Watch:
    def __init__(self, address: str) -> None:
        self.address = address
        self.faults: list[str] = []
        self.expected: set[int] = set()
        self.may_fail = False

    def expect_status(self, *statuses: int) -> None:
        """These answers are what the test asks for; the browser's line about them is no complaint."""
        self.expected |= set(statuses)

    def expect_failures(self) -> None:
        """From here on the test itself cuts the line."""
        self.may_fail = True

    def follow(self, page: Any) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: uncaught {error}"))
        page.on("request", self.on_request)
        page.on("response", self.on_response)

    def on_console(self, message: Any) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.may_fail:
            return
        if any(f"status of {status} " in message.text for status in self.expected):
            return
        self.faults.append(f"{message.location.get('url', '')}: {message.text}")

    def on_request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"{request.frame.url} asked {request.url}")

    def on_response(self, response: Any) -> None:
        if response.status >= 500 and response.status not in self.expected:
            self.faults.append(f"{response.status} at {response.url}")
