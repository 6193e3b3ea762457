"""What is right in the quizzes of the library, read from its files: the pages must not know it before the end."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from tests.installation import ROOT

LIBRARY = ROOT / "courses" / "library"


def answer(page: Any, *, right: bool) -> None:
    """Answer every question of the open quiz, all of them right or none."""
    for question in page.locator("fieldset.question").all():
        known = right_answers()[words(question.locator("legend span[lang]").inner_text())]
        if question.locator(".options").count():
            choose(question, known, right=right)
        else:
            question.locator("input").fill(known["answer"] if right else "1")


def choose(question: Any, known: dict[str, Any], *, right: bool) -> None:
    options = question.locator("label.option").all()
    if known["kind"] == "truefalse":
        options[0 if known["correct"] is right else 1].click()
        return
    correct = [words(option.inner_text()) in known["texts"] for option in options]
    assert any(correct), f"no right option on the page among {known['texts']}"
    for option, is_right in zip(options, correct, strict=True):
        if is_right is right:
            option.click()
            if not right:
                return


def words(text: str) -> str:
    return " ".join(text.split())


@cache
def right_answers() -> dict[str, dict[str, Any]]:
    """By the prompt in any language: the kind, the texts of the right options or the right number."""
    found: dict[str, dict[str, Any]] = {}
    for module in (path for path in LIBRARY.iterdir() if path.is_dir()):
        for question in questions(module):
            for prompt in question.pop("prompts"):
                found[words(prompt)] = question
    return found


def questions(module: Any) -> Iterator[dict[str, Any]]:
    for file in sorted(module.glob("countries/*/questions.yaml")):
        for question in yaml.safe_load(file.read_text())["questions"]:
            yield known(question, [])
    for file in sorted(module.glob("core/*.quiz.yaml")):
        others = [yaml.safe_load(other.read_text()) for other in module.glob(f"translations/*/{file.name}")]
        for question in yaml.safe_load(file.read_text())["questions"]:
            yield known(question, [other["questions"][question["key"]] for other in others])


def known(question: dict[str, Any], translations: list[dict[str, Any]]) -> dict[str, Any]:
    """A text is one string in the source language, or one for each language of a layer."""
    right = [option for option in question.get("options", []) if option.get("correct")]
    texts = [text for option in right for text in every(option["text"])]
    texts += [other["options"][option["key"]] for other in translations for option in right]
    return {
        "kind": question["kind"],
        "prompts": [*every(question["prompt"]), *(other["prompt"] for other in translations)],
        "texts": {words(text) for text in texts},
        "correct": question.get("correct"),
        "answer": str(question.get("answer", "")),
    }


def every(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())
