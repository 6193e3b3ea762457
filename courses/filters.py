"""What the catalogue can be asked for. The same filters serve the page and the API, so an address means the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from lms.lib.ordering import last
from lms.lib.places import CONTENT_LANGUAGES, LANDS, country_choices, country_name

from .models import Course, CourseItem, Edition, Fact, FactStatement, Module
from .permissions import Hats
from .search import LONGEST_QUERY, search_words
from .selectors import current_programme
from .selectors.studio.facts import due, in_order, modules_with_facts, registered
from .selectors.words import language_here, said

HOURS = {
    "short": Q(hours__lte=2),
    "half-day": Q(hours__gt=2, hours__lte=4),
    "day": Q(hours__gt=4),
}
HOURS_CHOICES = [
    ("short", _("Up to 2 hours")),
    ("half-day", _("2 to 4 hours")),
    ("day", _("More than 4 hours")),
]
ORDERINGS = [
    ("-published_at", _("Newest first")),
    ("hours", _("Shortest first")),
    ("-hours", _("Longest first")),
]

COUNTRY_PARAMETER = {
    "type": "string",
    "enum": list(LANDS),
    "description": "With a published layer for this country, of one module at least.",
}
LANGUAGE_PARAMETER = {
    "type": "string",
    "enum": list(CONTENT_LANGUAGES),
    "description": "Readable in this language, one module at least.",
}
PARTNER_PARAMETER = {"type": "string", "description": "A partner of the programme, by slug."}

Choices = list[tuple[str, Any]]


def country_options() -> Choices:
    """The programme's countries; before it is set up, every country we know."""
    codes: Iterable[str] = current_programme().countries or LANDS
    return sorted(((code, country_name(code)) for code in codes), key=lambda option: option[1])


def language_options() -> Choices:
    return [(code, capfirst(language_here(code))) for code in CONTENT_LANGUAGES]


def partner_options() -> Choices:
    return [(partner["slug"], partner["short_name"]) for partner in current_programme().partners]


def covers_country(code: str) -> Q:
    """Editions that make a module count as adapted to a country."""
    return Q(kind=Edition.Kind.LAYER, country=code, current__isnull=False)


def reads_in(code: str) -> Q:
    """Editions that make a module count as readable in a language: the core itself, or a translation."""
    core = Q(kind=Edition.Kind.CORE, module__source_language=code)
    return Q(current__isnull=False) & (core | Q(kind=Edition.Kind.TRANSLATION, language=code))


def course_has(**lookups: Any) -> Exists:
    """Courses with at least one such module: a card says where a course is covered only in part."""
    return Exists(CourseItem.objects.filter(course=OuterRef("pk"), **lookups))


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the query of the same page without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Order:
    """A way to order what was found, and the query that does."""

    label: str
    query: str
    is_current: bool


