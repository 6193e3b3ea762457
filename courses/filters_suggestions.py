"""What the list of suggestions can be asked for."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Edition, Module, Suggestion
from .selectors.words import said

OPEN = "open"
STATES = [(OPEN, _("Not answered yet")), *Suggestion.State.choices]


class SuggestionFilter(django_filters.FilterSet):
    """Unknown values are left out and said (`form.errors`)."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="with_state", empty_label=_("Any state")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Suggestion.Kind.choices, empty_label=_("Any kind")
    )
    module = django_filters.ChoiceFilter(
        label=_("Module"), field_name="revision__edition__module__key", empty_label=_("All modules")
    )
    edition = django_filters.ChoiceFilter(
        label=_("Edition"),
        choices=Edition.Kind.choices,
        field_name="revision__edition__kind",
        empty_label=_("All editions"),
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Suggestion]) -> None:
        super().__init__(data, queryset=queryset)
        language = get_language() or "en"
        spoken_of = Module.objects.filter(pk__in=queryset.order_by().values("revision__edition__module"))
        self.filters["module"].extra["choices"] = [
            (module.key, said(module.title, language).text) for module in spoken_of.order_by("key")
        ]

    def with_state(self, suggestions: QuerySet[Suggestion], _name: str, value: str) -> QuerySet[Suggestion]:
        if value == OPEN:
            return suggestions.filter(state__in=[Suggestion.State.NEW, Suggestion.State.TAKEN_UP])
        return suggestions.filter(state=value)

    def active(self) -> dict[str, str]:
        """The filters that are set to something known."""
        self.form.full_clean()
        return {name: str(value) for name, value in self.form.cleaned_data.items() if value}
