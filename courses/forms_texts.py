"""The form of one text of a draft, and what it says: a lesson, its translation, or the words of a translated quiz.

Asked by the editor's page and by the API.
"""

from collections.abc import Mapping
from typing import Any

from .forms_editor import LessonForm, TranslatedQuizForm, TranslationForm, as_before, initial_words
from .models import Lesson
from .selectors.drafts import version_of
from .selectors.quizzes import question_content
from .selectors.studio.editor import TextPage
from .services.writing import in_a_line, tidy


def text_form(page: TextPage, data: Mapping[str, Any] | None = None) -> Any:
    text, base = page.text, version_of(page.text)
    if isinstance(text, Lesson):
        names = ("title", "section", "minutes", "required", "references", "body")
        return LessonForm(data, initial={name: getattr(text, name) for name in names} | {"base": base})
    initial = {"base": base, "source": page.source_hash, "title": text.title if text else ""}
    if not page.is_quiz:
        return TranslationForm(data, initial=initial | {"body": text.body if text else ""})
    assert page.original is not None
    rows = page.original.revision.questions.filter(lesson_key=page.key).order_by("position")
    return TranslatedQuizForm(
        data,
        questions=[question_content(row) for row in rows],
        source_language=page.draft.edition.module.source_language,
        initial=initial | initial_words(text.questions if text else {}),
    )


def changes_of(page: TextPage, form: Any) -> dict[str, Any]:
    said = {name: value for name, value in form.cleaned_data.items() if name not in ("base", "source")}
    if isinstance(form, TranslatedQuizForm):
        said = {"title": said["title"], "body": "", "questions": form.words()}
    elif page.is_translation:
        said["questions"] = {}
    return in_lines(page.text, said) | {"body": tidy(said["body"])}


def in_lines(text: Any, said: dict[str, Any]) -> dict[str, Any]:
    """Of what stands in a line, that which nobody changed is as it was written."""
    for name in said.keys() & {"title", "section"}:
        (said[name],) = as_before([getattr(text, name, "")], [in_a_line(said[name])])
    if "references" in said:
        said["references"] = as_before(text.references, said["references"])
    return said
