from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.lib.fields import DayField
from lms.lib.names import NAME_LIMIT, UnprintableName, check_name
from lms.lib.places import country_choices

from .acts import any_in_words
from .models import Organisation, Role, User, normalise_email
from .vocabulary import OCCUPATIONS, SECTORS

NOT_SAID = ("", _("I would rather not say"))


class FullNameField(forms.CharField):
    """A name as it will be printed: tidied, and refused with the letters that cannot be."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Full name"))
        # Longer than a name may be: invisible characters are taken out before it is measured.
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(max_length=NAME_LIMIT * 2, widget=widget, **options)

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        try:
            return check_name(name) if name else name
        except UnprintableName as error:
            raise ValidationError(str(error.message), code=error.code) from error


class SignupForm(forms.Form):
    """What sign-up asks beyond address and password."""

    field_order = ["full_name", "email", "password1"]

    full_name = FullNameField(help_text=_("As it should appear on a certificate. You can still change it."))

    def signup(self, request: HttpRequest, user: User) -> None:
        user.full_name = self.cleaned_data["full_name"]
        language = translation.get_language() or settings.LANGUAGE_CODE
        user.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        user.save(update_fields=["full_name", "language"])


class NameForm(forms.Form):
    full_name = FullNameField(help_text=_("First name and family name, as in your passport if you like."))


def sorted_choices(words: Mapping[str, str | Promise]) -> list[tuple[str, str]]:
    """By the reader's language, and "other" last."""
    choices = [(code, str(word)) for code, word in words.items()]
    return sorted(choices, key=lambda choice: (choice[0] in ("other", "XX"), choice[1].casefold()))


def countries() -> list[tuple[str, str]]:
    return sorted_choices(dict(country_choices()))


class ProfileForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For the pages and for e-mail. You choose the language of a course in the course."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=lambda: [NOT_SAID, *countries()],
        help_text=_("It decides which national part of a course you see first."),
    )
    sector = forms.ChoiceField(
        label=_("Where you work"), required=False, choices=lambda: [NOT_SAID, *sorted_choices(SECTORS)]
    )
    occupation = forms.ChoiceField(
        label=_("What you work with"),
        required=False,
        choices=lambda: [NOT_SAID, *sorted_choices(OCCUPATIONS)],
        help_text=_(
            "This and where you work are only ever shown as totals, to those who fund the programme."
        ),
    )


class OrganisationForm(forms.ModelForm):
    """An organisation; its names in other languages are one field each."""

    country = forms.ChoiceField(label=_("Country"), choices=countries)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = [
            "name",
            "short_name",
            "letters",
            "kind",
            "country",
            "website",
            "contact_email",
            "privacy_email",
            "colour",
        ]
        labels = {
            "name": _("Name"),
            "short_name": _("Short name"),
            "letters": _("Letters of the mark"),
            "kind": _("Kind"),
            "contact_email": _("Contact address"),
            "privacy_email": _("Data protection address"),
            "colour": _("Colour of the mark"),
        }
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": language},
                max_length=160,
                required=False,
                initial=self.instance.names.get(code, ""),
            )

    def clean_colour(self) -> str:
        colour: str = self.cleaned_data["colour"]
        return colour.lower()

    def values(self) -> dict[str, Any]:
        """What the services take."""
        named = {code: self.cleaned_data[f"name_{code}"] for code, _language in settings.LANGUAGES}
        names = {code: name for code, name in named.items() if name}
        return {**{field: self.cleaned_data[field] for field in self.Meta.fields}, "names": names}


class PersonByEmailField(forms.EmailField):
    """The address of somebody who has an account here."""

    def clean(self, value: Any) -> User:
        email = super().clean(value)
        user = User.objects.filter(email=normalise_email(email)).first()
        if user is None:
            raise ValidationError(
                _("Nobody with this address has an account. The person has to create one first.")
            )
        return user


class RoleForm(forms.Form):
    person = PersonByEmailField(
        label=_("E-mail address of the person"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


class AuditForm(forms.Form):
    """What the audit trail is searched by. Nonsense is said, and nothing is found."""

    act = forms.ChoiceField(label=_("Act"), required=False)
    thing = forms.CharField(
        label=_("Object"),
        required=False,
        max_length=120,
        help_text=_("Its beginning is enough: courses.revision"),
    )
    person = forms.EmailField(label=_("Done by (e-mail address)"), required=False)
    first_day = DayField(label=_("From"), required=False)
    last_day = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, acts: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = ((act, any_in_words(act)) for act in acts)
        self.fields["act"].choices = [("", _("Every act")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return cleaned
