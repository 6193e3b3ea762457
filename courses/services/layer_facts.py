"""Facts of a national layer, written in the studio: what the layer says of them, and how far it can be relied on.

The rules of a verified fact are those of the exchange format; the form asks for them, the database has the last word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lms.accounts.models import User

from ..content import REVIEW_MONTHS, NativeTerm, months_after
from ..errors import FactCarriesQuestions, FactGone, FactHasChanged, FactStatedAlready
from ..models import Fact, FactStatement, Question, Revision, SavedState
from ..selectors.layer_drafts import version_of_fact
from .editing import editing
from .layers import write_panel

VERIFIED = Fact.Status.VERIFIED


@dataclass(frozen=True)
class Said:
    """What a layer says of a fact. `statement` is in its source language; without `review_due` it is six months."""

    statement: str
    status: str
    native_terms: tuple[NativeTerm, ...] = ()
    legal_ref: str = ""
    source_url: str = ""
    verified_on: date | None = None
    review_due: date | None = None
    note: str = ""

    @property
    def review_due_on(self) -> date | None:
        if self.review_due or not self.verified_on:
            return self.review_due
        return months_after(self.verified_on, REVIEW_MONTHS)


def state_fact(revision: Revision, key: str, said: Said, *, by: User, at: datetime) -> FactStatement:
    """A fact that the layer did not state yet. Raises NotADraft, FactStatedAlready."""
    with editing(revision, by=by, at=at, act=f"fact {key}") as draft:
        if draft.statements.filter(fact__key=key).exists():
            raise FactStatedAlready(key=key)
        edition = draft.edition
        fact, _created = Fact.objects.get_or_create(module=edition.module, key=key, country=edition.country)
        last = draft.statements.order_by("-position").first()
        position = last.position + 1 if last else 1
        statement = FactStatement(revision=draft, fact=fact, position=position)
        return write_statement(draft, statement, said)


def save_fact(
    revision: Revision, key: str, said: Said, *, base: str, by: User, at: datetime
) -> FactStatement:
    """Write what the layer says of a fact, unless somebody else has changed it since `base`.

    Raises NotADraft, FactGone, FactHasChanged, FactCarriesQuestions.
    """
    with editing(revision, by=by, at=at, act=f"fact {key}") as draft:
        statement = found(draft, key)
        if version_of_fact(statement) != base:
            raise FactHasChanged
        if said.status != VERIFIED:
            must_carry_nothing(draft, key)
        return write_statement(draft, statement, said)


def write_statement(draft: Revision, statement: FactStatement, said: Said) -> FactStatement:
    terms = [{"lang": term.lang, "text": term.text} for term in said.native_terms]
    extras = draft.meta.setdefault("extras", {})
    key = statement.fact.key
    if terms != statement.native_terms:  # what is not known of a term stands at its number
        extras.get("facts", {}).get(key, {}).pop("native_terms", None)
    statement.texts = {**statement.texts, draft.meta["source_language"]: said.statement}
    statement.native_terms = terms
    for name in ("status", "legal_ref", "source_url", "verified_on", "review_due_on", "note"):
        setattr(statement, name, getattr(said, name))
    statement.save()
    named = [each for each in extras.get("review_due", ()) if each != key]
    extras["review_due"] = [*named, key] if said.review_due else named
    return statement


def save_fact_words(
    revision: Revision, key: str, language: str, text: str, *, base: str, by: User, at: datetime
) -> FactStatement:
    """The statement in another language of the layer; an empty one takes it out. Raises as `save_fact` does."""
    with editing(revision, by=by, at=at, act=f"fact {key}") as draft:
        statement = found(draft, key)
        if version_of_fact(statement, language) != base:
            raise FactHasChanged
        statement.texts = {name: said for name, said in {**statement.texts, language: text}.items() if said}
        statement.save(update_fields=["texts"])
        return statement


def remove_fact(revision: Revision, key: str, *, by: User, at: datetime) -> SavedState:
    """The layer states it no more, and no panel shows it; gives the saved state to go back to.

    Raises NotADraft, FactGone, FactCarriesQuestions.
    """
    with editing(revision, by=by, at=at, act=f"fact {key}") as draft:
        statement = found(draft, key)
        must_carry_nothing(draft, key)
        for panel in draft.panels.all():
            if key in panel.fact_keys:
                panel.fact_keys = [each for each in panel.fact_keys if each != key]
                write_panel(panel)
        statement.delete()
        state = draft.saved_states.order_by("-saved_at", "-pk").first()
    assert state is not None
    return state


def found(draft: Revision, key: str) -> FactStatement:
    statement = draft.statements.select_related("fact").filter(fact__key=key).first()
    if statement is None:
        raise FactGone
    return statement


def must_carry_nothing(draft: Revision, key: str) -> None:
    """No question rests on what is not verified."""
    resting = [question for question in draft.questions.all() if key in question.rests_on]
    if resting:
        language = draft.meta["source_language"]
        raise FactCarriesQuestions(questions=", ".join(called(each, language) for each in resting))


def called(question: Question, language: str) -> str:
    texts: Mapping[str, Mapping[str, str]] = question.texts
    prompt = texts.get(language, {}).get("prompt", "")
    return f"“{prompt}” ({question.key})" if prompt else question.key
