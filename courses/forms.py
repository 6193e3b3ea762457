from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from lms.lib.fields import DayField

from .models import Revision

ChangeClass = Revision.ChangeClass
LONGEST_NOTE = 1_000


class ImportForm(forms.Form):
    """A module bundle as one zip file. What is in it, the reader of bundles judges."""

    bundle = forms.FileField(
        label=_("Module bundle"),
        help_text=_(
            "A .zip of the folder that holds module.yaml, as an export of the studio gives it (.mod.zip)."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": _("Choose the file to import."),
            "missing": _("Choose the file to import."),
            "invalid": _("Choose the file to import."),
            "empty": _("The file is empty. Export the module again."),
        },
    )
    check_only = forms.BooleanField(
        label=_("Check only: report what would happen, and change nothing"), required=False
    )

    def clean_bundle(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["bundle"]
        if not (file.name or "").lower().endswith(".zip"):
            raise ValidationError(
                _("This is not a zip file. Pack the folder that holds module.yaml as .zip.")
            )
        if (file.size or 0) > settings.BUNDLE_MAX_UPLOAD:
            message = _(
                "The file has %(size)s; at most %(most)s can be imported. Leave out what is not needed."
            )
            most = filesizeformat(settings.BUNDLE_MAX_UPLOAD)
            raise ValidationError(message % {"size": filesizeformat(file.size or 0), "most": most})
        return file


class ProgrammeImportForm(ImportForm):
    """The same of a whole programme."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["bundle"].label = _("The programme as a file")
        self.fields["bundle"].help_text = _(
            "A .zip with modules/ and courses/, as the download above gives it. It may hold some of them only."
        )


CLASSES = {
    ChangeClass.EDITORIAL: _("Editorial: typing errors, layout, a better picture"),
    ChangeClass.MINOR: _("Minor: clearer or extended content"),
    ChangeClass.MAJOR: _("Major: content, assessment or a rule has changed"),
}


class SubmitForm(forms.Form):
    """Asked when a draft goes to review. The note is for learners, in the language of the texts."""

    change_class = forms.ChoiceField(
        label=_("What kind of change is it?"),
        choices=CLASSES.items(),
        widget=forms.RadioSelect,
        help_text=_("A major change of a core is also approved by a partner in another country."),
    )
    note = forms.CharField(
        label=_("Note for learners"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is new, in a sentence or two, in the language of the texts."),
    )


class FirstSubmitForm(SubmitForm):
    """A first publication counts as major, so nothing is asked about that."""

    change_class = None  # type: ignore[assignment]


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("What has to change?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to change, so that the authors can go on.")},
    )


class SourceForm(forms.Form):
    """An address, a part of one, or the number of a law. Shorter words would be found in every source."""

    source = forms.CharField(
        label=_("Source"),
        min_length=4,
        max_length=600,
        help_text=_("A web address or a part of it, or the number of a law, as facts and lessons name it."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )


class ReplacementForm(forms.Form):
    """From when a source is replaced, and by what."""

    replaced_on = DayField(
        label=_("Replaced from"), help_text=_("Until that day readers are told that it will be replaced.")
    )
    successor = forms.CharField(
        label=_("What replaces it"),
        max_length=400,
        help_text=_("Its name, as readers find it there. It is shown to learners."),
    )
    successor_url = forms.URLField(
        label=_("Its address"),
        required=False,
        max_length=600,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What changes, for those who own the facts. Learners do not see it."),
    )

    def clean_successor_url(self) -> str:
        url: str = self.cleaned_data["successor_url"]
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(_("Begin the address with https://."))
        return url


class LookForm(forms.Form):
    """The owner has looked at these editions, and nothing changes. `tasks` are those that the person may settle."""

    task = forms.MultipleChoiceField(
        label=_("Looked at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what you have looked at.")},
    )
    reason = forms.CharField(
        label=_("Why nothing changes"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why nothing changes, so that others can follow you.")},
    )

    def __init__(self, data: Any = None, *, tasks: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["task"].choices = tasks  # type: ignore[attr-defined]
        if len(tasks) == 1:
            self.fields["task"].initial = [tasks[0][0]]
