"""The studio over the API: import, revisions, and their acts, through the services and predicates of the pages."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.signed_in import me
from lms.lib.negotiation import AnyAccepted
from lms.lib.parsers import SafeMultiPartParser
from lms.lib.places import CONTENT_LANGUAGES
from lms.lib.problems import problem

from .. import permissions, services
from ..approval import all_partners, still_needed
from ..bundle import BundleRefused, read_zip
from ..downloads import download, module_to_take, name_of, revision_to_take
from ..forms import LONGEST_NOTE, ImportForm
from ..models import Approval, Edition, Revision
from ..selectors.studio.modules import modules_in_studio
from ..selectors.studio.revisions import revisions_in_studio
from ..services.importing import ImportOutcome
from .serializers import Texts

REFUSED = OpenApiResponse(
    description="An author may not approve or publish, or the approval is not yours to give."
)
WRONG_STATE = OpenApiResponse(description="Not possible in the state in which the revision is.")
CANNOT_BE_USED = OpenApiResponse(
    description="The bundle cannot be used; `problems` has each with file, line and message."
)


class WorksInStudio(IsAuthenticated):
    """Authors and publishers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and me(request).works_in_studio


# --- Import -----------------------------------------------------------------------------------------------------------


class ImportSerializer(serializers.Serializer[Any]):
    bundle = serializers.FileField(help_text="The module as one zip (.mod.zip).")
    check_only = serializers.BooleanField(
        required=False, default=False, help_text="Report what would happen, and change nothing."
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """Something about a file of a bundle, in the language of the request."""

    level = serializers.ChoiceField(choices=["error", "warning"])
    file = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class ImportedEditionSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(source="edition.kind", choices=Edition.Kind.choices)
    language = serializers.CharField(source="edition.language", help_text="Of a translation; else empty.")
    country = serializers.CharField(source="edition.country", help_text="Of a national layer; else empty.")
    change = serializers.ChoiceField(choices=["created", "updated", "unchanged"])
    revision = serializers.SerializerMethodField(help_text="Null for one that a check would have created.")

    def get_revision(self, imported: Any) -> int | None:
        would_be = self.context["check_only"] and imported.change == "created"
        return None if would_be else imported.revision.pk


class ImportOutcomeSerializer(serializers.Serializer[ImportOutcome]):
    module = serializers.CharField(source="module.key")
    editions = ImportedEditionSerializer(many=True)
    warnings = ProblemSerializer(many=True)


class ImportView(APIView):
    permission_classes = [WorksInStudio]
    parser_classes = [SafeMultiPartParser]

    @extend_schema(
        operation_id="modules_import",
        summary="Import a module bundle",
        request=ImportSerializer,
        responses={200: ImportOutcomeSerializer, 201: ImportOutcomeSerializer, 422: CANNOT_BE_USED},
    )
    def post(self, request: Request) -> Response:
        """Every edition of the bundle becomes a draft, all of them or none; the same again changes nothing (200)."""
        form = ImportForm(cast(QueryDict, request.data), request.FILES)
        if not form.is_valid():
            errors = {name: [str(each) for each in found] for name, found in form.errors.items()}
            return problem(422, "invalid", _("The file cannot be imported."), errors=errors)
        check_only = form.cleaned_data["check_only"]
        act = services.check_import if check_only else services.import_bundle
        try:
            outcome = act(read_zip(form.cleaned_data["bundle"].file), by=me(request), at=timezone.now())
        except BundleRefused as refused:
            problems = ProblemSerializer(list(refused.problems), many=True).data
            return problem(422, refused.code, str(refused.message), problems=problems)
        body = ImportOutcomeSerializer(outcome, context={"check_only": check_only}).data
        return Response(body, status=201 if outcome.changed and not check_only else 200)


# --- Export -----------------------------------------------------------------------------------------------------------


def exported(operation: str, summary: str) -> Any:
    file = OpenApiResponse(OpenApiTypes.BINARY, description="A zip, the same for the same content.")
    responses = {(200, "application/zip"): file, 403: NOT_YOURS}
    return extend_schema(operation_id=operation, summary=summary, responses=responses)


NOT_YOURS = OpenApiResponse(description="Your organisations do not work on this module.")


class ModuleExportView(APIView):
    """Of each edition the newest draft that you write, or else what is published of it."""

    permission_classes = [WorksInStudio]
    content_negotiation_class = AnyAccepted

    @exported("modules_export", "Download a module as a bundle")
    def get(self, request: Request, key: str) -> FileResponse:
        module = get_object_or_404(modules_in_studio(me(request)).select_related("owner"), key=key)
        return download(module_to_take(me(request), module), f"{key}.mod.zip")


class EditionExportView(APIView):
    """A revision alone. Of a draft that others write there is none (404)."""

    permission_classes = [WorksInStudio]
    content_negotiation_class = AnyAccepted

    @exported("revisions_export", "Download one edition as a bundle")
    def get(self, request: Request, pk: int) -> FileResponse:
        revision = get_object_or_404(revisions_in_studio(me(request)), pk=pk)
        return download(revision_to_take(me(request), revision), name_of(revision))


# --- Revisions --------------------------------------------------------------------------------------------------------


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    organisation = serializers.CharField(source="organisation.slug")
    country = serializers.CharField()

    class Meta:
        model = Approval
        fields = ["organisation", "country", "at"]


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    """A revision of the core, of a translation or of a national layer."""

    module = serializers.CharField(source="edition.module.key")
    kind = serializers.ChoiceField(source="edition.kind", choices=Edition.Kind.choices)
    language = serializers.CharField(source="edition.language", help_text="Of a translation; else empty.")
    country = serializers.CharField(source="edition.country", help_text="Of a national layer; else empty.")
    owner = serializers.CharField(source="edition.owner.slug")
    change_note = Texts()
    withdrawal_reason = Texts(help_text="For learners, by language.")
    approvals = ApprovalSerializer(many=True)
    needed = serializers.SerializerMethodField(
        help_text="Approvals that one in review still needs, in words."
    )

    class Meta:
        model = Revision
        fields = [
            "id",
            "module",
            "kind",
            "language",
            "country",
            "owner",
            "number",
            "status",
            "change_class",
            "change_note",
            "content_hash",
            "version",
            "created_at",
            "submitted_at",
            "published_at",
            "effective_on",
            "retake_by",
            "withdraw_on",
            "withdrawn_at",
            "withdrawal_reason",
            "successor",
            "approvals",
            "needed",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_needed(self, revision: Revision) -> list[str]:
        if revision.status != Revision.Status.IN_REVIEW:
            return []
        return [need.words for need in still_needed(revision, self.context.get("partners"))]


def with_approvals(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    return revisions.prefetch_related("approvals__organisation").defer("meta", "outline")


class RevisionList(ListAPIView):
    queryset = Revision.objects.none()
    permission_classes = [WorksInStudio]
    serializer_class = RevisionSerializer
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="modules_revisions_list",
        summary="Revisions of a module",
        description="Those that you may see, by edition, the newest first.",
    )
    def get(self, request: Request, *args: Any, **values: Any) -> Response:
        return super().get(request, *args, **values)

    def get_queryset(self) -> QuerySet[Revision]:
        user = me(self.request)
        module = get_object_or_404(modules_in_studio(user), key=self.kwargs["key"])
        revisions = with_approvals(revisions_in_studio(user).filter(edition__module=module))
        return revisions.order_by("edition__kind", "edition__language", "edition__country", "-number")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "partners": all_partners()}


# --- Acts -------------------------------------------------------------------------------------------------------------


class SubmitSerializer(serializers.Serializer[Any]):
    change_class = serializers.ChoiceField(
        choices=Revision.ChangeClass.choices,
        required=False,
        default=Revision.ChangeClass.MAJOR,
        help_text="A first publication counts as major, whatever is said here.",
    )
    change_note = Texts(required=False, default=dict, help_text="For learners, by language.")

    def validate_change_note(self, note: dict[str, str]) -> dict[str, str]:
        return checked_words(note)


def checked_words(words: dict[str, str]) -> dict[str, str]:
    """Words for learners, as long as a form takes them and in languages that there are."""
    if unknown := words.keys() - CONTENT_LANGUAGES.keys():
        raise serializers.ValidationError(f"Not a language here: {', '.join(sorted(unknown))[:200]}.")
    if any(len(text) > LONGEST_NOTE for text in words.values()):
        raise serializers.ValidationError(f"At most {LONGEST_NOTE} characters in each language.")
    return words


class RevisionChoice(serializers.PrimaryKeyRelatedField):
    """By its id, one of those that the caller may see."""

    def get_queryset(self) -> QuerySet[Revision]:
        request = self.context.get("request")
        return revisions_in_studio(request.user) if request else Revision.objects.none()


class PublishSerializer(serializers.Serializer[Any]):
    change_note = Texts(required=False, help_text="For learners, by language; without it what was submitted.")
    effective_on = serializers.DateField(
        required=False, allow_null=True, help_text="The day on which it takes effect; without it today."
    )
    retake_by = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="Of a major change: until when whoever learns or has learnt an earlier one should take it again.",
    )
    together = RevisionChoice(
        queryset=Revision.objects.none(),
        many=True,
        required=False,
        help_text="Revisions of the same module that go out with it, all or none.",
    )

    def validate_change_note(self, note: dict[str, str]) -> dict[str, str]:
        return checked_words(note)

    def validate_together(self, together: list[Revision]) -> list[Revision]:
        """Whoever publishes them together could publish each."""
        who = permissions.hats_of(self.context["request"].user)
        if not all(permissions.can_publish(who, each) for each in together):
            raise PermissionDenied
        return together


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = Texts(help_text="For learners, by language; at least one.")
    on = serializers.DateField(
        required=False, allow_null=True, help_text="The day from which nobody new reads it; without it today."
    )
    successor = RevisionChoice(
        queryset=Revision.objects.none(),
        required=False,
        allow_null=True,
        help_text="A published revision that takes its place.",
    )

    def validate_reason(self, reason: dict[str, str]) -> dict[str, str]:
        return checked_words(reason)


class SendBackSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2_000)


class NothingSerializer(serializers.Serializer[Any]):
    """An act that needs nothing to be said."""


class ActView(APIView):
    """One act on one revision: 404 for what may not be seen, 403 for what may not be done, then the service."""

    permission_classes = [WorksInStudio]
    may: Callable[..., bool]
    service: Callable[..., object]
    said: type[serializers.Serializer[Any]] = NothingSerializer

    def post(self, request: Request, pk: int) -> Response:
        user = me(request)
        revision = get_object_or_404(revisions_in_studio(user), pk=pk)
        if not self.may(permissions.hats_of(user), revision):
            raise PermissionDenied
        said = self.said(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        self.service(revision, by=user, at=timezone.now(), **said.validated_data)
        changed = with_approvals(revisions_in_studio(user)).get(pk=pk)
        return Response(RevisionSerializer(changed).data)


def described(act: str, summary: str, request: Any = None) -> Any:
    """What the documentation says of an act."""
    schema = extend_schema(
        operation_id=f"revisions_{act}",
        summary=summary,
        request=request,
        responses={200: RevisionSerializer, 403: REFUSED, 409: WRONG_STATE},
    )
    return extend_schema_view(post=schema)


@described("submit", "Submit a draft for review", SubmitSerializer)
class SubmitView(ActView):
    may = staticmethod(permissions.can_submit)
    service = staticmethod(services.submit)
    said = SubmitSerializer


@described("send_back", "Send a revision back to its authors, with a reason", SendBackSerializer)
class SendBackView(ActView):
    may = staticmethod(permissions.can_send_back)
    service = staticmethod(services.send_back)
    said = SendBackSerializer


@described("approve", "Approve a revision in review")
class ApproveView(ActView):
    may = staticmethod(permissions.can_approve)
    service = staticmethod(services.approve)


@described("publish", "Publish a revision that has its approvals", PublishSerializer)
class PublishView(ActView):
    may = staticmethod(permissions.can_publish)
    service = staticmethod(services.publish)
    said = PublishSerializer


@described("recall", "Take a publication back before it takes effect")
class RecallView(ActView):
    may = staticmethod(permissions.can_withdraw)
    service = staticmethod(services.take_back_publication)


@described("withdraw", "Withdraw what is published, with all older revisions of it", WithdrawSerializer)
class WithdrawView(ActView):
    may = staticmethod(permissions.can_withdraw)
    service = staticmethod(services.withdraw)
    said = WithdrawSerializer


@described("keep", "Take a withdrawal back before its day")
class KeepView(ActView):
    may = staticmethod(permissions.can_withdraw)
    service = staticmethod(services.take_back_withdrawal)