class CatalogueFilter(django_filters.FilterSet):
    """Where something unknown is asked for, the API refuses; the page leaves it out and says so (`form.errors`)."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    subject = django_filters.ChoiceFilter(
        label=_("Subject"),
        choices=Module.Subject.choices,
        method="with_subject",
        empty_label=_("All subjects"),
    )
    country = django_filters.ChoiceFilter(
        label=_("Adapted to"), choices=country_options, method="with_country", empty_label=_("All countries")
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_options, method="with_language", empty_label=_("All languages")
    )
    partner = django_filters.ChoiceFilter(
        label=_("Partner"), choices=partner_options, method="with_partner", empty_label=_("All partners")
    )
    hours = django_filters.ChoiceFilter(
        label=_("Length"), choices=HOURS_CHOICES, method="with_hours", empty_label=_("Any length")
    )
    ordering = django_filters.ChoiceFilter(
        label=_("Order"), choices=ORDERINGS, method="ordered", widget=forms.HiddenInput
    )

    class Meta:
        model = Course
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Course]) -> QuerySet[Course]:
        return super().filter_queryset(self.ordered(queryset, "ordering", ORDERINGS[0][0]))

    def search(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        for word in search_words(value):
            courses = courses.filter(search__contains=word)
        return courses

    def with_subject(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        return courses.filter(course_has(module__subject=value))

    @extend_schema_field(COUNTRY_PARAMETER)
    def with_country(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        adapted = Edition.objects.filter(covers_country(value))
        return courses.filter(course_has(module__in=adapted.values("module")))

    @extend_schema_field(LANGUAGE_PARAMETER)
    def with_language(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        readable = Edition.objects.filter(reads_in(value))
        return courses.filter(course_has(module__in=readable.values("module")))

    @extend_schema_field(PARTNER_PARAMETER)
    def with_partner(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        """Courses that a partner owns, or that hold a module of theirs."""
        return courses.filter(Q(owner__slug=value) | course_has(module__owner__slug=value))

    def with_hours(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        return courses.filter(HOURS[value])

    def ordered(self, courses: QuerySet[Course], _name: str, value: str) -> QuerySet[Course]:
        return courses.order_by(last(value), "slug")

    def active(self) -> dict[str, str]:
        """The filters that are set to something known, as the address has them."""
        self.form.full_clean()
        return {name: str(value) for name, value in self.form.cleaned_data.items() if value}

    def query(self) -> str:
        """The shortest query that shows the same, to be shared."""
        return urlencode(self.active())

    def chips(self) -> list[Chip]:
        """What is set, each with the way to unset it. The order is no filter."""
        active = self.active()
        return [
            Chip(
                label=str(self.form.fields[name].label),
                value=self.shown(name, value),
                without=urlencode({other: kept for other, kept in active.items() if other != name}),
            )
            for name, value in active.items()
            if name != "ordering"
        ]

    def orders(self) -> list[Order]:
        """The orders on offer; the first holds where none is asked for and is left out of the address."""
        active = self.active()
        current = active.pop("ordering", ORDERINGS[0][0])
        asked = [{} if each == ORDERINGS[0] else {"ordering": each[0]} for each in ORDERINGS]
        return [
            Order(str(label), urlencode({**active, **more}), is_current=value == current)
            for (value, label), more in zip(ORDERINGS, asked, strict=True)
        ]

    def shown(self, name: str, value: str) -> str:
        return str(dict(getattr(self.form.fields[name], "choices", ())).get(value, value))


class ModuleFilter(django_filters.FilterSet):
    subject = django_filters.ChoiceFilter(label=_("Subject"), choices=Module.Subject.choices)
    country = django_filters.ChoiceFilter(
        label=_("Adapted to"), choices=country_options, method="with_country"
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_options, method="with_language"
    )
    owner = django_filters.ChoiceFilter(label=_("Partner"), choices=partner_options, method="with_owner")
    ordering = django_filters.ChoiceFilter(
        label=_("Order"), choices=[("key", "key"), ("hours", "hours"), ("-hours", "-hours")], method="ordered"
    )

    class Meta:
        model = Module
        fields: list[str] = []

    @extend_schema_field(COUNTRY_PARAMETER)
    def with_country(self, modules: QuerySet[Module], _name: str, value: str) -> QuerySet[Module]:
        return modules.filter(pk__in=Edition.objects.filter(covers_country(value)).values("module"))

    @extend_schema_field(LANGUAGE_PARAMETER)
    def with_language(self, modules: QuerySet[Module], _name: str, value: str) -> QuerySet[Module]:
        return modules.filter(pk__in=Edition.objects.filter(reads_in(value)).values("module"))

    @extend_schema_field(PARTNER_PARAMETER)
    def with_owner(self, modules: QuerySet[Module], _name: str, value: str) -> QuerySet[Module]:
        return modules.filter(owner__slug=value)

    def ordered(self, modules: QuerySet[Module], _name: str, value: str) -> QuerySet[Module]:
        return modules.order_by(value, "key")


class FactFilter(django_filters.FilterSet):
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=country_choices, field_name="fact__country"
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Fact.Status.choices, field_name="fact__status"
    )

    class Meta:
        model = FactStatement
        fields: list[str] = []


DUE_CHOICES = [
    ("overdue", _("Overdue")),
    ("soon", _("Within thirty days")),
    ("later", _("Later")),
    ("never", _("No day set")),
]


class RegisterFilter(django_filters.FilterSet):
    """Of the register of facts, by what holds today. Unknown values are left out and said (`form.errors`)."""

    source = django_filters.CharFilter(
        label=_("Source contains"),
        field_name="source_url",
        lookup_expr="icontains",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"),
        choices=country_choices,
        field_name="fact__country",
        empty_label=_("All countries"),
    )
    module = django_filters.ChoiceFilter(
        label=_("Module"), field_name="fact__module__key", empty_label=_("All modules")
    )
    owner = django_filters.ChoiceFilter(
        label=_("Owner"),
        choices=partner_options,
        field_name="revision__edition__owner__slug",
        empty_label=_("All partners"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=Fact.Status.choices,
        field_name="status_now",
        empty_label=_("Any status"),
    )
    due = django_filters.ChoiceFilter(
        label=_("To be checked"), choices=DUE_CHOICES, method="with_due", empty_label=_("Any time")
    )

    class Meta:
        model = FactStatement
        fields: list[str] = []

    def __init__(self, data: Any, *, who: Hats, on: date) -> None:
        super().__init__(data, queryset=registered(who))
        self.on = on
        language = get_language() or "en"
        self.filters["module"].extra["choices"] = sorted(
            ((module.key, said(module.title, language).text) for module in modules_with_facts(who)),
            key=lambda option: option[1],
        )

    def filter_queryset(self, queryset: QuerySet[FactStatement]) -> QuerySet[FactStatement]:
        return in_order(super().filter_queryset(queryset))

    def with_due(
        self, statements: QuerySet[FactStatement], _name: str, value: str
    ) -> QuerySet[FactStatement]:
        return statements.filter(due(value, on=self.on))

    def active(self) -> dict[str, str]:
        """The filters that are set to something known."""
        self.form.full_clean()
        return {name: str(value) for name, value in self.form.cleaned_data.items() if value}
