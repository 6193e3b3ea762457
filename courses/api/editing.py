"""Writing over the API: the acts of the editor, through its forms and services.

Whoever changes a text names the `base` they started from; where somebody else has changed it since, the answer is
409 with that text and its base beside one's own, which is kept as a saved state.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.models import Organisation
from lms.accounts.signed_in import me
from lms.lib.problems import problem

from .. import permissions, services
from ..errors import NotADraft, TextHasChanged
from ..forms_editor import (
    EditAboutForm,
    NewLessonForm,
    NewModuleForm,
    NewTranslationForm,
    about_initial,
)
from ..forms_texts import changes_of, text_form
from ..models import Edition, Lesson, Module, Revision
from ..selectors.drafts import free_languages, version_of
from ..selectors.studio.editor import TextPage, text_page
from ..selectors.studio.modules import modules_in_studio
from ..selectors.studio.revisions import revisions_in_studio
from ..services.writing import version_of_about
from .studio import REFUSED, RevisionSerializer, WorksInStudio, with_approvals

Kind = Edition.Kind
NOT_A_DRAFT = OpenApiResponse(description="Not a draft any more.")
CONFLICT = OpenApiResponse(
    description="Somebody else has changed it: `theirs` is what stands there, `base` names it, `yours` is kept."
)
INVALID = OpenApiResponse(description="`errors` has what is wrong, by field.")
LISTS = ("references", "outcomes")


def invalid(form: Form) -> Response:
    errors = {name: [str(each) for each in found] for name, found in form.errors.items()}
    return problem(422, "invalid", _("This cannot be saved as it is."), errors=errors)


def as_form(data: Any, bound: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a form would send: lists as lines. What is left out stays as it is (`bound`)."""
    if isinstance(data, QueryDict):
        data = data.dict()
    said = {**(bound or {}), **as_object(data)}
    return {name: in_lines(value) if name in LISTS else value for name, value in said.items()}


