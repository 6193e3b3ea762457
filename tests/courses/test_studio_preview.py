"""A draft as learners of any country and language would read it; nothing of it is kept."""

import pytest

from courses.models import Programme, ProgrammePartner, Rendering
from courses.selectors import current_programme, forget_programme

from .bundle.samples import good_files
from .studio_builders import CORE, changed_core, core_files, draft, files_of, imported, published


@pytest.fixture(autouse=True)
def programme(partners):
    programme = Programme.objects.create(
        title={"en": "Programme"}, coordinator=partners[0], countries=["FI", "LV", "NO", "SE"]
    )
    ProgrammePartner.objects.create(programme=programme, organisation=partners[0], position=1)
    forget_programme()
    current_programme()


@pytest.fixture
def whole(now):
    """Core, Swedish and Finland, all drafts, the Swedish one fresh."""
    first = {part.edition.kind: part.revision for part in imported(files_of(CORE), by=None, at=now).editions}
    hashes = {lesson.key: lesson.text_hash for lesson in first["core"].lessons.all()}
    files = good_files()
    for path, key in (("010-welcome.md", "welcome"), ("030-check.quiz.yaml", "check")):
        text = files[f"translations/sv/{path}"].decode()
        fresh = text.replace(f"key: {key}\n", f'key: {key}\nsource: "{hashes[key]}"\n', 1)
        files[f"translations/sv/{path}"] = fresh.encode()
    return {part.edition.kind: part.revision for part in imported(files, by=None, at=now).editions}


def page(client, revision, query: str = ""):
    answer = client.get(f"/studio/revisions/{revision.pk}/preview/{query}")
    assert answer.status_code == 200
    return answer


def test_a_draft_core_is_read_as_written_and_nothing_is_kept(signed_in, author, whole):
    answer = page(signed_in(author), whole["core"], "?lesson=welcome")
    assert "One core, thin layers." in answer.text
    assert "This is a preview" in answer.text
    assert not Rendering.objects.exists()


def test_the_browser_is_asked_to_print_only_where_print_was_asked_for(signed_in, author, whole):
    client = signed_in(author)
    assert '<div class="stack" data-print>' in page(client, whole["core"], "?print=1").text
    for plain in ("", "?print=0"):
        assert "data-print>" not in page(client, whole["core"], plain).text


def test_the_first_lesson_is_shown_where_none_is_asked_for(signed_in, author, whole):
    assert page(signed_in(author), whole["core"], "?lesson=nothing").context["page"].title.text == "Welcome"


def test_panels_and_facts_of_the_chosen_country(signed_in, author, whole):
    client = signed_in(author)
    finnish = page(client, whole["core"], "?lesson=welcome&country=FI").text
    assert "In Finland there is <strong>one</strong> committee." in finnish
    assert "The national committee Tukija." in finnish
    assert "Awaiting expert confirmation" in finnish
    latvian = page(client, whole["core"], "?lesson=welcome&country=LV").text
    assert "Nobody has adapted this module to Latvia yet." in latvian
    assert "Tukija." not in latvian


def test_the_chosen_language(signed_in, author, whole):
    answer = page(signed_in(author), whole["core"], "?lesson=welcome&language=sv&country=FI")
    assert "En kärna, tunna lager." in answer.text
    assert 'lang="sv"' in answer.text
    assert "this part is not translated into Swedish yet" in answer.text


def test_a_stale_translation_is_not_shown_and_says_so(signed_in, author, whole, now):
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = page(signed_in(author), whole["core"], "?lesson=welcome&language=sv")
    assert "thin national layers" in answer.text
    assert "the text has changed" in answer.text


def test_a_quiz_shows_the_right_answers_in_the_chosen_language(signed_in, author, whole):
    questions = page(signed_in(author), whole["core"], "?lesson=check&language=sv").context["page"].questions
    assert questions[0].prompt.text == "Vilket dokument hör till del II?"
    assert [(option.text.text, option.is_right) for option in questions[0].options] == [
        ("Prövarhandboken", False),
        ("Formuläret om prövningsstället", True),
    ]


def test_country_questions_come_last(signed_in, finnish_publisher, whole):
    client = signed_in(finnish_publisher)
    shown = page(client, whole["layer"], "?lesson=country-check&language=sv").context["page"]
    assert [lesson.code for lesson in shown.lessons] == ["welcome", "clock", "check", "country-check"]
    assert [question.prompt.text for question in shown.questions] == ["Vem granskar?"]


def test_a_film_is_shown_with_its_captions(signed_in, author, whole):
    answer = page(signed_in(author), whole["core"], "?lesson=clock")
    assert "<video" in answer.text
    assert 'kind="captions"' in answer.text
    assert "What the film says." in answer.text


def test_a_layer_begins_with_its_own_country_and_language(signed_in, finnish_publisher, whole):
    shown = page(signed_in(finnish_publisher), whole["layer"]).context["page"]
    assert (shown.country, shown.language) == ("FI", "en")


@pytest.mark.parametrize("query", ["?language=xx&country=YY", "?language=&country=", "?lesson=../etc"])
def test_what_is_unknown_is_chosen_for_the_reader(signed_in, author, whole, query):
    shown = page(signed_in(author), whole["core"], query).context["page"]
    assert (shown.language, shown.country) == ("en", "FI")


def test_beside_a_layer_stands_the_published_core_not_its_next_draft(
    signed_in, author, publisher, other_publisher, finnish_publisher, whole, now
):
    published(whole["core"], author=author, publishers=[publisher, other_publisher], at=now)
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    answer = page(signed_in(finnish_publisher), whole["layer"], "?lesson=welcome")
    assert "One core, thin layers." in answer.text
    assert "In Finland there is" in answer.text


def test_a_published_revision_is_shown_as_stored(signed_in, author, publisher, other_publisher, now):
    core = published(
        draft(core_files(), by=author, at=now), author=author, publishers=[publisher, other_publisher], at=now
    )
    assert "One core, thin layers." in page(signed_in(author), core).text


def test_a_preview_is_only_read(signed_in, author, whole):
    assert signed_in(author).post(f"/studio/revisions/{whole['core'].pk}/preview/").status_code == 405
