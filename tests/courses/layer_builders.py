"""A national layer on its way through the editor: what is typed into its forms."""

from typing import Any

from courses.content import NativeTerm
from courses.models import Revision
from courses.selectors.layer_drafts import Place, version_of_fact, version_of_panel
from courses.services.layer_facts import Said

WELCOME = Place("welcome", "ethics", "en")
VERIFIED = Said(
    statement="One committee.",
    status="verified",
    native_terms=(NativeTerm("fi", "Tukija"),),
    legal_ref="Act 983/2021",
    source_url="https://tukija.fi/page",
    verified_on=None,
)
FACT = {
    "key": "ct.act",
    "base": "",
    "statement": "One act.",
    "status": "verified",
    "legal_ref": "Act 983/2021",
    "source_url": "https://finlex.fi/page",
    "verified_on": "2026-11-19",
    "review_due": "",
    "note": "Seen by us.",
    "term-1": "Laki",
    "term-1-lang": "fi",
}
QUESTION = {
    "base": "",
    "prompt": "Which act?",
    "explanation": "The act says so.",
    "points": "1",
    "references": "",
    "option-1": "That one",
    "option-1-correct": "on",
    "option-2": "Another",
}


def base_of_panel(layer: Revision, place: Place = WELCOME) -> str:
    return version_of_panel(layer.panels.filter(**place.as_row).first())


def base_of_fact(layer: Revision, key: str = "ct.act", language: str = "") -> str:
    return version_of_fact(layer.statements.filter(fact__key=key).first(), language)


def typed_fact(layer: Revision, **changes: Any) -> dict[str, Any]:
    """What the form of the fact sends, as it stands, with these changes."""
    values = {**FACT, "base": base_of_fact(layer), **changes}
    return {name: value for name, value in values.items() if name != "key"}
