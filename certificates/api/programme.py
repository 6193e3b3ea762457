"""The whole programme over the API, as one zip."""

from typing import Any, cast

from django.http import FileResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses import permissions
from courses.bundle import BundleRefused, packed
from courses.forms import ProgrammeImportForm
from lms.accounts.signed_in import me
from lms.lib.negotiation import AnyAccepted
from lms.lib.parsers import SafeMultiPartParser
from lms.lib.problems import problem

from .. import services
from ..programme_files import programme_files, read_programme_zip
from ..services import ProgrammeOutcome


class MayExchange(IsAuthenticated):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and permissions.can_exchange_programme(request.user)


CANNOT_BE_USED = OpenApiResponse(
    description="The files cannot be used; `problems` has each with file, line and message."
)


class ProgrammeImportSerializer(serializers.Serializer[Any]):
    bundle = serializers.FileField(help_text="One zip with modules/ and courses/.")
    check_only = serializers.BooleanField(
        required=False, default=False, help_text="Report what would happen, and change nothing."
    )


class ProgrammeProblemSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=["error", "warning"])
    file = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class ProgrammeEditionSerializer(serializers.Serializer[Any]):
    """What became of an edition: `core`, `translation` by language, `layer` by country."""

    module = serializers.CharField(source="edition.module.key")
    kind = serializers.CharField(source="edition.kind")
    language = serializers.CharField(source="edition.language")
    country = serializers.CharField(source="edition.country")
    change = serializers.ChoiceField(choices=["created", "updated", "unchanged"])


class ProgrammeCourseSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    done = serializers.ListField(child=serializers.CharField(), help_text="Empty where it is as it was.")


class ProgrammeOutcomeSerializer(serializers.Serializer[Any]):
    editions = ProgrammeEditionSerializer(many=True)
    courses = ProgrammeCourseSerializer(many=True)
    warnings = ProgrammeProblemSerializer(many=True)


def as_answer(outcome: ProgrammeOutcome) -> Any:
    return ProgrammeOutcomeSerializer(
        {
            "editions": [each for module in outcome.modules for each in module.editions],
            "courses": [{"slug": slug, "done": done} for slug, done in outcome.courses],
            "warnings": outcome.warnings,
        }
    ).data


class ProgrammeExportView(APIView):
    permission_classes = [MayExchange]
    content_negotiation_class = AnyAccepted

    @extend_schema(
        operation_id="programme_export",
        summary="Download the whole programme",
        responses={
            (200, "application/zip"): OpenApiResponse(
                OpenApiTypes.BINARY,
                description="Modules with all that is published of them, and the courses.",
            )
        },
    )
    def get(self, request: Request) -> FileResponse:
        return FileResponse(
            packed(programme_files()),
            as_attachment=True,
            filename="programme.zip",
            content_type="application/zip",
        )


class ProgrammeImportView(APIView):
    permission_classes = [MayExchange]
    parser_classes = [SafeMultiPartParser]

    @extend_schema(
        operation_id="programme_import",
        summary="Import a programme, or some of its modules and courses",
        request=ProgrammeImportSerializer,
        responses={200: ProgrammeOutcomeSerializer, 201: ProgrammeOutcomeSerializer, 422: CANNOT_BE_USED},
    )
    def post(self, request: Request) -> Response:
        """What is new or another becomes a draft, all of it or nothing; the same again changes nothing (200)."""
        form = ProgrammeImportForm(cast(QueryDict, request.data), request.FILES)
        if not form.is_valid():
            errors = {name: [str(each) for each in found] for name, found in form.errors.items()}
            return problem(422, "invalid", _("The file cannot be imported."), errors=errors)
        check_only = form.cleaned_data["check_only"]
        act = services.check_programme if check_only else services.import_programme
        try:
            found = read_programme_zip(form.cleaned_data["bundle"].file)
            outcome = act(found, by=me(request), at=timezone.now())
        except BundleRefused as refused:
            problems = ProgrammeProblemSerializer(list(refused.problems), many=True).data
            return problem(422, refused.code, str(refused.message), problems=problems)
        return Response(as_answer(outcome), status=201 if outcome.changed and not check_only else 200)
