"""What certificates can be asked for: the same for the register and the API, so an address means the same."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from courses.models import Course
from courses.selectors.words import said
from lms.lib.ordering import stable

from .models import Certificate
from .selectors import ShownState, in_state
from .selectors.register import asked_for

ORDERINGS = [
    ("-issued_at", _("Newest first")),
    ("issued_at", _("Oldest first")),
    ("valid_until", _("Ending first")),
]


def course_options() -> list[tuple[str, str]]:
    """The courses that have certificates."""
    language = get_language() or "en"
    certified = Course.objects.filter(certificate_definitions__isnull=False).distinct()
    return [(course.slug, said(course.title, language).text) for course in certified.defer("search")]


class CertificateFilter(django_filters.FilterSet):
    """Where something unknown is asked for, the API refuses; the page leaves it out and says so (`form.errors`)."""

    q = django_filters.CharFilter(
        label=_("Serial number, code or name"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ShownState.choices, method="with_state", empty_label=_("Any state")
    )
    course = django_filters.ChoiceFilter(
        label=_("Course"),
        choices=course_options,
        method="with_course",
        empty_label=_("All courses"),
    )
    job = django_filters.NumberFilter(
        label=_("Bulk issue"), field_name="job", min_value=1, widget=forms.HiddenInput
    )
    ordering = django_filters.ChoiceFilter(
        label=_("Order"), choices=ORDERINGS, method="ordered", empty_label=None, required=False
    )

    class Meta:
        model = Certificate
        fields: list[str] = []

    def search(self, certificates: QuerySet[Certificate], _name: str, value: str) -> QuerySet[Certificate]:
        return certificates.filter(asked_for(value))

    def with_state(
        self, certificates: QuerySet[Certificate], _name: str, value: str
    ) -> QuerySet[Certificate]:
        return certificates.filter(in_state(value, at=timezone.now()))

    @extend_schema_field({"type": "string", "description": "A course, by slug."})
    def with_course(
        self, certificates: QuerySet[Certificate], _name: str, value: str
    ) -> QuerySet[Certificate]:
        return certificates.filter(enrollment__course__slug=value)

    def ordered(self, certificates: QuerySet[Certificate], _name: str, value: str) -> QuerySet[Certificate]:
        return certificates.order_by(*stable([value]))