def as_object(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise serializers.ValidationError(_('An object is expected, such as {"title": "…"}.'))
    return data


def in_lines(value: Any) -> Any:
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value


class DraftView(APIView):
    """One draft that the person may write: 404 for what may not be seen, 403 for what is not theirs."""

    permission_classes = [WorksInStudio]
    kinds: ClassVar[tuple[str, ...]] = (Kind.CORE, Kind.TRANSLATION)

    def draft(self, request: Request) -> Revision:
        revision = get_object_or_404(revisions_in_studio(me(request)), pk=self.kwargs["pk"])
        if not permissions.can_write(permissions.hats_of(me(request)), revision.edition):
            raise PermissionDenied
        if revision.edition.kind not in self.kinds:
            raise Http404
        if not revision.is_draft:
            raise NotADraft
        return revision


def shown(request: Request, revision: Revision, status: int = 200) -> Response:
    fresh = with_approvals(revisions_in_studio(me(request))).get(pk=revision.pk)
    return Response(RevisionSerializer(fresh).data, status=status)


# --- Where drafts begin and end ---------------------------------------------------------------------------------------


class NewModuleSerializer(serializers.Serializer[Any]):
    owner = serializers.SlugField(help_text="A partner you write for.")
    key = serializers.SlugField(help_text="Names the module for ever.")
    source_language = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    outcomes = serializers.ListField(child=serializers.CharField(), required=False)
    hours = serializers.DecimalField(max_digits=5, decimal_places=2)
    subject = serializers.ChoiceField(choices=Module.Subject.choices)
    references = serializers.ListField(child=serializers.CharField(), required=False)
    validity_months = serializers.IntegerField(required=False, allow_null=True)
    licence = serializers.CharField(required=False)
    first_lesson = serializers.CharField(help_text="Title of the first lesson.")


def own_organisations(request: Request) -> dict[str, Organisation]:
    mine = permissions.studio_organisations(me(request)).order_by("slug").distinct()
    return {organisation.slug: organisation for organisation in mine}


def as_choices(organisations: Mapping[str, Organisation]) -> list[tuple[str, str]]:
    return [(slug, organisation.short_name) for slug, organisation in organisations.items()]


class ModuleStartView(APIView):
    permission_classes = [WorksInStudio]

    @extend_schema(
        operation_id="modules_start",
        summary="Begin a module",
        request=NewModuleSerializer,
        responses={
            201: RevisionSerializer,
            409: OpenApiResponse(description="The key is taken."),
            422: INVALID,
        },
    )
    def post(self, request: Request) -> Response:
        """The draft of its core, with one lesson."""
        organisations = own_organisations(request)
        form = NewModuleForm(as_form(request.data), organisations=as_choices(organisations))
        if not form.is_valid():
            return invalid(form)
        draft = services.start_module(
            form.cleaned_data["key"],
            owner=organisations[form.cleaned_data["owner"]],
            source_language=form.cleaned_data["source_language"],
            about=form.changes({}, form.cleaned_data["source_language"]),
            first_lesson=form.cleaned_data["first_lesson"],
            by=me(request),
            at=timezone.now(),
        )
        return shown(request, draft, 201)


class NewTranslationSerializer(serializers.Serializer[Any]):
    language = serializers.CharField()
    owner = serializers.SlugField(help_text="A partner you write for.")


class TranslationStartView(APIView):
    permission_classes = [WorksInStudio]

    @extend_schema(
        operation_id="modules_translate",
        summary="Begin a translation of a module",
        request=NewTranslationSerializer,
        responses={
            201: RevisionSerializer,
            409: OpenApiResponse(description="It is begun already."),
            422: INVALID,
        },
    )
    def post(self, request: Request, key: str) -> Response:
        module = get_object_or_404(modules_in_studio(me(request)), key=key)
        organisations = own_organisations(request)
        form = NewTranslationForm(
            as_form(request.data),
            languages=free_languages(module),
            organisations=as_choices(organisations),
        )
        if not form.is_valid():
            return invalid(form)
        owner = organisations[form.cleaned_data["owner"]]
        language = form.cleaned_data["language"]
        draft = services.start_translation(module, language, owner=owner, by=me(request), at=timezone.now())
        return shown(request, draft, 201)


class DraftStartView(APIView):
    permission_classes = [WorksInStudio]

    @extend_schema(
        operation_id="revisions_draft",
        summary="Begin the next revision of an edition, from what is published of it",
        request=None,
        responses={
            201: RevisionSerializer,
            403: REFUSED,
            409: OpenApiResponse(description="There is a draft already."),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        revision = get_object_or_404(revisions_in_studio(me(request)), pk=pk)
        if not permissions.can_write(permissions.hats_of(me(request)), revision.edition):
            raise PermissionDenied
        return shown(request, services.start_draft(revision.edition, by=me(request), at=timezone.now()), 201)


class DiscardView(DraftView):
    kinds = tuple(Kind.values)

    @extend_schema(
        operation_id="revisions_discard",
        summary="Give a draft up",
        request=None,
        responses={204: None, 403: REFUSED, 409: NOT_A_DRAFT},
    )
    def post(self, request: Request, pk: int) -> Response:
        services.discard(self.draft(request), by=me(request), at=timezone.now())
        return Response(status=204)


# --- About the module -------------------------------------------------------------------------------------------------


class AboutSerializer(serializers.Serializer[Any]):
    """In the language in which the module is written."""

    base = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    outcomes = serializers.ListField(child=serializers.CharField())
    hours = serializers.CharField()
    subject = serializers.ChoiceField(choices=Module.Subject.choices)
    references = serializers.ListField(child=serializers.CharField())
    validity_months = serializers.IntegerField(allow_null=True)
    licence = serializers.CharField(allow_blank=True)


class AboutView(DraftView):
    kinds = (Kind.CORE,)

    @extend_schema(
        operation_id="revisions_about_read", summary="What is said about a module", responses=AboutSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(about(self.draft(request)))

    @extend_schema(
        operation_id="revisions_about_write",
        summary="Say it otherwise",
        request=AboutSerializer,
        responses={200: AboutSerializer, 403: REFUSED, 409: CONFLICT, 422: INVALID},
    )
    def patch(self, request: Request, pk: int) -> HttpResponseBase:
        draft = self.draft(request)
        now = about(draft)
        form = EditAboutForm(as_form(request.data, {**now, "base": ""}))
        if not form.is_valid():
            return invalid(form)
        language = draft.edition.module.source_language
        try:
            services.save_about(
                draft,
                form.changes(draft.meta, language),
                base=form.cleaned_data["base"],
                by=me(request),
                at=timezone.now(),
            )
        except TextHasChanged as refusal:
            theirs = about(Revision.objects.select_related("edition__module").get(pk=pk))
            return conflict(refusal, theirs, form.cleaned_data)
        return Response(about(Revision.objects.select_related("edition__module").get(pk=pk)))


def about(draft: Revision) -> dict[str, Any]:
    return {
        "base": version_of_about(draft.meta),
        **about_initial(draft.meta, draft.edition.module.source_language),
    }


def conflict(refusal: TextHasChanged, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> Response:
    mine = {name: value for name, value in yours.items() if name not in ("base", "source")}
    return problem(
        409,
        refusal.code,
        str(refusal.message),
        base=theirs["base"],
        theirs=dict(theirs),
        yours=plain(mine),
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    kinds = (str, int, list, dict, type(None))
    return {name: value if isinstance(value, kinds) else str(value) for name, value in values.items()}


# --- Lessons ----------------------------------------------------------------------------------------------------------


class LessonLineSerializer(serializers.ModelSerializer[Lesson]):
    kind = serializers.CharField(help_text="text, video or quiz.")
    base = serializers.SerializerMethodField()

    class Meta:
        model = Lesson
        fields = ["key", "kind", "title", "section", "minutes", "required", "base"]

    def get_base(self, lesson: Lesson) -> str:
        return version_of(lesson)


class NewLessonSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    kind = serializers.CharField(help_text="text or quiz.")
    minutes = serializers.IntegerField()
    key = serializers.SlugField(required=False, help_text="Left out, it is made of the title.")


class LessonsView(DraftView):
    kinds = (Kind.CORE,)

    @extend_schema(
        operation_id="lessons_list",
        summary="The outline of a draft",
        responses=LessonLineSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(outline(self.draft(request)))

    @extend_schema(
        operation_id="lessons_add",
        summary="Add a lesson at the end",
        request=NewLessonSerializer,
        responses={201: LessonLineSerializer, 403: REFUSED, 409: NOT_A_DRAFT, 422: INVALID},
    )
    def post(self, request: Request, pk: int) -> Response:
        draft = self.draft(request)
        form = NewLessonForm(as_form(request.data))
        if not form.is_valid():
            return invalid(form)
        lesson = services.add_lesson(draft, **form.cleaned_data, by=me(request), at=timezone.now())
        return Response(LessonLineSerializer(lesson).data, status=201)


def outline(draft: Revision) -> Any:
    return LessonLineSerializer(draft.lessons.order_by("position"), many=True).data


class DraftTextSerializer(serializers.Serializer[Any]):
    """Of a translation: title, and body or questions; `source` says which original it is a translation of."""

    base = serializers.CharField(help_text="Names the text as you read it; send it back with a change.")
    key = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    title = serializers.CharField()
    section = serializers.CharField(required=False)
    minutes = serializers.IntegerField(required=False)
    references = serializers.ListField(child=serializers.CharField(), required=False)
    body = serializers.CharField(required=False)
    questions = serializers.DictField(
        required=False, help_text="Words of a translated quiz, by question key."
    )

    def get_fields(self) -> dict[str, Any]:
        """Two that a field of the framework cannot be called."""
        words = "Hash of the original that a translation is of; sent back, it counts as up to date."
        source = serializers.CharField(required=False, help_text=words)
        required = serializers.BooleanField(required=False)
        return {**super().get_fields(), "required": required, "source": source}


class LessonView(DraftView):
    @extend_schema(operation_id="lessons_read", summary="One text of a draft", responses=DraftTextSerializer)
    def get(self, request: Request, pk: int, key: str) -> Response:
        return Response(text_of(self.page(request)))

    @extend_schema(
        operation_id="lessons_write",
        summary="Write a text",
        request=DraftTextSerializer,
        responses={200: DraftTextSerializer, 403: REFUSED, 409: CONFLICT, 422: INVALID},
    )
    def patch(self, request: Request, pk: int, key: str) -> HttpResponseBase:
        """What is left out stays as it is."""
        page = self.page(request)
        form = text_form(page, text_as_form(page, request.data))
        if not form.is_valid():
            return invalid(form)
        changes = changes_of(page, form)
        common = {"base": form.cleaned_data["base"], "by": me(request), "at": timezone.now()}
        try:
            if page.is_translation:
                source = form.cleaned_data["source"]
                services.save_translation(page.draft, key, changes, source=source, **common)
            else:
                services.save_lesson(page.draft, key, changes, **common)
        except TextHasChanged as refusal:
            return conflict(refusal, text_of(self.page(request)), changes)
        return Response(text_of(self.page(request)))

    @extend_schema(
        operation_id="lessons_remove",
        summary="Take a lesson out of the draft",
        responses={200: LessonLineSerializer(many=True), 403: REFUSED, 409: NOT_A_DRAFT},
    )
    def delete(self, request: Request, pk: int, key: str) -> Response:
        """Saved states still have it."""
        page = self.page(request)
        if page.is_translation:
            raise Http404
        services.remove_lesson(page.draft, key, by=me(request), at=timezone.now())
        return Response(outline(page.draft))

    def page(self, request: Request) -> TextPage:
        page = text_page(self.draft(request), self.kwargs["key"])
        if page is None:
            raise Http404
        return page


def text_of(page: TextPage) -> dict[str, Any]:
    text = page.text
    said: dict[str, Any] = {
        "base": version_of(text),
        "key": page.key,
        "kind": page.kind,
        "title": page.title,
    }
    if not page.is_translation:
        names = ("section", "minutes", "required", "references", "body")
        return said | {name: getattr(text, name) for name in names}
    said |= {"title": text.title if text else "", "source": page.source_hash}
    if page.is_quiz:
        return said | {"questions": getattr(text, "questions", {})}
    return said | {"body": text.body if text else ""}


def text_as_form(page: TextPage, data: Any) -> dict[str, Any]:
    """`source` counts only where it was sent: an edit that says nothing of the original is no translation of it."""
    now = {**text_of(page), "base": "", "source": ""}
    said = as_form(data, now)
    if page.is_translation and page.is_quiz:
        for questions in (now["questions"], said.pop("questions")):
            for key, words in as_object(questions or {}).items():
                said.update(flat(str(key), words))
    if not said.get("required", True):
        said.pop("required")  # as a browser does with a box that is not ticked
    return said


def flat(key: str, words: Any) -> Iterable[tuple[str, Any]]:
    for name, value in as_object(words).items():
        if isinstance(value, Mapping):
            yield from ((f"{key}|{name}|{option}", text) for option, text in value.items())
        else:
            yield f"{key}|{name}", value


class MoveSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField(min_value=1, max_value=10_000, help_text="Counted from one.")


class LessonMoveView(DraftView):
    kinds = (Kind.CORE,)

    @extend_schema(
        operation_id="lessons_move",
        summary="Give a lesson another place",
        request=MoveSerializer,
        responses={200: LessonLineSerializer(many=True), 403: REFUSED, 409: NOT_A_DRAFT},
    )
    def post(self, request: Request, pk: int, key: str) -> Response:
        draft = self.draft(request)
        said = MoveSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        services.move_lesson(
            draft, key, place=said.validated_data["place"], by=me(request), at=timezone.now()
        )
        return Response(outline(draft))
