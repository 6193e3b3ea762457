"""What a first visit to a lesson carries over the wire: the page and all it needs, compressed, without media."""

import re
from contextlib import closing
from dataclasses import dataclass

from .client import Answer, Client
from .operations import Learner

NEEDED = re.compile(r'<(?:link [^>]*?href|script [^>]*?src|img [^>]*?src)="(/[^"]+)"')
MEDIA = "/files/"


@dataclass(frozen=True)
class Weight:
    """Bytes of bodies and of the headers of the answers."""

    requests: int
    bodies: int
    headers: int
    parts: str

    def __str__(self) -> str:
        total = kilobytes(self.bodies + self.headers)
        return (
            f"First visit to a lesson: {total} over the wire in {self.requests} requests "
            f"({self.parts}, headers {kilobytes(self.headers)}; aim: 45 kB in 6)"
        )


def first_visit(port: int, learner: Learner) -> Weight:
    """As a browser with an empty cache does it. Raises WrongAnswer."""
    path = learner["open"][0]
    with closing(Client(port)) as client:
        page = client.get(path, marker=learner["email"], session=learner["session"])
        needed = [found for found in dict.fromkeys(NEEDED.findall(page.text)) if not found.startswith(MEDIA)]
        answers = {path: page, **{found: client.get(found, marker="") for found in needed}}
    return Weight(
        requests=len(answers),
        bodies=sum(answer.sent for answer in answers.values()),
        headers=sum(map(header_bytes, answers.values())),
        parts=", ".join(f"{named(found)} {kilobytes(answer.sent)}" for found, answer in answers.items()),
    )


def named(path: str) -> str:
    """`site.3f2a….css` is `site.css`."""
    file = path.rpartition("/")[2]
    return re.sub(r"\.[0-9a-f]{12}\.", ".", file) or "page"


def header_bytes(answer: Answer) -> int:
    return sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())


def kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB"
