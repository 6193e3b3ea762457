"""What translations and layers must find in the core that they belong to."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.content import (
    Bundle,
    CoreContent,
    LessonOutline,
    PanelContent,
    QuestionText,
    TranslatedLesson,
)

from .bodies import anchors_of
from .problems import Problem

Core = Mapping[str, LessonOutline]


def outline(core: CoreContent) -> dict[str, LessonOutline]:
    """What others must know of the core's lessons, by key."""
    return {
        lesson.key: LessonOutline(
            kind=lesson.kind,
            anchors=anchors_of(lesson.body),
            questions={question.key: question.option_keys for question in lesson.quiz.questions}
            if lesson.quiz
            else {},
            text_hash=lesson.text_hash,
        )
        for lesson in core.lessons
    }


def check_against_core(bundle: Bundle, core: Core) -> list[Problem]:
    """Problems of the bundle's translations and layers with a core, be it in the bundle or published already."""
    problems: list[Problem] = []
    for translation in bundle.translations.values():
        for lesson in translation.lessons.values():
            problems.extend(_check_translated(lesson, core.get(lesson.key)))
    for layer in bundle.layers.values():
        for panel in layer.panels:
            problems.extend(_check_panel(panel, core.get(panel.lesson)))
    return problems


def _warning(file: str, message: str | Promise, **values: object) -> Problem:
    return Problem(file, None, message, values, level="warning")


def _check_translated(lesson: TranslatedLesson, original: LessonOutline | None) -> Iterator[Problem]:
    if original is None:
        message = _(
            "It translates the lesson “%(key)s”, which the core does not have. Correct the key or remove it."
        )
        yield Problem(lesson.file, lesson.line, message, {"key": lesson.key})
        return
    if lesson.is_quiz != (original.kind == "quiz"):
        message = _(
            "In the core, the lesson “%(key)s” is of another kind: quizzes are .quiz.yaml, others .md."
        )
        yield Problem(lesson.file, lesson.line, message, {"key": lesson.key})
        return
    if lesson.captions and original.kind != "video":
        message = _("In the core, the lesson “%(key)s” is no video, so it has no captions. Remove them.")
        yield Problem(lesson.file, lesson.line, message, {"key": lesson.key})
    yield from _check_source(lesson, original)
    if lesson.questions is not None:
        yield from _check_questions(lesson, lesson.questions, original)
    elif anchors_of(lesson.body) != original.anchors:
        yield _warning(
            lesson.file, _("Its places for panels (:::country) are not those of the core. Make them equal.")
        )


def _check_source(lesson: TranslatedLesson, original: LessonOutline) -> Iterator[Problem]:
    if not lesson.source:
        message = _(
            "“source” is missing, so the text counts as out of date. The core text's hash is %(hash)s."
        )
        yield _warning(lesson.file, message, hash=original.text_hash)
    elif lesson.source != original.text_hash:
        message = _(
            "The core text has changed since this was translated. Readers get the core text until it is redone."
        )
        yield _warning(lesson.file, message)


def _check_questions(
    lesson: TranslatedLesson, questions: Mapping[str, QuestionText], original: LessonOutline
) -> Iterator[Problem]:
    for key in original.questions.keys() - questions.keys():
        yield _warning(
            lesson.file,
            _("The question “%(key)s” is not translated; readers get it as in the core."),
            key=key,
        )
    for key, text in questions.items():
        if key not in original.questions:
            message = _(
                "It translates the question “%(key)s”, which the core does not have. Correct or remove it."
            )
            yield Problem(lesson.file, lesson.question_lines.get(key), message, {"key": key})
            continue
        options = set(original.questions[key])
        for option in sorted((text.options.keys() | text.feedback.keys()) - options):
            message = _(
                "The question “%(key)s” has no option “%(option)s” in the core. Correct or remove it."
            )
            yield Problem(
                lesson.file, lesson.question_lines.get(key), message, {"key": key, "option": option}
            )
        if not text.prompt or (options - text.options.keys()):
            yield _warning(
                lesson.file,
                _("The question “%(key)s” is translated in part only. Add what is missing."),
                key=key,
            )


def _check_panel(panel: PanelContent, lesson: LessonOutline | None) -> Iterator[Problem]:
    if lesson is None:
        message = _(
            "The panel belongs to the lesson “%(key)s”, which the core does not have. Correct the key."
        )
        yield Problem(panel.file, panel.line, message, {"key": panel.lesson})
    elif panel.anchor and panel.anchor not in lesson.anchors:
        message = _("The lesson has no place “:::country %(anchor)s”; the panel will stand at its end.")
        yield _warning(panel.file, message, anchor=panel.anchor)


def check_facts_declared(bundle: Bundle) -> Iterator[Problem]:
    """Every country answers the same questions: a fact that the module does not declare is asked of nobody else."""
    declared = set(bundle.module.fact_keys)
    for country, layer in bundle.layers.items():
        for fact in layer.facts:
            if fact.key not in declared:
                message = _("module.yaml does not declare the fact “%(key)s”. Add it to fact_keys.")
                yield _warning(f"countries/{country}/facts.yaml", message, key=fact.key)
