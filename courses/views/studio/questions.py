"""Questions of a draft: the quiz as a list, one question, and a try-out of which nothing is kept."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.places import language_name
from lms.lib.refusals import refused

from ...content import QuestionContent, pools_from_json
from ...errors import NotADraft, NotAQuiz, QuestionHasChanged
from ...forms_questions import (
    CountryCheckForm,
    NewQuestionForm,
    QuestionForm,
    QuestionWordsForm,
    QuizSettingsForm,
)
from ...models import Edition, Question
from ...question_kinds import KIND_WORDS, KINDS, MalformedAnswer
from ...questions import drawn, mark, missing, presented
from ...selectors.quizzes import question_content
from ...selectors.studio.contents import questions_on_page
from ...services import questions as services
from ...sheets import keys_at, question_on_sheet, reviewed_question
from .access import studio_only
from .editor import ALL, around, load_draft, must_be_draft, outline_crumb, state_before_removal

Kind = Edition.Kind
WITH_QUESTIONS = (Kind.CORE, Kind.LAYER)
SEEDS = 2**31


def on_quiz(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is no draft any more is shown on its own page; what is refused is said at the list of questions."""

    @wraps(view)
    def guarded(request: Any, pk: int, lesson: str, **more: Any) -> HttpResponse:
        try:
            return view(request, pk, lesson, **more)
        except NotADraft as refusal:
            return refused(request, refusal, reverse("studio_revision", args=[pk]))
        except DomainError as refusal:
            return refused(request, refusal, reverse("studio_quiz", args=[pk, lesson]))

    return guarded


class Quiz:
    """A quiz of a draft, with what its pages ask: its questions, their language, the facts they may rest on."""

    def __init__(self, request: HttpRequest, pk: int, lesson: str) -> None:
        self.draft = load_draft(request, pk, *WITH_QUESTIONS)
        must_be_draft(self.draft)
        self.key = lesson
        try:
            self.settings = services.settings_of(self.draft, lesson)
        except NotAQuiz as error:
            raise Http404 from error
        self.rows = list(self.draft.questions.filter(lesson_key=lesson).order_by("position"))
        self.language = self.languages[0]
        asked = request.GET.get("language", "")
        if asked in self.languages:
            self.language = asked

    @property
    def is_layer(self) -> bool:
        return self.draft.edition.kind == Kind.LAYER

    @property
    def languages(self) -> list[str]:
        """Of a layer all that it speaks, its own first; a core has one, and translations of their own."""
        if not self.is_layer:
            return [self.draft.edition.module.source_language]
        source = self.draft.meta["source_language"]
        return [source, *(code for code in self.draft.meta["languages"] if code != source)]

    def facts(self) -> dict[str, str] | None:
        if not self.is_layer:
            return None
        return dict(self.draft.statements.values_list("fact__key", "status"))

    def form(self, data: Any, question: QuestionContent, base: str) -> QuestionForm:
        """Of the whole question, or of its words in another language of the layer."""
        source = self.languages[0]
        if self.language == source or not question.texts:
            return QuestionForm(data, question=question, language=source, facts=self.facts(), base=base)
        return QuestionWordsForm(data, question=question, source=source, language=self.language, base=base)

    def row(self, key: str) -> Question:
        row = next((row for row in self.rows if row.key == key), None)
        if row is None:
            raise Http404
        return row

    def questions(self) -> list[QuestionContent]:
        return [question_content(row) for row in self.rows]

    def url(self, name: str = "studio_quiz", *values: str) -> str:
        return reverse(name, args=[self.draft.pk, self.key, *values])

    def context(self, *more: tuple[str, str]) -> dict[str, Any]:
        trail = [outline_crumb(self.draft)]
        if more:
            trail.append((self.url(), _("Questions")))
        return {**around(self.draft, *trail, *more), "quiz": self}


# --- The list ---------------------------------------------------------------------------------------------------------


@require_safe
@studio_only
@on_quiz
def quiz(request: HttpRequest, pk: int, lesson: str) -> HttpResponse:
    found = Quiz(request, pk, lesson)
    return quiz_page(request, found, settings_form(found))


