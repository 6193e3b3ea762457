"""What the editor asks of the draft of a national layer: places for panels, versions, what is wrong with a panel."""

from dataclasses import dataclass
from typing import Any

from lms.lib.canonical import sha256

from ..bundle import Problem
from ..bundle.bodies import Body, anchors_of, check_body
from ..bundle.names import panel_path
from ..bundle.problems import Problems
from ..content import PanelContent
from ..models import FactStatement, Panel, Revision
from .drafts import original_core


@dataclass(frozen=True)
class Place:
    """Where a panel stands: at a lesson, at one of its anchors or (empty) where the lesson says so, in one language."""

    lesson: str
    anchor: str = ""
    language: str = ""

    @property
    def everywhere(self) -> dict[str, str]:
        return {"lesson_key": self.lesson, "anchor": self.anchor}

    @property
    def as_row(self) -> dict[str, str]:
        return {**self.everywhere, "language": self.language}


def places_of_lesson(draft: Revision, key: str) -> list[str] | None:
    """The anchors of a lesson of the core, "" for one without a name; None where the core has no such lesson."""
    body = original_core(draft.edition.module).lessons.filter(key=key).values_list("body", flat=True).first()
    return None if body is None else sorted(anchors_of(body))


def version_of_panel(panel: Panel | None) -> str:
    """Names a panel as somebody saw it; empty for one that is not there yet."""
    return sha256({"body": panel.body, "facts": panel.fact_keys}) if panel else ""


def version_of_fact(statement: FactStatement | None, language: str = "") -> str:
    """Names a statement as somebody saw it; with a language, its words in that one alone."""
    if statement is None:
        return ""
    if language:
        return sha256({"text": statement.texts.get(language, "")})
    days = {name: str(getattr(statement, name)) for name in ("verified_on", "review_due_on")}
    names = ("texts", "native_terms", "legal_ref", "source_url", "status", "note")
    said: dict[str, Any] = {name: getattr(statement, name) for name in names}
    return sha256(said | days)


def panel_problems(draft: Revision, panel: Panel) -> tuple[Problem, ...]:
    """Of one panel's text, by its own lines."""
    paths = set(draft.assets.values_list("path", flat=True))
    paths |= set(original_core(draft.edition.module).assets.values_list("path", flat=True))
    where = PanelContent(panel.lesson_key, panel.language, "", anchor=panel.anchor)
    problems = Problems()
    check_body(Body(panel_path(draft.edition.country, where), panel.body, 1, paths), problems, places=False)
    return problems.all
