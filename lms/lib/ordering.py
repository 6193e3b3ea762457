"""Orders that pages can be cut from: every row has one place, also where a date is missing or two are the same."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView


def stable(terms: Iterable[str]) -> list[OrderBy]:
    """Terms as `order_by` takes them. What has no value comes last, up and down alike; ties go by the newest row.

    Left to itself SQLite puts what has no value first where PostgreSQL puts it last.
    """
    return [*(last(term) for term in terms), F("pk").desc()]


def last(term: str) -> OrderBy:
    field = F(term.removeprefix("-"))
    return field.desc(nulls_last=True) if term.startswith("-") else field.asc(nulls_last=True)


class StableOrdering(OrderingFilter):
    """`?ordering=…` by the fields that a view allows; any other is an error."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        terms = self.get_ordering(request, queryset, view)
        return queryset.order_by(*stable(terms)) if terms else queryset

    def remove_invalid_fields(
        self, queryset: QuerySet[Any], fields: Iterable[str], view: APIView, request: Request
    ) -> list[str]:
        asked = list(fields)
        known = super().remove_invalid_fields(queryset, asked, view, request)
        unknown = [term for term in asked if term not in known]
        if unknown:
            message = forms.ChoiceField.default_error_messages["invalid_choice"]
            raise ValidationError({"ordering": [message % {"value": term} for term in unknown]})
        return known