def settings_form(quiz: Quiz, data: Any = None) -> QuizSettingsForm | CountryCheckForm:
    base = services.version_of_settings(quiz.settings)
    if not quiz.is_layer:
        known = [row.key for row in quiz.rows]
        return QuizSettingsForm(data, settings=quiz.settings, known=known, base=base)
    said = quiz.settings["quiz"] or {"title": {}, "minutes": 5}
    initial = {
        "base": base,
        "title": said["title"].get(quiz.languages[0], ""),
        "minutes": said["minutes"],
        "pass_percent": quiz.settings["pass"],
    }
    others = quiz.languages[1:]
    return CountryCheckForm(data, languages=others, titles=said["title"], initial=initial)


def quiz_page(request: HttpRequest, quiz: Quiz, form: Any, *, status: int = 200) -> HttpResponse:
    shown = questions_on_page(quiz.questions(), quiz.language, fallbacks=quiz.languages)
    context = quiz.context() | {
        "questions": shown,
        "form": form,
        "new": NewQuestionForm(),
        "undo": state_before_removal(request, quiz.draft),
        "has_settings": not quiz.is_layer or bool(quiz.settings["quiz"]),
    }
    return render(request, "courses/studio/questions/quiz.html", context, status=status)


@require_POST
@studio_only
@on_quiz
def settings(request: HttpRequest, pk: int, lesson: str) -> HttpResponse:
    """Pass mark, attempts and drawing; of a country check its title and minutes."""
    found = Quiz(request, pk, lesson)
    form = settings_form(found, request.POST)
    if not form.is_valid():
        return quiz_page(request, found, form, status=422)
    said = dict(form.cleaned_data)
    common: dict[str, Any] = {"base": said.pop("base"), "by": me(request), "at": timezone.now()}
    if isinstance(form, CountryCheckForm):
        services.save_country_check(
            found.draft,
            title=form.titles(found.languages[0]),
            minutes=said["minutes"],
            pass_percent=said["pass_percent"],
            **common,
        )
    else:
        services.save_settings(found.draft, lesson, **said, **common)
    messages.success(request, _("Saved."))
    return redirect(found.url())


# --- One question -----------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
@on_quiz
def add(request: HttpRequest, pk: int, lesson: str) -> HttpResponse:
    """`kind` says of which kind; without it one with one right answer."""
    found = Quiz(request, pk, lesson)
    kind = request.GET.get("kind", "single")
    if kind not in KINDS:
        raise Http404
    empty = QuestionContent(key=new_key(found), kind=kind, rule={}, texts={})
    return edit(request, found, empty, None)


def new_key(quiz: Quiz) -> str:
    """One that no question of this quiz ever had, so that no answer is taken for that to another."""
    rows = Question.objects.filter(revision__edition=quiz.draft.edition_id, lesson_key=quiz.key)
    taken = set(rows.values_list("key", flat=True))
    return next(key for number in range(1, 10_000) if (key := f"q{number}") not in taken)


@require_http_methods(ALL)
@studio_only
@on_quiz
def question(request: HttpRequest, pk: int, lesson: str, key: str) -> HttpResponse:
    found = Quiz(request, pk, lesson)
    row = found.row(key)
    return edit(request, found, question_content(row), row)


def edit(request: HttpRequest, quiz: Quiz, known: QuestionContent, row: Question | None) -> HttpResponse:
    base = services.version_of_question(row)
    data = request.POST if request.method == "POST" else None
    form = quiz.form(data, known, base)
    if data is None:
        return question_page(request, quiz, form, row)
    if not form.is_valid():
        return question_page(request, quiz, form, row, status=422)
    try:
        changed = form.changed_question(form.cleaned_data)
        services.save_question(
            quiz.draft, quiz.key, changed, base=form.cleaned_data["base"], by=me(request), at=timezone.now()
        )
    except QuestionHasChanged as refusal:
        return conflict(request, quiz, known, base, refusal)
    messages.success(request, _("Saved."))
    return redirect(f"{quiz.url()}#q-{known.key}")


def conflict(
    request: HttpRequest, quiz: Quiz, known: QuestionContent, base: str, refusal: QuestionHasChanged
) -> HttpResponse:
    """What this person wrote, the other question beside it; what is sent next takes its place knowingly."""
    data = request.POST.copy()
    data["base"] = base
    form = quiz.form(data, known, base)
    row = next((row for row in quiz.rows if row.key == known.key), None)
    return question_page(request, quiz, form, row, status=409, refusal=refusal)


