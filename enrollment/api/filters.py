import django_filters
from django.db.models import QuerySet

from ..models import Enrollment


class EnrollmentFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__slug", help_text="The course's slug.")
    completed = django_filters.BooleanFilter(
        field_name="completed_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="Completed ones, or those that are not.",
    )
    open = django_filters.BooleanFilter(
        method="still_open", help_text="Neither left nor completed, or the others."
    )

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def still_open(self, enrollments: QuerySet[Enrollment], _name: str, value: bool) -> QuerySet[Enrollment]:
        wanted = {"withdrawn_at": None, "completed_at": None}
        return enrollments.filter(**wanted) if value else enrollments.exclude(**wanted)
