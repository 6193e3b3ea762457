"""Courses and modules as the API shows them: published texts by language, codes instead of labels."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lms.accounts.models import Organisation
from lms.lib.site import absolute_url

from ..models import Course, CourseItem, Edition, Fact, FactStatement, Module
from ..selectors.catalogue import countries_of, languages_of


class Texts(serializers.DictField):
    """A text by language code."""

    child = serializers.CharField()


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    country = serializers.CharField()

    class Meta:
        model = Organisation
        fields = ["slug", "name", "short_name", "country"]


class CoverageSerializer(serializers.Serializer[Any]):
    """A language or country, and for how many of the course's modules it is published."""

    code = serializers.CharField()
    modules = serializers.IntegerField()
    of = serializers.IntegerField()


class CourseModuleSerializer(serializers.ModelSerializer[CourseItem]):
    key = serializers.CharField(source="module.key")
    title = Texts(source="module.title")
    subject = serializers.ChoiceField(source="module.subject", choices=Module.Subject.choices)
    hours = serializers.DecimalField(source="module.hours", max_digits=5, decimal_places=2)
    owner = OrganisationSerializer(source="module.owner")
    lesson_keys = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="The lessons that the course asks for; null: all of them.",
    )

    class Meta:
        model = CourseItem
        fields = ["key", "title", "subject", "hours", "owner", "lesson_keys"]


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course with its modules. Languages and countries say where only a part is covered."""

    url = serializers.SerializerMethodField(help_text="The course's page.")
    owner = OrganisationSerializer()
    title = Texts()
    summary = Texts()
    audience = Texts()
    outcomes = serializers.ListField(child=Texts())
    modules = CourseModuleSerializer(source="items", many=True)
    languages = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()

    class Meta:
        model = Course
        fields = [
            "slug",
            "url",
            "status",
            "owner",
            "title",
            "summary",
            "audience",
            "outcomes",
            "hours",
            "languages",
            "countries",
            "modules",
            "published_at",
        ]

    def get_url(self, course: Course) -> str:
        return absolute_url(reverse("course", args=[course.slug]))

    @extend_schema_field(CoverageSerializer(many=True))
    def get_languages(self, course: Course) -> Any:
        covered = languages_of([item.module for item in course.items.all()])
        return CoverageSerializer(covered, many=True).data

    @extend_schema_field(CoverageSerializer(many=True))
    def get_countries(self, course: Course) -> Any:
        covered = countries_of([item.module for item in course.items.all()])
        return CoverageSerializer(covered, many=True).data


class ModuleSerializer(serializers.ModelSerializer[Module]):
    owner = OrganisationSerializer()
    co_owners = OrganisationSerializer(many=True)
    source_language = serializers.CharField()
    title = Texts()
    summary = Texts()
    languages = serializers.ListField(child=serializers.CharField(), help_text="Readable in.")
    countries = serializers.ListField(child=serializers.CharField(), help_text="With a published layer.")

    class Meta:
        model = Module
        fields = [
            "key",
            "owner",
            "co_owners",
            "subject",
            "source_language",
            "title",
            "summary",
            "hours",
            "languages",
            "countries",
        ]


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """A published edition: the core, a translation or a national layer."""

    language = serializers.CharField(help_text="Of a translation; else empty.")
    country = serializers.CharField(help_text="Of a national layer; else empty.")
    owner = OrganisationSerializer()
    number = serializers.IntegerField(source="current.number")
    content_hash = serializers.CharField(source="current.content_hash")
    published_at = serializers.DateTimeField(source="current.published_at")
    effective_on = serializers.DateField(source="current.effective_on", allow_null=True)
    withdraw_on = serializers.DateField(
        source="current.withdraw_on", allow_null=True, help_text="The day on which it will be withdrawn."
    )
    newer_on = serializers.DateField(
        source="upcoming.effective_on",
        allow_null=True,
        default=None,
        help_text="The day on which a newer revision takes effect.",
    )

    class Meta:
        model = Edition
        fields = [
            "kind",
            "language",
            "country",
            "owner",
            "number",
            "content_hash",
            "published_at",
            "effective_on",
            "withdraw_on",
            "newer_on",
        ]


class OutlineSerializer(serializers.Serializer[Any]):
    """A lesson of the published core, in the module's source language."""

    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    minutes = serializers.IntegerField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    questions = serializers.IntegerField(allow_null=True)


class ModuleDetailSerializer(ModuleSerializer):
    editions = EditionSerializer(source="published_editions", many=True)
    lessons = serializers.SerializerMethodField()
    fact_keys = serializers.ListField(
        child=serializers.CharField(), help_text="What every national layer should answer."
    )

    class Meta(ModuleSerializer.Meta):
        fields = [*ModuleSerializer.Meta.fields, "editions", "lessons", "fact_keys"]

    @extend_schema_field(OutlineSerializer(many=True))
    def get_lessons(self, module: Any) -> Any:
        cores = [edition for edition in module.published_editions if edition.kind == Edition.Kind.CORE]
        outline = cores[0].current.outline if cores else []
        return OutlineSerializer(outline, many=True).data


class NativeTermSerializer(serializers.Serializer[Any]):
    lang = serializers.CharField()
    text = serializers.CharField()


class FactSerializer(serializers.ModelSerializer[FactStatement]):
    """A national fact as its layer states it, with the newest check of it."""

    key = serializers.CharField(source="fact.key")
    country = serializers.CharField(source="fact.country")
    statement = Texts(source="texts")
    native_terms = NativeTermSerializer(many=True)
    source_is_page = serializers.SerializerMethodField(
        help_text="False where only the site is named, not the page on it."
    )
    status = serializers.ChoiceField(source="fact.status", choices=Fact.Status.choices)
    checked_on = serializers.DateField(source="fact.checked_on", allow_null=True)
    checked_by = serializers.CharField(source="fact.checked_by.slug", allow_null=True, default=None)
    review_due_on = serializers.DateField(source="fact.review_due_on", allow_null=True)
    is_overdue = serializers.SerializerMethodField()

    class Meta:
        model = FactStatement
        fields = [
            "key",
            "country",
            "statement",
            "native_terms",
            "legal_ref",
            "source_url",
            "source_is_page",
            "status",
            "checked_on",
            "checked_by",
            "review_due_on",
            "is_overdue",
        ]

    def get_source_is_page(self, statement: FactStatement) -> bool:
        parts = urlsplit(statement.source_url)
        return bool(parts.path.strip("/") or parts.query)

    def get_is_overdue(self, statement: FactStatement) -> bool:
        return statement.fact.is_overdue(on=timezone.localdate())
