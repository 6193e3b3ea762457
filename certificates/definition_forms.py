"""What the certificate of a course is, as it is filled in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.bundle.lessons import TITLE_LENGTH
from courses.course_forms import Words
from courses.models import Course
from lms.accounts.models import Organisation

from .models import CertificateDefinition
from .services.defining import MOST_PARTNERS, MOST_SIGNATORIES

SIGNATORY = {
    "name": gettext_lazy("Name"),
    "title": gettext_lazy("Title or function"),
    "organisation": gettext_lazy("Organisation"),
}


class DefinitionForm(forms.Form):
    """Begins as the certificate is now. `definition` is what `define_certificate` takes."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does it say?"),
        choices=CertificateDefinition.Kind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("“Completed and passed” asks that every quiz is passed."),
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("When is it given?"),
        choices=CertificateDefinition.Policy.choices,
        widget=forms.RadioSelect,
        initial=CertificateDefinition.Policy.ADMINISTRATOR,
    )
    valid_months = forms.IntegerField(
        label=gettext_lazy("Valid for how many months?"),
        required=False,
        min_value=1,
        max_value=1_200,
        help_text=gettext_lazy("Leave it empty for a certificate without an end."),
    )

    def __init__(self, data: Any = None, *, course: Course) -> None:
        self.known = course.certificate_definitions.filter(active=True).first()
        super().__init__(data, initial=initial_of(self.known) if self.known else None)
        self.partners = {partner.slug: partner for partner in Organisation.objects.partners()}
        for at in range(MOST_PARTNERS):
            self.fields[f"partner_{at}"] = self.partner_field(at)
        for at in range(MOST_SIGNATORIES):
            for name, label in SIGNATORY.items():
                spoken = _("Signatory %(number)s: %(what)s") % {"number": at + 1, "what": label}
                self.fields[f"signatory_{at}_{name}"] = Words(
                    label=spoken, required=False, max_length=TITLE_LENGTH
                )

    def partner_field(self, at: int) -> forms.ChoiceField:
        label = _("Issued by") if at == 0 else _("Partner beside it, %(number)s") % {"number": at}
        choices = [("", _("Nobody")), *((slug, each.short_name) for slug, each in self.partners.items())]
        return forms.ChoiceField(label=label, choices=choices if at else choices[1:], required=at == 0)

    @property
    def definition(self) -> dict[str, Any]:
        said = self.cleaned_data
        slugs = [said[f"partner_{at}"] for at in range(MOST_PARTNERS)]
        rows = [
            {name: said[f"signatory_{at}_{name}"] for name in SIGNATORY} for at in range(MOST_SIGNATORIES)
        ]
        return {
            **{name: said[name] for name in ("kind", "policy", "valid_months")},
            "partners": [self.partners[slug] for slug in slugs if slug],
            "signatories": [row for row in rows if any(row.values())],
            # Where the certificate says others than the course, a file has said so, and they stay.
            "outcomes": self.known.outcomes if self.known else [],
        }

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for at in range(MOST_SIGNATORIES):
            row = {name: said.get(f"signatory_{at}_{name}", "") for name in SIGNATORY}
            for name in SIGNATORY:
                if any(row.values()) and not row[name] and f"signatory_{at}_{name}" not in self.errors:
                    self.add_error(f"signatory_{at}_{name}", _("A signatory has all three."))
        return said


def initial_of(definition: CertificateDefinition) -> dict[str, Any]:
    slugs = definition.definitionpartner_set.values_list("organisation__slug", flat=True)
    return {
        "kind": definition.kind,
        "policy": definition.policy,
        "valid_months": definition.valid_months,
        **{f"partner_{at}": slug for at, slug in enumerate(slugs)},
        **{
            f"signatory_{at}_{name}": text
            for at, signatory in enumerate(definition.signatories)
            for name, text in signatory.items()
        },
    }
