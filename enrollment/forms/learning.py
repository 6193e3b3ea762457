"""What learners fill in: how they want to take a course, and the answers to a quiz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.questions import LocalText, MalformedAnswer, presented
from courses.selectors import current_programme
from courses.sheets import QuestionOnSheet, keys_at, question_on_sheet
from lms.accounts.models import Organisation, User
from lms.lib.places import CONTENT_LANGUAGES, COUNTRIES, country_name, language_name

from ..models import QuizAttempt
from ..selectors import asked_in

Choices = list[tuple[str, Any]]


class EnrolForm(forms.Form):
    """Country and language begin as in the profile; on whose behalf is asked only of those who have a choice."""

    country = forms.ChoiceField(
        label=_("Your country"),
        help_text=_("Decides which national panels you read and which country questions you answer."),
    )
    language = forms.ChoiceField(
        label=_("Read in"), help_text=_("What is not translated yet is shown in its own language.")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        languages: Sequence[str],
        organisations: Sequence[Organisation] = (),
    ) -> None:
        initial = {"country": user.country, "language": user.language, "organisation": ""}
        super().__init__(data, initial=initial)
        self.fields["country"].choices = residences(user.country)  # type: ignore[attr-defined]
        self.fields["language"].choices = readable(languages, user.language)  # type: ignore[attr-defined]
        self.organisations = {organisation.slug: organisation for organisation in organisations}
        if organisations:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("On behalf of"),
                choices=on_behalf_of(organisations),
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def chosen_organisation(self) -> Organisation | None:
        return self.organisations.get(self.cleaned_data.get("organisation", ""))


def residences(own: str) -> Choices:
    """The programme's countries first; everybody finds themselves, at last under "Other country"."""
    ours = [code for code in current_programme().countries if code in COUNTRIES]
    others = [code for code in COUNTRIES if code not in ours]
    named: Choices = [("", _("Choose your country"))] if not own else []
    return named + [(code, country_name(code)) for code in (*ours, *others)]


def readable(languages: Sequence[str], own: str) -> Choices:
    """The languages there are texts in, and the learner's own even where there are none yet."""
    offered: Choices = [(code, language_name(code)) for code in CONTENT_LANGUAGES if code in languages]
    if own not in languages:
        offered.append((own, _("%(language)s (not translated yet)") % {"language": language_name(own)}))
    return offered


def on_behalf_of(organisations: Sequence[Organisation]) -> Choices:
    """Each choice says what it means for who sees what, before it is made."""
    choices: Choices = [("", choice(_("Myself"), _("Nobody but you sees what you do here.")))]
    return choices + [
        (organisation.slug, choice(organisation.name_in(get_language() or "en"), seen_by(organisation)))
        for organisation in organisations
    ]


def seen_by(organisation: Organisation) -> str:
    sentence = _(
        "%(name)s sees that you are enrolled, how far you are and when you complete; never your answers."
    )
    return str(sentence) % {"name": organisation.short_name}


def choice(name: object, sentence: object) -> str:
    return format_html('{} <small class="help">{}</small>', name, sentence)


# --- Quiz -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerSheet:
    """An open attempt as a page or the API shows it. Nothing in it tells which answers are right."""

    attempt: QuizAttempt
    questions: tuple[QuestionOnSheet, ...]

    @property
    def errors(self) -> tuple[QuestionOnSheet, ...]:
        return tuple(question for question in self.questions if question.error)

    @property
    def fallback(self) -> LocalText | None:
        """A prompt that is not in the language of the attempt, if there is one."""
        prompts = (question.prompt for question in self.questions)
        return next((prompt for prompt in prompts if prompt.is_fallback), None)


def answer_sheet(attempt: QuizAttempt, *, checked: bool = False) -> AnswerSheet:
    """`checked` adds what is still missing, for a page that comes back after handing in."""
    questions = (
        question_on_sheet(
            number,
            question,
            presented(question, attempt.language, attempt.seed),
            attempt.answers.get(question.key, []),
            checked=checked,
        )
        for number, question in enumerate(asked_in(attempt), 1)
    )
    return AnswerSheet(attempt, tuple(questions))


def posted_answers(attempt: QuizAttempt, data: QueryDict) -> dict[str, list[str]]:
    """Answers by question key, from a form that knows positions only. Raises MalformedAnswer.

    With `question` (the autosave of one question) only that one is read; the others stay as they were.
    """
    only = data.get("question")
    wanted = {number: f"q{number}" for number in range(1, len(attempt.questions) + 1)}
    return numbered_answers(
        attempt, {number: data.getlist(name) for number, name in wanted.items() if only in (None, name)}
    )


def numbered_answers(attempt: QuizAttempt, answers: Mapping[int, Sequence[str]]) -> dict[str, list[str]]:
    """Answers by question key, from the numbers and positions on the page. Raises MalformedAnswer."""
    asked = dict(enumerate(asked_in(attempt), 1))
    if not answers.keys() <= asked.keys():
        raise MalformedAnswer
    return {
        asked[number].key: keys_at(
            asked[number], presented(asked[number], attempt.language, attempt.seed), chosen
        )
        for number, chosen in answers.items()
    }
