"""What a first visit costs: everything but media, as it comes over the wire, with nothing cached."""

from typing import Any

LESSON = "/learn/clinical-trials/clinical-trials/one-application/"
LONGEST = "/learn/clinical-trials/clinical-trials/while-the-trial-runs/"
MOST_BYTES, MOST_REQUESTS = 45_000, 6
MEDIA = {"Image", "Media"}


class Scales:
    """Every answer's type and size, from the browser's own books."""

    def __init__(self, page: Any) -> None:
        self.kinds: dict[str, tuple[str, str]] = {}
        self.sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self.on_response)
        session.on("Network.loadingFinished", self.on_finished)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def on_response(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def on_finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def weigh(self) -> dict[str, int]:
        """Bytes by address; pictures and films of the lesson count as media, our own mark does not."""
        return {
            url: self.sizes.get(request, 0)
            for request, (kind, url) in self.kinds.items()
            if url.startswith("http") and (kind not in MEDIA or "/static/" in url)
        }


def test_the_first_visit_of_a_lesson_is_light(visit):
    for lesson in (LESSON, LONGEST):
        page = visit("light@example.org").page
        scales = Scales(page)
        page.goto(lesson, wait_until="networkidle")
        weights = scales.weigh()
        report = "\n".join(f"{size:>7} {url}" for url, size in weights.items())
        assert len(weights) <= MOST_REQUESTS, report
        assert 5_000 < sum(weights.values()) <= MOST_BYTES, f"{sum(weights.values())} bytes\n{report}"
