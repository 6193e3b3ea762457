"""A national layer of a module, written in the studio: its panels at the lessons, and the languages it speaks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lms.accounts.models import User

from ..bundle.bodies import assets_of
from ..bundle.names import panel_path
from ..content import PanelContent
from ..errors import LanguageInUse, NoSuchPlace, PanelGone, PlaceTaken, TextHasChanged
from ..models import Panel, Revision, SavedState
from ..selectors.layer_drafts import Place, places_of_lesson, version_of_panel
from ..selectors.studio.layer_texts import texts_in
from .approving import locked
from .editing import editing, is_sitting, keep_state
from .writing import ASIDE, borrow


def save_panel(
    revision: Revision,
    place: Place,
    body: str,
    *,
    base: str,
    by: User,
    at: datetime,
    facts: Iterable[str] | None = None,
    is_autosave: bool = False,
) -> Panel:
    """Write the panel at a place in one language; `facts`, in their order, are the same in all its languages.

    Where somebody else has changed it since `base`, the other text stays, this one is kept as a saved state, and
    TextHasChanged is raised. Raises NotADraft, NoSuchPlace too.
    """
    try:
        with editing(revision, by=by, at=at, act=f"panel {place.lesson}", goes_on=is_autosave) as draft:
            panel = draft.panels.filter(**place.as_row).first()
            if version_of_panel(panel) != base:
                raise TextHasChanged
            if panel is None:
                must_be_there(draft, place)
                panel = Panel(revision=draft, **place.as_row, fact_keys=facts_at(draft, place))
            panel.body = body
            write_panel(panel)
            borrow_pictures(draft, panel)
            if facts is not None:
                attach(draft, place, list(facts))
            return panel
    except TextHasChanged:
        keep_panel_aside(revision, place, body, by=by, at=at)
        raise


def must_be_there(draft: Revision, place: Place) -> None:
    places = places_of_lesson(draft, place.lesson)
    if places is None or place.anchor not in {"", *places} or place.language not in draft.meta["languages"]:
        raise NoSuchPlace


def facts_at(draft: Revision, place: Place) -> list[str]:
    """What stands at the place in its other languages stands there in a new one."""
    beside = draft.panels.filter(**place.everywhere).values_list("fact_keys", flat=True).first()
    return beside or []


def attach(draft: Revision, place: Place, keys: list[str]) -> None:
    known = set(draft.statements.values_list("fact__key", flat=True))
    wanted = [key for key in dict.fromkeys(keys) if key in known]
    for panel in draft.panels.filter(**place.everywhere):
        if panel.fact_keys != wanted:
            panel.fact_keys = wanted
            write_panel(panel)


def write_panel(panel: Panel) -> None:
    panel.text_hash = content_of(panel).text_hash
    panel.save()


def content_of(panel: Panel) -> PanelContent:
    return PanelContent(
        panel.lesson_key, panel.language, panel.body, anchor=panel.anchor, facts=tuple(panel.fact_keys)
    )


def borrow_pictures(draft: Revision, panel: Panel) -> None:
    borrow(draft, assets_of(panel.body, panel_path(draft.edition.country, content_of(panel))))


def keep_panel_aside(revision: Revision, place: Place, body: str, *, by: User, at: datetime) -> None:
    """A panel's text that could not be saved, as a saved state of its own: nothing vanishes."""
    act = f"{ASIDE}{place.lesson}"
    with transaction.atomic(durable=True):
        draft = locked(revision)
        again = is_sitting(draft, act, by=by, at=at)
        last = draft.saved_states.order_by("-saved_at", "-pk").first() if again else None
        state = last or keep_state(draft, by=by, at=at, act=act)
        rows = state.content["panels"]
        row = next((row for row in rows if is_at(row, place)), None)
        if row is None:
            rows.append(row := {**place.as_row, "fact_keys": [], "text_hash": ""})
        row["body"] = body
        state.save(update_fields=["content"])


def is_at(row: Mapping[str, Any], place: Place) -> bool:
    return all(row[name] == value for name, value in place.as_row.items())


def move_panel(revision: Revision, place: Place, to: Place, *, by: User, at: datetime) -> None:
    """The panel, in all its languages, to another place of the core.

    Raises NotADraft, PanelGone, NoSuchPlace, PlaceTaken.
    """
    with editing(revision, by=by, at=at, act=f"panel {place.lesson}") as draft:
        must_be_there(draft, to)
        panels = draft.panels.filter(**place.everywhere)
        if not panels:
            raise PanelGone
        if place.everywhere == to.everywhere:
            return
        if draft.panels.filter(**to.everywhere).exists():
            raise PlaceTaken
        keep_unknown(draft, place, to)
        panels.update(**to.everywhere)


def keep_unknown(draft: Revision, place: Place, to: Place) -> None:
    """What the format does not know of a panel moves with it."""
    extras = draft.meta.get("extras", {}).get("panels", {})
    for language in draft.meta["languages"]:
        old = f"{place.lesson} {place.anchor} {language}"
        if old in extras:
            extras[f"{to.lesson} {to.anchor} {language}"] = extras.pop(old)


def remove_panel(revision: Revision, place: Place, *, by: User, at: datetime) -> SavedState:
    """Take a panel out, in one language or, where `place` names none, in all; gives the saved state to go back to.

    Raises NotADraft, PanelGone.
    """
    with editing(revision, by=by, at=at, act=f"panel {place.lesson}") as draft:
        wanted = place.as_row if place.language else place.everywhere
        if not draft.panels.filter(**wanted).delete()[0]:
            raise PanelGone
        state = draft.saved_states.order_by("-saved_at", "-pk").first()
    assert state is not None
    return state


# --- Languages ------------------------------------------------------------------------------------------------------


def add_language(revision: Revision, language: str, *, by: User, at: datetime) -> None:
    """The layer can be written in this language too. Raises NotADraft."""
    with editing(revision, by=by, at=at, act="languages") as draft:
        draft.meta["languages"] = list(dict.fromkeys([*draft.meta["languages"], language]))


def remove_language(revision: Revision, language: str, *, by: User, at: datetime) -> None:
    """The layer does without a language in which nothing is written. Raises NotADraft, LanguageInUse."""
    with editing(revision, by=by, at=at, act="languages") as draft:
        if language == draft.meta["source_language"] or texts_in(draft, language):
            raise LanguageInUse
        draft.meta["languages"] = [each for each in draft.meta["languages"] if each != language]
