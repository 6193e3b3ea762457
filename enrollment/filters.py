"""What the list of an organisation's learners can be asked for. Everything stands in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.selectors.words import said
from lms.accounts.models import Organisation
from lms.lib.search import containing_words

from .models import Assignment
from .selectors.people import State, courses_followed

LONGEST_QUERY = 100
SHARE_DONE = Coalesce(
    F("enrollment__lessons_done") * 100 / NullIf(F("enrollment__lessons_required"), Value(0)), Value(0)
)
# Allow-listed: an order by anything else would answer questions about fields nobody may see.
ORDERINGS = {
    "name": (F("sort_name").asc(),),
    "due": (F("due_on").asc(nulls_last=True), F("sort_name").asc()),
    "progress": (SHARE_DONE.asc(), F("sort_name").asc()),
    "active": (F("enrollment__last_active_at").desc(nulls_last=True), F("sort_name").asc()),
}
ORDERING_CHOICES = [
    ("name", _("Name")),
    ("due", _("Due first")),
    ("progress", _("Least progress first")),
    ("active", _("Last active first")),
]


class FollowedFilter(django_filters.FilterSet):
    """Over `selectors.people.followed`. What is unknown is left out of the result and named in `form.errors`."""

    q = django_filters.CharFilter(
        label=_("Name or e-mail address"),
        method="search",
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    course = django_filters.ChoiceFilter(
        label=_("Course"), field_name="enrollment__course__slug", empty_label=_("All courses")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("Any state"))
    ordering = django_filters.ChoiceFilter(
        label=_("Order"), choices=ORDERING_CHOICES, method="ordered", empty_label=None, required=False
    )

    class Meta:
        model = Assignment
        fields: list[str] = []

    def __init__(self, data: Any, *, organisation: Organisation, queryset: QuerySet[Assignment]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["course"].extra["choices"] = [
            (course.slug, said(course.title, get_language() or "en").text)
            for course in courses_followed(organisation, on=timezone.localdate())
        ]

    def filter_queryset(self, queryset: QuerySet[Assignment]) -> QuerySet[Assignment]:
        return super().filter_queryset(in_order(queryset, "name"))

    def search(self, people: QuerySet[Assignment], _name: str, value: str) -> QuerySet[Assignment]:
        return people.filter(
            containing_words(value, "enrollment__learner__full_name", "enrollment__learner__email")
        )

    def ordered(self, people: QuerySet[Assignment], _name: str, value: str) -> QuerySet[Assignment]:
        return in_order(people, value)


def in_order(people: QuerySet[Assignment], ordering: str) -> QuerySet[Assignment]:
    return people.order_by(*ORDERINGS[ordering], "pk")
