"""Where each thing stands in a bundle that we write.

Lessons of the core carry their number, for people. Translations do not: a new lesson in the middle of the core would
rename, and so change, every translation.
"""

from courses.content import LessonContent, PanelContent, TranslatedLesson

MODULE = "module.yaml"


def core_path(number: int, lesson: LessonContent) -> str:
    return f"core/{number * 10:03}-{lesson.key}{_ending(lesson.kind == 'quiz')}"


def translation_path(language: str, lesson: TranslatedLesson) -> str:
    return f"translations/{language}/{lesson.key}{_ending(lesson.is_quiz)}"


def layer_path(country: str, name: str) -> str:
    return f"countries/{country}/{name}"


def panel_path(country: str, panel: PanelContent) -> str:
    # Two hyphens, which no key has, so that no lesson with an anchor is called like another lesson.
    anchor = f"--{panel.anchor}" if panel.anchor else ""
    return layer_path(country, f"panels/{panel.lesson}{anchor}.{panel.language}.md")


def _ending(is_quiz: bool) -> str:
    return ".quiz.yaml" if is_quiz else ".md"


def from_file(file: str, path: str) -> str:
    """The relative link to a tree path from a file."""
    return "../" * file.count("/") + path
