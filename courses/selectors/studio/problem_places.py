"""Where in the studio a problem of a draft is mended: it knows file and line, as the draft would have them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ...bundle import Problem
from ...bundle.writer import documents
from ...content import COUNTRY_CHECK
from ...models import Edition, Revision
from ..drafts import edition_bundle
from ..words import language_here

RECORD = re.compile(r"( *)- key: [\"']?([a-z0-9._-]+)")
FILE = re.compile(r"(core|translations/[^/]+|countries/[^/]+)/(?:panels/)?(.+)")
LESSON = re.compile(r"(?:\d+-)?(.+?)(?:\.quiz\.yaml|\.md)")
PANEL = re.compile(r"(.+?)(?:--(.+))?\.([a-z]{2})\.md")


@dataclass(frozen=True)
class ProblemOnPage:
    """`place` is where it is, in words, and `url` the way there; without one the problem's own file says it."""

    problem: Problem
    place: str
    url: str = ""


def problems_on_page(draft: Revision, problems: Iterable[Problem]) -> list[ProblemOnPage]:
    problems = list(problems)
    if not problems:
        return []
    texts = {path: data.decode() for path, data in documents(edition_bundle(draft)).items()}
    return [place_of(draft, problem, texts.get(problem.file, "")) for problem in problems]


def place_of(draft: Revision, problem: Problem, text: str) -> ProblemOnPage:
    found = FILE.fullmatch(problem.file)
    if not found:
        return ProblemOnPage(problem, problem.place)
    if draft.edition.kind == Edition.Kind.LAYER:
        return in_layer(draft, problem, found[2], text)
    lesson = LESSON.fullmatch(found[2])
    if not lesson:
        return ProblemOnPage(problem, problem.place)
    key = record_at(text, problem.line) if draft.edition.kind == Edition.Kind.CORE else ""
    if key:
        return ProblemOnPage(
            problem, problem.place, reverse("studio_question", args=[draft.pk, lesson[1], key])
        )
    return ProblemOnPage(problem, problem.place, reverse("studio_lesson", args=[draft.pk, lesson[1]]))


def in_layer(draft: Revision, problem: Problem, name: str, text: str) -> ProblemOnPage:
    key = record_at(text, problem.line)
    if name == "facts.yaml" and key:
        return ProblemOnPage(
            problem, _("Fact %(key)s") % {"key": key}, reverse("studio_fact", args=[draft.pk, key])
        )
    if name == "questions.yaml" and key:
        url = reverse("studio_question", args=[draft.pk, COUNTRY_CHECK, key])
        return ProblemOnPage(problem, _("Country question %(key)s") % {"key": key}, url)
    if name == "questions.yaml":
        return ProblemOnPage(
            problem, _("Country questions"), reverse("studio_quiz", args=[draft.pk, COUNTRY_CHECK])
        )
    panel = PANEL.fullmatch(name)
    if panel:
        said = {"anchor": panel[2] or "", "language": panel[3]}
        words = _("Panel at %(key)s, %(language)s") % {"key": panel[1], "language": language_here(panel[3])}
        return ProblemOnPage(
            problem, words, f"{reverse('studio_panel', args=[draft.pk, panel[1]])}?{urlencode(said)}"
        )
    return ProblemOnPage(problem, problem.place, reverse("studio_edit", args=[draft.pk]))


def record_at(text: str, line: int | None) -> str:
    """The key of the fact or question whose lines these are: the last one of the outermost list before the line."""
    lines = text.split("\n")
    found = [
        (len(record[1]), number, record[2])
        for number, each in enumerate(lines, 1)
        if (record := RECORD.match(each))
    ]
    if line is None or not found:
        return ""
    outermost = min(depth for depth, _number, _key in found)
    before = [key for depth, number, key in found if depth == outermost and number <= line]
    return before[-1] if before else ""
