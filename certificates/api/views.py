"""Certificates over the API: the same acts as the pages, through the same services."""

from typing import cast

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.lib.negotiation import AnyAccepted
from lms.records.models import Job

from .. import permissions, selectors, services
from ..downloads import pdf_response
from ..filters import CertificateFilter
from ..models import Certificate
from ..selectors.issuing import line_of, uncertified
from ..throttles import VerifyThrottle
from .serializers import (
    CertificateSerializer,
    IssueManySerializer,
    IssueSerializer,
    IssuingJobSerializer,
    IssuingLineSerializer,
    RevokeSerializer,
    VerificationSerializer,
    VisibilitySerializer,
)

PUBLIC_ID = "[^/]+"
CODE = OpenApiParameter("public_id", str, OpenApiParameter.PATH, description="The code of 26 characters.")


class IsAdministrator(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return permissions.can_administer(request.user)


def me(request: Request) -> User:
    return cast(User, request.user)


@extend_schema_view(
    list=extend_schema(
        summary="Certificates",
        description="One's own; for administrators all of them, with the filters of the register.",
    ),
    retrieve=extend_schema(summary="One certificate", parameters=[CODE]),
)
class CertificateViewSet(ReadOnlyModelViewSet):
    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = CertificateFilter
    lookup_field = "public_id"
    lookup_value_regex = PUBLIC_ID

    def get_queryset(self) -> QuerySet[Certificate]:
        return selectors.register(me(self.request), at=timezone.now())

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Filters narrow a list; what is asked for by its code is there or not."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_permissions(self) -> list[BasePermission]:
        for_administrators = {"create", "bulk", "due", "revoke", "correct"}
        return [IsAuthenticated(), *([IsAdministrator()] if self.action in for_administrators else [])]

    @extend_schema(
        summary="Issue a certificate",
        description="Asking again answers with the same certificate (200). The file follows within seconds.",
        request=IssueSerializer,
        responses={
            201: CertificateSerializer,
            200: CertificateSerializer,
            409: OpenApiResponse(description="Not due; why."),
        },
    )
    def create(self, request: Request) -> Response:
        form = IssueSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()
        certificate = services.issue(form.validated_data["enrollment"], by=me(request), at=now)
        return self.answer(certificate, status=201 if certificate.reserved_at == now else 200)

    @extend_schema(
        summary="Issue many certificates",
        description="Starts a job. Each enrolment is judged when its turn comes; refusals are in the job.",
        request=IssueManySerializer,
        responses={202: IssuingJobSerializer},
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        form = IssueManySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        job = services.start_issuing(form.validated_data["enrollments"], by=me(request), at=timezone.now())
        return job_answer(job, status=202)

    @extend_schema(
        summary="Completed without a certificate",
        description="With what stands against a certificate; no reasons where it is due.",
        filters=False,
        parameters=[OpenApiParameter(name) for name in ("q", "course", "organisation")],
        responses=IssuingLineSerializer(many=True),
    )
    @action(detail=False, filterset_class=None)
    def due(self, request: Request) -> Response:
        now = timezone.now()
        asked = {name: request.query_params.get(name, "")[:100] for name in ("q", "course", "organisation")}
        waiting = uncertified(at=now, **asked).select_related("learner", "course")
        rows: list[Enrollment] = self.paginate_queryset(waiting.order_by("-completed_at", "-pk")) or []
        lines = [line_of(case, at=now) for case in selectors.load_cases(rows)]
        return self.get_paginated_response(IssuingLineSerializer(lines, many=True).data)

    @extend_schema(
        summary="Show or hide on the public page",
        description="For the holder alone.",
        parameters=[CODE],
        request=VisibilitySerializer,
        responses=CertificateSerializer,
    )
    def partial_update(self, request: Request, public_id: str) -> Response:
        certificate = self.get_object()
        if not permissions.holds(request.user, certificate):
            raise PermissionDenied
        form = VisibilitySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        shown = {name: getattr(certificate, name) for name in ("name_hidden", "page_hidden")}
        wanted = {**shown, **form.validated_data}
        return self.answer(services.set_visibility(certificate, **wanted, by=me(request), at=timezone.now()))

    @extend_schema(
        summary="Revoke a certificate",
        description="Final. A second time changes nothing.",
        parameters=[CODE],
        request=RevokeSerializer,
        responses={200: CertificateSerializer, 409: OpenApiResponse(description="Not in force.")},
    )
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, public_id: str) -> Response:
        form = RevokeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        revoked = services.revoke(self.get_object(), **form.validated_data, by=me(request), at=timezone.now())
        return self.answer(revoked)

    @extend_schema(
        summary="Issue a corrected certificate",
        description="In place of a revoked one, from today's data. Asking again answers with the same (200).",
        parameters=[CODE],
        request=None,
        responses={
            201: CertificateSerializer,
            200: CertificateSerializer,
            409: OpenApiResponse(
                description="Not revoked, replaced already, or something else stands against it."
            ),
        },
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, public_id: str) -> Response:
        now = timezone.now()
        corrected = services.correct(self.get_object(), by=me(request), at=now)
        return self.answer(corrected, status=201 if corrected.reserved_at == now else 200)

    @extend_schema(
        summary="The file",
        parameters=[CODE],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(detail=True, content_negotiation_class=AnyAccepted)
    def pdf(self, request: Request, public_id: str) -> HttpResponseBase:
        certificate = self.get_object()
        if not permissions.can_download(request.user, certificate):
            raise Http404
        return pdf_response(certificate)

    def answer(self, certificate: Certificate, status: int = 200) -> Response:
        fresh = self.get_queryset().get(pk=certificate.pk)
        return Response(self.get_serializer(fresh).data, status=status)


# --- Bulk issues ------------------------------------------------------------------------------------------------------


def job_answer(job: Job, status: int = 200) -> Response:
    return Response(IssuingJobSerializer(selectors.issuing_job(job, at=timezone.now())).data, status=status)


class IssuingJobViewSet(GenericViewSet):
    """Bulk issues, for administrators."""

    queryset = selectors.issuing_jobs()
    permission_classes = [IsAuthenticated, IsAdministrator]
    serializer_class = IssuingJobSerializer
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(summary="How far a bulk issue is")
    def retrieve(self, request: Request, pk: str) -> Response:
        return job_answer(self.job(pk))

    @extend_schema(summary="Try again what has failed", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        services.retry_job(job := self.job(pk), by=me(request), at=timezone.now())
        return job_answer(job)

    @extend_schema(summary="Cancel what has not begun", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        services.cancel_job(job := self.job(pk), by=me(request), at=timezone.now())
        return job_answer(job)

    def job(self, pk: str) -> Job:
        return get_object_or_404(selectors.issuing_jobs(), pk=int(pk))


# --- Verifying --------------------------------------------------------------------------------------------------------


class VerifyView(APIView):
    """Open to anyone, with a rate limit shared with the pages."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]

    @extend_schema(
        summary="Verify a certificate",
        description="Unknown, hidden and malformed codes answer alike: 404.",
        parameters=[CODE],
        responses={
            200: VerificationSerializer,
            429: OpenApiResponse(description="Wait as long as `Retry-After` says."),
        },
    )
    def get(self, request: Request, public_id: str) -> Response:
        found = selectors.verification(public_id, timezone.now())
        if found is None:
            raise Http404
        answer = Response(VerificationSerializer(found).data)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Cache-Control"] = "no-store"
        return answer