def question_page(
    request: HttpRequest,
    quiz: Quiz,
    form: QuestionForm,
    row: Question | None,
    *,
    status: int = 200,
    refusal: QuestionHasChanged | None = None,
) -> HttpResponse:
    context = quiz.context((request.get_full_path(), _("Question"))) | {
        "form": form,
        "row": row,
        "kind": KIND_WORDS[form.question.kind],
        "refusal": refusal,
        "other": questions_on_page([question_content(row)], quiz.language)[0] if refusal and row else None,
        "languages": [(code, language_name(code)) for code in quiz.languages],
    }
    return render(request, "courses/studio/questions/question.html", context, status=status)


@require_POST
@studio_only
@on_quiz
def move(request: HttpRequest, pk: int, lesson: str, key: str) -> HttpResponse:
    """`steps`: up (-1) or down (1)."""
    found = Quiz(request, pk, lesson)
    steps = 1 if request.POST.get("steps") == "1" else -1
    services.move_question(found.draft, lesson, key, steps=steps, by=me(request), at=timezone.now())
    return redirect(f"{found.url()}#q-{key}")


@require_POST
@studio_only
@on_quiz
def remove(request: HttpRequest, pk: int, lesson: str, key: str) -> HttpResponse:
    found = Quiz(request, pk, lesson)
    state = services.remove_question(found.draft, lesson, key, by=me(request), at=timezone.now())
    return redirect(f"{found.url()}?removed={state.pk}")


# --- Try-out ----------------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
@on_quiz
def try_out(request: HttpRequest, pk: int, lesson: str) -> HttpResponse:
    """The quiz as a learner would get it, drawn and shuffled; handed in it is marked, and nothing is kept."""
    found = Quiz(request, pk, lesson)
    seed = seed_of(request)
    asked = drawn(
        found.questions(), found.settings.get("draw"), seed, pools_from_json(found.settings.get("pools", ()))
    )
    context = found.context((request.get_full_path(), _("Try it out"))) | {"seed": seed}
    if request.method != "POST":
        return render(request, TRY_OUT, context | {"sheet": sheet_of(found, asked, seed, {})})
    answers = answers_of(request, found, asked, seed)
    if any(missing(question, answers[question.key]) for question in asked):
        sheet = sheet_of(found, asked, seed, answers, checked=True)
        return render(request, TRY_OUT, context | {"sheet": sheet}, status=422)
    marks = {question.key: mark(question, answers[question.key]) for question in asked}
    reviewed = [
        reviewed_question(
            number,
            question,
            answers[question.key],
            found.language,
            seed,
            is_correct=marks[question.key].correct,
            fallbacks=found.languages,
        )
        for number, question in enumerate(asked, 1)
    ]
    points = {
        "points": int(sum(each.points for each in marks.values())),
        "possible": sum(question.points for question in asked),
    }
    return render(request, TRY_OUT, context | points | {"reviewed": reviewed})


TRY_OUT = "courses/studio/questions/try.html"


def seed_of(request: HttpRequest) -> int:
    sent = (request.POST if request.method == "POST" else request.GET).get("seed", "")
    return int(sent[:10]) % SEEDS if sent.isdecimal() and sent.isascii() else secrets.randbelow(SEEDS)


def sheet_of(
    quiz: Quiz,
    asked: tuple[QuestionContent, ...],
    seed: int,
    answers: dict[str, list[str]],
    *,
    checked: bool = False,
) -> list[Any]:
    return [
        question_on_sheet(
            number,
            question,
            presented(question, quiz.language, seed, fallbacks=quiz.languages),
            answers.get(question.key, []),
            checked=checked,
        )
        for number, question in enumerate(asked, 1)
    ]


def answers_of(
    request: HttpRequest, quiz: Quiz, asked: tuple[QuestionContent, ...], seed: int
) -> dict[str, list[str]]:
    """By question key; what no page of ours sends counts as not answered."""
    answers = {}
    for number, question in enumerate(asked, 1):
        shown = presented(question, quiz.language, seed, fallbacks=quiz.languages)
        try:
            answers[question.key] = keys_at(question, shown, request.POST.getlist(f"q{number}"))
        except MalformedAnswer:
            answers[question.key] = []
    return answers
