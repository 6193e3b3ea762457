from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.selectors.words import said
from lms.accounts.models import Organisation

from .models import Certificate
from .numbering import (
    PUBLIC_ID_LENGTH,
    bare_public_id,
    normalise_public_id,
    normalise_serial,
    serial_is_wellformed,
)
from .selectors.issuing import BLOCKED, DUE
from .services import REASONS

MOST_BYTES = 2_000_000
TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}

# --- Verifying --------------------------------------------------------------------------------------------------------


class CodeForm(forms.Form):
    """The code as it was typed, and whether it can be one: said at once, without asking the database."""

    code = forms.CharField(
        label=_("Code"),
        max_length=200,
        help_text=_(
            "26 letters and digits, below the square code. Spaces, hyphens and capitals do not matter."
        ),
        widget=forms.TextInput(attrs=TYPED),
    )

    def clean_code(self) -> str:
        # Whoever copies the address has the code too: it is the last part of it.
        typed = str(self.cleaned_data["code"]).rstrip("/").rpartition("/")[2]
        if public_id := normalise_public_id(typed):
            return public_id
        if serial_is_wellformed(normalise_serial(typed)):
            raise ValidationError(
                _("This is the serial number. It is asked for below, together with the surname.")
            )
        count = len(bare_public_id(typed))
        if count == PUBLIC_ID_LENGTH:
            raise ValidationError(
                _("There is a character in it that no code has. Please compare it with the certificate.")
            )
        counted = ngettext(
            "A code has 26 letters and digits; this has %(count)s.",
            "A code has 26 letters and digits; this has %(count)s.",
            count,
        )
        raise ValidationError(counted % {"count": count})


class SerialForm(forms.Form):
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=40,
        help_text=_("For example NLS-2026-000123-7."),
        widget=forms.TextInput(attrs=TYPED),
    )
    surname = forms.CharField(
        label=_("Surname"),
        max_length=120,
        help_text=_("The last word of the name on the certificate, or several."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_serial(self) -> str:
        serial = normalise_serial(self.cleaned_data["serial"])
        if not serial_is_wellformed(serial):
            raise ValidationError(
                _("This serial number is mistyped. Please compare it with the certificate.")
            )
        return serial


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("At most 2 MB. It is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise ValidationError(_("This file is larger than 2 MB. No certificate of ours is."))
        if file.read(5) != b"%PDF-":
            raise ValidationError(_("This is not a PDF file."))
        file.seek(0)
        return file


# --- The holder -------------------------------------------------------------------------------------------------------


class VisibilityForm(forms.Form):
    name_hidden = forms.BooleanField(label=_("Hide my name on the public page"), required=False)
    page_hidden = forms.BooleanField(label=_("Hide the whole public page"), required=False)


# --- The administrator ------------------------------------------------------------------------------------------------


class DueForm(forms.Form):
    """The filters of the list. Everything stands in the address."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    course = forms.ChoiceField(label=_("Course"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), (DUE, _("Due")), (BLOCKED, _("Not due, with reasons"))],
    )

    def __init__(
        self, data: Any, *, courses: Iterable[Course], organisations: Iterable[Organisation]
    ) -> None:
        super().__init__(data)
        language = get_language() or "en"
        titles = [(course.slug, said(course.title, language).text) for course in courses]
        names = [(each.slug, each.short_name) for each in organisations]
        self.fields["course"].choices = [("", _("All courses")), *titles]  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [("", _("All organisations")), *names]  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *((reason.value, reason.label) for reason in REASONS)],
        help_text=_("Public: shown on the certificate's page and in the e-mail to the holder."),
    )
    reason_text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=2_000,
        help_text=_("Internal: for those who look after the register."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def reason_label(self) -> str:
        return str(Certificate.Reason(self.cleaned_data["reason_code"]).label)
