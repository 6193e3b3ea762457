"""An author writes a question of each newer kind and answers them all as a learner would, with and without scripts."""

from typing import Any

from tests.e2e.house import expect

AUTHOR = "author@example.org"
HASH = "0f" * 32
SAVE = "main form[data-unsaved] button[data-variant=primary]"


def test_a_question_of_each_kind_is_written_and_tried_out(visit, house, watch):
    watch.expect_status(422)
    author = visit(AUTHOR)
    quiz = f"/studio/revisions/{house.told['written']}/quizzes/check/"
    before = questions_of(author, quiz)
    for write in (short_text, matching, ordering, attestation):
        write(author, quiz)
    assert questions_of(author, quiz) == before + 4
    author.keep("questions-01-written")
    for visitor in (author, visit(AUTHOR, java_script_enabled=False)):
        try_out(visitor, quiz)


def questions_of(visitor: Any, quiz: str) -> int:
    visitor.go(quiz)
    return visitor.page.locator("ol.lessons-edited > li").count()


def begin(visitor: Any, quiz: str, kind: str, prompt: str) -> Any:
    visitor.go(f"{quiz}add/?kind={kind}")
    page = visitor.page
    page.locator("#id_prompt").fill(prompt)
    page.locator("#id_explanation").fill("So it is.")
    page.locator("#id_references").fill("Art. 1")
    return page


def save(visitor: Any, quiz: str) -> None:
    visitor.page.locator(SAVE).click()
    visitor.page.wait_for_url(f"**{quiz}#*")


def short_text(visitor: Any, quiz: str) -> None:
    page = begin(visitor, quiz, "short", "Name the agency.")
    page.locator("#id_option-1").fill("Fimea")
    page.locator(SAVE).click()
    expect(page.locator("#id_option-1_error")).to_contain_text("None of its options")
    page.locator("#id_option-1-correct").check()
    save(visitor, quiz)


def matching(visitor: Any, quiz: str) -> None:
    page = begin(visitor, quiz, "matching", "Pair them.")
    for letter, text in (("A", "Two"), ("B", "One")):
        page.locator(f"#id_match-{letter}").fill(text)
    for number, (text, letter) in enumerate((("First", "B"), ("Second", "A")), 1):
        page.locator(f"#id_option-{number}").fill(text)
        page.locator(f"#id_option-{number}-match").select_option(letter)
    save(visitor, quiz)


def ordering(visitor: Any, quiz: str) -> None:
    page = begin(visitor, quiz, "ordering", "Order them.")
    for number, text in enumerate(("Begin", "Go on", "End"), 1):
        page.locator(f"#id_option-{number}").fill(text)
    save(visitor, quiz)


def attestation(visitor: Any, quiz: str) -> None:
    page = begin(visitor, quiz, "attestation", "Read this too.")
    page.locator("#id_document_title").fill("SOP 13")
    page.locator("#id_document_sha256").fill(HASH)
    save(visitor, quiz)


TYPED = {"Which agency?": "lakemedelsverket", "Name the agency.": "fimea"}
CHOSEN = {
    "The brochure": "Part I",
    "The site form": "Part II",
    "First": "One",
    "Second": "Two",
    "Submit": "1",
    "Assess": "2",
    "Begin": "1",
    "Go on": "2",
    "End": "3",
}


def try_out(visitor: Any, quiz: str) -> None:
    visitor.go(f"{quiz}try/")
    page = visitor.page
    for question in page.locator("fieldset.question").all():
        for field in question.locator(".field").all():
            label = field.locator("label").inner_text().strip()
            if field.locator("select").count():
                field.locator("select").select_option(label=CHOSEN[label])
            else:
                prompt = question.locator("legend span[lang]").inner_text().strip()
                field.locator("input").fill(TYPED[prompt])
        for box in question.locator("input[type=checkbox]").all():
            box.check()
    page.locator("main form button[data-variant=primary]").click()
    expect(page.locator("#score")).to_be_visible()
    points, possible = [
        int(word.strip(".")) for word in page.locator("#score").inner_text().split() if word[0].isdigit()
    ]
    assert points == possible >= 8
    visitor.keep("questions-02-tried")
