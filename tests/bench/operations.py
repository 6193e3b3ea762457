"""What is measured: each operation is an endless, or long, row of acts in the name of ever other people."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, cycle
from typing import Any

from .client import Client, WrongAnswer

Act = Callable[[Client], None]
Plan = dict[str, Any]
Learner = dict[str, Any]

FIELD = re.compile(r'<input [^>]*name="(q\d+)"(?: value="([^"]*)")?[^>]*>')


@dataclass(frozen=True)
class Operation:
    """`aim` is the multiple of the baseline's processor time that it should not pass; None where none is set."""

    name: str
    acts: Iterator[Act]
    aim: float | None = None
    least: int = 0  # bytes of the page: fewer would not be the page


BASELINE = "baseline"


def operations(plan: Plan, certificates: list[str]) -> list[Operation]:
    """In the order in which they are printed; the baseline comes first."""
    learners, slug = plan["learners"], plan["course"]
    found = [
        Operation(BASELINE, each(learners, baseline), least=20),
        Operation("front page", anonymous("/", 'id="main"'), 1.5, 8_000),
        Operation("front page, signed in", each(learners, page("/")), 1.5, 8_000),
        Operation("catalogue", anonymous("/courses/", "/courses/course-1"), 1.5, 15_000),
        Operation("catalogue, signed in", each(learners, page("/courses/")), 1.5, 15_000),
        Operation("catalogue, searched", anonymous("/courses/?q=kurs", "/courses/course-1"), None, 15_000),
        Operation("course page, 50 lessons", each(learners, page(f"/courses/{slug}/")), 4, 15_000),
        Operation("My learning", each(learners, page("/learn/")), 2.5, 5_000),
        Operation("lesson", each(learners, lesson), 2.5, 20_000),
        Operation("mark done", one_by_one(learners, "open", mark_done), 2.5, 5_000),
        Operation("quiz, start to result", one_by_one(learners, "quizzes", quiz), None, 20_000),
        Operation("completion list", coordinators(plan, "list"), None, 10_000),
        Operation("completion list, CSV", coordinators(plan, "csv"), None, 40 * plan["coordinator"]["rows"]),
    ]
    if certificates:
        found.append(Operation("certificate, verify page", verifying(certificates), None, 5_000))
    return found


# --- Reading ----------------------------------------------------------------------------------------------------------


def each(learners: list[Learner], act: Callable[[Client, Learner], None]) -> Iterator[Act]:
    return (partial(act, learner=learner) for learner in cycle(learners))


def baseline(client: Client, learner: Learner) -> None:
    path = f"/baseline/{learner['enrollment']}/"
    client.get(path, marker=f"{learner['email']} learns", session=learner["session"])


def page(path: str) -> Callable[[Client, Learner], None]:
    """The same page for everybody. It names who is signed in, or it is another page than the one we think."""

    def act(client: Client, learner: Learner) -> None:
        client.get(path, marker=learner["email"], session=learner["session"])

    return act


def anonymous(path: str, marker: str) -> Iterator[Act]:
    return cycle([lambda client: check_anonymous(client.get(path, marker=marker).text)])


def check_anonymous(text: str) -> None:
    if "@example.org" in text:
        raise WrongAnswer("An anonymous page names somebody.")


def lesson(client: Client, learner: Learner) -> None:
    client.get(learner["open"][0], marker=learner["email"], session=learner["session"])


def coordinators(plan: Plan, name: str) -> Iterator[Act]:
    who = plan["coordinator"]
    marker = who["somebody"] if name == "csv" else who["email"]
    return cycle([lambda client: ignore(client.get(who[name], marker=marker, session=who["session"]))])


def verifying(certificates: list[str]) -> Iterator[Act]:
    """Each time by somebody else, because nobody may ask as often as we do."""
    numbered = zip(count(), cycle(certificates))
    return (partial(verify, path=path, visitor=visitor) for visitor, path in numbered)


def verify(client: Client, path: str, visitor: int) -> None:
    address = ".".join(map(str, (10, *visitor.to_bytes(3, "big"))))
    client.get(path, marker="Learner 0", address=address)  # the holder's name


def ignore(_answer: object) -> None:
    """Acts answer nothing."""


# --- Writing ----------------------------------------------------------------------------------------------------------


def one_by_one(
    learners: list[Learner], name: str, act: Callable[[Client, Learner, str], None]
) -> Iterator[Act]:
    """Each learner's first, then each one's second: no two acts on one row, and neighbours are other people."""
    longest = max(len(learner[name]) for learner in learners)
    for place in range(longest):
        for learner in learners:
            if place < len(learner[name]):
                yield partial(act, learner=learner, path=learner[name][place])


def mark_done(client: Client, learner: Learner, path: str) -> None:
    """As the button does. The bar comes back with what was done and what can be undone."""
    client.post(f"{path}done/", marker=f"{path}undo/", session=learner["session"], htmx=True)


def quiz(client: Client, learner: Learner, path: str) -> None:
    """Start, questions, hand in, result: four requests."""
    session = learner["session"]
    client.post(f"{path}start/", marker=f"{path}attempt/", session=session, status=302)
    sheet = client.get(f"{path}attempt/", marker=learner["email"], session=session)
    client.post(f"{path}submit/", answers(sheet.text), marker=f"{path}result/", session=session, status=302)
    client.get(f"{path}result/", marker="CANARY-EXPLANATION", session=session)


def answers(page: str) -> dict[str, str]:
    """The first option of each question, and a number where there is nothing to choose."""
    chosen: dict[str, str] = {}
    for name, value in FIELD.findall(page):
        chosen.setdefault(name, value or "60")
    if len(chosen) < 5:
        raise WrongAnswer(f"A quiz of five questions shows {len(chosen)}.")
    return chosen
