"""Questions over the API, as the files of quizzes have them: read by the same reader, written by the same services."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lms.accounts.signed_in import me
from lms.lib.problems import problem

from ..bundle import Problem
from ..bundle.documents import question_values
from ..bundle.fields import Fields
from ..bundle.problems import Problems
from ..bundle.quizzes import Setting, read_question
from ..bundle.syntax import read_yaml
from ..content import QuestionContent
from ..errors import NotAQuiz, QuestionHasChanged
from ..forms_questions import QuizSettingsForm
from ..models import Edition, Question, Revision
from ..selectors.quizzes import question_content
from ..services import questions as services
from .editing import CONFLICT, INVALID, NOT_A_DRAFT, DraftView, as_form, as_object, invalid
from .studio import REFUSED

Kind = Edition.Kind


class DraftQuestionSerializer(serializers.Serializer[Any]):
    """A question as `docs/exchange-format.md` has it; in a national layer its texts stand by language."""

    base = serializers.CharField(
        required=False, help_text="Names the question as you read it; send it back with a change."
    )
    key = serializers.CharField()
    kind = serializers.CharField()


class DraftQuizSerializer(serializers.Serializer[Any]):
    """What holds for the quiz as a whole, and its questions."""

    base = serializers.CharField(
        help_text="Names these settings as you read them; send it back with a change."
    )
    title = serializers.CharField(required=False, help_text="Of a country check.")
    minutes = serializers.IntegerField(required=False, help_text="Of a country check.")
    attempts = serializers.IntegerField(required=False, allow_null=True)
    wait_hours = serializers.IntegerField(required=False, allow_null=True)
    draw = serializers.IntegerField(required=False, allow_null=True)
    pools = serializers.ListField(child=serializers.DictField(), required=False)
    questions = DraftQuestionSerializer(many=True, read_only=True)

    def get_fields(self) -> dict[str, Any]:
        percent = serializers.IntegerField(
            required=False, allow_null=True, help_text="Percent of the points."
        )
        return {**super().get_fields(), "pass": percent}


class QuizView(DraftView):
    kinds = (Kind.CORE, Kind.LAYER)

    def quiz(self, request: Request) -> Revision:
        draft = self.draft(request)
        try:
            services.settings_of(draft, self.kwargs["lesson"])
        except NotAQuiz as error:
            raise Http404 from error
        return draft

    @extend_schema(operation_id="quizzes_read", summary="A quiz of a draft", responses=DraftQuizSerializer)
    def get(self, request: Request, pk: int, lesson: str) -> Response:
        return Response(quiz_of(self.quiz(request), lesson))

    @extend_schema(
        operation_id="quizzes_write",
        summary="Change what holds for a quiz as a whole",
        request=DraftQuizSerializer,
        responses={200: DraftQuizSerializer, 403: REFUSED, 409: CONFLICT, 422: INVALID},
    )
    def patch(self, request: Request, pk: int, lesson: str) -> HttpResponseBase:
        """Of a core. What is left out stays as it is."""
        draft = self.quiz(request)
        if draft.edition.kind == Kind.LAYER:
            raise Http404
        form = settings_form(draft, lesson, request.data)
        if not form.is_valid():
            return invalid(form)
        try:
            services.save_settings(draft, lesson, **form.cleaned_data, by=me(request), at=timezone.now())
        except QuestionHasChanged as refusal:
            return conflict(refusal, quiz_of(self.quiz(request), lesson), request.data)
        return Response(quiz_of(self.quiz(request), lesson))

    @extend_schema(
        operation_id="questions_add",
        summary="Add a question at the end",
        request=DraftQuestionSerializer,
        responses={201: DraftQuestionSerializer, 403: REFUSED, 409: NOT_A_DRAFT, 422: INVALID},
    )
    def post(self, request: Request, pk: int, lesson: str) -> HttpResponseBase:
        draft = self.quiz(request)
        found = read(draft, request.data)
        if not isinstance(found, QuestionContent):
            return unfit(found)
        return save(request, draft, lesson, found, base="", status=201)


class QuestionView(QuizView):
    http_method_names = ["get", "patch", "delete", "head", "options"]

    @extend_schema(
        operation_id="questions_read", summary="One question of a draft", responses=DraftQuestionSerializer
    )
    def get(self, request: Request, pk: int, lesson: str, key: str) -> Response:  # type: ignore[override]
        return Response(question_of(self.quiz(request), self.row(request)))

    @extend_schema(
        operation_id="questions_write",
        summary="Write a question",
        request=DraftQuestionSerializer,
        responses={200: DraftQuestionSerializer, 403: REFUSED, 409: CONFLICT, 422: INVALID},
    )
    def patch(self, request: Request, pk: int, lesson: str, key: str) -> HttpResponseBase:  # type: ignore[override]
        """What is left out stays as it is."""
        draft = self.quiz(request)
        data = as_object(request.data)
        found = read(draft, {**question_of(draft, self.row(request)), **data, "key": key})
        if not isinstance(found, QuestionContent):
            return unfit(found)
        return save(request, draft, lesson, found, base=str(data.get("base", "")), status=200)

    @extend_schema(
        operation_id="questions_remove",
        summary="Take a question out of its quiz and of its pool",
        responses={204: None, 403: REFUSED, 409: NOT_A_DRAFT},
    )
    def delete(self, request: Request, pk: int, lesson: str, key: str) -> Response:
        draft = self.quiz(request)
        self.row(request)
        services.remove_question(draft, lesson, key, by=me(request), at=timezone.now())
        return Response(status=204)

    def row(self, request: Request) -> Question:
        rows = self.quiz(request).questions.filter(lesson_key=self.kwargs["lesson"])
        row = rows.filter(key=self.kwargs["key"]).first()
        if row is None:
            raise Http404
        return row


def save(
    request: Request, draft: Revision, lesson: str, question: QuestionContent, *, base: str, status: int
) -> HttpResponseBase:
    try:
        row = services.save_question(draft, lesson, question, base=base, by=me(request), at=timezone.now())
    except QuestionHasChanged as refusal:
        theirs = draft.questions.get(lesson_key=lesson, key=question.key)
        return conflict(refusal, question_of(draft, theirs), request.data)
    return Response(question_of(draft, row), status=status)


def conflict(refusal: QuestionHasChanged, theirs: Mapping[str, Any], yours: Any) -> Response:
    message = _("Somebody else has changed this since you read it. Nothing was saved.")
    return problem(409, refusal.code, message, base=theirs["base"], theirs=dict(theirs), yours=yours)


def unfit(problems: list[Problem]) -> Response:
    """What is wrong with a question, as the reader of files says it."""
    found = {"question": [each.message for each in problems]}
    return problem(422, "invalid", _("This cannot be saved as it is."), errors=found)


# --- Between JSON and what a draft holds ------------------------------------------------------------------------------


def quiz_of(draft: Revision, lesson: str) -> dict[str, Any]:
    settings = services.settings_of(draft, lesson)
    said: dict[str, Any] = {"base": services.version_of_settings(settings), "pass": settings["pass"]}
    if draft.edition.kind == Kind.LAYER:
        quiz = settings["quiz"] or {"title": {}, "minutes": 5}
        said |= {"title": quiz["title"].get(draft.meta["source_language"], ""), "minutes": quiz["minutes"]}
    else:
        said |= {name: settings.get(name) for name in ("attempts", "wait_hours", "draw")}
        said["pools"] = [
            {name: pool[name] for name in ("key", "draw", "questions")} for pool in settings.get("pools", ())
        ]
    rows = draft.questions.filter(lesson_key=lesson).order_by("position")
    return {**said, "questions": [question_of(draft, row) for row in rows]}


def question_of(draft: Revision, row: Question) -> dict[str, Any]:
    """What a file says that this version does not know stays with the draft and is not shown here."""
    values = question_values(question_content(row), by_language=draft.edition.kind == Kind.LAYER)
    return {"base": services.version_of_question(row), **values}


def settings_form(draft: Revision, lesson: str, data: Any) -> QuizSettingsForm:
    now = quiz_of(draft, lesson)
    said = as_form(data, {name: now[name] for name in ("pass", "attempts", "wait_hours", "draw", "pools")})
    said["pass_percent"] = said["pass"]
    said["pools"] = "\n".join(map(pool_line, said["pools"] or ()))
    settings = services.settings_of(draft, lesson)
    known = [question["key"] for question in now["questions"]]
    return QuizSettingsForm(said, settings=settings, known=known, base="")


def pool_line(pool: Any) -> str:
    if not isinstance(pool, Mapping) or not isinstance(pool.get("questions"), list):
        return str(pool)
    return f"{pool.get('key')} {pool.get('draw')}: {', '.join(map(str, pool['questions']))}"


def read(draft: Revision, data: Any) -> QuestionContent | list[Problem]:
    """A question, or everything that is wrong with it. JSON is YAML, so the reader of files reads it.

    What is not known here is left out: no file keeps it.
    """
    problems = Problems()
    given = (
        {name: value for name, value in data.items() if name != "base"} if isinstance(data, Mapping) else data
    )
    node = read_yaml("", json.dumps(given, ensure_ascii=False, default=str), problems)
    question = read_question(Fields(node, "", problems), setting_of(draft)) if node else None
    errors = [each for each in problems.all if each.level == "error"]
    return replace(question, extra={}) if question and not errors else errors


def setting_of(draft: Revision) -> Setting:
    if draft.edition.kind != Kind.LAYER:
        return Setting(draft.edition.module.source_language)
    facts = dict(draft.statements.values_list("fact__key", "status"))
    return Setting(draft.meta["source_language"], tuple(draft.meta["languages"]), facts)
