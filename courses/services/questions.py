"""Questions of a draft, written in the studio: of a core quiz, or the country questions of a layer."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.accounts.models import User
from lms.lib.canonical import sha256

from ..content import COUNTRY_CHECK, Pool, QuestionContent
from ..errors import NotAQuiz, QuestionGone, QuestionHasChanged
from ..models import Edition, Lesson, Question, Revision, SavedState
from .editing import editing
from .writing import number


def version_of_question(row: Question | None) -> str:
    """Names a question as somebody saw it; empty for one that is not there yet."""
    if row is None:
        return ""
    return sha256({"text": row.text_hash, "points": row.points, "kind": row.kind, "pk": row.key})


def version_of_settings(settings: Mapping[str, Any]) -> str:
    return sha256(settings)


def settings_of(revision: Revision, lesson_key: str) -> dict[str, Any]:
    """What holds for a quiz as a whole. Raises NotAQuiz."""
    if revision.edition.kind == Edition.Kind.LAYER and lesson_key == COUNTRY_CHECK:
        return {"pass": revision.meta["pass"], "quiz": revision.meta["quiz"]}
    lesson = revision.lessons.filter(key=lesson_key, kind=Lesson.Kind.QUIZ).first()
    if lesson is None:
        raise NotAQuiz
    settings: dict[str, Any] = lesson.data["quiz"]
    return settings


def save_question(
    revision: Revision,
    lesson_key: str,
    question: QuestionContent,
    *,
    base: str,
    by: User,
    at: datetime,
) -> Question:
    """Write a question; with an empty `base` a new one at the end, else the one of its key, as `base` knew it.

    Where somebody else has changed it since, nothing is written and QuestionHasChanged is raised. Raises NotADraft,
    NotAQuiz, QuestionGone too.
    """
    with editing(revision, by=by, at=at, act=f"lesson {lesson_key}") as draft:
        settings_of(draft, lesson_key)
        asked = draft.questions.filter(lesson_key=lesson_key)
        row = asked.filter(key=question.key).first()
        if row is None and base:
            raise QuestionGone
        if version_of_question(row) != base:
            raise QuestionHasChanged
        row = row or Question(
            revision=draft, lesson_key=lesson_key, key=question.key, position=asked.count() + 1
        )
        write_question(row, question)
        if lesson_key == COUNTRY_CHECK and not draft.meta["quiz"]:
            draft.meta["quiz"] = first_country_quiz(draft)
    return row


def write_question(row: Question, question: QuestionContent) -> None:
    row.kind, row.points, row.rule = question.kind, question.points, dict(question.rule)
    row.texts = {language: asdict(text) for language, text in question.texts.items()}
    row.references, row.rests_on = list(question.references), list(question.rests_on)
    row.text_hash = question.text_hash
    row.save()


def first_country_quiz(draft: Revision) -> dict[str, Any]:
    """What a layer's check is called until its people call it something else."""
    language = draft.meta["source_language"]
    with override(language):
        title = _("%(country)s: check what you know") % {"country": draft.edition.name}
    return {"title": {language: title}, "minutes": 5}


def move_question(
    revision: Revision, lesson_key: str, key: str, *, steps: int, by: User, at: datetime
) -> None:
    """Up or down by `steps`; beyond the ends it stays at the end. Raises NotADraft, NotAQuiz, QuestionGone."""
    with editing(revision, by=by, at=at, act=f"lesson {lesson_key}", goes_on=True) as draft:
        rows = ordered(draft, lesson_key)
        row = found(rows, key)
        wanted = rows.index(row) + steps
        rows.remove(row)
        rows.insert(max(0, min(wanted, len(rows))), row)
        number(rows)


def remove_question(revision: Revision, lesson_key: str, key: str, *, by: User, at: datetime) -> SavedState:
    """Take a question out of its quiz and of the pool it is in; gives the saved state to go back to.

    Raises NotADraft, NotAQuiz, QuestionGone.
    """
    with editing(revision, by=by, at=at, act=f"lesson {lesson_key}") as draft:
        rows = ordered(draft, lesson_key)
        row = found(rows, key)
        rows.remove(row)
        row.delete()
        number(rows)
        draft.meta.get("extras", {}).get("questions", {}).pop(f"{lesson_key} {key}", None)
        if lesson_key == COUNTRY_CHECK:
            draft.meta["quiz"] = draft.meta["quiz"] if rows else None
        else:
            forget(draft, lesson_key, key, left=len(rows))
        state = draft.saved_states.order_by("-saved_at", "-pk").first()
    assert state is not None
    return state


def ordered(draft: Revision, lesson_key: str) -> list[Question]:
    settings_of(draft, lesson_key)
    return list(draft.questions.filter(lesson_key=lesson_key).order_by("position"))


def found(rows: list[Question], key: str) -> Question:
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        raise QuestionGone
    return row


def forget(draft: Revision, lesson_key: str, key: str, *, left: int) -> None:
    """What the quiz draws cannot be more than there is."""
    lesson = draft.lessons.get(key=lesson_key)
    quiz = lesson.data["quiz"]
    pools = [
        {**pool, "questions": [each for each in pool["questions"] if each != key]}
        for pool in quiz.get("pools", ())
    ]
    quiz["pools"] = [
        {**pool, "draw": min(pool["draw"], len(pool["questions"]))} for pool in pools if pool["questions"]
    ]
    if quiz["draw"]:
        quiz["draw"] = min(quiz["draw"], left) or None
    write_settings(lesson, quiz)


def write_settings(lesson: Lesson, quiz: Mapping[str, Any]) -> None:
    optional = ("pools", "wait_hours")
    lesson.data = {
        **lesson.data,
        "quiz": {name: value for name, value in quiz.items() if value or name not in optional},
    }
    lesson.save(update_fields=["data"])


def save_settings(
    revision: Revision,
    lesson_key: str,
    *,
    pass_percent: int,
    attempts: int | None,
    wait_hours: int | None,
    draw: int | None,
    pools: tuple[Pool, ...],
    base: str,
    by: User,
    at: datetime,
) -> None:
    """Pass mark, attempts, drawing of a core quiz. Raises NotADraft, NotAQuiz, QuestionHasChanged."""
    with editing(revision, by=by, at=at, act=f"lesson {lesson_key}") as draft:
        if version_of_settings(settings_of(draft, lesson_key)) != base:
            raise QuestionHasChanged
        quiz = {
            "pass": pass_percent,
            "attempts": attempts,
            "draw": draw,
            "pools": [asdict(pool) for pool in pools],
            "wait_hours": wait_hours,
        }
        write_settings(draft.lessons.get(key=lesson_key), quiz)


def save_country_check(
    revision: Revision,
    *,
    title: Mapping[str, str],
    minutes: int,
    pass_percent: int | None,
    base: str,
    by: User,
    at: datetime,
) -> None:
    """What a layer's country check is called, takes and asks for. Raises NotADraft, QuestionHasChanged."""
    with editing(revision, by=by, at=at, act=f"lesson {COUNTRY_CHECK}") as draft:
        if version_of_settings(settings_of(draft, COUNTRY_CHECK)) != base:
            raise QuestionHasChanged
        draft.meta["quiz"] = {"title": dict(title), "minutes": minutes}
        draft.meta["pass"] = pass_percent
