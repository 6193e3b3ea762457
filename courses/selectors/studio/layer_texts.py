"""How much of a national layer is written in which of its languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...models import Revision


@dataclass(frozen=True)
class LanguageRow:
    """`there` of `all` things to say have words in the language."""

    code: str
    there: int
    all: int
    is_source: bool

    @property
    def is_empty(self) -> bool:
        return self.there == 0

    @property
    def is_whole(self) -> bool:
        return self.there == self.all


def texts_in(draft: Revision, language: str) -> int:
    """How many panels, statements, questions and titles have words in the language."""
    (row,) = languages_of(draft, [language])
    return row.there


def languages_of(draft: Revision, codes: Iterable[str] | None = None) -> list[LanguageRow]:
    """Three queries, however many languages."""
    panels = list(draft.panels.values_list("lesson_key", "anchor", "language"))
    texts = [set(said) for said in draft.statements.values_list("texts", flat=True)]
    texts += [set(said) for said in draft.questions.values_list("texts", flat=True)]
    quiz = draft.meta.get("quiz")
    if quiz:
        texts.append(set(quiz["title"]))
    whole = len({(lesson, anchor) for lesson, anchor, _language in panels}) + len(texts)
    source = draft.meta["source_language"]
    return [
        LanguageRow(
            code,
            sum(language == code for _lesson, _anchor, language in panels)
            + sum(code in said for said in texts),
            whole,
            is_source=code == source,
        )
        for code in (draft.meta["languages"] if codes is None else codes)
    ]
