"""Courses and modules, read by anyone. What is not published is there for those who work on it, by its own address."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from ..filters import CatalogueFilter, FactFilter, ModuleFilter
from ..models import Course, Edition, FactStatement, Module
from ..selectors.catalogue import with_modules
from .serializers import CourseSerializer, FactSerializer, ModuleDetailSerializer, ModuleSerializer


class PublicViewSet(ReadOnlyModelViewSet):
    permission_classes = [AllowAny]
    filter_backends = [DjangoFilterBackend]  # orders too, and refuses an order that it does not know

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Filters narrow a list; what is asked for by its key is there or not."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset


@extend_schema_view(
    list=extend_schema(
        summary="The catalogue",
        description="Courses that take learners, with the filters of the catalogue page.",
    ),
    retrieve=extend_schema(summary="One course"),
)
class CourseViewSet(PublicViewSet):
    queryset = Course.objects.none()
    serializer_class = CourseSerializer
    filterset_class = CatalogueFilter
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Course]:
        if self.action == "list":
            return with_modules(Course.objects.taking_learners())
        return with_modules(Course.objects.visible_to(self.request.user))


@extend_schema_view(
    list=extend_schema(summary="Modules", description="Modules with a published core."),
    retrieve=extend_schema(
        summary="One module", description="With its published editions and the lessons of its core."
    ),
)
class ModuleViewSet(PublicViewSet):
    queryset = Module.objects.none()
    filterset_class = ModuleFilter
    lookup_field = "key"
    lookup_value_regex = "[^/]+"  # keys may have dots

    def get_serializer_class(self) -> type[ModuleSerializer]:
        return ModuleSerializer if self.action == "list" else ModuleDetailSerializer

    def get_queryset(self) -> QuerySet[Module]:
        modules = Module.objects.select_related("owner").prefetch_related("co_owners").order_by("key")
        if self.action == "list":
            return modules.published()
        published = Edition.objects.filter(current__isnull=False).select_related(
            "current", "upcoming", "owner"
        )
        return modules.visible_to(self.request.user).prefetch_related(
            Prefetch("editions", published, to_attr="published_editions")
        )


@extend_schema(
    summary="National facts of a module",
    description="What the published national layers state, each with its source and its newest check.",
)
class FactList(ListAPIView):
    queryset = FactStatement.objects.none()
    permission_classes = [AllowAny]
    serializer_class = FactSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = FactFilter

    def get_queryset(self) -> QuerySet[FactStatement]:
        module = get_object_or_404(Module.objects.visible_to(self.request.user), key=self.kwargs["key"])
        layers = Edition.objects.filter(module=module, kind=Edition.Kind.LAYER)
        return (
            FactStatement.objects.filter(revision__in=layers.values("current"))
            .select_related("fact__checked_by")
            .order_by("fact__country", "position", "pk")
        )
